/**
 * What of the host's writing reaches the parser: asleep, the modem loses the characters that wake it;
 * hanging, it hears nothing but its cure.
 */
import type { Cure } from "#hardware/simulator/faults/actions.ts";
import type { Faults } from "#hardware/simulator/faults/faults.ts";
import type { PowerSave, Profile } from "#hardware/simulator/profiles/types.ts";
import type { Clock } from "#shared/clock.ts";
import { Hang } from "./hang.ts";

export interface EarHost {
  readonly name: string;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly faults: Faults;
  /** It was asleep and is not any more. */
  woken(): void;
  /** It hung and does not any more: what was being done is forgotten, settings stay. */
  cured(): void;
}

export class Ear {
  readonly #host: EarHost;
  readonly #powerSave: PowerSave | undefined;
  /** Value of the power-save command: 0 never sleeps. */
  sleepMode = 0;
  #hang: Hang | undefined;
  #lastAt: number;

  constructor(host: EarHost) {
    this.#host = host;
    this.#powerSave = host.profile.powerSave;
    this.#lastAt = host.clock.monotonic();
    this.restart();
  }

  restart(): void {
    this.sleepMode = this.#powerSave?.atStart ?? 0;
    this.#lastAt = this.#host.clock.monotonic();
    this.#hang = undefined;
  }

  /** Whether this port's parser is dead. */
  hangs(second: boolean): boolean {
    return this.#hang !== undefined && !(second && this.#hang.cure === "other-port");
  }

  /** It hangs and says nothing by itself either. */
  get silent(): boolean {
    return this.#hang !== undefined && !this.#hang.talks;
  }

  hang(cure: Cure, talks = false): void {
    this.#hang = new Hang(cure, talks, this.#host.profile.power.restartCommands);
  }

  /** The host closed the port and opens it again. */
  reopened(): void {
    if (this.#hang?.cure === "reopen") this.#recover();
  }

  get asleep(): boolean {
    if (this.#powerSave === undefined || this.sleepMode === 0) return false;
    return this.#host.clock.monotonic() - this.#lastAt >= this.#powerSave.idleMs;
  }

  /** The characters that the parser gets. `isIdle`: no command runs and no prompt is open. */
  hear(text: string, isIdle: boolean, second = false): string {
    const { faults } = this.#host;
    if (this.#powerSave === undefined && this.#hang === undefined && !faults.active) return text;
    const lost = isIdle ? this.#lostCharacters() : 0;
    this.#lastAt = this.#host.clock.monotonic();
    const heard = text.slice(lost);
    if (this.#hang === undefined || !this.hangs(second)) return heard;
    const rest = this.#hang.cured(heard);
    if (rest === undefined) return "";
    this.#recover();
    return rest;
  }

  #lostCharacters(): number {
    const { faults, name, clock } = this.#host;
    let lost = 0;
    if (this.asleep) {
      lost = this.#powerSave?.eats ?? 0;
      this.#lastAt = clock.monotonic();
      this.#host.woken();
    }
    if (!faults.has("input")) return lost;
    const fault = faults.take("input", { modem: name, idleMs: clock.monotonic() - this.#lastAt });
    return fault?.kind === "eat" ? lost + fault.octets : lost;
  }

  #recover(): void {
    this.#hang = undefined;
    this.#host.cured();
  }
}
