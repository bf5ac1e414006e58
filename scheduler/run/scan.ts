/**
 * The nightly proof: every case is decided again from its facts, and its place in the index must be the
 * one that comes out. A difference is a fault of ours; it is repaired, counted and shown to staff.
 */
import type { Gate } from "#scheduler/ledger/facts.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import { fitsWindow } from "./body.ts";
import type { Brain } from "./brain.ts";
import { nextActionOf } from "./plan.ts";
import type { Tasks } from "./tasks.ts";

/** Cases between two turns of the event loop: about ten milliseconds. */
const SCAN_STEP_CASES = 50;
const SAMPLES_MAX = 20;

export interface ScanReport {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly cases: number;
  readonly differences: number;
  readonly samples: readonly ScanDifference[];
}

export interface ScanDifference {
  readonly case: string;
  readonly stored?: number;
  readonly computed?: number;
}

export interface ScanDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly brain: Brain;
  readonly tasks: Tasks;
  readonly gates: () => readonly Gate[];
}

export async function fullScan(deps: ScanDeps, signal?: AbortSignal): Promise<ScanReport> {
  const { db, clock } = deps;
  const startedAt = clock.now();
  const samples: ScanDifference[] = [];
  let [after, cases, differences] = [0, 0, 0];
  while (signal?.aborted !== true) {
    const ids = db
      .sql("select id from dunning_case where id > ? order by id limit ?")
      .pluck()
      .all(after, SCAN_STEP_CASES) as RowId[];
    if (ids.length === 0) break;
    after = ids.at(-1) ?? after;
    cases += ids.length;
    await db.write(() => {
      for (const id of ids) {
        const difference = compare(deps, id, clock.now());
        if (difference === undefined) continue;
        differences++;
        if (samples.length < SAMPLES_MAX) samples.push(difference);
        db.sql("update dunning_case set next_action_at = ? where id = ?").run(clock.now(), id);
      }
    });
  }
  const report = { startedAt, endedAt: clock.now(), cases, differences, samples };
  await store(deps, report);
  return report;
}

/** Only cases at rest: what is due, or under way, is about to be decided anyway. */
function compare(deps: ScanDeps, id: RowId, now: number): ScanDifference | undefined {
  const stored = deps.db.sql("select next_action_at from dunning_case where id = ?").pluck().get(id) as
    | number
    | null;
  if (stored !== null && stored <= now) return undefined;
  const read = deps.brain.facts(id, now);
  if (read === undefined || read.occurrences.some(({ state }) => state === "reserved")) return undefined;
  const facts = { ...read, gates: [...(read.gates ?? []), ...deps.gates()] };
  const decision = deps.brain.decide(facts, now);
  // What is ready but for the rest of its window waits for the window's end (`case-step.ts`).
  const computed =
    decision.kind === "send" &&
    (!fitsWindow(decision.message.notAfter, now) ||
      deps.brain.compose(facts, decision.message).kind === "blocked")
      ? decision.message.notAfter
      : nextActionOf(decision, now);
  if (computed === (stored ?? undefined)) return undefined;
  return {
    case: facts.case.code,
    ...(stored === null ? {} : { stored }),
    ...(computed === undefined ? {} : { computed }),
  };
}

async function store(deps: ScanDeps, report: ScanReport): Promise<void> {
  const { startedAt, endedAt, cases, differences, samples } = report;
  await deps.db.write(() => {
    deps.db
      .sql("insert into scan (started_at, ended_at, cases, differences, samples) values (?, ?, ?, ?, ?)")
      .run(startedAt, endedAt, cases, differences, JSON.stringify(samples));
    if (differences === 0) return;
    const detail = `The full scan found ${differences} of ${cases} cases at another place than their facts say.`;
    deps.tasks.open({ kind: "scan-difference", subject: "full scan", detail }, endedAt);
  });
  if (differences === 0) deps.log.info({ cases }, "the full scan found zero differences");
  else deps.log.error({ cases, differences, samples }, "the full scan found differences");
}
