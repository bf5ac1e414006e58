/**
 * Segments whose time is over: those that were not handed over before `notAfter`, and those whose
 * report did not come within the validity period.
 */
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import { moveSegment } from "#gateway/messages/moves.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { Alarm } from "./alarm.ts";

/** Overdue reports that are marked in one transaction. */
const OVERDUE_MAX = 200;
/** When the database takes no writes, a deadline is tried again after this. */
const TRY_AGAIN_MS = 10_000;

interface OverdueRow {
  readonly message: number;
  readonly segment: number;
  readonly segments: number;
  readonly sim: number;
  readonly recipient: string;
}

const SELECT_OVERDUE = `
  select s.message, s.number as segment, m.segments, m.recipient, a.sim
  from segment s
  join message m on m.number = s.message
  join attempt a on a.message = s.message and a.segment = s.number and a.try =
    (select max(try) from attempt where message = s.message and segment = s.number)
  where s.state = 'submitted' and s.report_due_at is not null and s.report_due_at <= ?
  order by s.report_due_at limit ?`;

export interface DeadlinesDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Deadlines {
  readonly #deps: DeadlinesDeps;
  /** By `notAfter`: messages that may have to be expired. */
  readonly #lastMoments: Alarm<number>;
  readonly #reportsDue: Alarm<"due">;
  /** The next look at overdue reports. */
  #nextDueAt = Number.POSITIVE_INFINITY;
  readonly #running = new Set<Promise<void>>();

  constructor(deps: DeadlinesDeps) {
    this.#deps = deps;
    this.#lastMoments = new Alarm(deps.clock, (message) => this.#run(() => this.#expire(message)));
    this.#reportsDue = new Alarm(deps.clock, () => this.#run(() => this.#markOverdue()));
    deps.ledger.onCommitted((entry) => this.#follow(entry));
  }

  /** Sets the alarms for what is stored. Call once. */
  load(): void {
    const rows = this.#deps.ledger.db
      .sql(
        `select distinct m.number as message, m.not_after as notAfter
         from segment s join message m on m.number = s.message
         where s.state in ('queued', 'submitting', 'unknown') and s.state = 'queued' and m.not_after is not null`,
      )
      .all() as { message: number; notAfter: number }[];
    for (const { message, notAfter } of rows) this.#lastMoments.set(notAfter, message);
    this.#lookAtReports();
  }

  /** Resolves when what is being written is written. */
  async close(): Promise<void> {
    this.#lastMoments.close();
    this.#reportsDue.close();
    await Promise.all(this.#running);
  }

  #follow(entry: Entry): void {
    for (const { message, notAfter } of entry.accepted)
      if (notAfter !== undefined) this.#lastMoments.set(notAfter, message);
    for (const { reportDueAt } of entry.moves)
      if (reportDueAt !== undefined && reportDueAt < this.#nextDueAt) this.#dueAt(reportDueAt);
  }

  #run(work: () => Promise<void>): void {
    const running = work().catch((error: unknown) => {
      this.#deps.log.error({ err: error }, "a deadline could not be stored; it is tried again");
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #expire(message: number): Promise<void> {
    const { ledger, clock } = this.#deps;
    try {
      await ledger.write("expire", (entry) => expireMessage(ledger, entry, message));
    } catch (error) {
      this.#lastMoments.set(clock.now() + TRY_AGAIN_MS, message);
      throw error;
    }
  }

  async #markOverdue(): Promise<void> {
    const { ledger, clock } = this.#deps;
    this.#nextDueAt = Number.POSITIVE_INFINITY;
    try {
      const marked = await ledger.write("overdue", (entry) => markOverdue(ledger, entry));
      if (marked === OVERDUE_MAX) this.#dueAt(clock.now());
      else this.#lookAtReports();
    } catch (error) {
      this.#dueAt(clock.now() + TRY_AGAIN_MS);
      throw error;
    }
  }

  #lookAtReports(): void {
    const row = this.#deps.ledger.db
      .sql(
        `select min(report_due_at) as due from segment
         where state = 'submitted' and report_due_at is not null`,
      )
      .get() as { due: number | null };
    if (row.due !== null) this.#dueAt(row.due);
  }

  #dueAt(at: number): void {
    if (at >= this.#nextDueAt) return;
    this.#nextDueAt = at;
    this.#reportsDue.set(at, "due");
  }
}

/** Every segment of it that still waits. Returns how many. */
export function expireMessage(ledger: Ledger, entry: Entry, message: number): number {
  const waiting = ledger.db
    .sql(
      `select s.number as segment, m.segments from segment s join message m on m.number = s.message
       where s.message = ? and s.state = 'queued' and m.not_after <= ?`,
    )
    .all(message, entry.now) as { segment: number; segments: number }[];
  for (const { segment, segments } of waiting)
    moveSegment(ledger, entry, { message, segment, segments }, "queued", "expired", {
      reason: "Its last moment for sending passed before a modem could take it.",
      code: "not_after_passed",
    });
  return waiting.length;
}

function markOverdue(ledger: Ledger, entry: Entry): number {
  const rows = ledger.db.sql(SELECT_OVERDUE).all(entry.now, OVERDUE_MAX) as OverdueRow[];
  for (const row of rows)
    moveSegment(ledger, entry, row, "submitted", "expired", {
      reason: "No delivery report came within the validity period.",
      code: "report_overdue",
    });
  return rows.length;
}
