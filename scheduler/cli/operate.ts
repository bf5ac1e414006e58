/** What a person at the terminal may do beside the running service. */
import { createEvidence } from "#scheduler/evidence/store.ts";
import type { CaseFacts, Gate } from "#scheduler/ledger/facts.ts";
import { createMarks } from "#scheduler/run/marks.ts";
import { createOccurrences } from "#scheduler/run/occurrences.ts";
import { createOperator, type Operator } from "#scheduler/run/operator.ts";
import { createTasks, type Tasks } from "#scheduler/run/tasks.ts";
import { systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { systemRandom } from "#shared/random.ts";
import type { Look } from "./look.ts";

export function tasksOf({ db }: Look): Tasks {
  return createTasks(db, createIds(systemClock, systemRandom));
}

export function operatorOf(opened: Look): Operator {
  const { db, brain, settings } = opened;
  return createOperator({
    db,
    brain,
    clock: systemClock,
    marks: createMarks(db),
    tasks: tasksOf(opened),
    occurrences: createOccurrences(db, createEvidence(db, systemRandom)),
    tenant: settings.tenant,
    catchUp: { downtimeDaysMax: settings.catchUp.downtimeDays, dueShareMax: settings.catchUp.dueShare },
  });
}

/** What stands in the way of a case: of its own, and of all (a catch-up that waits for its yes). */
export function gatesOf(opened: Look, facts: CaseFacts, at: number): readonly Gate[] {
  return [...(facts.gates ?? []), ...operatorOf(opened).gates(at)];
}
