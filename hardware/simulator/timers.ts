/** A clock whose timers can all be taken back at once: when a simulator stops, nothing of it runs on. */
import type { Clock } from "#shared/clock.ts";

export interface StoppableClock {
  readonly clock: Clock;
  /** Takes back every timer; later ones never fire. */
  readonly stop: () => void;
}

export function stoppable(inner: Clock): StoppableClock {
  const running = new Set<() => void>();
  let stopped = false;
  const timer = (ms: number, fire: () => void): (() => void) => {
    if (stopped) return () => undefined;
    const cancelInner = inner.timer(ms, () => {
      running.delete(cancel);
      fire();
    });
    const cancel = (): void => {
      running.delete(cancel);
      cancelInner();
    };
    running.add(cancel);
    return cancel;
  };
  return {
    clock: {
      now: () => inner.now(),
      monotonic: () => inner.monotonic(),
      timer,
      sleep: (ms, signal) => inner.sleep(ms, signal),
    },
    stop: () => {
      stopped = true;
      for (const cancel of [...running]) cancel();
    },
  };
}
