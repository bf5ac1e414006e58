/** Pure: what a source's list of numbers does to the contact points of a debtor. */
import type { ContactPointInput } from "./inputs.ts";
import type { Consent, ContactPoint } from "./types.ts";

export interface StoredContactPoint extends ContactPoint {
  readonly country?: string;
  readonly listedBy: string;
  readonly listed: boolean;
}

export type ContactMove =
  | { readonly kind: "list"; readonly point: ContactPointInput; readonly rank: number }
  | { readonly kind: "change"; readonly stored: StoredContactPoint; readonly after: StoredContactPoint }
  | { readonly kind: "unlist"; readonly stored: StoredContactPoint };

/** A new number starts in the middle: nothing is known for or against it. */
export const SCORE_NEW = 50;

/** Numbers of one debtor, kept or given in one call. */
export const CONTACT_POINTS_MAX = 20;

/**
 * `add` leaves what the source gave before in place: a second row of the same file with another number.
 * State and score are never touched here: a feed cannot bring a retired or opted-out number back.
 */
export function planContacts(
  stored: readonly StoredContactPoint[],
  given: readonly ContactPointInput[],
  source: string,
  mode: "replace" | "add",
): ContactMove[] {
  const moves: ContactMove[] = [];
  const seen = new Set<string>();
  let nextRank = mode === "add" ? stored.filter((point) => point.listed).length : 0;
  for (const point of given) {
    const key = `${point.channel} ${point.number}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const before = stored.find((row) => row.channel === point.channel && row.number === point.number);
    const rank = point.rank ?? (before?.listed === true && mode === "add" ? before.rank : nextRank);
    nextRank++;
    if (before === undefined) {
      moves.push({ kind: "list", point, rank });
      continue;
    }
    const after = { ...before, rank, listed: true, consent: consentAfter(before.consent, point.consent) };
    if (!before.listed) moves.push({ kind: "change", stored: before, after: { ...after, listedBy: source } });
    else if (rank !== before.rank || !sameConsent(before.consent, after.consent))
      moves.push({ kind: "change", stored: before, after });
  }
  if (mode === "replace")
    for (const row of stored)
      if (row.listed && row.listedBy === source && !seen.has(`${row.channel} ${row.number}`))
        moves.push({ kind: "unlist", stored: row });
  return moves;
}

/** What `stored` becomes by `moves`, without writing it; new numbers have no row id yet. */
export function contactsAfter(
  stored: readonly StoredContactPoint[],
  moves: readonly ContactMove[],
  source: string,
): StoredContactPoint[] {
  const after = [...stored];
  for (const move of moves) {
    if (move.kind === "list") after.push(newContact(move.point, move.rank, source));
    else {
      const at = after.indexOf(move.stored);
      after[at] = move.kind === "change" ? move.after : { ...move.stored, listed: false };
    }
  }
  return after;
}

export function hasTooManyContacts(
  stored: readonly StoredContactPoint[],
  moves: readonly ContactMove[],
): boolean {
  return stored.length + moves.filter((move) => move.kind === "list").length > CONTACT_POINTS_MAX;
}

function newContact(point: ContactPointInput, rank: number, source: string): StoredContactPoint {
  return {
    ...{ id: 0, debtorId: 0, channel: point.channel, number: point.number },
    consent: point.consent ?? { state: "unknown" },
    ...{ state: "new", score: SCORE_NEW, permanentFailures: 0 },
    ...{ rank, listedBy: source, listed: true },
    ...(point.country === undefined ? {} : { country: point.country }),
  };
}

/** A consent without a date keeps the date of an equal one that has it. */
function consentAfter(before: Consent, given: Consent | undefined): Consent {
  if (given === undefined) return before;
  if (given.state === before.state && given.at === undefined && given.source === undefined) return before;
  return given;
}

function sameConsent(a: Consent, b: Consent): boolean {
  return a.state === b.state && a.source === b.source && a.at === b.at;
}
