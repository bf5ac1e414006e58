/** Ticks one after the other, woken by events or by time, and jobs that come round. */
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { TickReport } from "./runner.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Job {
  readonly name: string;
  /** Either every so often, by the monotonic clock … */
  readonly everyMs?: number;
  /** … or once a day, in this hour of UTC or the first time after it. */
  readonly atUtcHour?: number;
  readonly run: (signal: AbortSignal) => Promise<unknown>;
}

export interface LoopDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly tickMs: number;
  readonly begin: () => Promise<void>;
  readonly tick: () => Promise<TickReport>;
  readonly jobs: readonly Job[];
}

export interface Loop {
  start(): void;
  /** Ends after the tick that is running. */
  stop(): Promise<void>;
  /** Something may be due: do not wait for the next tick. */
  wake(): void;
  /** When the last tick ended well; undefined before the first. */
  lastTickAt(): number | undefined;
}

export function createLoop(deps: LoopDeps): Loop {
  const { clock, log } = deps;
  const ending = new AbortController();
  const jobs = deps.jobs.map((job) => createJob(job, deps));
  const working = new Set<Promise<void>>();
  let running: Promise<void> = Promise.resolve();
  let awaken: (() => void) | undefined;
  let woken = false;
  let lastTickAt: number | undefined;

  async function turn(): Promise<void> {
    let more = false;
    try {
      more = (await deps.tick()).more;
      lastTickAt = clock.now();
      for (const startIfDue of jobs) startJob(startIfDue);
    } catch (error) {
      log.error({ err: error }, "a tick failed; the next one tries again");
    }
    if (!more && !woken && !ending.signal.aborted) await pauseFor(deps.tickMs);
    woken = false;
  }

  /** A scan takes minutes; reminders go on meanwhile. */
  function startJob(startIfDue: (signal: AbortSignal) => Promise<void>): void {
    const job = startIfDue(ending.signal).finally(() => working.delete(job));
    working.add(job);
  }

  async function pauseFor(ms: number): Promise<void> {
    const waiting = new AbortController();
    awaken = () => waiting.abort();
    await clock.sleep(ms, AbortSignal.any([waiting.signal, ending.signal]));
    awaken = undefined;
  }

  return {
    start() {
      running = (async () => {
        await deps.begin();
        while (!ending.signal.aborted) await turn();
      })().catch((error) => log.error({ err: error }, "the loop ended"));
    },
    async stop() {
      ending.abort();
      await running;
      await Promise.all(working);
    },
    wake() {
      woken = true;
      awaken?.();
    },
    lastTickAt: () => lastTickAt,
  };
}

function createJob(job: Job, deps: LoopDeps): (signal: AbortSignal) => Promise<void> {
  const { clock, log } = deps;
  let busy = false;
  let nextAt = job.everyMs === undefined ? nextHour(clock.now(), job.atUtcHour ?? 0) : clock.monotonic();
  return async (signal) => {
    const now = job.everyMs === undefined ? clock.now() : clock.monotonic();
    if (busy || now < nextAt || signal.aborted) return;
    busy = true;
    nextAt = job.everyMs === undefined ? nextHour(now, job.atUtcHour ?? 0) : now + job.everyMs;
    try {
      await job.run(signal);
    } catch (error) {
      log.error({ job: job.name, err: error }, "a job failed; it runs again at its next time");
    } finally {
      busy = false;
    }
  };
}

/** The next instant strictly after `now` at which this hour of UTC begins. */
function nextHour(now: number, hour: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS + hour * HOUR_MS;
  return today > now ? today : today + DAY_MS;
}
