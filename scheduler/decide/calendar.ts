/**
 * Days and hours of one debtor under one policy. Days are whole days since 1970-01-01 on the debtor's
 * calendar: adding to them is adding days, never hours, so summer time cannot move a date.
 */
import { intersectSpans, type Span } from "#scheduler/policy/hours.ts";
import type { Pack } from "#scheduler/policy/law/pack.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import type { LocalDate } from "#shared/local-date.ts";

const MS_PER_DAY = 86_400_000;
const WHOLE_DAY: readonly Span[] = [{ from: 0, until: 1_440 }];
/** Longest run of days without business that is searched: a year of holidays is a mistake in the table. */
const SEARCH_DAYS_MAX = 400;

/** Days whose hours are remembered: about ten years. */
const DAYS_MAX = 4_000;

export type Day = number;

export function dateText(day: Day): LocalDate {
  const date = new Date(day * MS_PER_DAY);
  const [year, month, ofMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(ofMonth)}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** 0 is Monday. 1970-01-01 was a Thursday. */
export function weekdayIndex(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

export interface DayHours {
  readonly spans: readonly Span[];
  /** The rule that closes the whole day. */
  readonly closedBy?: string;
}

export interface Calendar {
  /** What every hours row of the law and the policy allow on this day, half-open. */
  hours(day: Day): DayHours;
  /** The rule that refuses this minute of an otherwise open day. */
  refusal(day: Day, minute: number): string;
  isBusinessDay(day: Day): boolean;
  /** `count` business days after (before, when negative) the day; the day itself for 0. */
  shiftBusiness(day: Day, count: number): Day;
  /** The day itself, or the next business day after it. */
  nextBusiness(day: Day): Day;
  /** What follows from a due date under this policy and law alone, made once; always of the same `make`. */
  ofDueDate<T extends object>(due: Day, make: () => T): T;
}

export function createCalendar(policy: ReadyPolicy, pack: Pack): Calendar {
  const known = new Map<Day, DayHours>();
  const byDueDate = new Map<Day, object>();
  const hours = (day: Day): DayHours => {
    let found = known.get(day);
    if (found === undefined) {
      if (known.size >= DAYS_MAX) known.clear();
      found = hoursOf(policy, pack, day);
      known.set(day, found);
    }
    return found;
  };
  const isBusinessDay = (day: Day): boolean => weekdayIndex(day) < 5 && !isHoliday(pack, day);
  return {
    hours,
    refusal: (day, minute) => refusalOf(policy, pack, day, minute),
    isBusinessDay,
    shiftBusiness: (day, count) => {
      const direction = count < 0 ? -1 : 1;
      let here = day;
      for (let left = Math.abs(count), i = 0; left > 0 && i < SEARCH_DAYS_MAX * 10; i++) {
        here += direction;
        if (isBusinessDay(here)) left--;
      }
      return here;
    },
    nextBusiness: (day) => {
      let here = day;
      for (let i = 0; !isBusinessDay(here) && i < SEARCH_DAYS_MAX; i++) here++;
      return here;
    },
    ofDueDate: <T extends object>(due: Day, make: () => T): T => {
      let made = byDueDate.get(due);
      if (made === undefined) {
        if (byDueDate.size >= DAYS_MAX) byDueDate.clear();
        made = make();
        byDueDate.set(due, made);
      }
      return made as T;
    },
  };
}

/** A year that is not on file counts as ordinary days for planning; sending on such a day is refused elsewhere. */
function isHoliday(pack: Pack, day: Day): boolean {
  return typeof pack.holiday(day) === "object";
}

function hoursOf(policy: ReadyPolicy, pack: Pack, day: Day): DayHours {
  const weekday = weekdayIndex(day);
  const holiday = isHoliday(pack, day);
  let spans = WHOLE_DAY;
  for (const row of pack.lawOn(day).hours) {
    if (holiday && row.holidays === "closed") return { spans: [], closedBy: row.id };
    spans = intersectSpans(spans, row.week[weekday] ?? []);
    if (spans.length === 0) return { spans, closedBy: row.id };
  }
  if (holiday && policy.document.holidays === "closed") return { spans: [], closedBy: "policy.holidays" };
  const own = policy.hours;
  if (own === undefined) return { spans };
  spans = intersectSpans(spans, own[weekday] ?? []);
  return spans.length === 0 ? { spans, closedBy: "policy.hours" } : { spans };
}

function refusalOf(policy: ReadyPolicy, pack: Pack, day: Day, minute: number): string {
  const inside = (spans: readonly Span[] | undefined): boolean =>
    spans?.some(({ from, until }) => minute >= from && minute < until) ?? false;
  const weekday = weekdayIndex(day);
  const holiday = isHoliday(pack, day);
  for (const row of pack.lawOn(day).hours)
    if ((holiday && row.holidays === "closed") || !inside(row.week[weekday])) return row.id;
  if (holiday && policy.document.holidays === "closed") return "policy.holidays";
  const own = policy.hours;
  return own !== undefined && !inside(own[weekday]) ? "policy.hours" : "window.too-short";
}
