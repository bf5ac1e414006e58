/**
 * Which SIMs may send to which numbers, turned round: SIMs with the same list of prefixes are one
 * class, and messages that the same classes may send stand in one line. So a free SIM finds its next
 * message at the head of a few lines, however many messages wait.
 */
import { mayReach, type SimLimits } from "./limits.ts";

/**
 * Limits for every SIM, and other ones for the SIM in a certain modem or for a certain SIM. The most
 * particular one counts, as a whole: a limit that it does not name is no limit.
 */
export interface FleetLimits extends SimLimits {
  /** By name of the modem. */
  readonly modems?: Readonly<Record<string, SimLimits>>;
  /** By ICCID. */
  readonly sims?: Readonly<Record<string, SimLimits>>;
}

export function limitsOf(limits: FleetLimits, iccid: string, modem: string): SimLimits {
  return limits.sims?.[iccid] ?? limits.modems?.[modem] ?? limits;
}

/** Names the classes that may send to a number; the same string for the same classes. */
export type LineKey = string;

export class Reach {
  readonly #classes: SimLimits[] = [];
  readonly #index = new Map<string, number>();
  readonly #unrestricted: boolean;

  constructor(limits: FleetLimits) {
    this.classOf(limits);
    for (const own of Object.values({ ...limits.modems, ...limits.sims })) this.classOf(own);
    this.#unrestricted = this.#classes.every(({ allowedPrefixes }) => allowedPrefixes === undefined);
  }

  /** The class of a SIM with these limits. */
  classOf(limits: SimLimits): number {
    const key = limits.allowedPrefixes?.toSorted().join(" ") ?? "*";
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#index.set(key, this.#classes.length);
    this.#classes.push(limits);
    return this.#classes.length - 1;
  }

  /** Undefined when no SIM that is known or configured may send to this number. */
  lineFor(recipient: string): LineKey | undefined {
    if (this.#unrestricted) return "0";
    const able = this.#classes.flatMap((limits, i) => (mayReach(limits, recipient) ? [i] : []));
    return able.length === 0 ? undefined : able.join(",");
  }

  static includes(line: LineKey, simClass: number): boolean {
    return line.split(",").includes(String(simClass));
  }
}
