/** Posts the entries of a case anew and keeps the index columns that follow from the sums. */
import type { Database } from "#shared/sqlite.ts";
import { type AllocationEntry, type AllocationItem, allocate, type Posting } from "./allocate.ts";
import { settleOrReopen, touchCase } from "./cases.ts";
import type { Change } from "./inputs.ts";
import type { EntryKind, ReceivableState, RowId } from "./types.ts";

/** An item that opens again belongs to the case's present episode. */
const SET_OPEN = `update receivable set is_open = ?,
  episode = (select episode from dunning_case where dunning_case.id = case_id) where id = ?`;
const SET_OPEN_BY_STATE = `update receivable set is_open = (state = 'open'),
  episode = (select episode from dunning_case where dunning_case.id = case_id)
  where id = ? and is_open <> (state = 'open')`;

/**
 * To be called with every change of a receivable or entry of the case, in its transaction. `changed` is the
 * receivable that changed: in a case without entries nothing else needs to be looked at.
 */
export function rebalance(db: Database, caseId: RowId, change: Change, changed?: RowId): void {
  const any = db.sql("select 1 from ledger_entry where case_id = +? limit 1").get(caseId);
  if (any === undefined && changed !== undefined) {
    db.sql(SET_OPEN_BY_STATE).run(changed);
  } else {
    const { postings, open } = allocate(readItems(db, caseId), readEntries(db, caseId));
    writePostings(db, caseId, postings);
    writeOpen(db, caseId, open);
  }
  settleOrReopen(db, caseId, change);
  touchCase(db, caseId, change.at);
}

export function readItems(db: Database, caseId: RowId): AllocationItem[] {
  const rows = db
    .sql(
      `select id, external_id, issue_date, due_date, principal, state, disputed from receivable
       where case_id = ?`,
    )
    .raw()
    .all(caseId) as [number, string, string | null, string, number, ReceivableState, number][];
  return rows.map(([id, externalId, issueDate, dueDate, principal, state, disputed]) => ({
    id,
    externalId,
    ...(issueDate === null ? {} : { issueDate }),
    dueDate,
    principal: BigInt(principal),
    state,
    disputed: disputed === 1,
  }));
}

export function readEntries(db: Database, caseId: RowId): AllocationEntry[] {
  const rows = db
    .sql(
      `select id, external_id, kind, amount, entry_date, refs from ledger_entry
       where case_id = ? and reversed_at is null`,
    )
    .raw()
    .all(caseId) as [number, string, EntryKind, number, string, string][];
  return rows.map(([id, externalId, kind, amount, date, refs]) => ({
    id,
    externalId,
    kind,
    amount: BigInt(amount),
    date,
    references: JSON.parse(refs) as string[],
  }));
}

/** Writes only what differs: most changes leave most postings as they were. */
function writePostings(db: Database, caseId: RowId, wanted: readonly Posting[]): void {
  const stored = db
    .sql("select receivable_id, entry_id, amount from posting where case_id = ?")
    .raw()
    .all(caseId) as [number, number, number][];
  const left = new Map(stored.map(([item, entry, amount]) => [`${item}/${entry}`, BigInt(amount)]));
  const put = db.sql(
    `insert into posting (receivable_id, entry_id, case_id, kind, amount) values (?, ?, ?, ?, ?)
     on conflict (receivable_id, entry_id) do update set amount = excluded.amount, case_id = excluded.case_id`,
  );
  for (const posting of wanted) {
    const key = `${posting.receivableId}/${posting.entryId}`;
    const same = left.get(key) === posting.amount;
    left.delete(key);
    if (!same) put.run(posting.receivableId, posting.entryId, caseId, posting.kind, posting.amount);
  }
  for (const key of left.keys()) {
    const [item, entry] = key.split("/").map(Number);
    db.sql("delete from posting where receivable_id = ? and entry_id = ? and case_id = ?").run(
      item,
      entry,
      caseId,
    );
  }
}

function writeOpen(db: Database, caseId: RowId, open: ReadonlyMap<RowId, bigint>): void {
  const stored = db.sql("select id, is_open from receivable where case_id = ?").raw().all(caseId) as [
    number,
    number,
  ][];
  for (const [id, isOpen] of stored) {
    const wanted = (open.get(id) ?? 0n) > 0n ? 1 : 0;
    if (wanted !== isOpen) db.sql(SET_OPEN).run(wanted, id);
  }
}
