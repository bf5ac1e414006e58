/**
 * Computes again what the ledger keeps beside the facts: postings, open flags, settlements. All of it
 * follows from receivables and entries alone, so there must never be a difference.
 */
import type { Database } from "#shared/sqlite.ts";
import { allocate } from "./allocate.ts";
import { readEntries, readItems } from "./balance.ts";
import { caseIdsAfter } from "./due.ts";
import type { RowId } from "./types.ts";

export interface LedgerDifference {
  readonly caseId: RowId;
  readonly what: "posting" | "open flag" | "settlement";
  /** In one sentence, with what is stored and what follows from the facts. */
  readonly detail: string;
}

export interface AuditPage {
  readonly cases: number;
  readonly differences: readonly LedgerDifference[];
  /** Send as `after` for the next page; absent after the last case. */
  readonly last?: RowId;
}

/** The next `limit` cases after `after`, as of one moment. */
export function auditPage(db: Database, after: RowId, limit: number): AuditPage {
  return db.read(() => {
    const ids = caseIdsAfter(db, after, limit);
    const last = ids.length < limit ? undefined : ids.at(-1);
    return {
      cases: ids.length,
      differences: ids.flatMap((id) => auditCase(db, id)),
      ...(last === undefined ? {} : { last }),
    };
  });
}

function auditCase(db: Database, caseId: RowId): LedgerDifference[] {
  const wanted = allocate(readItems(db, caseId), readEntries(db, caseId));
  const found: LedgerDifference[] = [];
  const differs = (what: LedgerDifference["what"], detail: string): void => {
    found.push({ caseId, what, detail });
  };
  const stored = new Map(
    (
      db.sql("select receivable_id, entry_id, amount from posting where case_id = ?").raw().all(caseId) as [
        number,
        number,
        number,
      ][]
    ).map(([item, entry, amount]) => [`${item}/${entry}`, BigInt(amount)]),
  );
  for (const { receivableId, entryId, amount } of wanted.postings) {
    const key = `${receivableId}/${entryId}`;
    const kept = stored.get(key);
    stored.delete(key);
    if (kept !== amount)
      differs("posting", `Of ${key}, ${kept ?? "nothing"} is stored and ${amount} follows.`);
  }
  for (const [key, amount] of stored)
    differs("posting", `Of ${key}, ${amount} is stored and nothing follows.`);
  const flags = db.sql("select id, is_open from receivable where case_id = ?").raw().all(caseId) as [
    number,
    number,
  ][];
  let anyOpen = false;
  for (const [id, isOpen] of flags) {
    const open = (wanted.open.get(id) ?? 0n) > 0n;
    anyOpen ||= open;
    if (open !== (isOpen === 1)) differs("open flag", `Receivable ${id} is ${open ? "" : "not "}open.`);
  }
  const settled =
    db.sql("select settled_at is not null from dunning_case where id = ?").pluck().get(caseId) === 1;
  if (settled === anyOpen) differs("settlement", `It is stored as ${settled ? "settled" : "open"}.`);
  return found;
}
