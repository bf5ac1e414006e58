/** 14: while a promise is open only its own texts leave; unpaid it is broken once, and staff is told. */
import { openOf, type Person, type Promised } from "#test/scheduler/year/book.ts";
import type { Year } from "#test/scheduler/year/year.ts";
import { describe, type Text, type Verdicts } from "./evidence.ts";
import { POLICY_LIMITS } from "./law.ts";
import { addDays, daysBetween } from "./wall.ts";

/** The scheduler may have been away, and then waited for somebody's yes, which comes once a week. */
const LATE_DAYS = 20;
const NOON = 12 * 60;

export function judgePromises(year: Year, texts: readonly Text[], verdicts: Verdicts): void {
  for (const person of year.people)
    for (const promise of person.promises) {
      const after = texts.filter((text) => text.person === person && text.order > promise.from);
      const lastDay = addDays(promise.date, POLICY_LIMITS[Number(person.segment)]?.promiseGrace ?? 0);
      for (const text of after) {
        if (text.kind === "promise") judgeOwn(person, promise, text, verdicts);
        if (text.kind !== "debt" && text.kind !== "first") continue;
        const isOver = text.walls.some(({ date }) => date > lastDay);
        verdicts.check(14, isOver, () => `promised for ${promise.date}: ${describe(text)}`);
      }
      judgeEnd(year, promise, lastDay, verdicts);
    }
}

/** The day before or on the morning, about what was promised, while it is owed. */
function judgeOwn(
  person: Person,
  { date, amount, currency }: Promised,
  text: Text,
  verdicts: Verdicts,
): void {
  const [wall] = text.walls;
  const days = daysBetween(wall?.date ?? "", date);
  const isMorning = text.stepId === "promise-morning";
  const inTime = isMorning ? days === 0 && (wall?.minute ?? NOON) < NOON : days === 1;
  verdicts.check(14, inTime, () => `promised for ${date}, ${days} days before: ${describe(text)}`);
  verdicts.check(14, text.amount === amount, () => `${amount} was promised: ${describe(text)}`);
  const bills = person.bills.filter((bill) => bill.currency === currency);
  const open = bills.reduce((sum, bill) => sum + openOf(bill, text.order), 0n);
  verdicts.check(2, open > 0n, () => `nothing is owed: ${describe(text)}`);
}

function judgeEnd(year: Year, { id, paidAt }: Promised, lastDay: string, verdicts: Verdicts): void {
  const ofCase = "case_id = (select case_id from promise where id = ?)";
  const count = (from: string): number =>
    year.life.db.sql(`select count(*) from ${from} and ${ofCase}`).pluck().get(id) as number;
  const broken = count("event where kind = 'promise.moved' and data ->> 'to' = 'broken'");
  const tasks = count("task where kind = 'promise-broken'");
  verdicts.check(14, broken <= 1 && tasks === broken, () => `${id}: broken ${broken} times, ${tasks} tasks`);
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const until = paidAt ?? year.clock.now();
  if (day(until) <= addDays(lastDay, -1))
    verdicts.check(14, broken === 0, () => `${id} was called broken, and was not due before ${lastDay}`);
  if (day(until) > addDays(lastDay, LATE_DAYS))
    verdicts.check(14, broken === 1, () => `${id} was to be paid by ${lastDay} and is not broken`);
}
