/** Open amounts: always the sum of what the ledger holds. */
import type { Database } from "#shared/sqlite.ts";
import type { CaseFacts, ReceivableFacts } from "./facts.ts";
import { given } from "./rows.ts";
import type { RowId } from "./types.ts";

type ItemRow = readonly [
  id: number,
  externalId: string,
  version: number | null,
  principal: number,
  issueDate: string | null,
  dueDate: string,
  dueDateSequence: number,
  description: string | null,
  firstSeenAt: number,
  disputed: number,
  fees: number | null,
  interest: number | null,
  credited: number | null,
  posted: number | null,
];

/** Of one case, by due date then external id. */
export function openReceivables(db: Database, caseId: RowId, currency: string): ReceivableFacts[] {
  const rows = db
    .sql(
      `select id, external_id, version, principal, issue_date, due_date, due_date_sequence, description,
         first_seen_at, disputed,
         (select sum(amount) from posting where receivable_id = receivable.id and kind = 'fee'),
         (select sum(amount) from posting where receivable_id = receivable.id and kind = 'interest'),
         (select -sum(amount) from posting where receivable_id = receivable.id
           and kind in ('payment', 'credit-note')),
         (select sum(amount) from posting where receivable_id = receivable.id)
       from receivable where case_id = ? and is_open = 1 order by due_date, external_id`,
    )
    .raw()
    .all(caseId) as ItemRow[];
  return rows.map((row) => itemOf(row, caseId, currency));
}

function itemOf(row: ItemRow, caseId: RowId, currency: string): ReceivableFacts {
  const [id, externalId, version, principal, issueDate, dueDate, dueDateSequence, description] = row;
  const [, , , , , , , , firstSeenAt, disputed, fees, interest, credited, posted] = row;
  return {
    id,
    caseId,
    externalId,
    currency,
    principal: BigInt(principal),
    dueDate,
    dueDateSequence,
    state: "open",
    firstSeenAt,
    disputed: disputed === 1,
    open: BigInt(principal + (posted ?? 0)),
    fees: BigInt(fees ?? 0),
    interest: BigInt(interest ?? 0),
    credited: BigInt(credited ?? 0),
    ...given("version", version),
    ...given("issueDate", issueDate),
    ...given("description", description),
  };
}

export interface Credit {
  /** Paid or credited, and on no item. */
  readonly unallocated: bigint;
  readonly lastPayment?: NonNullable<CaseFacts["lastPayment"]>;
}

const NO_CREDIT: Credit = { unallocated: 0n };

export function readCredit(db: Database, caseId: RowId): Credit {
  const sum = db
    .sql(
      `select sum(amount) from ledger_entry
       where case_id = ? and reversed_at is null and kind in ('payment', 'credit-note')`,
    )
    .pluck()
    .get(caseId) as number | null;
  if (sum === null) return NO_CREDIT;
  const posted = db
    .sql("select sum(amount) from posting where case_id = ? and kind in ('payment', 'credit-note')")
    .pluck()
    .get(caseId) as number | null;
  const last = db
    .sql(
      `select amount, entry_date as date, recorded_at as recordedAt from ledger_entry
       where case_id = ? and reversed_at is null and kind = 'payment'
       order by entry_date desc, recorded_at desc, id desc limit 1`,
    )
    .get(caseId) as { amount: number; date: string; recordedAt: number } | undefined;
  return {
    unallocated: BigInt(sum + (posted ?? 0)),
    ...(last === undefined ? {} : { lastPayment: { ...last, amount: BigInt(last.amount) } }),
  };
}
