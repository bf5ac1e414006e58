/** What of the host's writing reaches the modem: asleep, it loses the characters that wake it. */
import type { PowerSave, Profile } from "#hardware/simulator/profiles/types.ts";
import type { Clock } from "#shared/clock.ts";

export interface EarHost {
  readonly clock: Clock;
  readonly profile: Profile;
  /** It was asleep and is not any more. */
  woken(): void;
}

export class Ear {
  readonly #host: EarHost;
  readonly #powerSave: PowerSave | undefined;
  /** Value of the power-save command: 0 never sleeps. */
  sleepMode = 0;
  #lastAt: number;
  /** Characters still to be lost. */
  #toEat = 0;

  constructor(host: EarHost) {
    this.#host = host;
    this.#powerSave = host.profile.powerSave;
    this.#lastAt = host.clock.monotonic();
    this.restart();
  }

  restart(): void {
    this.sleepMode = this.#powerSave?.atStart ?? 0;
    this.#lastAt = this.#host.clock.monotonic();
    this.#toEat = 0;
  }

  get asleep(): boolean {
    if (this.#powerSave === undefined || this.sleepMode === 0) return false;
    return this.#host.clock.monotonic() - this.#lastAt >= this.#powerSave.idleMs;
  }

  /** The characters that arrive. `isIdle`: no command runs and no prompt is open. */
  hear(text: string, isIdle: boolean): string {
    const { asleep } = this;
    this.#lastAt = this.#host.clock.monotonic();
    if (isIdle && asleep) {
      this.eat(this.#powerSave?.eats ?? 0);
      this.#host.woken();
    }
    if (this.#toEat === 0) return text;
    const lost = Math.min(this.#toEat, text.length);
    this.#toEat -= lost;
    return text.slice(lost);
  }

  /** So many of the next characters are lost. */
  eat(count: number): void {
    this.#toEat += count;
  }
}
