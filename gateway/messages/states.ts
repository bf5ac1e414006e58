/**
 * The states of a segment and the moves between them, in one table. A message has no state of its
 * own: it is derived from its segments.
 */

export type SegmentState =
  | "queued"
  | "submitting"
  | "submitted"
  | "delivered"
  | "undelivered"
  | "failed"
  | "expired"
  | "cancelled"
  | "unknown";

/**
 * `submitting → queued` only when the modem proved that it sent nothing. `unknown → queued` only by
 * such proof found later, by a person's decision, or where the caller chose `onUnknown: resend`.
 * A late report moves `unknown` and an overdue `expired` to the truth; what comes while a second copy
 * still waits and shows that the first was sent makes that copy needless (`queued → submitted`,
 * `queued → delivered`). `expired` has two causes: the last
 * moment for sending passed, or the service centre gave up when the validity period ended, which a
 * report may also say of a segment that was `unknown`.
 */
export const SEGMENT_MOVES: Readonly<Record<SegmentState, readonly SegmentState[]>> = {
  queued: ["submitting", "expired", "cancelled", "failed", "submitted", "delivered"],
  submitting: ["submitted", "queued", "failed", "expired", "cancelled", "unknown"],
  submitted: ["delivered", "undelivered", "expired"],
  unknown: ["submitted", "delivered", "undelivered", "expired", "queued", "failed"],
  delivered: [],
  undelivered: ["delivered"],
  failed: [],
  expired: ["delivered", "undelivered"],
  cancelled: [],
};

export class IllegalMove extends Error {
  override name = "IllegalMove";
}

/** @throws IllegalMove when the table does not have the move. */
export function assertMove(from: SegmentState, to: SegmentState): void {
  if (!SEGMENT_MOVES[from].includes(to)) throw new IllegalMove(`a segment cannot go from ${from} to ${to}`);
}

export type MessageState = SegmentState;

/** The first of these that any segment is in is the message's state: the least settled one speaks. */
const PRECEDENCE: readonly SegmentState[] = [
  "submitting",
  "unknown",
  "failed",
  "undelivered",
  "expired",
  "cancelled",
  "queued",
  "submitted",
  "delivered",
];

/**
 * The state of a message from those of its segments: bad news before good, so that `delivered` means
 * every segment, and a message with one segment lost is never shown as delivered.
 */
export function deriveMessageState(segments: readonly SegmentState[]): MessageState {
  const found = PRECEDENCE.find((state) => segments.includes(state));
  if (found === undefined) throw new RangeError("a message has at least one segment");
  return found;
}
