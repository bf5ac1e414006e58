/**
 * The loop: takes what is due from the index, decides, hands over what the fleet can take, and takes
 * back what must not leave. What a tick costs follows what is due, never how much there is.
 */
import PQueue from "p-queue";
import { reindexPending, reindexStep } from "#scheduler/ledger/reindex.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Checkpoint } from "./brain.ts";
import { type CaseStep, NO_RESULT, type StepResult } from "./case-step.ts";
import type { ClockGuard } from "./clock-guard.ts";
import type { Courier } from "./courier.ts";
import type { FleetWatch } from "./fleet-watch.ts";
import type { Marks } from "./marks.ts";
import type { Occurrences } from "./occurrences.ts";
import { takeUpStranded } from "./stranded.ts";
import type { Tasks } from "./tasks.ts";

export interface RunnerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly step: CaseStep;
  readonly courier: Courier;
  readonly occurrences: Occurrences;
  readonly fleet: FleetWatch;
  readonly guard: ClockGuard;
  readonly marks: Marks;
  readonly tasks: Tasks;
  readonly checkpoint: Checkpoint;
  /** Until when the gateway wants no requests; from the clock that is monotonic. */
  readonly pausedUntil: () => number;
}

/** Cases that one tick takes at most; the rest stays due for the next one. */
export const CLAIM_MAX = 500;
/** Cases decided in one transaction: a few tens of milliseconds. */
const DECIDE_BATCH = 50;
/** So many texts may be too long for the room that is left, before the rest waits for more room. */
const TOO_LONG_MAX = 5;
const RECALLS_PER_TICK_MAX = 200;
const ANSWERS_PER_TICK_MAX = 100;
/** Requests to the gateway at a time. */
const REQUESTS_AT_A_TIME = 8;
/** A case whose decision threw is left alone for this long. */
const BROKEN_CASE_WAIT_MS = 3_600_000;

export interface TickReport {
  readonly claimed: number;
  readonly posted: number;
  readonly recalled: number;
  /** More is due than this tick took. */
  readonly more: boolean;
  readonly clock: "good" | "set-back" | "jumped-ahead";
}

/** Segments that the fleet can still take; shrinks as texts are reserved. */
interface Room {
  free: number;
}

export interface Runner {
  tick(): Promise<TickReport>;
  /** Cases that are due now, without taking them. */
  due(now: number, limit: number): readonly RowId[];
}

export function createRunner(deps: RunnerDeps): Runner {
  return new CaseRunner(deps);
}

class CaseRunner implements Runner {
  readonly #deps: RunnerDeps;
  readonly #requests = new PQueue({ concurrency: REQUESTS_AT_A_TIME });
  /** Cases due before this were looked at and wait for room in the fleet; what is due since was not. */
  #waitingSince: number | undefined;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  due(now: number, limit: number): RowId[] {
    return this.#deps.db
      .sql(
        `select id from dunning_case where next_action_at <= +? and next_action_at >= +?
         order by next_action_at limit +?`,
      )
      .pluck()
      .all(now, this.#waitingSince ?? Number.MIN_SAFE_INTEGER, limit) as RowId[];
  }

  #waiting(limit: number): RowId[] {
    return this.#deps.db
      .sql("select id from dunning_case where next_action_at < +? order by next_action_at limit +?")
      .pluck()
      .all(this.#waitingSince ?? Number.MIN_SAFE_INTEGER, limit) as RowId[];
  }

  async #recallWhatMustNotLeave(): Promise<number> {
    if (isPaused(this.#deps)) return 0;
    const wanted = this.#deps.occurrences.toRecall(RECALLS_PER_TICK_MAX);
    await this.#requests.addAll(
      wanted.map(
        ({ id }) =>
          () =>
            this.#deps.courier.recall(id),
      ),
    );
    return wanted.length;
  }

  /** Those that are due since the last look: each is looked at, whether or not there is room for its text. */
  async #decideNew(ids: readonly RowId[], room: Room): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for (let at = 0; at < ids.length; at += DECIDE_BATCH)
      results.push(...(await this.#decideBatch(ids.slice(at, at + DECIDE_BATCH), room)));
    return results;
  }

  /** Those that wait for room, the longest waiting first; the rest is not looked at in vain. */
  async #decideWaiting(ids: readonly RowId[], room: Room): Promise<StepResult[]> {
    const results: StepResult[] = [];
    while (results.length < ids.length && room.free > 0 && countTooLong(results) < TOO_LONG_MAX) {
      const size = Math.min(DECIDE_BATCH, room.free);
      results.push(...(await this.#decideBatch(ids.slice(results.length, results.length + size), room)));
    }
    return results;
  }

  async #decideBatch(ids: readonly RowId[], room: Room): Promise<StepResult[]> {
    this.#deps.checkpoint("before-reserve");
    const decided = await Promise.all(
      ids.map(async (id) => {
        try {
          return await this.#deps.db.write(() => {
            const result = this.#deps.step(id, this.#deps.clock.now(), room.free);
            room.free -= result.segments;
            return result;
          });
        } catch (error) {
          return await setAside(this.#deps, id, error);
        }
      }),
    );
    this.#deps.checkpoint("after-reserve");
    this.#deps.fleet.spend(decided.reduce((sum, { segments }) => sum + segments, 0));
    await this.#speak(decided);
    return decided;
  }

  /** Takes back first, then posts what was just reserved: what waits longest has the oldest facts. */
  async #speak(results: readonly StepResult[]): Promise<void> {
    if (results.some((result) => result.recall)) await this.#recallWhatMustNotLeave();
    const calls = results.flatMap((result) => [
      ...(result.post === undefined ? [] : [this.#posting(result.post)]),
      ...result.ask.map((id) => () => this.#deps.courier.ask(id)),
    ]);
    await this.#requests.addAll(calls);
  }

  #posting(post: NonNullable<StepResult["post"]>): () => Promise<void> {
    return async () => {
      if (!isPaused(this.#deps)) await this.#deps.courier.handOver(post.id, post.fresh);
    };
  }

  async #answerReplies(): Promise<void> {
    if (isPaused(this.#deps)) return;
    const answers = this.#deps.occurrences.answersDue(this.#deps.clock.now(), ANSWERS_PER_TICK_MAX);
    await this.#requests.addAll(
      answers.map(
        ({ id }) =>
          () =>
            this.#deps.courier.handOver(id, false),
      ),
    );
  }

  async tick(): Promise<TickReport> {
    const verdict = this.#deps.guard.check();
    const now = this.#deps.clock.now();
    await moveChangedCases(this.#deps.db);
    await this.#answerReplies();
    const recalled = await this.#recallWhatMustNotLeave();
    if (verdict.kind !== "good") {
      await reportClock(this.#deps, verdict.kind, verdict.byMs, now);
      return { claimed: 0, posted: 0, recalled, more: false, clock: verdict.kind };
    }
    await takeUpStranded(this.#deps.db, this.#deps.marks, now);
    if (this.due(now, 1).length === 0 && this.#waitingSince === undefined)
      return { claimed: 0, posted: 0, recalled, more: false, clock: "good" };
    const room: Room = { free: isPaused(this.#deps) ? 0 : (await this.#deps.fleet.refresh()).free };
    const isFull = room.free <= 0;
    const waiting = isFull ? [] : this.#waiting(CLAIM_MAX);
    const fresh = this.due(now, CLAIM_MAX);
    const isMoreWaiting = this.#waitingSince !== undefined && (isFull || waiting.length === CLAIM_MAX);
    const looked = await this.#decideWaiting(waiting, room);
    const results = [...looked, ...(await this.#decideNew(fresh, room))];
    const waits = looked.length < waiting.length || results.some(({ outOfBudget }) => outOfBudget);
    // What an event moved while this tick was at work is looked at by the next one.
    this.#waitingSince = waits || isMoreWaiting ? now : undefined;
    // An answer of the gateway may have brought a case to light that something must be taken back for.
    await this.#recallWhatMustNotLeave();
    return {
      claimed: results.length,
      posted: results.filter(({ post }) => post !== undefined).length,
      recalled,
      more: (fresh.length === CLAIM_MAX || waiting.length === CLAIM_MAX) && !waits,
      clock: "good",
    };
  }
}

function countTooLong(results: readonly StepResult[]): number {
  return results.filter(({ outOfBudget }) => outOfBudget).length;
}

/** A change of a creditor or of the rules concerns many cases; they become due step by step. */
export async function moveChangedCases(db: Database): Promise<void> {
  while (reindexPending(db)) await db.write(() => reindexStep(db));
}

function isPaused(deps: RunnerDeps): boolean {
  return deps.clock.monotonic() < deps.pausedUntil();
}

/** One case that cannot be decided must not stop the others. */
async function setAside(deps: RunnerDeps, id: RowId, error: unknown): Promise<StepResult> {
  deps.log.error({ case: id, err: error }, "a case could not be decided and was set aside");
  const now = deps.clock.now();
  await deps.db.write(() => {
    deps.db.sql("update dunning_case set next_action_at = ? where id = ?").run(now + BROKEN_CASE_WAIT_MS, id);
    const detail = `Deciding this case failed: ${error instanceof Error ? error.message : String(error)}`;
    deps.tasks.open({ kind: "case-stuck", subject: `case ${id}`, caseId: id, detail }, now);
  });
  return NO_RESULT;
}

async function reportClock(deps: RunnerDeps, kind: string, byMs: number, now: number): Promise<void> {
  const hours = (byMs / 3_600_000).toFixed(1);
  const detail =
    kind === "set-back"
      ? `The clock is ${hours} hours behind the time that was already reached. Nothing is planned until it is right.`
      : `The clock jumped ahead by ${hours} hours. Nothing is planned until somebody accepts it.`;
  await deps.db.write(() => deps.tasks.open({ kind: "clock-jumped", subject: kind, detail }, now));
}
