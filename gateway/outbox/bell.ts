/** Wakes one waiter. A ring while nobody waits is kept, so no wake-up is lost. */
import type { Clock } from "#shared/clock.ts";

export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, at once when there was one, or after `ms`. */
  async wait(clock: Clock, ms?: number): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        const cancel = ms === undefined ? undefined : clock.timer(ms, resolve);
        this.#wake = () => {
          cancel?.();
          resolve();
        };
      });
    this.#wake = undefined;
    this.#rung = false;
  }
}
