/**
 * Reports read their tables in short steps by id: the service goes on deciding between two steps, whoever
 * waits sees how far it is, and may end it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "#shared/sqlite.ts";
import type { ReportTable } from "./table.ts";

/** Rows of a step: a few tens of milliseconds. */
const STEP_ROWS = 5_000;

/** Ids, the first excluded. */
export interface IdRange {
  readonly after: number;
  readonly upTo: number;
}

/** One table that a report reads. */
export interface Part {
  readonly table: "receivable" | "ledger_entry" | "occurrence" | "event";
  /** Adds the rows of these ids to the sums. */
  take(range: IdRange): void;
}

/** A report while it is being made. */
export interface Draft {
  readonly parts: readonly Part[];
  finish(): ReportTable;
}

export interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const LAST_ID: Readonly<Record<Part["table"], string>> = {
  receivable: "select max(id) from receivable",
  ledger_entry: "select max(id) from ledger_entry",
  occurrence: "select max(id) from occurrence",
  event: "select max(sequence) from event",
};

/** Undefined when it was ended before its end. */
export async function finishDraft(
  db: Database,
  { parts, finish }: Draft,
  watch: Watch = {},
): Promise<ReportTable | undefined> {
  const lasts = parts.map(({ table }) => Number(db.sql(LAST_ID[table]).pluck().get() ?? 0));
  const total = lasts.reduce((sum, last) => sum + last, 0);
  let done = 0;
  for (const [i, part] of parts.entries()) {
    const last = lasts[i] ?? 0;
    for (let after = 0; after < last; after += STEP_ROWS) {
      if (watch.signal?.aborted === true) return undefined;
      const upTo = Math.min(after + STEP_ROWS, last);
      part.take({ after, upTo });
      done += upTo - after;
      watch.onProgress?.(done, total);
      await nextTurn();
    }
  }
  return finish();
}

/** Rows that are summed up by a key, in the order of the key. */
export class Sums<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #add: (a: Row, b: Row) => Row;

  constructor(add: (a: Row, b: Row) => Row) {
    this.#add = add;
  }

  take(key: string, row: Row): void {
    const known = this.#rows.get(key);
    this.#rows.set(key, known === undefined ? row : this.#add(known, row));
  }

  sorted(): Row[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}
