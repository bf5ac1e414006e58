/**
 * The two writes of the send loop. Claiming stores that a segment is about to leave, before any octet
 * of it does; settling stores what came of it. Both run inside one transaction of the ledger, so a
 * modem pays one commit for the end of one segment and the start of the next.
 */

import { allocateConcatenationReference } from "#gateway/messages/concatenation.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import { moveSegment, type SegmentRef } from "#gateway/messages/moves.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { ErrorAction, SubmitOutcome } from "#hardware/modem/types.ts";
import { expectedReference } from "./expected-reference.ts";
import type { Sendable } from "./sendable.ts";
import type { Verdict } from "./settle.ts";
import { failSiblings } from "./siblings.ts";

/** A segment that is with a modem, or about to be. */
export interface HandOver extends SegmentRef {
  readonly try: number;
  readonly sim: number;
  readonly recipient: string;
  readonly startedAt: number;
}

const LAST_TRY = "select try from attempt where message = ? and segment = ? order by try desc limit 1";
const INSERT_ATTEMPT =
  "insert into attempt (message, segment, try, sim, modem, started_at) values (?, ?, ?, ?, ?, ?)";

const REMEMBER_SENDER = `
  insert into recipient (number, sim) values (?, ?)
  on conflict (number) do update set sim = excluded.sim where sim is not excluded.sim`;

const UPDATE_ATTEMPT = `
  update attempt set ended_at = ?, outcome = ?, message_reference = ?, expected_reference = ?,
    error_family = ?, error_code = ?, action = ?, detail = ?
  where message = ? and segment = ? and try = ?`;

/** @returns undefined when the segment waits no more: it was cancelled, or expired */
export function claim(
  ledger: Ledger,
  entry: Entry,
  sendable: Sendable,
  segment: number,
  slot: { readonly sim: number; readonly modem: string },
): HandOver | undefined {
  const { message, segments, recipient } = sendable;
  const ref: SegmentRef = { message, segment, segments };
  if (!moveSegment(ledger, entry, ref, "queued", "submitting")) return undefined;
  const last = ledger.db.sql(LAST_TRY).get(message, segment) as { try: number } | undefined;
  const number = (last?.try ?? 0) + 1;
  ledger.db.sql(INSERT_ATTEMPT).run(message, segment, number, slot.sim, slot.modem, entry.now);
  ledger.db.sql(REMEMBER_SENDER).run(recipient, slot.sim);
  return { ...ref, try: number, sim: slot.sim, recipient, startedAt: entry.now };
}

/** Stores the outcome, moves the segment, and lets reports that overtook the answer find it. */
export function record(
  ledger: Ledger,
  reports: Reports,
  entry: Entry,
  handOver: HandOver,
  outcome: SubmitOutcome,
  verdict: Verdict,
): void {
  recordAttempt(ledger, entry, handOver, outcome, verdict.action);
  const { segment } = verdict;
  const { reason, code } = "reason" in segment ? segment : { reason: segment.note, code: undefined };
  switch (segment.to) {
    case "submitted":
      moveSegment(ledger, entry, handOver, "submitting", "submitted", {
        submittedAt: entry.now,
        reportDueAt: segment.reportDueAt,
        reason,
      });
      break;
    case "queued":
      moveSegment(ledger, entry, handOver, "submitting", "queued", {
        notBefore: segment.notBefore,
        reason,
        code,
      });
      break;
    case "unknown":
      moveSegment(ledger, entry, handOver, "submitting", "unknown", { reason, code });
      if (segment.resend)
        moveSegment(ledger, entry, handOver, "unknown", "queued", {
          reason: `A second copy goes out, as the caller chose. ${segment.reason}`,
          code,
        });
      break;
    case "failed":
    case "expired":
      moveSegment(ledger, entry, handOver, "submitting", segment.to, { reason, code });
      failSiblings(ledger, entry, handOver);
      break;
  }
  reports.recheck(entry, handOver.sim, handOver.startedAt);
}

function recordAttempt(
  ledger: Ledger,
  entry: Entry,
  handOver: HandOver,
  outcome: SubmitOutcome,
  action: ErrorAction | undefined,
): void {
  const error = "error" in outcome ? outcome.error : undefined;
  const detail = detailOf(outcome);
  ledger.db
    .sql(UPDATE_ATTEMPT)
    .run(
      entry.now,
      outcome.kind,
      outcome.kind === "accepted" ? (outcome.messageReference ?? null) : null,
      outcome.kind === "unknown" ? (expectedReference(ledger.db, handOver) ?? null) : null,
      error?.family ?? null,
      error?.code ?? null,
      action ?? error?.action ?? null,
      detail ?? null,
      handOver.message,
      handOver.segment,
      handOver.try,
    );
}

function detailOf(outcome: SubmitOutcome): string | undefined {
  switch (outcome.kind) {
    case "accepted":
      return outcome.note;
    case "refused":
      return outcome.error.text;
    case "not-sent":
    case "unknown":
      return outcome.reason;
  }
}

/** A long message that starts anew after a gap: a handset must not join its parts with older ones. */
export function renewReference(ledger: Ledger, message: number, recipient: string): void {
  ledger.db
    .sql("update message set concatenation_reference = ? where number = ?")
    .run(allocateConcatenationReference(ledger.db, recipient), message);
}
