/**
 * Contact hours by weekday: `{ "mon-fri" = "07:00-19:00", sat = "08:00-15:00" }`. Half-open on the wall
 * clock; a day that is not named is closed. "24:00" is the end of a day.
 */
import { z } from "zod";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Minutes since 00:00, from 0 to 1440; `until` is outside. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Index 0 is Monday; spans in order, apart from each other. */
export type WeekHours = readonly (readonly Span[])[];

const DAY_MINUTES = 1_440;
const FORM =
  'must name weekdays and hours such as { "mon-fri" = "08:00-20:00", sat = "09:00-13:00 14:00-16:00" }';

/** The table as it is written; `weekOf` reads it. */
export const HoursTable = z.record(z.string(), z.string()).superRefine((table, context) => {
  const week = readWeek(table);
  if (typeof week === "string") context.addIssue({ code: "custom", message: week });
});
export type HoursTable = z.output<typeof HoursTable>;

/** @throws RangeError when the table was not checked by `HoursTable` */
export function weekOf(table: HoursTable): WeekHours {
  const week = readWeek(table);
  if (typeof week === "string") throw new RangeError(week);
  return week;
}

function readWeek(table: Readonly<Record<string, string>>): WeekHours | string {
  const week: Span[][] = WEEKDAYS.map(() => []);
  for (const [days, text] of Object.entries(table)) {
    const indexes = weekdaysOf(days);
    const spans = spansOf(text);
    if (indexes === undefined || spans === undefined) return FORM;
    for (const day of indexes) week[day]?.push(...spans);
  }
  const overlap = week.findIndex((spans) =>
    spans.sort((a, b) => a.from - b.from).some((span, i) => i > 0 && span.from < (spans[i - 1]?.until ?? 0)),
  );
  return overlap < 0 ? week : `names the hours of ${WEEKDAYS[overlap]} twice`;
}

function weekdaysOf(text: string): number[] | undefined {
  const [first = "", last = first] = text.split("-");
  const [from, until] = [first, last].map((day) => (WEEKDAYS as readonly string[]).indexOf(day));
  if (from === undefined || until === undefined || from < 0 || until < from) return undefined;
  return Array.from({ length: until - from + 1 }, (_, i) => from + i);
}

function spansOf(text: string): Span[] | undefined {
  const spans: Span[] = [];
  for (const part of text.trim().split(/\s+/)) {
    const match = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(part);
    if (!match) return undefined;
    const [, h1, m1, h2, m2] = match.map(Number) as [number, number, number, number, number];
    const [from, until] = [h1 * 60 + m1, h2 * 60 + m2];
    if (m1 > 59 || m2 > 59 || until > DAY_MINUTES || from >= until) return undefined;
    spans.push({ from, until });
  }
  return spans;
}

/** What both allow. */
export function intersectSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  const both: Span[] = [];
  for (const one of a)
    for (const other of b) {
      const [from, until] = [Math.max(one.from, other.from), Math.min(one.until, other.until)];
      if (from < until) both.push({ from, until });
    }
  return both;
}

/** "Mon-Fri 07:00-19:00, Sat 08:00-15:00" */
export function hoursText(week: WeekHours): string {
  const texts = week.map((spans) =>
    spans.map(({ from, until }) => `${clock(from)}-${clock(until)}`).join(" "),
  );
  const runs: string[] = [];
  for (let day = 0; day < texts.length; day++) {
    if (texts[day] === "") continue;
    let last = day;
    while (texts[last + 1] === texts[day]) last++;
    const name = last > day ? `${dayName(day)}-${dayName(last)}` : dayName(day);
    runs.push(`${name} ${texts[day]}`);
    day = last;
  }
  return runs.join(", ");
}

function dayName(day: number): string {
  const name = WEEKDAYS[day] ?? "";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
