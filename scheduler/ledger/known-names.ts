/**
 * Which names of a batch the ledger has, asked once for all of them. A list of a million new invoices asks
 * for two million names that are not there, and asking one by one takes as long as writing them.
 */
import type { Database } from "#shared/sqlite.ts";
import type { RowId } from "./types.ts";

export interface BatchNames {
  readonly debtors: readonly string[];
  readonly receivables: readonly string[];
}

/** False is certain; true means that it is worth a look. */
export interface NameSet {
  has(name: string): boolean;
  add(name: string): void;
}

/** Valid inside of the transaction that asked, as long as everything that is made is added. */
export interface KnownNames {
  readonly debtors: NameSet;
  readonly receivables: NameSet;
  /** Payments wait for a debtor or receivable that has not come yet. */
  entriesWait: boolean;
}

const KNOWN_DEBTORS = `select external_id from debtor
  where creditor_id = +? and external_id in (select value from json_each(?))`;
const KNOWN_RECEIVABLES = `select external_id from receivable
  where creditor_id = +? and external_id in (select value from json_each(?))`;
const ENTRIES_WAIT = `select exists (select 1 from ledger_entry where creditor_id = ? and case_id is null)
  or exists (select 1 from waiting_reference where creditor_id = ?)`;

export function knownAmong(db: Database, creditorId: RowId, names: BatchNames): KnownNames {
  const known = (sql: string, some: readonly string[]): NameSet => {
    const stored = some.length === 0 ? [] : db.sql(sql).pluck().all(creditorId, JSON.stringify(some));
    const set = new Set(stored as string[]);
    return { has: (name) => set.has(name) || !isPlain(name), add: (name) => set.add(name) };
  };
  return {
    debtors: known(KNOWN_DEBTORS, names.debtors),
    receivables: known(KNOWN_RECEIVABLES, names.receivables),
    entriesWait: db.sql(ENTRIES_WAIT).pluck().get(creditorId, creditorId) === 1,
  };
}

/** NULs and halves of characters do not come back from JSON and text columns as they went. */
function isPlain(name: string): boolean {
  return name.isWellFormed() && !name.includes("\0");
}
