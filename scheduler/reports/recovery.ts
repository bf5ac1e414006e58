/**
 * What came in after which message. A payment is counted for the last reminder before it, within a named
 * time; what came without one is shown as such, so that nobody takes it for a success of the reminders.
 */
import { decimalText } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";
import type { ReportTable } from "./table.ts";

/** A payment later than this after a reminder is not counted for it. */
export const ATTRIBUTION_MS = 30 * 86_400_000;

export interface Span {
  /** Instants, half open. */
  readonly from: number;
  readonly until: number;
}

export interface Recovered {
  readonly currency: string;
  /** Empty: no reminder within the time. */
  readonly step: string;
  readonly template: string;
  readonly payments: number;
  readonly amount: bigint;
}

export function recovered(db: Database, span: Span): Recovered[] {
  const rows = db
    .sql(
      `with paid as (
         select entry.amount, entry.currency, (
           select occurrence.id from occurrence
           where occurrence.case_id = entry.case_id and occurrence.class in ('debt', 'formal', 'promise')
             and occurrence.contact_at <= entry.recorded_at
             and occurrence.contact_at > entry.recorded_at - :window
           order by occurrence.contact_at desc limit 1) as occurrence_id
         from ledger_entry entry
         where entry.kind = 'payment' and entry.reversed_at is null and entry.case_id is not null
           and entry.recorded_at >= :from and entry.recorded_at < :until)
       select paid.currency as currency, coalesce(occurrence.step_id, '') as step,
         coalesce(outgoing.template, '') as template, count(*) as payments, sum(paid.amount) as amount
       from paid left join occurrence on occurrence.id = paid.occurrence_id
         left join outgoing on outgoing.occurrence_id = occurrence.id
       group by 1, 2, 3 order by 1, 2, 3`,
    )
    .all({ ...span, window: ATTRIBUTION_MS }) as (Omit<Recovered, "amount"> & { amount: number })[];
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

export function recoveryReport(db: Database, span: Span): ReportTable {
  return {
    name: "recovered",
    columns: ["currency", "step", "template", "payments", "amount"],
    rows: recovered(db, span).map((row) => ({
      currency: row.currency,
      step: row.step === "" ? "(no reminder)" : row.step,
      template: row.template,
      payments: row.payments,
      amount: decimalText(row.amount, row.currency),
    })),
  };
}

export interface Price {
  /** ISO 4217 of the cost. */
  readonly currency: string;
}

/** What the messages cost, beside what came in after them, for each currency of the debts. */
export function costReport(db: Database, span: Span, price: Price): ReportTable {
  const costs = db
    .sql(
      `select dunning_case.currency as currency, count(*) as messages, sum(outgoing.segments) as segments,
         sum(outgoing.cost_micro) as micro
       from occurrence join outgoing on outgoing.occurrence_id = occurrence.id
         join dunning_case on dunning_case.id = occurrence.case_id
       where occurrence.contact_at >= :from and occurrence.contact_at < :until
         and occurrence.state not in ('reserved', 'handed-over')
       group by 1 order by 1`,
    )
    .all(span) as { currency: string; messages: number; segments: number; micro: number }[];
  const income = new Map<string, bigint>();
  for (const row of recovered(db, span))
    if (row.step !== "") income.set(row.currency, (income.get(row.currency) ?? 0n) + row.amount);
  return {
    name: "cost",
    columns: ["currency", "messages", "segments", "cost", "costCurrency", "recovered", "costPerUnit"],
    rows: costs.map((row) => {
      const amount = income.get(row.currency) ?? 0n;
      const units = Number(decimalText(amount, row.currency));
      const cost = row.micro / 1_000_000;
      return {
        currency: row.currency,
        messages: row.messages,
        segments: row.segments,
        cost: cost.toFixed(2),
        costCurrency: price.currency,
        recovered: decimalText(amount, row.currency),
        costPerUnit: units === 0 ? undefined : (cost / units).toFixed(6),
      };
    }),
  };
}
