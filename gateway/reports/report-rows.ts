/** The rows that matching reads and writes. */
import type { SegmentState } from "#gateway/messages/states.ts";
import { expectedReference } from "#gateway/outbox/expected-reference.ts";
import { reportDueAt } from "#gateway/outbox/settle.ts";
import type { ReceivedPdu } from "#hardware/modem/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Candidate, Candidates, InFlight } from "./match.ts";
import type { ParsedReport } from "./parse-report.ts";

/** For so long after it was due a report still finds its segment. */
const LATE_MS_MAX = 7 * 24 * 3_600_000;
/** Attempts of one reference that are looked at, newest first; each is 256 submits older than the last. */
const CANDIDATES_MAX = 16;
/**
 * Those without a reference are looked for by how their number ends: after many crashes a SIM has more
 * of them than are looked at. Any two writings of a number share more than these (`sameSubscriber`).
 */
const END_DIGITS = 5;
/** Reports that wait for one answer of a modem. More than a few means that they fit nothing. */
const WAITING_MAX = 50;
const STILL_TRYING_FIRST = 0x20;
const STILL_TRYING_LAST = 0x3f;

export interface AttemptCandidate extends Candidate {
  readonly message: number;
  readonly segment: number;
  readonly try: number;
  readonly sim: number;
  readonly segments: number;
  readonly outcome: "accepted" | "unknown";
  readonly state: SegmentState;
  readonly submittedAt: number | undefined;
  readonly dueAt: number;
}

const SELECT_ATTEMPTS = `
  select a.message, a.segment, a.try, a.sim, a.outcome, a.started_at as startedAt,
    a.message_reference as messageReference, a.expected_reference as expectedReference,
    s.state, s.submitted_at as submittedAt, s.report_due_at as reportDueAt, m.recipient, m.segments,
    m.validity_seconds as validitySeconds
  from attempt a
  join segment s on s.message = a.message and s.number = a.segment
  join message m on m.number = a.message
  where a.outcome in ('accepted', 'unknown') and a.sim = ?`;

const SELECT_NAMED = `${SELECT_ATTEMPTS} and a.message_reference = ?
  order by a.started_at desc limit ${CANDIDATES_MAX}`;
const SELECT_UNNAMED = `${SELECT_ATTEMPTS} and a.message_reference is null and m.report = 1
    and substr(m.recipient, -${END_DIGITS}) = ?
  order by a.started_at desc limit ${CANDIDATES_MAX}`;

interface AttemptRow {
  readonly message: number;
  readonly segment: number;
  readonly try: number;
  readonly sim: number;
  readonly outcome: "accepted" | "unknown";
  readonly startedAt: number;
  readonly messageReference: number | null;
  readonly expectedReference: number | null;
  readonly state: SegmentState;
  readonly submittedAt: number | null;
  readonly reportDueAt: number | null;
  readonly recipient: string;
  readonly segments: number;
  readonly validitySeconds: number | null;
}

interface StampRow {
  readonly stamp: string;
  readonly status: number;
}

export function findCandidates(
  db: Database,
  sim: number,
  messageReference: number,
  recipient: string,
): Candidates<AttemptCandidate> {
  const end = recipient.replace(/\D/g, "").slice(-END_DIGITS);
  const read = (rows: unknown[]): AttemptCandidate[] => rows.map((row) => toCandidate(db, row as AttemptRow));
  return {
    named: read(db.sql(SELECT_NAMED).all(sim, messageReference)),
    unnamed: () => read(db.sql(SELECT_UNNAMED).all(sim, end)),
  };
}

function toCandidate(db: Database, row: AttemptRow): AttemptCandidate {
  const reports = db
    .sql(
      `select stamp, status from report
       where message is not null and message = ? and segment = ? and try = ? and disposition = 'matched'
       order by number`,
    )
    .all(row.message, row.segment, row.try) as StampRow[];
  const last = reports.findLast(({ status }) => status < STILL_TRYING_FIRST || status > STILL_TRYING_LAST);
  const dueAt = row.reportDueAt ?? reportDueAt(row.startedAt, row.validitySeconds ?? undefined);
  return {
    ...row,
    submittedAt: row.submittedAt ?? undefined,
    dueAt,
    latestAt: dueAt + LATE_MS_MAX,
    stamps: reports.map(({ stamp }) => stamp),
    final: last && (last.status < STILL_TRYING_FIRST ? "arrived" : "lost"),
  };
}

/** The segment that this SIM's modem has now, by the attempts that are not over. */
export function findInFlight(db: Database, sim: number): InFlight | undefined {
  const row = db
    .sql(
      `select a.message, a.segment, a.try, a.sim, a.started_at as startedAt, a.outcome, m.recipient
       from attempt a join message m on m.number = a.message
       where a.sim = ? order by a.started_at desc, a.ended_at is null desc limit 1`,
    )
    .get(sim) as
    | {
        message: number;
        segment: number;
        try: number;
        sim: number;
        startedAt: number;
        outcome: string | null;
        recipient: string;
      }
    | undefined;
  if (row === undefined || row.outcome !== null) return undefined;
  return { recipient: row.recipient, expectedReference: expectedReference(db, row) };
}

export interface Placement {
  readonly disposition: "matched" | "repeated" | "waiting" | "undecodable";
  readonly parsed?: ParsedReport;
  readonly attempt?: AttemptCandidate;
  readonly detail?: string;
}

export function insertReport(db: Database, sim: number, pdu: ReceivedPdu, placement: Placement): void {
  const { disposition, parsed, attempt, detail } = placement;
  db.sql(
    `insert into report (sim, received_at, pdu, message_reference, recipient, status, stamp, discharged_at,
       disposition, message, segment, try, detail)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    sim,
    pdu.receivedAt,
    pdu.hex,
    parsed?.report.messageReference ?? null,
    parsed?.recipient ?? null,
    parsed?.report.status ?? null,
    parsed?.report.timestamp.raw ?? null,
    parsed?.report.discharge.iso ?? null,
    disposition,
    attempt?.message ?? null,
    attempt?.segment ?? null,
    attempt?.try ?? null,
    detail ?? null,
  );
}

/** Reports that came since `since` and fit nothing yet, oldest first. */
export function waitingReports(
  db: Database,
  sim: number,
  since: number,
): readonly { readonly number: number; readonly pdu: string; readonly receivedAt: number }[] {
  return db
    .sql(
      `select number, pdu, received_at as receivedAt from report
       where disposition = 'waiting' and sim = ? and received_at >= ?
       order by received_at, number limit ${WAITING_MAX}`,
    )
    .all(sim, since) as { number: number; pdu: string; receivedAt: number }[];
}

/** When the newest report came that fits nothing yet, by SIM. */
export function newestWaiting(db: Database): Map<number, number> {
  const rows = db
    .sql("select sim, max(received_at) as newest from report where disposition = 'waiting' group by sim")
    .all() as { sim: number; newest: number }[];
  return new Map(rows.map(({ sim, newest }) => [sim, newest]));
}

export function assignReport(
  db: Database,
  report: number,
  disposition: "matched" | "repeated",
  attempt: AttemptCandidate,
): void {
  db.sql("update report set disposition = ?, message = ?, segment = ?, try = ? where number = ?").run(
    disposition,
    attempt.message,
    attempt.segment,
    attempt.try,
    report,
  );
}

/** A report proved which reference the modem gave, though it never told. */
export function nameAttempt(db: Database, attempt: AttemptCandidate, messageReference: number): void {
  db.sql("update attempt set message_reference = ? where message = ? and segment = ? and try = ?").run(
    messageReference,
    attempt.message,
    attempt.segment,
    attempt.try,
  );
}
