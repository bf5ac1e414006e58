/** Payments, credit notes, fees, interest and write-offs in the database, inside a transaction of the caller. */
import type { Database } from "#shared/sqlite.ts";
import { rebalance } from "./balance.ts";
import { type MakeCode, openCase } from "./cases.ts";
import { recordEvent, withoutPersonal } from "./events.ts";
import type { Change, EntryInput } from "./inputs.ts";
import { type Outcome, refused } from "./outcome.ts";
import { findDebtor, keepFreshness } from "./parties.ts";
import { planEntry, type StoredEntry } from "./plan-items.ts";
import { type EntryRow, entryOf } from "./rows.ts";
import type { EntryKind, RowId } from "./types.ts";

export function findEntry(
  db: Database,
  creditorId: RowId,
  kind: EntryKind,
  externalId: string,
): StoredEntry | undefined {
  const row = db
    .sql("select * from ledger_entry where creditor_id = ? and kind = ? and external_id = ?")
    .get(creditorId, kind, externalId) as EntryRow | undefined;
  return row && entryOf(row);
}

export interface EntryContext {
  readonly creditorId: RowId;
  readonly makeCode: MakeCode;
}

/** An entry whose debtor and receivables are unknown waits without a case, and is matched when they come. */
export function putEntry(
  db: Database,
  input: EntryInput,
  context: EntryContext,
  change: Change,
): Outcome<StoredEntry> {
  const stored = findEntry(db, context.creditorId, input.kind, input.externalId);
  const outcome = planEntry(stored, input, context.creditorId, change);
  if (outcome.kind === "unchanged") {
    if (outcome.row !== stored) keepFreshness(db, "ledger_entry", outcome.row);
    return outcome;
  }
  if (outcome.kind !== "created" && outcome.kind !== "updated") return outcome;
  const target = resolve(db, outcome.row);
  if ("kind" in target) return target;
  const caseId =
    target.debtorId === undefined ? undefined : caseFor(db, target.debtorId, outcome.row, context, change);
  const row = writeEntry(db, withCase(outcome.row, caseId));
  const subject = {
    creditorId: context.creditorId,
    ...(target.debtorId === undefined ? {} : { debtorId: target.debtorId }),
    ...(caseId === undefined ? {} : { caseId }),
  };
  const what = { entry: row.id, kind: row.kind };
  const data = outcome.kind === "updated" ? { ...what, ...withoutPersonal(outcome.changes) } : what;
  recordEvent(db, change, outcome.kind === "created" ? "entry.recorded" : "entry.updated", subject, data);
  if (caseId !== undefined) rebalance(db, caseId, change);
  if (stored?.caseId !== undefined && stored.caseId !== caseId) rebalance(db, stored.caseId, change);
  return { ...outcome, row };
}

function caseFor(
  db: Database,
  debtorId: RowId,
  { currency }: StoredEntry,
  { creditorId, makeCode }: EntryContext,
  change: Change,
): RowId {
  return openCase(db, makeCode, { creditorId, debtorId, currency }, change).caseId;
}

function withCase(row: StoredEntry, caseId: RowId | undefined): StoredEntry {
  const { caseId: _before, ...rest } = row;
  return caseId === undefined ? rest : { ...rest, caseId };
}

/** Whose entry it is, or nobody's yet. */
export function resolve(
  db: Database,
  entry: Pick<StoredEntry, "creditorId" | "debtor" | "references" | "currency">,
): { readonly debtorId?: RowId } | Extract<Outcome<never>, { kind: "refused" }> {
  const named = entry.debtor === undefined ? undefined : findDebtor(db, entry.creditorId, entry.debtor)?.id;
  let owner = named;
  for (const reference of entry.references) {
    const item = db
      .sql(
        `select debtor_id, currency from receivable join dunning_case on dunning_case.id = case_id
         where receivable.creditor_id = +? and external_id = +?`,
      )
      .get(entry.creditorId, reference) as { debtor_id: number; currency: string } | undefined;
    if (item === undefined) continue;
    if (item.currency !== entry.currency)
      return mixed("currency", "It is in another currency than a receivable that it names.");
    if (owner !== undefined && owner !== item.debtor_id)
      return mixed("references", "It names a receivable of another debtor. Send one entry for each debtor.");
    // A named debtor who is not known yet may be the owner of none of these: wait for him.
    if (entry.debtor === undefined || named !== undefined) owner = item.debtor_id;
  }
  return owner === undefined ? {} : { debtorId: owner };
}

function mixed(field: string, detail: string): Extract<Outcome<never>, { kind: "refused" }> {
  return refused("reference_mixed", field, detail) as Extract<Outcome<never>, { kind: "refused" }>;
}

function writeEntry(db: Database, row: StoredEntry): StoredEntry {
  const values = [
    row.caseId ?? null,
    row.amount,
    row.currency,
    row.date,
    JSON.stringify(row.references),
    row.debtor ?? null,
    row.reversedAt ?? null,
    row.version ?? null,
    row.asOf,
  ];
  let { id } = row;
  if (id === 0)
    id = Number(
      db
        .sql(
          `insert into ledger_entry (case_id, amount, currency, entry_date, refs, debtor_ref, reversed_at,
             version, as_of, creditor_id, external_id, kind, recorded_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(...values, row.creditorId, row.externalId, row.kind, row.recordedAt).lastInsertRowid,
    );
  else {
    db.sql(
      `delete from waiting_reference where creditor_id = ? and entry_id = ? and receivable_ref in
         (select value from json_each((select refs from ledger_entry where id = ?)))`,
    ).run(row.creditorId, id, id);
    db.sql(
      `update ledger_entry set case_id = ?, amount = ?, currency = ?, entry_date = ?, refs = ?,
         debtor_ref = ?, reversed_at = ?, version = ?, as_of = ? where id = ?`,
    ).run(...values, id);
  }
  // With a debtor named, it is the debtor who is waited for.
  if (row.caseId === undefined && row.debtor === undefined)
    for (const reference of new Set(row.references))
      db.sql("insert into waiting_reference (creditor_id, receivable_ref, entry_id) values (?, ?, ?)").run(
        row.creditorId,
        reference,
        id,
      );
  return { ...row, id };
}
