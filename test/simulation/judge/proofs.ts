/** Evidence that lies ready for whoever looks: an entry in a modem's memory, the SIM's next reference. */

import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import { decodeSubmit } from "#hardware/simulator/network/codec.ts";
import { STATUS } from "#hardware/simulator/sim/message-store.ts";
import { markerIn } from "#test/simulation/plan.ts";
import type { Case, Tale, Violation } from "./case.ts";

type Unsettled = { readonly tale: Tale; readonly part: number };

export function judgeProofs(one: Case): Violation[] {
  const unsettled = one.tales.flatMap((tale) =>
    (tale.message?.segments ?? [])
      .filter(({ state }) => state === "unknown")
      .map(({ number }) => ({ tale, part: number })),
  );
  return unsettled.length === 0 ? [] : [...entriesTell(one, unsettled), ...referencesTell(one, unsettled)];
}

function evidence(text: string): Violation {
  return { rule: "evidence", text };
}

/** What was put on a modem before it was sent still lies there, marked as sent. */
function entriesTell({ world }: Case, unsettled: readonly Unsettled[]): Violation[] {
  const lying = new Set<string>();
  for (const { modem } of world.simulator.modems)
    for (const { message } of [...modem.memories.list("ME"), ...modem.memories.list("SM")]) {
      // `unsent` tells nothing: so is also what the network took, when its answer was lost.
      if (message.status !== STATUS.sent) continue;
      const userData = decodeSubmit(message.pduHex)?.userData;
      lying.add(`${markerIn(userData?.text)} ${userData?.concatenation?.sequence ?? 1}`);
    }
  return unsettled
    .filter(({ tale, part }) => lying.has(`${tale.accepted.planned.marker} ${part}`))
    .map(({ tale, part }) =>
      evidence(`${tale.accepted.planned.marker} part ${part} is unknown, and its entry tells`),
    );
}

/** Answers were lost, and nothing else happened to modem or process: references go on without a gap. */
const ONLY_SILENCE: readonly FaultAction["kind"][] = [
  "drop-answer",
  "drop-final",
  "drop-info",
  "drop-ctrl-z",
  "signal",
  "incoming",
];

interface AttemptRow {
  readonly marker: string;
  readonly segment: number;
  readonly sim: number;
  readonly outcome: string;
  readonly reference: number | null;
}

/**
 * Between two submits whose references follow each other lies one without an answer: it used none, so it
 * was not built. One more would only say that it was built, not that the network took it.
 */
function referencesTell({ world }: Case, unsettled: readonly Unsettled[]): Violation[] {
  const { plan, fired, life } = world;
  if (plan.happenings.length > 0 || fired.some(({ kind }) => !ONLY_SILENCE.includes(kind))) return [];
  const rows = life?.core.db
    .sql(
      `select m.text as marker, a.segment, a.sim, a.outcome, a.message_reference as reference
       from attempt a join message m on m.number = a.message
       where a.outcome <> 'not-sent' order by a.sim, a.started_at, a.ended_at`,
    )
    .all() as AttemptRow[];
  return rows.flatMap((row, i) => {
    const [before, after] = [rows[i - 1], rows[i + 1]];
    const isUnsettled = unsettled.some(
      ({ tale, part }) => row.marker.startsWith(`${tale.accepted.planned.marker} `) && part === row.segment,
    );
    const isBetween = before?.sim === row.sim && after?.sim === row.sim && follows(after, before);
    if (row.outcome !== "unknown" || !isUnsettled || !isBetween) return [];
    return [evidence(`part ${row.segment} of ${markerIn(row.marker)} is unknown, and used no reference`)];
  });
}

function follows(after: AttemptRow, before: AttemptRow): boolean {
  if (after.reference === null || before.reference === null) return false;
  return after.reference === (before.reference + 1) % 256;
}
