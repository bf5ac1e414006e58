/**
 * How many segments each SIM has on the way to each recipient without a final report. A message
 * reference has one octet (3GPP TS 23.040 9.2.3.6): with 256 unresolved to one recipient, two of them
 * would share a reference, and a report could not tell which one it means.
 */
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";

/** Some room is left for references that other users of the SIM take. */
export const UNRESOLVED_MAX = 240;

const SELECT = `
  select a.sim, m.recipient, count(*) as count
  from segment s
  join message m on m.number = s.message
  join attempt a on a.message = s.message and a.segment = s.number and a.try =
    (select max(try) from attempt where message = s.message and segment = s.number)
  where s.state = 'submitted' and s.report_due_at is not null
  group by a.sim, m.recipient`;

export class Unresolved {
  readonly #counts = new Map<string, number>();

  constructor(ledger: Ledger) {
    const rows = ledger.db.sql(SELECT).all() as { sim: number; recipient: string; count: number }[];
    for (const { sim, recipient, count } of rows) this.#counts.set(`${sim}/${recipient}`, count);
    ledger.onCommitted((entry) => this.#follow(entry));
  }

  /** Whether one more to this recipient could be told from the others by its reference. */
  roomFor(sim: number, recipient: string): boolean {
    return (this.#counts.get(`${sim}/${recipient}`) ?? 0) < UNRESOLVED_MAX;
  }

  #follow(entry: Entry): void {
    for (const { sim, recipient, from, reportDueAt } of entry.moves) {
      if (sim === undefined || recipient === undefined) continue;
      if (reportDueAt !== undefined) this.#add(`${sim}/${recipient}`, 1);
      else if (from === "submitted") this.#add(`${sim}/${recipient}`, -1);
    }
  }

  #add(key: string, by: 1 | -1): void {
    const count = (this.#counts.get(key) ?? 0) + by;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
