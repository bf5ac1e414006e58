/**
 * Which SIMs may send to which numbers, turned round: SIMs with the same list of prefixes are one
 * class, and messages that the same classes may send stand in one line. So a free SIM finds its next
 * message at the head of a few lines, however many messages wait.
 */
import { mayReach, type SimLimits } from "./limits.ts";

/** Limits for every SIM, and other ones for some, by ICCID. */
export interface FleetLimits extends SimLimits {
  readonly sims?: Readonly<Record<string, SimLimits>>;
}

export function limitsOf(limits: FleetLimits, iccid: string): SimLimits {
  const own = limits.sims?.[iccid];
  if (own === undefined) return limits;
  const { perMinute, perHour, perDay, perMonth, allowedPrefixes } = limits;
  return definedOnly({ perMinute, perHour, perDay, perMonth, allowedPrefixes, ...own });
}

function definedOnly(limits: Record<string, unknown>): SimLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Names the classes that may send to a number; the same string for the same classes. */
export type LineKey = string;

export class Reach {
  readonly #classes: SimLimits[] = [];
  readonly #index = new Map<string, number>();
  readonly #unrestricted: boolean;

  constructor(limits: FleetLimits) {
    this.classOf(limits);
    for (const iccid of Object.keys(limits.sims ?? {})) this.classOf(limitsOf(limits, iccid));
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
