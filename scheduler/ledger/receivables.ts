/** Receivables in the database. Runs inside a transaction of the caller. */
import type { Database } from "#shared/sqlite.ts";
import { rebalance } from "./balance.ts";
import { type MakeCode, openCase, settleOrReopen } from "./cases.ts";
import { recordEvent, withoutPersonal } from "./events.ts";
import type { Change, ReceivableInput } from "./inputs.ts";
import type { KnownNames } from "./known-names.ts";
import { type Outcome, refused } from "./outcome.ts";
import { matchEntry } from "./parties.ts";
import { planReceivable, type StoredReceivable } from "./plan-items.ts";
import { type ReceivableRow, receivableOf, SELECT_RECEIVABLE } from "./rows.ts";
import type { Creditor, RowId } from "./types.ts";

/** Receivables of one case, closed ones included: each change of a case with payments looks at all. */
export const RECEIVABLES_PER_CASE_MAX = 20_000;

// Statement texts are constants: a text that is put together anew is hashed anew for every look-up.
const SELECT_RECEIVABLE_BY_NAME = `${SELECT_RECEIVABLE} where receivable.creditor_id = +? and receivable.external_id = +?`;
const COUNT_RECEIVABLES = `select count(*) from
  (select 1 from receivable where case_id = ? limit ${RECEIVABLES_PER_CASE_MAX})`;

export function findReceivable(
  db: Database,
  creditorId: RowId,
  externalId: string,
): StoredReceivable | undefined {
  const row = db.sql(SELECT_RECEIVABLE_BY_NAME).get(creditorId, externalId) as ReceivableRow | undefined;
  return row && receivableOf(row);
}

/** The ledger's sum for one receivable, never below zero. */
export function openOf(db: Database, row: Pick<StoredReceivable, "id" | "principal" | "state">): bigint {
  if (row.state !== "open") return 0n;
  const posted = db
    .sql("select coalesce(sum(amount), 0) from posting where receivable_id = ?")
    .pluck()
    .get(row.id) as number;
  return row.principal + BigInt(posted);
}

/** The debtor that the input before was about, in the same transaction: most receivables are his. */
export interface LatestDebtor {
  name?: string;
  id?: RowId;
}

export interface ReceivableContext {
  readonly creditor: Creditor;
  readonly makeCode: MakeCode;
  readonly latest: LatestDebtor;
  readonly known: KnownNames;
}

export function putReceivable(
  db: Database,
  input: ReceivableInput,
  context: ReceivableContext,
  change: Change,
): Outcome<StoredReceivable> {
  const { known } = context;
  const stored = known.receivables.has(input.externalId)
    ? findReceivable(db, context.creditor.id, input.externalId)
    : undefined;
  const outcome = planReceivable(stored, input, context.creditor.id, change);
  if (outcome.kind === "unchanged") {
    if (outcome.row !== stored) keepReceivableFreshness(db, outcome.row);
    return outcome;
  }
  if (outcome.kind !== "created" && outcome.kind !== "updated") return outcome;
  const debtorId = debtorNamed(db, outcome.row.debtor, context);
  if (debtorId === undefined)
    return refused("reference_unknown", "debtor", "There is no debtor of this id. Send the debtor first.");
  const owner = { creditorId: context.creditor.id, debtorId, currency: outcome.row.currency };
  const { caseId, isNew } = openCase(db, context.makeCode, owner, change, "for-receivable");
  if (!isNew && caseId !== stored?.caseId && countOfCase(db, caseId) >= RECEIVABLES_PER_CASE_MAX)
    return caseIsFull();
  const row = writeReceivable(db, { ...outcome.row, caseId });
  const data = outcome.kind === "updated" ? withoutPersonal(outcome.changes) : undefined;
  const subject = { creditorId: row.creditorId, debtorId, caseId };
  recordEvent(db, change, `receivable.${outcome.kind}`, { ...subject, receivableId: row.id }, data);
  if (outcome.kind === "created") known.receivables.add(row.externalId);
  const waited =
    outcome.kind === "created" && known.entriesWait && takeWaitingEntries(db, row, subject, change);
  // The usual new receivable: its case was made with it, open and due, and nothing is to be posted.
  if (isNew && row.state === "open" && !waited && stored === undefined) return { ...outcome, row };
  // It was open for a moment, even where it is paid already: the settlement counts and is told.
  if (outcome.kind === "created") settleOrReopen(db, caseId, change);
  rebalance(db, caseId, change, row.id);
  if (stored !== undefined && stored.caseId !== caseId) rebalance(db, stored.caseId, change);
  return { ...outcome, row };
}

function debtorNamed(db: Database, name: string, { creditor, latest }: ReceivableContext): RowId | undefined {
  if (latest.name === name) return latest.id;
  return db
    .sql("select id from debtor where creditor_id = ? and external_id = ?")
    .pluck()
    .get(creditor.id, name) as RowId | undefined;
}

export function caseIsFull(): Outcome<never> {
  return refused(
    "limit_reached",
    "debtor",
    `A case holds at most ${RECEIVABLES_PER_CASE_MAX} receivables. Split the customer, or send sums.`,
  );
}

function countOfCase(db: Database, caseId: RowId): number {
  return db.sql(COUNT_RECEIVABLES).pluck().get(caseId) as number;
}

/** How many receivables a debtor has in a currency, settled ones included. */
export function countReceivables(db: Database, debtorId: RowId, currency: string): number {
  const caseId = db
    .sql("select id from dunning_case where debtor_id = ? and currency = ?")
    .pluck()
    .get(debtorId, currency) as RowId | undefined;
  return caseId === undefined ? 0 : countOfCase(db, caseId);
}

function writeReceivable(db: Database, row: StoredReceivable): StoredReceivable {
  const values = [
    row.caseId,
    row.version ?? null,
    row.asOf,
    row.principal,
    row.issueDate ?? null,
    row.dueDate,
    row.dueDateSequence,
    row.description ?? null,
    row.state,
    row.disputed ? 1 : 0,
    row.listedBy,
  ];
  if (row.id !== 0) {
    db.sql(
      `update receivable set case_id = ?, version = ?, as_of = ?, principal = ?, issue_date = ?, due_date = ?,
         due_date_sequence = ?, description = ?, state = ?, disputed = ?, listed_by = ? where id = ?`,
    ).run(...values, row.id);
    return row;
  }
  const { lastInsertRowid } = db
    .sql(
      `insert into receivable (case_id, version, as_of, principal, issue_date, due_date, due_date_sequence,
         description, state, disputed, listed_by, creditor_id, external_id, first_seen_at, is_open, episode)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (select episode from dunning_case where id = ?))`,
    )
    .run(
      ...values,
      row.creditorId,
      row.externalId,
      row.firstSeenAt,
      row.state === "open" ? 1 : 0,
      row.caseId,
    );
  return { ...row, id: Number(lastInsertRowid) };
}

function keepReceivableFreshness(db: Database, row: StoredReceivable): void {
  db.sql("update receivable set as_of = ?, version = ?, listed_by = ? where id = ?").run(
    row.asOf,
    row.version ?? null,
    row.listedBy,
    row.id,
  );
}

/** Payments that named this receivable before it came; whether there were any. */
function takeWaitingEntries(
  db: Database,
  row: StoredReceivable,
  subject: { readonly creditorId: RowId; readonly debtorId: RowId; readonly caseId: RowId },
  change: Change,
): boolean {
  const waiting = db
    .sql(
      `select entry_id from waiting_reference where creditor_id = ? and receivable_ref = ?
         and (select currency from ledger_entry where id = entry_id) = ?`,
    )
    .pluck()
    .all(row.creditorId, row.externalId, row.currency) as RowId[];
  for (const entryId of waiting) matchEntry(db, entryId, subject, change);
  return waiting.length > 0;
}

/** The receivable vanished from a full list: paid or withdrawn where its source lives. */
export function markAbsent(db: Database, row: StoredReceivable, debtorId: RowId, change: Change): void {
  db.sql("update receivable set state = 'absent', as_of = ? where id = ?").run(change.asOf, row.id);
  const subject = { creditorId: row.creditorId, debtorId, caseId: row.caseId, receivableId: row.id };
  recordEvent(db, change, "receivable.updated", subject, {
    changes: [{ field: "state", from: row.state, to: "absent" }],
    list: change.source,
  });
  rebalance(db, row.caseId, change, row.id);
}
