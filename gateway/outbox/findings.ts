/**
 * What was found out about an attempt without an outcome, and what it does to the segment. The strongest
 * finding comes first in time; once a segment is settled, a further finding changes nothing.
 */
import { type AttemptKey, insertEvidence } from "#gateway/messages/evidence.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { EvidenceKind } from "#gateway/messages/types.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import { moveAs } from "./move-as.ts";
import { pastAttempts } from "./routing.ts";
import { reportDueAt, type SettleFacts, type Settlement, settle, type Verdict } from "./settle.ts";

export interface Finding {
  readonly attempt: AttemptKey;
  readonly kind: EvidenceKind;
  /** What was seen, in one sentence. */
  readonly saw: string;
  /**
   * `built`: it left the modem, and whether the network took it only a report can tell. Counts as sent
   * where one was asked for, because its absence is noticed.
   */
  readonly verdict: "sent" | "built" | "not-sent" | "nothing";
  /** TP-MR that it had, where that is known. */
  readonly messageReference?: number;
}

/** The attempt, while it is still open. */
export interface OpenAttempt extends AttemptKey {
  readonly segments: number;
  readonly sim: number;
  readonly recipient: string;
  readonly startedAt: number;
  readonly state: "unknown" | "queued";
  readonly report: boolean;
  readonly validitySeconds: number | undefined;
  readonly notAfter: number | undefined;
  readonly onUnknown: "hold" | "resend";
}

const SELECT_OPEN = `
  select s.state, m.segments, m.recipient, m.report, m.validity_seconds as validitySeconds,
    m.not_after as notAfter, m.on_unknown as onUnknown, a.sim, a.started_at as startedAt
  from attempt a
  join segment s on s.message = a.message and s.number = a.segment
  join message m on m.number = a.message
  where a.message = ? and a.segment = ? and a.try = ? and a.outcome in ('unknown', 'not-sent')
    and s.state in ('unknown', 'queued')
    and not exists (select 1 from attempt l where l.message = a.message and l.segment = a.segment and l.try > a.try)`;

interface OpenRow {
  readonly state: "unknown" | "queued";
  readonly segments: number;
  readonly recipient: string;
  readonly report: 0 | 1;
  readonly validitySeconds: number | null;
  readonly notAfter: number | null;
  readonly onUnknown: "hold" | "resend";
  readonly sim: number;
  readonly startedAt: number;
}

/** Undefined when it is settled, or was tried again since. */
export function findOpen(ledger: Ledger, attempt: AttemptKey): OpenAttempt | undefined {
  const { message, segment } = attempt;
  const row = ledger.db.sql(SELECT_OPEN).get(message, segment, attempt.try) as OpenRow | undefined;
  if (row === undefined) return undefined;
  return {
    ...row,
    message,
    segment,
    try: attempt.try,
    report: row.report === 1,
    validitySeconds: row.validitySeconds ?? undefined,
    notAfter: row.notAfter ?? undefined,
  };
}

/** Inside a transaction. Returns whether the segment is settled by it. */
export function applyFinding(ledger: Ledger, reports: Reports, entry: Entry, finding: Finding): boolean {
  const open = findOpen(ledger, finding.attempt);
  if (open === undefined) return false;
  const verdict = weigh(finding, open);
  const { kind, saw } = finding;
  const missing = finding.verdict === "built" && verdict === "nothing" ? NO_REPORT : "";
  insertEvidence(ledger.db, open, entry.now, { kind, saw: saw + missing, verdict });
  if (verdict === "nothing") return false;
  if (verdict === "sent") {
    markAttempt(ledger, open, "accepted", finding.messageReference);
    moveAs(ledger, entry, open, open.state, submittedThen(open, saw), kind);
    reports.recheck(entry, open.sim, open.startedAt);
    return true;
  }
  // A second copy is on its way already; that the first was never sent changes nothing for it.
  markAttempt(ledger, open, "not-sent", undefined);
  if (open.state === "unknown")
    moveAs(ledger, entry, open, "unknown", againOrNot(ledger, entry, open, saw), kind);
  // A report that might have been of this one or of another is of the other.
  reports.recheck(entry, open.sim, open.startedAt);
  return open.state === "unknown";
}

export function sameAttempt(a: AttemptKey, b: AttemptKey): boolean {
  return a.message === b.message && a.segment === b.segment && a.try === b.try;
}

const NO_REPORT = " No report was asked for that could tell whether the network took it.";

function weigh({ verdict }: Finding, open: OpenAttempt): "sent" | "not-sent" | "nothing" {
  if (verdict !== "built") return verdict;
  return open.report ? "sent" : "nothing";
}

/** The modem's own answer came after all. Inside a transaction. Undefined when nothing was open any more. */
export function applyLateAnswer(
  ledger: Ledger,
  reports: Reports,
  entry: Entry,
  attempt: AttemptKey,
  outcome: SubmitOutcome,
): Verdict | undefined {
  const open = findOpen(ledger, attempt);
  if (open === undefined) return undefined;
  const kind = "late-answer";
  switch (outcome.kind) {
    case "accepted": {
      const { messageReference } = outcome;
      const as = messageReference === undefined ? "" : ` with reference ${messageReference}`;
      const saw = `The modem's answer came late: the network took it${as}.`;
      const named = messageReference === undefined ? {} : { messageReference };
      applyFinding(ledger, reports, entry, { attempt, kind, saw, verdict: "sent", ...named });
      return undefined;
    }
    case "refused": {
      const verdict = settle(outcome, factsOf(ledger, entry, open));
      const saw = `The modem's answer came late: ${outcome.error.text}`;
      insertEvidence(ledger.db, open, entry.now, { kind, saw, verdict: "not-sent" });
      markAttempt(ledger, open, "refused", undefined);
      if (open.state === "unknown") moveAs(ledger, entry, open, "unknown", verdict.segment, kind);
      reports.recheck(entry, open.sim, open.startedAt);
      return verdict;
    }
    case "not-sent":
    case "unknown":
      insertEvidence(ledger.db, open, entry.now, { kind, saw: outcome.reason, verdict: "nothing" });
      return undefined;
  }
}

/** As of the moment in which it left us. */
export function submittedThen(open: OpenAttempt, note: string): Settlement {
  return {
    to: "submitted",
    note,
    submittedAt: open.startedAt,
    ...(open.report ? { reportDueAt: reportDueAt(open.startedAt, open.validitySeconds) } : {}),
  };
}

/** Back to the queue, unless it is too late, or the rest of the message is lost. */
export function againOrNot(ledger: Ledger, entry: Entry, open: OpenAttempt, reason: string): Settlement {
  const lost = lostSibling(ledger, open);
  if (lost !== undefined)
    return {
      to: "failed",
      reason: `Segment ${lost} of the same message was lost.`,
      code: "sibling_failed",
    };
  return settle({ kind: "not-sent", reason }, factsOf(ledger, entry, open)).segment;
}

/** A part of it that was given up: half a message helps nobody. */
function lostSibling(ledger: Ledger, open: OpenAttempt): number | undefined {
  if (open.segments === 1) return undefined;
  const row = ledger.db
    .sql(
      `select number from segment where message = ? and number <> ?
         and (state in ('failed', 'cancelled') or (state = 'expired' and code is 'not_after_passed'))`,
    )
    .get(open.message, open.segment) as { number: number } | undefined;
  return row?.number;
}

export function factsOf(ledger: Ledger, entry: Entry, open: OpenAttempt): SettleFacts {
  const { segment, sim, notAfter, report, validitySeconds, onUnknown } = open;
  const past = pastAttempts(ledger.db, open.message);
  const now = entry.now;
  return { now, segment, sim, notAfter, report, validitySeconds, onUnknown, past, streak: 0, others: false };
}

/** What is known of it now takes the place of "unknown". */
function markAttempt(
  ledger: Ledger,
  { message, segment, try: number }: AttemptKey,
  outcome: "accepted" | "refused" | "not-sent",
  messageReference: number | undefined,
): void {
  ledger.db
    .sql(
      `update attempt set outcome = ?, message_reference = coalesce(?, message_reference)
       where message = ? and segment = ? and try = ?`,
    )
    .run(outcome, messageReference ?? null, message, segment, number);
}
