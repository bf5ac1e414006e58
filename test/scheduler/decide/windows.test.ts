/** Contact hours on real clocks: summer time, skipped midnights, several zones, half-open ends. */
import { describe, expect, test } from "vitest";
import { type Calendar, type DayHours, weekdayIndex } from "#scheduler/decide/calendar.ts";
import { findOpening, refusalAt } from "#scheduler/decide/windows.ts";
import { weekOf } from "#scheduler/policy/hours.ts";
import { dayNumber } from "#shared/local-date.ts";
import { zones } from "./law.ts";

function calendarOf(hours: Record<string, string>, closed: readonly string[] = []): Calendar {
  const week = weekOf(hours);
  const days = new Set(closed.map(dayNumber));
  const at = (day: number): DayHours => {
    const spans = days.has(day) ? [] : (week[weekdayIndex(day)] ?? []);
    return spans.length === 0 ? { spans, closedBy: "test.closed" } : { spans };
  };
  return {
    hours: at,
    refusal: () => "test.hours",
    isBusinessDay: (day) => weekdayIndex(day) < 5,
    shiftBusiness: (day) => day,
    nextBusiness: (day) => day,
    ofDueDate: (_due, make) => make(),
  };
}

interface Row {
  readonly name: string;
  readonly hours: Record<string, string>;
  readonly zones: readonly string[];
  readonly from: string;
  readonly at: string;
  readonly end?: string;
  readonly closed?: readonly string[];
}

const DAY = { "mon-sun": "08:00-21:00" };
const ROWS: readonly Row[] = [
  {
    name: "inside the hours: at once",
    hours: DAY,
    zones: ["Europe/Madrid"],
    from: "2026-03-10T12:00:00Z",
    at: "2026-03-10T12:00:00Z",
    end: "2026-03-10T20:00:00Z",
  },
  {
    name: "the first minute is inside",
    hours: DAY,
    zones: ["Europe/Madrid"],
    from: "2026-03-10T07:00:00Z",
    at: "2026-03-10T07:00:00Z",
  },
  {
    name: "the end is outside",
    hours: DAY,
    zones: ["Europe/Madrid"],
    from: "2026-03-10T20:00:00Z",
    at: "2026-03-11T07:00:00Z",
  },
  {
    name: "too little of the window is left",
    hours: DAY,
    zones: ["Europe/Madrid"],
    from: "2026-03-10T19:55:00Z",
    at: "2026-03-11T07:00:00Z",
  },
  {
    name: "the Sunday on which Madrid skips 02:00 to 03:00: eight o'clock is an hour earlier",
    hours: DAY,
    zones: ["Europe/Madrid"],
    from: "2026-03-28T23:30:00Z",
    at: "2026-03-29T06:00:00Z",
    end: "2026-03-29T19:00:00Z",
  },
  {
    name: "a window that begins in the gap opens at the first instant after it",
    hours: { "mon-sun": "02:30-05:00" },
    zones: ["Europe/Madrid"],
    from: "2026-03-29T00:00:00Z",
    at: "2026-03-29T01:00:00Z",
    end: "2026-03-29T03:00:00Z",
  },
  {
    name: "a window that ends in the gap ends where the gap begins",
    hours: { "mon-sun": "00:30-02:30" },
    zones: ["Europe/Madrid"],
    from: "2026-03-28T23:00:00Z",
    at: "2026-03-28T23:30:00Z",
    end: "2026-03-29T01:00:00Z",
  },
  {
    name: "a window inside the gap does not open on that day",
    hours: { "mon-sun": "02:10-02:50" },
    zones: ["Europe/Madrid"],
    from: "2026-03-29T00:00:00Z",
    at: "2026-03-30T00:10:00Z",
  },
  {
    name: "a window that begins in the repeated hour opens in its first pass",
    hours: { "mon-sun": "02:30-05:00" },
    zones: ["Europe/Madrid"],
    from: "2026-10-24T23:00:00Z",
    at: "2026-10-25T00:30:00Z",
    end: "2026-10-25T04:00:00Z",
  },
  {
    name: "a window that ends in the repeated hour ends in its first pass and does not open again",
    hours: { "mon-sun": "00:30-02:30" },
    zones: ["Europe/Madrid"],
    from: "2026-10-25T01:10:00Z",
    at: "2026-10-25T23:30:00Z",
  },
  {
    name: "Cairo's Friday that begins at 01:00",
    hours: { "mon-sun": "00:00-04:00" },
    zones: ["Africa/Cairo"],
    from: "2026-04-23T12:00:00Z",
    at: "2026-04-23T22:00:00Z",
    end: "2026-04-24T01:00:00Z",
  },
  {
    name: "Santiago's Sunday that begins at 01:00",
    hours: { "mon-sun": "00:00-04:00" },
    zones: ["America/Santiago"],
    from: "2026-09-05T20:00:00Z",
    at: "2026-09-06T04:00:00Z",
    end: "2026-09-06T07:00:00Z",
  },
  {
    name: "Apia has no 30 December 2011",
    hours: DAY,
    zones: ["Pacific/Apia"],
    from: "2011-12-30T08:00:00Z",
    at: "2011-12-30T18:00:00Z",
    end: "2011-12-31T07:00:00Z",
  },
  {
    name: "Lord Howe moves by half an hour",
    hours: DAY,
    zones: ["Australia/Lord_Howe"],
    from: "2026-10-03T13:00:00Z",
    at: "2026-10-03T21:00:00Z",
    end: "2026-10-04T10:00:00Z",
  },
  {
    name: "two zones: both must be open (12 CFR 1006 commentary: 11:00 to 21:00 Eastern)",
    hours: DAY,
    zones: ["America/New_York", "America/Los_Angeles"],
    from: "2026-01-15T10:00:00Z",
    at: "2026-01-15T16:00:00Z",
    end: "2026-01-16T02:00:00Z",
  },
  {
    name: "a Saturday here may be a Friday there: Phoenix and Auckland",
    hours: { "mon-fri": "08:00-21:00" },
    zones: ["America/Phoenix", "Pacific/Auckland"],
    from: "2026-01-16T12:00:00Z",
    at: "2026-01-19T19:00:00Z",
    end: "2026-01-20T04:00:00Z",
  },
  {
    name: "closed days are passed over",
    hours: DAY,
    zones: ["Europe/Berlin"],
    from: "2026-12-24T21:00:00Z",
    at: "2026-12-27T07:00:00Z",
    closed: ["2026-12-25", "2026-12-26"],
  },
  {
    name: "between two spans of a day",
    hours: { "mon-sun": "09:00-12:00 14:00-18:00" },
    zones: ["Europe/Berlin"],
    from: "2026-01-15T11:30:00Z",
    at: "2026-01-15T13:00:00Z",
    end: "2026-01-15T17:00:00Z",
  },
];

describe("the next opening", () => {
  test.each(ROWS)("$name", ({ hours, zones: names, from, at, end, closed }) => {
    const calendar = calendarOf(hours, closed);
    const opening = findOpening(zones, names, calendar, Date.parse(from));
    expect(opening && new Date(opening.at).toISOString().replace(".000", "")).toBe(at);
    if (end !== undefined) expect(new Date(opening?.end ?? 0).toISOString().replace(".000", "")).toBe(end);
    expect(refusalAt(zones, names, calendar, opening?.at ?? 0)).toBeUndefined();
  });

  test("zones without a common hour have no opening", () => {
    const calendar = calendarOf({ "mon-sun": "08:00-12:00" });
    const at = Date.parse("2026-01-15T00:00:00Z");
    expect(findOpening(zones, ["Europe/Madrid", "Pacific/Auckland"], calendar, at)).toBeUndefined();
  });

  test("a week without any hours has no opening", () => {
    expect(findOpening(zones, ["Europe/Madrid"], calendarOf({}), 0)).toBeUndefined();
  });
});
