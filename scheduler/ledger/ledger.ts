/**
 * The ledger as a port with async methods (house rule 14): each promise resolves after the commit that holds
 * its rows. What several callers write in one turn of the event loop shares one transaction.
 */
import type { IdFactory } from "#shared/ids.ts";
import type { Random } from "#shared/random.ts";
import type { Database } from "#shared/sqlite.ts";
import { caseCodes, type MakeCode } from "./cases.ts";
import { ALL_CREDITORS, recordOptOut, withdrawOptOut } from "./contact-points.ts";
import { putEntry } from "./entries.ts";
import { recordFeed } from "./feeds.ts";
import { endHold, placeHold } from "./holds.ts";
import type { Change, CreditorInput, DebtorInput, EntryInput, HoldInput, ReceivableInput } from "./inputs.ts";
import { type BatchNames, type KnownNames, knownAmong } from "./known-names.ts";
import type { Outcome } from "./outcome.ts";
import { putCreditor, putDebtor } from "./parties.ts";
import type { StoredEntry, StoredReceivable } from "./plan-items.ts";
import type { StoredCreditor, StoredDebtor } from "./plan-parties.ts";
import { type LatestDebtor, markAbsent, putReceivable } from "./receivables.ts";
import { reindexPending, reindexStep } from "./reindex.ts";
import { type ReceivableRow, receivableOf, SELECT_RECEIVABLE } from "./rows.ts";
import { type BalanceInput, putBalance } from "./source-balance.ts";
import type { Creditor, FeedStatus, Hold, RowId } from "./types.ts";

/** One row of a batch, in the order in which it is to be taken. */
export type LedgerInput =
  | { readonly what: "debtor"; readonly input: DebtorInput; readonly contacts: "replace" | "add" }
  | { readonly what: "receivable"; readonly input: ReceivableInput }
  | { readonly what: "entry"; readonly input: EntryInput }
  /** What a list of open items says is left of a receivable. */
  | { readonly what: "balance"; readonly input: BalanceInput };

export type LedgerOutcome =
  | Outcome<StoredDebtor>
  | Outcome<StoredReceivable>
  | Outcome<StoredEntry | undefined>;

export interface Ledger {
  putCreditor(input: CreditorInput, change: Change): Promise<Outcome<StoredCreditor>>;
  /** All in one transaction. A refused input changes nothing and does not keep the others back. */
  apply(
    creditor: Creditor,
    inputs: readonly LedgerInput[],
    change: Change,
  ): Promise<readonly LedgerOutcome[]>;
  placeHold(creditorId: RowId, input: HoldInput, change: Change): Promise<Outcome<Hold>>;
  endHold(id: string, change: Change): Promise<Outcome<Hold>>;
  recordFeed(creditorId: RowId, carries: FeedStatus["carries"], change: Change): Promise<FeedStatus>;
  /** `creditorId` undefined: everybody on this gateway. */
  recordOptOut(number: string, creditorId: RowId | undefined, reason: string, change: Change): Promise<void>;
  withdrawOptOut(
    number: string,
    creditorId: RowId | undefined,
    reason: string,
    change: Change,
  ): Promise<void>;
  /** Closes open receivables of the feed by row id, as missing from its full list. Answers how many it closed. */
  markAbsent(receivableIds: readonly RowId[], change: Change): Promise<number>;
  /** Moves the cases of changed creditors, step by step; false when there was nothing to move. */
  reindex(signal?: AbortSignal): Promise<boolean>;
  /** Called after each commit that may have made a case due. Answers a function that takes it back. */
  onChange(listener: () => void): () => void;
}

export interface LedgerDeps {
  readonly db: Database;
  readonly random: Random;
  readonly ids: IdFactory;
}

export function createLedger(deps: LedgerDeps): Ledger {
  const { db } = deps;
  const makeCode = caseCodes(deps.random);
  const listeners = new Set<() => void>();
  const write = async <T>(work: () => T): Promise<T> => {
    const result = await db.write(work);
    for (const listener of listeners) listener();
    return result;
  };
  return {
    putCreditor: (input, change) => write(() => putCreditor(db, input, change)),
    apply: (creditor, inputs, change) =>
      write(() => {
        const known = knownAmong(db, creditor.id, namesOf(inputs));
        const context = { creditor, makeCode, known, latest: {} };
        return inputs.map((row) => applyOne(db, context, row, change));
      }),
    placeHold: (creditorId, input, change) =>
      write(() => placeHold(db, creditorId, input, () => deps.ids("hold"), change)),
    endHold: (id, change) => write(() => endHold(db, id, change)),
    recordFeed: (creditorId, carries, change) => write(() => recordFeed(db, creditorId, carries, change)),
    recordOptOut: (number, creditorId, reason, change) =>
      write(() => recordOptOut(db, number, creditorId ?? ALL_CREDITORS, reason, change)),
    withdrawOptOut: (number, creditorId, reason, change) =>
      write(() => withdrawOptOut(db, number, creditorId ?? ALL_CREDITORS, reason, change)),
    markAbsent: (receivableIds, change) => write(() => closeMissing(db, receivableIds, change)),
    async reindex(signal) {
      let moved = false;
      while (!signal?.aborted && reindexPending(db)) {
        await write(() => reindexStep(db));
        moved = true;
      }
      return moved;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface ApplyContext {
  readonly creditor: Creditor;
  readonly makeCode: MakeCode;
  readonly latest: LatestDebtor;
  readonly known: KnownNames;
}

function namesOf(inputs: readonly LedgerInput[]): BatchNames {
  const debtors: string[] = [];
  const receivables: string[] = [];
  for (const { what, input } of inputs)
    if (what === "debtor") debtors.push(input.externalId);
    else if (what === "receivable") receivables.push(input.externalId);
  return { debtors, receivables };
}

function applyOne(db: Database, context: ApplyContext, row: LedgerInput, change: Change): LedgerOutcome {
  const { creditor, makeCode, latest, known } = context;
  switch (row.what) {
    case "debtor": {
      const outcome = putDebtor(db, row.input, { creditor, makeCode, known, contacts: row.contacts }, change);
      if (outcome.kind !== "refused")
        Object.assign(latest, { name: row.input.externalId, id: outcome.row.id });
      return outcome;
    }
    case "receivable":
      return putReceivable(db, row.input, context, change);
    case "entry":
      known.entriesWait = true;
      return putEntry(db, row.input, { creditorId: creditor.id, makeCode }, change);
    case "balance":
      return putBalance(db, row.input, { creditorId: creditor.id, makeCode }, change);
  }
}

function closeMissing(db: Database, receivableIds: readonly RowId[], change: Change): number {
  let closed = 0;
  for (const id of receivableIds) {
    const row = db.sql(`${SELECT_RECEIVABLE} where receivable.id = +?`).get(id) as ReceivableRow | undefined;
    // Since the list was read it may have been paid or sent again.
    if (row === undefined || row.state !== "open" || row.as_of > change.asOf) continue;
    const debtorId = db
      .sql("select debtor_id from dunning_case where id = ?")
      .pluck()
      .get(row.case_id) as RowId;
    markAbsent(db, receivableOf(row), debtorId, change);
    closed++;
  }
  return closed;
}
