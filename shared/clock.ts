/**
 * The only reader of time. Everything that waits or stamps is handed a `Clock`, so that a test can
 * move time by hand and the simulator can run faster than the world.
 */
import { performance } from "node:perf_hooks";

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01T00:00Z. May jump; for stamps, never for durations. */
  now(): number;
  /** Milliseconds that only ever grow; for deadlines and durations. */
  monotonic(): number;
  /** Calls `fire` once after `ms`. Returns a function that takes the timer back. */
  timer(ms: number, fire: () => void): () => void;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A wait of more than this many milliseconds overflows the platform's timer and would fire at once. */
const TIMER_MS_MAX = 2_147_483_647;

/** `sleep` in terms of `timer`, shared by every kind of clock. */
export function sleepOn(timer: Clock["timer"], ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = timer(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    function onAbort(): void {
      cancel();
      resolve();
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** The machine's own time, `speed` times as fast from `startAt` on (1 is real time). */
export function createClock(speed = 1, startAt?: number): Clock {
  const realStart = Date.now();
  const monotonicStart = performance.now();
  const wallStart = startAt ?? realStart;
  const timer = (ms: number, fire: () => void): (() => void) => {
    const handle = setTimeout(fire, Math.min(Math.max(0, ms / speed), TIMER_MS_MAX));
    return () => clearTimeout(handle);
  };
  return {
    now: () =>
      speed === 1 && startAt === undefined
        ? Date.now()
        : Math.round(wallStart + (Date.now() - realStart) * speed),
    monotonic: () => (performance.now() - monotonicStart) * speed,
    timer,
    sleep: (ms, signal) => sleepOn(timer, ms, signal),
  };
}

export const systemClock: Clock = createClock();
