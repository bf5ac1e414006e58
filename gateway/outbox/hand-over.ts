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
import { applyFinding, type Finding, sameAttempt } from "./findings.ts";
import { moveAs, resend } from "./move-as.ts";
import type { Sendable } from "./sendable.ts";
import type { Verdict } from "./settle.ts";
import { awaitingStorage } from "./stored-entries.ts";

/** A segment that is with a modem, or about to be. */
export interface HandOver extends SegmentRef {
  readonly try: number;
  readonly sim: number;
  readonly recipient: string;
  readonly startedAt: number;
}

/** What is known beyond the answer. */
export interface EvidenceAtHand {
  readonly findings: readonly Finding[];
  /** Better evidence may follow; a second copy waits for it. */
  readonly moreToCome: boolean;
}

const NO_EVIDENCE: EvidenceAtHand = { findings: [], moreToCome: false };

const LAST_TRY = "select try from attempt where message = ? and segment = ? order by try desc limit 1";
const INSERT_ATTEMPT = `
  insert into attempt (message, segment, try, sim, modem, started_at, awaiting_storage)
  values (?, ?, ?, ?, ?, ?, ?)`;

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
  const storage = awaitingStorage(sendable, segment);
  ledger.db.sql(INSERT_ATTEMPT).run(message, segment, number, slot.sim, slot.modem, entry.now, storage);
  ledger.db.sql(REMEMBER_SENDER).run(recipient, slot.sim);
  return { ...ref, try: number, sim: slot.sim, recipient, startedAt: entry.now };
}

/**
 * Stores the outcome, moves the segment, and lets reports that overtook the answer find it. Evidence
 * that was gathered before is weighed in the same transaction; only without any the caller's policy counts.
 */
export function record(
  ledger: Ledger,
  reports: Reports,
  entry: Entry,
  handOver: HandOver,
  outcome: SubmitOutcome,
  verdict: Verdict,
  evidence: EvidenceAtHand = NO_EVIDENCE,
): void {
  recordAttempt(ledger, entry, handOver, outcome, verdict.action);
  const { segment } = verdict;
  moveAs(ledger, entry, handOver, "submitting", segment);
  let settled = false;
  for (const finding of evidence.findings)
    if (applyFinding(ledger, reports, entry, finding)) settled ||= sameAttempt(finding.attempt, handOver);
  if (segment.to === "unknown" && segment.resend && !settled && !evidence.moreToCome)
    resend(ledger, entry, handOver, segment);
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
