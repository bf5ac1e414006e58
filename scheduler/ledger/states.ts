/** The states of what the ledger keeps, and their moves (house rule 5). A move not listed throws. */

export type ContactPointState = "new" | "valid" | "suspect" | "retired" | "opted-out" | "wrong-party";

export const CONTACT_POINT_MOVES: Readonly<Record<ContactPointState, readonly ContactPointState[]>> = {
  new: ["valid", "suspect", "retired", "opted-out", "wrong-party"],
  valid: ["suspect", "retired", "opted-out", "wrong-party"],
  suspect: ["valid", "retired", "opted-out", "wrong-party"],
  // A text from the number proves that it lives.
  retired: ["valid", "opted-out", "wrong-party"],
  // Only the debtor's own START, or staff with a recorded reason, takes these back.
  "opted-out": ["valid", "wrong-party"],
  "wrong-party": ["new"],
};

/**
 * An occurrence is reserved (committed) before the gateway hears of it, and only `reserved` may be
 * handed over again, always under the same key. `unknown` (nobody can say whether it left) counts as sent.
 */
export type OccurrenceState =
  | "planned"
  | "approved"
  | "reserved"
  | "handed-over"
  | "submitted"
  | "unknown"
  | "delivered"
  | "failed-temporary"
  | "failed-permanent"
  | "expired"
  | "cancelled"
  | "skipped";

export const OCCURRENCE_MOVES: Readonly<Record<OccurrenceState, readonly OccurrenceState[]>> = {
  planned: ["approved", "reserved", "cancelled", "skipped"],
  approved: ["reserved", "cancelled", "skipped"],
  // Receipts may overtake the answer to the hand-over.
  reserved: [
    "handed-over",
    "submitted",
    "unknown",
    "delivered",
    "failed-temporary",
    "failed-permanent",
    "expired",
    "cancelled",
    "skipped",
  ],
  "handed-over": [
    "submitted",
    "unknown",
    "delivered",
    "failed-temporary",
    "failed-permanent",
    "expired",
    "cancelled",
  ],
  submitted: ["unknown", "delivered", "failed-temporary", "failed-permanent", "expired"],
  unknown: ["submitted", "delivered", "failed-temporary", "failed-permanent", "expired"],
  delivered: [],
  "failed-temporary": ["delivered"],
  "failed-permanent": ["delivered"],
  expired: ["delivered"],
  // The gateway took the cancellation too late: the network has the text after all.
  cancelled: ["submitted", "unknown", "delivered"],
  skipped: [],
};

export type PromiseState =
  | "proposed"
  | "confirmed"
  | "reminded-day-before"
  | "reminded-morning"
  | "kept"
  | "part-kept"
  | "broken"
  | "superseded";

export const PROMISE_MOVES: Readonly<Record<PromiseState, readonly PromiseState[]>> = {
  proposed: ["confirmed", "superseded"],
  confirmed: ["reminded-day-before", "reminded-morning", "kept", "part-kept", "broken", "superseded"],
  "reminded-day-before": ["reminded-morning", "kept", "part-kept", "broken", "superseded"],
  "reminded-morning": ["kept", "part-kept", "broken", "superseded"],
  kept: [],
  "part-kept": [],
  broken: [],
  superseded: [],
};

/** States in which a promise pauses the ordinary steps. */
export const PROMISE_OPEN: readonly PromiseState[] = ["confirmed", "reminded-day-before", "reminded-morning"];

export class IllegalMove extends Error {
  override name = "IllegalMove";
}

/** @throws IllegalMove when the table has no move from `from` to `to`. */
export function assertMove<State extends string>(
  moves: Readonly<Record<State, readonly State[]>>,
  from: State,
  to: State,
): void {
  if (!moves[from].includes(to)) throw new IllegalMove(`there is no move from ${from} to ${to}`);
}
