/**
 * What the service centre holds for one SIM. Messages go out one at a time and in order; one that the
 * modem cannot take stays here and is tried again when the modem says that it has room, when it
 * registers, and after a while (23.040 3.2.7, alert service centre).
 */
import type { Clock } from "#shared/clock.ts";
import type { MobileTerminated } from "./mobile-terminated.ts";

/**
 * - `acked`: the modem has it
 * - `full`: RP-ERROR 22, memory capacity exceeded
 * - `failed`: RP-ERROR for another reason, or no acknowledgement in time
 * - `gone`: there is no such subscriber any more; trying again would not help
 */
export type Receipt = "acked" | "full" | "failed" | "gone";

/** A modem whose SIM is registered. Answers once, at once or later. */
export interface Station {
  readonly name: string;
  incoming(pdu: MobileTerminated, answer: (receipt: Receipt) => void): void;
}

export interface Letter {
  readonly pdu: MobileTerminated;
  /** Wall clock after which it is thrown away; never when absent. */
  readonly expiresAt?: number;
  /** Told once what became of it. */
  readonly settled?: (outcome: "delivered" | "expired" | "undeliverable") => void;
  /** Told when a try fails and the letter is kept. */
  readonly deferred?: (receipt: Receipt | "absent") => void;
}

const LETTERS_MAX = 10_000;

export class Mailbox {
  readonly #clock: Clock;
  readonly #redeliveryMs: number;
  #letters: Letter[] = [];
  #station: Station | undefined;
  #outstanding: Letter | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(clock: Clock, redeliveryMs: number) {
    this.#clock = clock;
    this.#redeliveryMs = redeliveryMs;
  }

  get waiting(): number {
    return this.#letters.length;
  }

  get station(): Station | undefined {
    return this.#station;
  }

  /** The oldest letter is thrown away when 10,000 wait. */
  post(letter: Letter): void {
    if (this.#letters.length >= LETTERS_MAX) this.#letters.shift()?.settled?.("expired");
    this.#letters.push(letter);
    if (this.#station === undefined) letter.deferred?.("absent");
    if (this.#station === undefined || this.#cancelRetry) this.#wakeLater();
    else this.alert();
  }

  /** The SIM registered through this modem, or through none. */
  join(station: Station | undefined): void {
    this.#station = station;
    this.#outstanding = undefined;
    this.alert();
  }

  /** Tries what waits; also called when the modem has room again (RP-SMMA). */
  alert(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#dropExpired();
    while (this.#outstanding === undefined && this.#station !== undefined) {
      const letter = this.#letters[0];
      if (letter === undefined) return;
      if (!this.#hand(letter, this.#station)) break;
    }
    if (this.#letters.length > 0 && this.#outstanding === undefined) this.#wakeLater();
  }

  /** False when the letter stays, or the answer has not come yet. */
  #hand(letter: Letter, station: Station): boolean {
    this.#outstanding = letter;
    let inside = true;
    let settled = false;
    station.incoming(letter.pdu, (receipt) => {
      // A modem that restarted meanwhile lost its claim on the letter.
      if (this.#outstanding !== letter || this.#station !== station) return;
      this.#outstanding = undefined;
      settled = receipt === "acked" || receipt === "gone";
      if (settled) {
        const index = this.#letters.indexOf(letter);
        if (index >= 0) this.#letters.splice(index, 1);
        letter.settled?.(receipt === "acked" ? "delivered" : "undeliverable");
        if (!inside) this.alert();
      } else {
        letter.deferred?.(receipt);
        if (!inside) this.#wakeLater();
      }
    });
    inside = false;
    return settled;
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    const isOver = (letter: Letter): boolean => letter.expiresAt !== undefined && now > letter.expiresAt;
    if (!this.#letters.some(isOver)) return;
    const over = this.#letters.filter(isOver);
    this.#letters = this.#letters.filter((letter) => !over.includes(letter));
    for (const letter of over) letter.settled?.("expired");
  }

  /** One timer for the next try and for the first letter that expires. */
  #wakeLater(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const now = this.#clock.now();
    let ms = this.#station === undefined ? Number.POSITIVE_INFINITY : this.#redeliveryMs;
    for (const { expiresAt } of this.#letters) if (expiresAt) ms = Math.min(ms, expiresAt - now + 1);
    if (ms < Number.POSITIVE_INFINITY) this.#cancelRetry = this.#clock.timer(ms, () => this.alert());
  }
}
