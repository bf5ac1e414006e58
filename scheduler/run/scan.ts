/**
 * The nightly proof, in two questions for every case. Do its facts, judged at the instant at which it was
 * decided last, still give its place in the index? If not, a fact changed and nobody moved it. And judged
 * now, should it come earlier? A difference is a fault of ours: repaired, counted and shown to staff.
 */
import { caseIdsAfter } from "#scheduler/ledger/due.ts";
import type { CaseFacts, Gate } from "#scheduler/ledger/facts.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import { fitsWindow } from "./body.ts";
import type { Brain } from "./brain.ts";
import type { DecisionLog } from "./decision-log.ts";
import { nextActionOf, without } from "./plan.ts";
import { moveChangedCases } from "./runner.ts";
import type { Tasks } from "./tasks.ts";

/** Cases between two turns of the event loop: about ten milliseconds. */
const SCAN_STEP_CASES = 50;
const SAMPLES_MAX = 20;

export interface ScanReport {
  readonly startedAt: number;
  readonly endedAt: number;
  /** False when it was ended before its end: then it proves nothing, and is not stored. */
  readonly whole: boolean;
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
  readonly decisions: Pick<DecisionLog, "decidedAt">;
  readonly tasks: Tasks;
  readonly gates: (at: number) => readonly Gate[];
}

export interface ScanWatch {
  readonly signal?: AbortSignal;
  /** After each step, in cases. */
  readonly onProgress?: (done: number, total: number) => void;
}

export async function fullScan(deps: ScanDeps, { signal, onProgress }: ScanWatch = {}): Promise<ScanReport> {
  const { db, clock } = deps;
  const startedAt = clock.now();
  await moveChangedCases(db);
  const total = countCases(db);
  const samples: ScanDifference[] = [];
  let [after, cases, differences] = [0, 0, 0];
  let whole = false;
  while (signal?.aborted !== true) {
    const ids = caseIdsAfter(db, after, SCAN_STEP_CASES);
    whole = ids.length === 0;
    if (whole) break;
    after = ids.at(-1) ?? after;
    cases += ids.length;
    await db.write(() => {
      for (const difference of compareAll(deps, ids, clock.now())) {
        differences++;
        if (samples.length < SAMPLES_MAX) samples.push(difference.told);
        db.sql("update dunning_case set next_action_at = ? where id = ?").run(clock.now(), difference.id);
      }
    });
    onProgress?.(cases, Math.max(cases, total));
  }
  const report = { startedAt, endedAt: clock.now(), whole, cases, differences, samples };
  await store(deps, report);
  return report;
}

export function countCases(db: Database): number {
  return db.sql("select count(*) from dunning_case").pluck().get() as number;
}

interface Resting {
  readonly id: RowId;
  readonly stored: number | null;
  readonly decidedAt: number;
}

/** Only cases at rest: what is due, or under way, is about to be decided anyway. */
function compareAll(
  deps: ScanDeps,
  ids: readonly RowId[],
  now: number,
): { readonly id: RowId; readonly told: ScanDifference }[] {
  const resting = ids.flatMap((id): Resting[] => {
    const stored = deps.db.sql("select next_action_at from dunning_case where id = +?").pluck().get(id) as
      | number
      | null;
    const decidedAt = deps.decisions.decidedAt(id);
    const due = stored !== null && stored <= now;
    return due || decidedAt === undefined ? [] : [{ id, stored, decidedAt }];
  });
  // Read once, as of the earliest of the instants that are asked about: it sees the most contacts.
  const since = resting.reduce((earliest, { decidedAt }) => Math.min(earliest, decidedAt), now);
  const all = deps.brain.factsOf(
    resting.map(({ id }) => id),
    since,
  );
  return resting.flatMap((one) => {
    const facts = all.get(one.id);
    const told = facts && compare(deps, one, facts, now);
    return told === undefined ? [] : [{ id: one.id, told }];
  });
}

function compare(deps: ScanDeps, one: Resting, facts: CaseFacts, now: number): ScanDifference | undefined {
  const { stored, decidedAt } = one;
  const then = placeAt(deps, facts, decidedAt);
  const place = placeAt(deps, facts, now);
  if (place === undefined || then === undefined) return undefined;
  // A stop is an answer for good: only a new fact would ask again.
  const late = !then.stops && (place.at ?? Number.POSITIVE_INFINITY) < (stored ?? Number.POSITIVE_INFINITY);
  if (then.at === (stored ?? undefined) && !late) return undefined;
  const computed = late ? place.at : then.at;
  return {
    case: place.code,
    ...(stored === null ? {} : { stored }),
    ...(computed === undefined ? {} : { computed }),
  };
}

interface Place {
  readonly code: string;
  readonly at: number | undefined;
  readonly stops: boolean;
}

/** Where a decision at `at` puts the case; undefined when there is one under way, which has its own times. */
function placeAt(deps: ScanDeps, read: CaseFacts, at: number): Place | undefined {
  if (read.occurrences.some(({ state }) => state === "reserved")) return undefined;
  const gates = [...(read.gates ?? []), ...deps.gates(at)];
  const facts = { ...without(read, []), readAt: at, gates };
  const decision = deps.brain.decide(facts, at);
  // What is ready but for the rest of its window waits for the window's end (`case-step.ts`).
  const ready = decision.kind === "send" ? decision.message : undefined;
  const waits =
    ready !== undefined &&
    (!fitsWindow(ready.notAfter, at) || deps.brain.compose(facts, ready).kind === "blocked");
  return {
    code: facts.case.code,
    at: waits ? ready.notAfter : nextActionOf(decision, at),
    stops: decision.kind === "stop",
  };
}

async function store(deps: ScanDeps, report: ScanReport): Promise<void> {
  const { startedAt, endedAt, whole, cases, differences, samples } = report;
  await deps.db.write(() => {
    if (whole)
      deps.db
        .sql("insert into scan (started_at, ended_at, cases, differences, samples) values (?, ?, ?, ?, ?)")
        .run(startedAt, endedAt, cases, differences, JSON.stringify(samples));
    if (differences === 0) return;
    const detail = `The full scan found ${differences} of ${cases} cases at another place than their facts say.`;
    deps.tasks.open({ kind: "scan-difference", subject: "full scan", detail }, endedAt);
  });
  if (!whole) deps.log.warn({ cases }, "the full scan was ended before its end");
  if (differences === 0 && whole) deps.log.info({ cases }, "the full scan found zero differences");
  if (differences > 0) deps.log.error({ cases, differences, samples }, "the full scan found differences");
}
