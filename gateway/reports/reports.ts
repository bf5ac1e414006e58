/**
 * Status reports: stored as they come, matched with the attempt that they speak of, and the segment
 * moved, all in one transaction. After that the modem may delete its copy.
 */

import { insertEvidence } from "#gateway/messages/evidence.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import { appendNote, moveSegment } from "#gateway/messages/moves.ts";
import { SEGMENT_MOVES } from "#gateway/messages/states.ts";
import { failSiblings } from "#gateway/outbox/siblings.ts";
import type { ReceivedPdu } from "#hardware/modem/types.ts";
import { type Match, matchReport } from "./match.ts";
import { type ParsedReport, parseReport } from "./parse-report.ts";
import {
  type AttemptCandidate,
  assignReport,
  findCandidates,
  findInFlight,
  insertReport,
  nameAttempt,
  newestWaiting,
  waitingReports,
} from "./report-rows.ts";
import { reportVerdict } from "./verdict.ts";

/** Reports since the start, by what became of them. */
export interface ReportCounts {
  readonly matched: number;
  /** Of the matched ones: settled an attempt of which nobody knew whether it was sent. */
  readonly settledUnknown: number;
  /** Of the matched ones: had come before the modem's answer. */
  readonly early: number;
  readonly repeated: number;
  /** Fitted nothing when they came. Those that were early are among them. */
  readonly unmatched: number;
  readonly undecodable: number;
}

export class Reports {
  readonly #ledger: Ledger;
  readonly #counts = { matched: 0, settledUnknown: 0, early: 0, repeated: 0, unmatched: 0, undecodable: 0 };

  /** By SIM: when the newest report came that fitted nothing. Spares the hot path a query. */
  readonly #newestWaiting: Map<number, number>;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#newestWaiting = newestWaiting(ledger.db);
  }

  counts(): ReportCounts {
    return { ...this.#counts };
  }

  /**
   * Resolves when the report is on disk.
   * @throws DatabaseUnavailable (as a rejection): then the modem must keep its copy
   */
  async receive(sim: number, pdu: ReceivedPdu): Promise<void> {
    const parsed = parseReport(pdu.hex);
    await this.#ledger.write("report", (entry) => this.#store(entry, sim, pdu, parsed));
  }

  /**
   * Tries again those reports that came since `since` and fitted nothing then. Called in the
   * transaction that settles an attempt, because a report may overtake the modem's answer.
   */
  recheck(entry: Entry, sim: number, since: number): void {
    if ((this.#newestWaiting.get(sim) ?? 0) < since) return;
    for (const { number, pdu, receivedAt } of waitingReports(this.#ledger.db, sim, since)) {
      const parsed = parseReport(pdu);
      if (typeof parsed === "string") continue;
      const found = this.#match(sim, parsed, receivedAt, false);
      if (found.kind === "wait") continue;
      assignReport(this.#ledger.db, number, found.kind === "match" ? "matched" : "repeated", found.candidate);
      if (found.kind === "match") this.#apply(entry, found.candidate, parsed);
      this.#tally(entry, found.kind === "match" ? "early" : "repeated");
    }
  }

  #store(entry: Entry, sim: number, pdu: ReceivedPdu, parsed: ParsedReport | string): void {
    const { db } = this.#ledger;
    if (typeof parsed === "string") {
      insertReport(db, sim, pdu, { disposition: "undecodable", detail: parsed });
      this.#tally(entry, "undecodable");
      return;
    }
    const found = this.#match(sim, parsed, pdu.receivedAt, true);
    if (found.kind === "wait") {
      insertReport(db, sim, pdu, { disposition: "waiting", parsed });
      this.#newestWaiting.set(sim, Math.max(pdu.receivedAt, this.#newestWaiting.get(sim) ?? 0));
      this.#tally(entry, "unmatched");
      return;
    }
    const { candidate } = found;
    const disposition = found.kind === "match" ? "matched" : "repeated";
    insertReport(db, sim, pdu, { disposition, parsed, attempt: candidate });
    if (found.kind === "match") this.#apply(entry, candidate, parsed);
    else this.#tally(entry, "repeated");
  }

  #tally(entry: Entry, what: keyof ReportCounts): void {
    entry.after.push(() => {
      this.#counts[what]++;
    });
  }

  #match(
    sim: number,
    { report, recipient }: ParsedReport,
    receivedAt: number,
    isNew: boolean,
  ): Match<AttemptCandidate> {
    const { db } = this.#ledger;
    const facts = {
      messageReference: report.messageReference,
      recipient,
      stamp: report.timestamp.raw,
      completed: report.statusCategory === "completed",
      receivedAt,
      isNew,
    };
    const candidates = findCandidates(db, sim, report.messageReference, recipient);
    return matchReport(facts, candidates, findInFlight(db, sim));
  }

  #apply(entry: Entry, candidate: AttemptCandidate, { report }: ParsedReport): void {
    const { state } = candidate;
    const verdict = reportVerdict(report.status, report.statusCategory);
    if (candidate.messageReference === null) nameAttempt(this.#ledger.db, candidate, report.messageReference);
    if (state !== verdict.to && SEGMENT_MOVES[state].includes(verdict.to)) {
      const settles = state === "unknown";
      if (settles) this.#noteEvidence(entry, candidate, report.messageReference, verdict.reason);
      moveSegment(this.#ledger, entry, candidate, state, verdict.to, {
        submittedAt: candidate.submittedAt ?? candidate.startedAt,
        deliveredAt: verdict.to === "delivered" ? entry.now : undefined,
        reportDueAt: verdict.to === "submitted" ? candidate.dueAt : undefined,
        reason: verdict.reason,
        code: "code" in verdict ? verdict.code : undefined,
        status: report.status,
        evidence: settles ? "report" : undefined,
      });
      if (verdict.to === "undelivered" || verdict.to === "expired")
        failSiblings(this.#ledger, entry, candidate);
    }
    if (verdict.to === "submitted")
      appendNote(this.#ledger, entry, candidate.message, "message.buffered", {
        ...(candidate.segments === 1 ? {} : { segment: candidate.segment }),
        status: report.status,
        reason: verdict.reason,
      });
    if (candidate.outcome === "unknown") this.#tally(entry, "settledUnknown");
    this.#tally(entry, "matched");
  }

  #noteEvidence(entry: Entry, attempt: AttemptCandidate, reference: number, says: string | undefined): void {
    const saw = `A status report with reference ${reference} came. ${says ?? "It was delivered."}`;
    insertEvidence(this.#ledger.db, attempt, entry.now, { kind: "report", saw, verdict: "sent" });
  }
}
