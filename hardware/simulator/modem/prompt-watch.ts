/** Ends a prompt that nobody answers. One long timer serves many prompts: one for each would cost more than the message. */
import type { Clock } from "#shared/clock.ts";

export class PromptWatch {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #expired: () => void;
  /** When the open prompt was opened, or undefined when none is. */
  #since: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, timeoutMs: number, expired: () => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#expired = expired;
  }

  opened(): void {
    this.#since = this.#clock.monotonic();
    this.#cancel ??= this.#clock.timer(this.#timeoutMs, () => this.#look());
  }

  closed(): void {
    this.#since = undefined;
  }

  stop(): void {
    this.#since = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    this.#cancel = undefined;
    if (this.#since === undefined) return;
    const restMs = this.#since + this.#timeoutMs - this.#clock.monotonic();
    if (restMs > 0) this.#cancel = this.#clock.timer(restMs, () => this.#look());
    else this.#expired();
  }
}
