/**
 * Dates and zones: the one module that touches the Temporal polyfill. A due date is intent, a date on the
 * debtor's wall calendar; instants are derived from it by zone, late, and never stored in its place.
 */
import { Temporal } from "temporal-polyfill";

export { Temporal };

/** "2026-03-29": ISO 8601, years 1900 to 2199, so that comparing the texts compares the dates. */
export type LocalDate = string;

const MS_PER_DAY = 86_400_000;
const YEAR_MIN = 1900;
const YEAR_MAX = 2199;

/** The date, or undefined when the text is not one or the day does not exist. */
export function parseLocalDate(text: string): LocalDate | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match ? localDate(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** The date of year, month (1 to 12) and day, or undefined when there is no such day. */
export function localDate(year: number, month: number, day: number): LocalDate | undefined {
  if (!(year >= YEAR_MIN && year <= YEAR_MAX)) return undefined;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return undefined;
  return `${year}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}`;
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Whole days since 1970-01-01 of a date that exists. */
export function dayNumber(date: LocalDate): number {
  const digit = (i: number): number => date.charCodeAt(i) - 48;
  const year = digit(0) * 1_000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  const month = digit(5) * 10 + digit(6);
  // Years are counted from March, so that the leap day is the last one (E. G. Richards, Calendars, 25.2).
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const y = month > 2 ? year : year - 1;
  const beforeYear = 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const inYear = Math.floor((153 * fromMarch + 2) / 5) + digit(8) * 10 + digit(9) - 1;
  return beforeYear + inYear - 719_468;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date((dayNumber(date) + days) * MS_PER_DAY).toISOString().slice(0, 10);
}

/**
 * `months` after `first`, clamped to the month's end. The k-th instalment is counted from the first date
 * and not from the one before: 31 January, 28 February, 31 March.
 */
export function addMonths(first: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(first).add({ months }, { overflow: "constrain" }).toString();
}

/** ISO 8601 day of the week: 1 is Monday, 7 is Sunday. */
export function weekday(date: LocalDate): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  return (((((dayNumber(date) + 3) % 7) + 7) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

export interface LocalTime {
  readonly date: LocalDate;
  /** Minutes since 00:00 on the wall clock, 0 to 1439. */
  readonly minute: number;
}

/** Wall clocks of IANA zones. It remembers offsets, so one is made in `main.ts` and handed on. */
export interface Zones {
  /** Whether this machine knows the zone. */
  has(zone: string): boolean;
  dateAt(instant: number, zone: string): LocalDate;
  timeAt(instant: number, zone: string): LocalTime;
  /** Whole days since 1970-01-01 on the zone's calendar; `dayNumber(dateAt(…))` without the text. */
  dayAt(instant: number, zone: string): number;
  /** Minutes since 00:00 on the wall clock. */
  minuteAt(instant: number, zone: string): number;
  /** First instant of the date: not always 00:00, which Cairo and Santiago skip in spring. */
  startOfDay(date: LocalDate, zone: string): number;
  /** In a gap: the first instant after it. In an overlap: the first of the two. */
  instantOf(date: LocalDate, minute: number, zone: string): number;
  /** The same for a day number. */
  instantOn(day: number, minute: number, zone: string): number;
}

interface Span {
  readonly from: number;
  readonly until: number;
  readonly offsetMs: number;
}

/** Zones whose offsets are remembered; the IANA database has about 600 names. */
const ZONES_MAX = 1_000;

export function createZones(): Zones {
  const spans = new Map<string, Span[]>();
  const find = (instant: number, zone: string): Span => {
    let known = spans.get(zone);
    if (known === undefined) {
      if (spans.size >= ZONES_MAX) spans.clear();
      known = [];
      spans.set(zone, known);
    }
    for (const span of known) if (instant >= span.from && instant < span.until) return span;
    const span = spanAround(instant, zone);
    known.push(span);
    return span;
  };
  const wall = (instant: number, zone: string): Date => new Date(instant + find(instant, zone).offsetMs);
  const instantOn = (day: number, minute: number, zone: string): number => {
    const local = day * MS_PER_DAY + minute * 60_000;
    // A zone is never more than 14 hours from UTC: one of the spans on either side holds the answer.
    const before = find(local - 15 * 3_600_000, zone);
    const first = local - before.offsetMs;
    if (first < before.until) return first;
    const after = find(before.until, zone);
    return Math.max(local - after.offsetMs, after.from);
  };
  return {
    has: isZone,
    dateAt: (instant, zone) => wall(instant, zone).toISOString().slice(0, 10),
    timeAt: (instant, zone) => {
      const at = wall(instant, zone);
      return { date: at.toISOString().slice(0, 10), minute: at.getUTCHours() * 60 + at.getUTCMinutes() };
    },
    dayAt: (instant, zone) => Math.floor((instant + find(instant, zone).offsetMs) / MS_PER_DAY),
    minuteAt: (instant, zone) => {
      const local = instant + find(instant, zone).offsetMs;
      return Math.floor((local - Math.floor(local / MS_PER_DAY) * MS_PER_DAY) / 60_000);
    },
    startOfDay: (date, zone) => instantOn(dayNumber(date), 0, zone),
    instantOf: (date, minute, zone) => instantOn(dayNumber(date), minute, zone),
    instantOn,
  };
}

export function isZone(zone: string): boolean {
  try {
    // Offsets such as "+02:00" are accepted by Temporal, but know nothing of summer time.
    return (
      /^[A-Za-z]/.test(zone) && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone) !== null
    );
  } catch {
    return false;
  }
}

/** The stretch of constant offset around an instant. */
function spanAround(instant: number, zone: string): Span {
  const here = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  // "previous" looks strictly before, so a transition at this very instant is found from just after it.
  const from = here.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
  const until = here.getTimeZoneTransition("next");
  return {
    from: from?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    until: until?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: here.offsetNanoseconds / 1_000_000,
  };
}
