/**
 * The SIM that each recipient knows as our sender. The rows are the truth; the newest are kept in
 * memory too, from the moment in which a SIM takes a message, so that two messages at once to somebody
 * new do not come from two numbers.
 */
import type { Database } from "#shared/sqlite.ts";

const KEPT_MAX = 10_000;

export class Senders {
  readonly #db: Database;
  /** In the order of use: the first is the oldest. */
  readonly #newest = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Number of the SIM, if the recipient has had a message. */
  of(recipient: string): number | undefined {
    const known = this.#newest.get(recipient);
    if (known !== undefined) return known;
    const row = this.#db.sql("select sim from recipient where number = ?").get(recipient) as
      | { sim: number | null }
      | undefined;
    return row?.sim ?? undefined;
  }

  /** This SIM takes a message for the recipient; the row is written when it is claimed. */
  taken(recipient: string, sim: number): void {
    this.#newest.delete(recipient);
    this.#newest.set(recipient, sim);
    if (this.#newest.size <= KEPT_MAX) return;
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
  }
}
