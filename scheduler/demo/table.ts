/** What the demo shows: how many cases stand where, the newest messages, and tomorrow. */
import type { ForecastTotals } from "#scheduler/decide/totals.ts";
import { addDays } from "#shared/local-date.ts";
import { maskNumber } from "#shared/logger.ts";
import { decimalText } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";

const MESSAGES_SHOWN = 12;
const CLEAR = "\u001b[2J\u001b[H";

export interface DemoScreen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

interface MessageRow {
  readonly code: string;
  readonly name: string;
  readonly number: string;
  readonly step: string;
  readonly state: string;
  readonly accepted: number | null;
  readonly submitted: number | null;
  readonly delivered: number | null;
}

export function drawTable(
  screen: DemoScreen,
  db: Database,
  now: number,
  tomorrow: ForecastTotals | undefined,
): void {
  const lines = [
    `${new Date(now).toISOString().slice(0, 16).replace("T", " ")} UTC`,
    "",
    stages(db),
    money(db),
    "",
    [
      "case     ",
      "customer            ",
      "number         ",
      "step          ",
      "state            ",
      "accepted  submitted  delivered",
    ].join("  "),
    ...newest(db).map(line),
    "",
    forecast(tomorrow, now),
  ];
  screen.write(
    `${screen.isTTY === true ? CLEAR : ""}${lines.join("\n")}\n${screen.isTTY === true ? "" : "\n"}`,
  );
}

function stages(db: Database): string {
  const rows = db
    .sql(
      `select case when settled_as is not null then settled_as else stage end as stage, count(*) as count
       from dunning_case group by 1 order by 2 desc`,
    )
    .all() as { stage: string; count: number }[];
  return `cases      ${rows.map(({ stage, count }) => `${stage} ${count}`).join("   ")}`;
}

function money(db: Database): string {
  const paid = db
    .sql(
      "select currency, sum(amount) as amount from ledger_entry where kind = 'payment' group by 1 order by 1",
    )
    .all() as { currency: string; amount: number }[];
  const replies = db.sql("select count(*) from reply").pluck().get() as number;
  const tasks = db.sql("select count(*) from task where closed_at is null").pluck().get() as number;
  const sums = paid.map(({ currency, amount }) => `${decimalText(BigInt(amount), currency)} ${currency}`);
  return `paid       ${sums.join("   ") || "nothing yet"}      replies ${replies}   tasks for staff ${tasks}`;
}

function newest(db: Database): MessageRow[] {
  return db
    .sql(
      `select c.code, d.name, o.number, o.step_id as step, o.state, o.handed_over_at as accepted,
         o.submitted_at as submitted, o.delivered_at as delivered
       from occurrence o join dunning_case c on c.id = o.case_id join debtor d on d.id = o.debtor_id
       where o.state <> 'skipped'
       order by o.id desc limit ${MESSAGES_SHOWN}`,
    )
    .all() as MessageRow[];
}

function line(row: MessageRow): string {
  return [
    row.code,
    row.name.slice(0, 20).padEnd(20),
    maskNumber(row.number).padEnd(15),
    row.step.padEnd(14),
    row.state.padEnd(17),
    `${clock(row.accepted)}     ${clock(row.submitted)}      ${clock(row.delivered)}`,
  ].join("  ");
}

function clock(at: number | null): string {
  return at === null ? "  -  " : new Date(at).toISOString().slice(11, 16);
}

function forecast(totals: ForecastTotals | undefined, now: number): string {
  if (totals === undefined) return "tomorrow   is being worked out";
  const tomorrow = addDays(new Date(now).toISOString().slice(0, 10), 1);
  const day = totals.days.find(({ date }) => date === tomorrow);
  if (day === undefined) return "tomorrow   nothing goes out";
  const steps = Object.entries(day.bySteps).map(([step, count]) => `${step} ${count}`);
  return `tomorrow   ${day.messages} messages (${steps.join(", ")}), ${day.segments} segments, ${(day.costMicro / 1_000_000).toFixed(2)} EUR`;
}
