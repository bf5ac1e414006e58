/** What is open, by how long it has been due. */
import type { RowId } from "#scheduler/ledger/types.ts";
import type { LocalDate } from "#shared/local-date.ts";
import { decimalText } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";
import { type Draft, Sums } from "./walk.ts";

export interface AgingQuery {
  /** The day that counts as today. */
  readonly asOf: LocalDate;
  readonly creditorId?: RowId;
}

const BUCKETS = ["not due", "1-30", "31-60", "61-90", "over 90"] as const;

interface Row {
  readonly creditor: string;
  readonly currency: string;
  readonly bucket: number;
  readonly disputed: number;
  readonly items: number;
  readonly open: number;
}

const SELECT = `select creditor.external_id as creditor, dunning_case.currency as currency,
    receivable.disputed as disputed,
    case when julianday(:asOf) - julianday(receivable.due_date) <= 0 then 0
         when julianday(:asOf) - julianday(receivable.due_date) <= 30 then 1
         when julianday(:asOf) - julianday(receivable.due_date) <= 60 then 2
         when julianday(:asOf) - julianday(receivable.due_date) <= 90 then 3 else 4 end as bucket,
    count(*) as items,
    sum(receivable.principal + coalesce(
      (select sum(amount) from posting where posting.receivable_id = receivable.id), 0)) as open
  from receivable
  join dunning_case on dunning_case.id = receivable.case_id
  join creditor on creditor.id = receivable.creditor_id
  where receivable.id > :after and receivable.id <= :upTo and receivable.is_open = 1
    and (:creditor is null or receivable.creditor_id = :creditor)
  group by 1, 2, 3, 4`;

export function agingReport(db: Database, query: AgingQuery): Draft {
  const sums = new Sums<Row>((a, b) => ({ ...a, items: a.items + b.items, open: a.open + b.open }));
  return {
    parts: [
      {
        table: "receivable",
        take: (range) => {
          const asked = { ...range, asOf: query.asOf, creditor: query.creditorId ?? null };
          for (const row of db.sql(SELECT).all(asked) as Row[])
            sums.take(JSON.stringify([row.creditor, row.currency, row.disputed, row.bucket]), row);
        },
      },
    ],
    finish: () => ({
      name: "aging",
      columns: ["creditor", "currency", "bucket", "disputed", "items", "open"],
      rows: sums.sorted().map((row) => ({
        creditor: row.creditor,
        currency: row.currency,
        bucket: BUCKETS[row.bucket],
        disputed: row.disputed === 1 ? "yes" : "no",
        items: row.items,
        open: decimalText(BigInt(row.open), row.currency),
      })),
    }),
  };
}
