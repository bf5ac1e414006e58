/** A long message of which one segment is lost is of no use: the rest is not sent. */
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import { moveSegment, type SegmentRef } from "#gateway/messages/moves.ts";

/** Call inside the transaction that settles `lost`. Segments that are on the air stay as they are. */
export function failSiblings(ledger: Ledger, entry: Entry, lost: SegmentRef): void {
  if (lost.segments === 1) return;
  const waiting = ledger.db
    .sql("select number from segment where message = ? and state = 'queued'")
    .all(lost.message) as { number: number }[];
  for (const { number } of waiting) {
    const ref = { message: lost.message, segment: number, segments: lost.segments };
    moveSegment(ledger, entry, ref, "queued", "failed", {
      reason: `Segment ${lost.segment} of the same message was lost.`,
      code: "sibling_failed",
    });
  }
}
