/**
 * TP-MR of one modem (23.040 9.2.3.6): on the SIM, where it outlives everything, or in the modem's own
 * memory, which begins anew with each power-up and never touches EF_SMSS.
 */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";

/** The first message gets one more, which is 0. */
const AT_START = 255;

export class Reference {
  readonly #where: Profile["reference"];
  readonly #sim: () => Sim | undefined;
  #own = AT_START;

  constructor(where: Profile["reference"], sim: () => Sim | undefined) {
    this.#where = where;
    this.#sim = sim;
  }

  /** That of the last SUBMIT that was built, 0..255. */
  get last(): number {
    return this.#where === "modem" ? this.#own : (this.#sim()?.lastReference ?? AT_START);
  }

  set last(reference: number) {
    const octet = reference & 0xff;
    const sim = this.#sim();
    if (this.#where === "modem") this.#own = octet;
    else if (sim) sim.lastReference = octet;
  }

  /** Begins anew, as if no message had been sent. */
  restart(): void {
    this.last = AT_START;
  }

  /** That of a SUBMIT that is built now, whatever becomes of it; wraps from 255 to 0. */
  next(): number {
    this.last += 1;
    return this.last;
  }

  powerLost(): void {
    this.#own = AT_START;
  }
}
