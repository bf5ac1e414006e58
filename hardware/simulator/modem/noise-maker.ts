/** Lines that a family says all the time, and that its host must live with. */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Random } from "#shared/random.ts";

export interface NoiseHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly profile: Profile;
  readonly power: { readonly present: boolean };
  say(line: string): void;
  reset(): void;
}

const FOREIGN_LINES = ["^RSSI:18", "^MODE:5,4", '+CIEV: "SIGNAL",4', "+CGEV: NW DETACH", "$QCSIMSTAT: 1"];

export class NoiseMaker {
  readonly #host: NoiseHost;
  /** Noise comes (a command of the family ends it). */
  on: boolean;
  #lines = 0;
  #cancelExtra: (() => void) | undefined;

  constructor(host: NoiseHost) {
    this.#host = host;
    this.on = host.profile.noise !== undefined;
    this.#next();
  }

  restart(): void {
    this.on = this.#host.profile.noise !== undefined;
    this.#lines = 0;
  }

  /** More of it than the family makes, for `forMs` or until the next call. */
  add(everyMs: number, lines: readonly string[] | undefined, forMs = Number.POSITIVE_INFINITY): void {
    this.#cancelExtra?.();
    this.#cancelExtra = undefined;
    if (everyMs <= 0 || forMs < everyMs) return;
    this.#cancelExtra = this.#host.clock.timer(everyMs, () => {
      this.#sayOne(lines ?? this.#host.profile.noise?.lines ?? FOREIGN_LINES);
      this.add(everyMs, lines, forMs - everyMs);
    });
  }

  #next(): void {
    const { noise } = this.#host.profile;
    if (noise === undefined) return;
    this.#host.clock.timer(noise.everyMs, () => {
      if (this.on && this.#host.power.present) {
        this.#sayOne(noise.lines);
        this.#lines++;
        if (this.#lines === noise.crashAfterLines) this.#host.reset();
      }
      this.#next();
    });
  }

  #sayOne(lines: readonly string[]): void {
    const line = lines[this.#host.random.int(0, lines.length - 1)];
    if (line !== undefined) this.#host.say(line);
  }
}
