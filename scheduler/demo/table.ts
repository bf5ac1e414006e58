/** What the demo shows: how many cases stand where, the newest messages, today and tomorrow. */
import { maskNumber } from "#shared/logger.ts";
import { decimalText } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";
import type { DayView } from "./days.ts";

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

export function drawTable(screen: DemoScreen, db: Database, now: number, day: DayView | undefined): void {
  const lines = [
    `${new Date(now).toISOString().slice(0, 16).replace("T", " ")} UTC`,
    "",
    stages(db),
    money(db),
    silent(db),
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
    ...(day === undefined ? ["forecast   is being worked out"] : [today(day, now), tomorrow(day, now)]),
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

/** Who is not written to any more, and why. */
function silent(db: Database): string {
  const rows = db
    .sql(
      `select 'disputed' as why, count(distinct case_id) as count from receivable where disputed = 1 and is_open = 1
       union all select 'said STOP', count(distinct number) from opt_out
       union all select 'wrong person', count(*) from contact_point where state = 'wrong-party'
       union all select 'dead number', count(*) from contact_point where state = 'retired'
       union all select 'waits for approval', count(*) from occurrence where state = 'planned'`,
    )
    .all() as { why: string; count: number }[];
  const shown = rows.filter(({ count }) => count > 0).map(({ why, count }) => `${why} ${count}`);
  return `silent     ${shown.join("   ") || "nobody"}`;
}

/** The words for what no forecast can know; a reminder is tried again after a failure. */
const UNFORESEEN: Readonly<Record<string, string>> = {
  thanks: "thanks",
  confirmation: "STOP confirmed",
  service: "answers",
  debt: "tried again",
  formal: "tried again",
};

function today(day: DayView, now: number): string {
  const parts = [
    `${day.out} went out`,
    ...(day.paid > 0 ? [`${day.paid} paid first`] : []),
    ...(day.stopped > 0 ? [`${day.stopped} stopped`] : []),
    ...(day.toApprove > 0 ? [`${day.toApprove} not approved yet`] : []),
    ...(day.toCome > 0 ? [`${day.toCome} to come`] : []),
  ];
  const more = Object.entries(day.unforeseen).map(([kind, count]) => `${UNFORESEEN[kind] ?? kind} ${count}`);
  const others = more.length === 0 ? "" : `; besides: ${more.join(", ")}`;
  // In the first hours of a day its own forecast is still being worked out.
  const name = new Date(now).toISOString().startsWith(day.date) ? "today    " : "yesterday";
  return `${name}  forecast ${day.forecast}: ${parts.join(", ")}${others}`;
}

function tomorrow({ date, tomorrow: day }: DayView, now: number): string {
  const name = new Date(now).toISOString().startsWith(date) ? "tomorrow " : "today    ";
  if (day === undefined) return `${name}  forecast 0: nothing goes out`;
  const steps = Object.entries(day.bySteps).map(([step, count]) => `${step} ${count}`);
  const cost = (day.costMicro / 1_000_000).toFixed(2);
  return `${name}  forecast ${day.messages}: ${steps.join(", ")}; ${day.segments} segments, ${cost} EUR`;
}
