/** Wakes one sleeper. A ring that comes while nobody sleeps is kept, so that none is ever missed. */
import type { Clock } from "./clock.ts";

export interface Bell {
  ring(): void;
  /** True when it was rung, also before the call; false when `ms` passed or the signal aborted. */
  wait(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(clock, ms, signal) {
      if (!rung && !signal.aborted) {
        const early = new AbortController();
        const stop = (): void => early.abort();
        signal.addEventListener("abort", stop, { once: true });
        wake = stop;
        await clock.sleep(ms, early.signal);
        wake = undefined;
        signal.removeEventListener("abort", stop);
      }
      const was = rung;
      rung = false;
      return was;
    },
  };
}
