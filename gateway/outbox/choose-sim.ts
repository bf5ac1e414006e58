/**
 * Which SIM sends a message. The rules, in order: a SIM that the caller asked for or that has parts of
 * the message on the air; the sender that this recipient knows; the least loaded.
 */

/** A SIM in the fleet, as far as choosing needs it. */
export interface Candidate {
  readonly sim: number;
  readonly iccid: string;
  /** Its limits allow this recipient. */
  readonly allowed: boolean;
  /** In service, or away for a moment only; and its limits have room soon. */
  readonly serving: boolean;
  /** In service now, whether its limits have room or not. */
  readonly works: boolean;
  /** Fullest of its limits, 0..1. */
  readonly load: number;
  /** Messages that wait for it alone. */
  readonly waiting: number;
  /** Monotonic milliseconds of its last hand-over; smaller has rested longer. */
  readonly lastUsedAt: number;
}

export interface Wish {
  /** ICCID that the caller asked for. */
  readonly wanted?: string | undefined;
  /** SIM through which parts are on the air: a handset joins parts of one sender only. */
  readonly bound?: number | undefined;
  /** SIM of the recipient's last message. */
  readonly sticky?: number | undefined;
  /** SIMs that refused it as theirs to send. */
  readonly exhausted: readonly number[];
}

/**
 * - `only`: this SIM and no other, whether it serves now or not
 * - `prefer`: this one, for as long as it serves
 * - `any`: whichever is free first
 * - `none`: no SIM that is here can send it; ask again when the fleet changes
 * - `never`: its limits do not allow it
 */
export type Choice =
  | { readonly kind: "only"; readonly sim: number }
  | { readonly kind: "prefer"; readonly sim: number }
  | { readonly kind: "any" }
  | { readonly kind: "none" }
  | { readonly kind: "never" };

export function chooseSim(wish: Wish, candidates: readonly Candidate[]): Choice {
  if (wish.bound !== undefined) return { kind: "only", sim: wish.bound };
  if (wish.wanted !== undefined) {
    const found = candidates.find(({ iccid }) => iccid === wish.wanted);
    if (found === undefined) return { kind: "none" };
    if (!found.allowed) return { kind: "never" };
    return { kind: "only", sim: found.sim };
  }
  const possible = candidates.filter(({ allowed, serving }) => allowed && serving);
  const able = possible.filter(({ sim }) => !wish.exhausted.includes(sim));
  const known = able.find(({ sim }) => sim === wish.sticky);
  if (known !== undefined) return { kind: "prefer", sim: known.sim };
  if (wish.exhausted.length === 0) return { kind: "any" };
  // Whether to try on after every SIM has refused is decided when an attempt is settled, not here.
  // A limit has room again without any change of the fleet, so who is only held by one is waited for.
  const held = candidates.filter(({ allowed, works }) => allowed && works);
  const best = leastLoaded(able) ?? leastLoaded(possible) ?? leastLoaded(held);
  return best === undefined ? { kind: "none" } : { kind: "prefer", sim: best.sim };
}

/** Least used share of its limits, then fewest waiting, then longest rested. */
export function leastLoaded<T extends Pick<Candidate, "load" | "waiting" | "lastUsedAt">>(
  candidates: readonly T[],
): T | undefined {
  let best: T | undefined;
  for (const one of candidates) if (best === undefined || lighter(one, best)) best = one;
  return best;
}

function lighter(
  a: Pick<Candidate, "load" | "waiting" | "lastUsedAt">,
  b: Pick<Candidate, "load" | "waiting" | "lastUsedAt">,
): boolean {
  if (a.load !== b.load) return a.load < b.load;
  if (a.waiting !== b.waiting) return a.waiting < b.waiting;
  return a.lastUsedAt < b.lastUsedAt;
}
