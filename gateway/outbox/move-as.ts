/** A segment goes where its settlement says. */
import { insertEvidence } from "#gateway/messages/evidence.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import { moveSegment, type SegmentRef } from "#gateway/messages/moves.ts";
import type { EvidenceKind } from "#gateway/messages/types.ts";
import type { Settlement } from "./settle.ts";
import { failSiblings } from "./siblings.ts";

/**
 * Inside a transaction. `evidence` names what settled a segment that was `unknown`; a settlement that says
 * `unknown` leaves such a one where it is.
 */
export function moveAs(
  ledger: Ledger,
  entry: Entry,
  ref: SegmentRef,
  from: "submitting" | "unknown" | "queued",
  settlement: Settlement,
  evidence?: EvidenceKind,
): void {
  switch (settlement.to) {
    case "submitted":
      moveSegment(ledger, entry, ref, from, "submitted", {
        submittedAt: settlement.submittedAt ?? entry.now,
        reportDueAt: settlement.reportDueAt,
        reason: settlement.note,
        evidence,
      });
      break;
    case "queued":
      moveSegment(ledger, entry, ref, from, "queued", {
        notBefore: settlement.notBefore,
        reason: settlement.reason,
        code: settlement.code,
        evidence,
      });
      break;
    case "unknown": {
      const { reason, code } = settlement;
      if (from === "submitting") moveSegment(ledger, entry, ref, from, "unknown", { reason, code });
      break;
    }
    case "failed":
    case "expired": {
      const { reason, code } = settlement;
      moveSegment(ledger, entry, ref, from, settlement.to, { reason, code, evidence });
      failSiblings(ledger, entry, ref);
      break;
    }
  }
}

/** The caller wanted a second copy rather than none. */
export function resend(
  ledger: Ledger,
  entry: Entry,
  ref: SegmentRef & { readonly try: number },
  unknown: Extract<Settlement, { to: "unknown" }>,
): void {
  const saw = "Nothing told whether it was sent, and the caller chose a second copy rather than none.";
  insertEvidence(ledger.db, ref, entry.now, { kind: "policy", saw, verdict: "nothing" });
  moveSegment(ledger, entry, ref, "unknown", "queued", {
    reason: `A second copy goes out, as the caller chose. ${unknown.reason}`,
    code: unknown.code,
    evidence: "policy",
  });
}
