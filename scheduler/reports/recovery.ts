/**
 * What came in after which message. A payment is counted for the last reminder before it, within a named
 * time; what came without one is shown as such, so that nobody takes it for a success of the reminders.
 */
import { decimalText } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";
import { type Draft, type Part, Sums } from "./walk.ts";

/** A payment later than this after a reminder is not counted for it. */
export const ATTRIBUTION_MS = 30 * 86_400_000;

export interface Span {
  /** Instants, half open. */
  readonly from: number;
  readonly until: number;
}

interface Recovered {
  readonly currency: string;
  /** Empty: no reminder within the time. */
  readonly step: string;
  readonly template: string;
  readonly payments: number;
  /** Minor units. */
  readonly amount: number;
}

const SELECT_PAID = `with paid as (
    select entry.amount, entry.currency, (
      select occurrence.id from occurrence
      where occurrence.case_id = entry.case_id and occurrence.class in ('debt', 'formal', 'promise')
        and occurrence.contact_at <= entry.recorded_at
        and occurrence.contact_at > entry.recorded_at - :window
      order by occurrence.contact_at desc limit 1) as occurrence_id
    from ledger_entry entry
    where entry.id > :after and entry.id <= :upTo
      and entry.kind = 'payment' and entry.reversed_at is null and entry.case_id is not null
      and entry.recorded_at >= :from and entry.recorded_at < :until)
  select paid.currency as currency, coalesce(occurrence.step_id, '') as step,
    coalesce(outgoing.template, '') as template, count(*) as payments, sum(paid.amount) as amount
  from paid left join occurrence on occurrence.id = paid.occurrence_id
    left join outgoing on outgoing.occurrence_id = occurrence.id
  group by 1, 2, 3`;

/** Reads the payments into `sums`. */
function payments(db: Database, span: Span, sums: Sums<Recovered>): Part {
  return {
    table: "ledger_entry",
    take: (range) => {
      const asked = { ...span, ...range, window: ATTRIBUTION_MS };
      for (const row of db.sql(SELECT_PAID).all(asked) as Recovered[])
        sums.take(JSON.stringify([row.currency, row.step, row.template]), row);
    },
  };
}

function addRecovered(a: Recovered, b: Recovered): Recovered {
  return { ...a, payments: a.payments + b.payments, amount: a.amount + b.amount };
}

export function recoveryReport(db: Database, span: Span): Draft {
  const sums = new Sums<Recovered>(addRecovered);
  return {
    parts: [payments(db, span, sums)],
    finish: () => ({
      name: "recovered",
      columns: ["currency", "step", "template", "payments", "amount"],
      rows: sums.sorted().map((row) => ({
        currency: row.currency,
        step: row.step === "" ? "(no reminder)" : row.step,
        template: row.template,
        payments: row.payments,
        amount: decimalText(BigInt(row.amount), row.currency),
      })),
    }),
  };
}

export interface Price {
  /** ISO 4217 of the cost. */
  readonly currency: string;
}

interface Cost {
  readonly currency: string;
  readonly messages: number;
  readonly segments: number;
  readonly micro: number;
}

const SELECT_COST = `select dunning_case.currency as currency, count(*) as messages,
    sum(outgoing.segments) as segments, sum(outgoing.cost_micro) as micro
  from occurrence join outgoing on outgoing.occurrence_id = occurrence.id
    join dunning_case on dunning_case.id = occurrence.case_id
  where occurrence.id > :after and occurrence.id <= :upTo
    and occurrence.contact_at >= :from and occurrence.contact_at < :until
    and occurrence.state not in ('reserved', 'handed-over')
  group by 1`;

/** What the messages cost, beside what came in after them, for each currency of the debts. */
export function costReport(db: Database, span: Span, price: Price): Draft {
  const income = new Sums<Recovered>(addRecovered);
  const costs = new Sums<Cost>((a, b) => ({
    ...a,
    messages: a.messages + b.messages,
    segments: a.segments + b.segments,
    micro: a.micro + b.micro,
  }));
  const messages: Part = {
    table: "occurrence",
    take: (range) => {
      for (const row of db.sql(SELECT_COST).all({ ...span, ...range }) as Cost[])
        costs.take(row.currency, row);
    },
  };
  return {
    parts: [payments(db, span, income), messages],
    finish: () => ({
      name: "cost",
      columns: ["currency", "messages", "segments", "cost", "costCurrency", "recovered", "costPerUnit"],
      rows: costs.sorted().map((row) => costRow(row, income.sorted(), price)),
    }),
  };
}

function costRow(row: Cost, income: readonly Recovered[], price: Price) {
  const after = income.filter(({ currency, step }) => currency === row.currency && step !== "");
  const recovered = decimalText(BigInt(after.reduce((sum, { amount }) => sum + amount, 0)), row.currency);
  const cost = row.micro / 1_000_000;
  return {
    currency: row.currency,
    messages: row.messages,
    segments: row.segments,
    cost: cost.toFixed(2),
    costCurrency: price.currency,
    recovered,
    costPerUnit: Number(recovered) === 0 ? undefined : (cost / Number(recovered)).toFixed(6),
  };
}
