/** A voice call that comes in and is not taken: a host that sends messages must live with it. */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Settings } from "./settings.ts";

export interface CallHost {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly settings: Settings;
  say(line: string): void;
}

const RING_EVERY_MS = 4_000;
const RINGS_DEFAULT = 5;

export class Calls {
  readonly #host: CallHost;
  #cancel: (() => void) | undefined;
  #from = "";

  constructor(host: CallHost) {
    this.#host = host;
  }

  get ringing(): boolean {
    return this.#cancel !== undefined;
  }

  /** Rings at once, then every four seconds; the caller gives up after `rings`. */
  ring(from: string, rings = RINGS_DEFAULT): void {
    if (this.ringing) return;
    this.#from = from;
    this.#ringOnce(from, rings);
  }

  /** The host hung up (AT+CHUP, ATH), or the caller did. False when nobody rings. */
  end(): boolean {
    if (this.#cancel === undefined) return false;
    this.forget();
    const time = new Date(this.#host.clock.now()).toISOString().slice(11, 16);
    for (const line of this.#host.profile.call.end) {
      this.#host.say(line.replace("{from}", this.#from).replace("{time}", time));
    }
    return true;
  }

  forget(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #ringOnce(from: string, left: number): void {
    this.#host.say(this.#host.profile.call.ring);
    if (this.#host.settings.callerLine) {
      this.#host.say(`+CLIP: "${from}",${from.startsWith("+") ? 145 : 129},"",0,"",0`);
    }
    this.#cancel = this.#host.clock.timer(RING_EVERY_MS, () => {
      if (left > 1) this.#ringOnce(from, left - 1);
      else this.end();
    });
  }
}
