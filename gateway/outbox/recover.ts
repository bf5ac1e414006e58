/**
 * What a start finds. A segment that was with a modem when the process ended may have been sent or
 * not: it is `unknown` until modem, SIM or network tell. Where its caller chose a second copy, that waits
 * until the modem could be asked. One that was to be put on the modem first, and whose place is not on disk,
 * was never sent: AT+CMSS comes after that write.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import { type HandOver, record } from "./hand-over.ts";
import { pastAttempts } from "./routing.ts";
import { type SettleFacts, settle } from "./settle.ts";

interface InterruptedRow {
  readonly message: number;
  readonly segment: number;
  readonly segments: number;
  readonly try: number;
  readonly sim: number;
  readonly recipient: string;
  readonly startedAt: number;
  readonly notAfter: number | null;
  readonly report: 0 | 1;
  readonly validitySeconds: number | null;
  readonly onUnknown: "hold" | "resend";
  /** It was to be put on the modem first, and its place was never written down. */
  readonly awaiting: 0 | 1;
}

const SELECT = `
  select s.message, s.number as segment, m.segments, a.try, a.sim, m.recipient, a.started_at as startedAt,
    m.not_after as notAfter, m.report, m.validity_seconds as validitySeconds, m.on_unknown as onUnknown,
    a.awaiting_storage is not null as awaiting
  from segment s
  join message m on m.number = s.message
  join attempt a on a.message = s.message and a.segment = s.number and a.outcome is null
  where s.state in ('queued', 'submitting', 'unknown') and s.state = 'submitting'`;

/**
 * By SIM: what each had last when the process before this one ended. Whoever asked the SIM about it first
 * takes it out, because what is submitted after that hides what it was.
 */
export type Interrupted = Map<number, readonly AttemptKey[]>;

/** Settles every segment that the last run left with a modem. Returns what is unknown. Call before sending. */
export async function recoverInterrupted(ledger: Ledger, reports: Reports): Promise<Interrupted> {
  return ledger.write("recover", (entry) => {
    const rows = ledger.db.sql(SELECT).all() as InterruptedRow[];
    for (const row of rows) settleCutOff(ledger, reports, entry, row, "The gateway stopped", true);
    return Map.groupBy(
      rows.filter(({ awaiting }) => awaiting === 0),
      ({ sim }) => sim,
    );
  });
}

/** The same for one segment whose send loop failed. */
export async function abandon(
  ledger: Ledger,
  reports: Reports,
  handOver: HandOver,
  what: string,
): Promise<void> {
  await ledger.write("abandon", (entry) => {
    const rows = ledger.db
      .sql(`${SELECT} and s.message = ? and s.number = ?`)
      .all(handOver.message, handOver.segment) as InterruptedRow[];
    for (const row of rows) settleCutOff(ledger, reports, entry, row, what, false);
  });
}

function settleCutOff(
  ledger: Ledger,
  reports: Reports,
  entry: Parameters<typeof record>[2],
  row: InterruptedRow,
  what: string,
  moreToCome: boolean,
): void {
  const facts: SettleFacts = {
    now: entry.now,
    segment: row.segment,
    sim: row.sim,
    notAfter: row.notAfter ?? undefined,
    report: row.report === 1,
    validitySeconds: row.validitySeconds ?? undefined,
    onUnknown: row.onUnknown,
    past: pastAttempts(ledger.db, row.message),
    streak: 0,
    others: false,
  };
  const outcome: SubmitOutcome =
    row.awaiting === 1
      ? { kind: "not-sent", reason: `${what} before the modem was told to send it.` }
      : { kind: "unknown", reason: `${what} while a modem had it.` };
  record(ledger, reports, entry, row, outcome, settle(outcome, facts), { findings: [], moreToCome });
}
