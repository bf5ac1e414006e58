/** Who answers to a number: one of our SIMs, a configured handset, or a phone like any other. */
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { Clock } from "#shared/clock.ts";
import type { Handset } from "./handset.ts";
import { Mailbox } from "./mailbox.ts";
import { addressHex } from "./mobile-terminated.ts";
import { subscriberKey } from "./numbers.ts";
import type { Destination } from "./submit-pdu.ts";

export interface SubscriberPlan {
  readonly countryCode: string;
  readonly redeliveryMs: number;
}

/** What a new handset needs beside its mailbox. */
export type MakeHandset = (name: string, mailbox: Mailbox) => Handset;

const HANDSETS_MAX = 100_000;
/** Some networks report only the end of a number. */
const SHORT_DIGITS = 6;

export class Subscribers {
  readonly #clock: Clock;
  readonly #plan: SubscriberPlan;
  readonly #makeHandset: MakeHandset;
  readonly #sims = new Map<string, Sim>();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #handsets = new Map<string, Handset>();

  constructor(clock: Clock, plan: SubscriberPlan, makeHandset: MakeHandset) {
    this.#clock = clock;
    this.#plan = plan;
    this.#makeHandset = makeHandset;
  }

  addSim(sim: Sim): void {
    this.#sims.set(subscriberKey(sim.number, this.#plan), sim);
    this.#mailboxes.set(sim.imsi, new Mailbox(this.#clock, this.#plan.redeliveryMs));
  }

  get simCount(): number {
    return this.#sims.size;
  }

  simByNumber(number: string): Sim | undefined {
    return this.#sims.get(subscriberKey(number, this.#plan));
  }

  simByImsi(imsi: string): Sim | undefined {
    return [...this.#sims.values()].find((sim) => sim.imsi === imsi);
  }

  mailboxOfSim(imsi: string): Mailbox | undefined {
    return this.#mailboxes.get(imsi);
  }

  /** Undefined for a phone like any other. */
  mailboxOf(destination: Destination): Mailbox | undefined {
    const key = subscriberKey(destination.digits, this.#plan, destination.ton);
    const sim = this.#sims.get(key);
    return sim ? this.#mailboxes.get(sim.imsi) : this.#handsets.get(key)?.mailbox;
  }

  handsetOf(destination: Destination): Handset | undefined {
    if (this.#handsets.size === 0) return undefined;
    return this.#handsets.get(subscriberKey(destination.digits, this.#plan, destination.ton));
  }

  knownHandset(number: string): Handset | undefined {
    return this.#handsets.get(subscriberKey(number, this.#plan));
  }

  /** Makes the handset when nobody asked for it before. @throws RangeError beyond 100,000 handsets */
  handset(number: string): Handset {
    const key = subscriberKey(number, this.#plan);
    const known = this.#handsets.get(key);
    if (known) return known;
    if (this.#handsets.size >= HANDSETS_MAX) throw new RangeError(`more than ${HANDSETS_MAX} handsets`);
    const handset = this.#makeHandset(number, new Mailbox(this.#clock, this.#plan.redeliveryMs));
    this.#handsets.set(key, handset);
    return handset;
  }

  handsets(): readonly Handset[] {
    return [...this.#handsets.values()];
  }

  /** TP-RA: networks repeat the number as dialled, or in a form of their own. */
  recipientHex(
    destination: Destination,
    { recipientForm }: { readonly recipientForm: "as-dialled" | "international" | "national" | "short" },
  ): string {
    if (recipientForm === "as-dialled") return destination.hex;
    const { countryCode } = this.#plan;
    const key = subscriberKey(destination.digits, this.#plan, destination.ton);
    if (recipientForm === "short") return addressHex(key.slice(-SHORT_DIGITS));
    if (recipientForm === "international") return addressHex(`+${key}`);
    return addressHex(key.startsWith(countryCode) ? `0${key.slice(countryCode.length)}` : key);
  }
}
