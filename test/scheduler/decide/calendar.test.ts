/** Days: month ends, leap years, bank days round holidays, a debtor who moves to another zone. */
import { describe, expect, test } from "vitest";
import { createCalendar, dateText, weekdayIndex } from "#scheduler/decide/calendar.ts";
import { decide } from "#scheduler/decide/decide.ts";
import { place } from "#scheduler/decide/entry.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { dayNumber, weekday } from "#shared/local-date.ts";
import { afterSending, factsOf, packOf } from "./facts.ts";
import { zones } from "./law.ts";
import { at, ladder, messageOf, run } from "./situations.ts";

const facts = factsOf();
const calendar = createCalendar(ladder, packOf(facts));

describe("business days in Spain", () => {
  test.each([
    ["over a weekend", "2026-03-06", 1, "2026-03-09"],
    ["over Good Friday and a weekend", "2026-04-02", 1, "2026-04-06"],
    ["over Christmas", "2026-12-24", 2, "2026-12-29"],
    ["over New Year and Epiphany", "2025-12-31", 3, "2026-01-07"],
    ["back over a weekend", "2026-03-09", -1, "2026-03-06"],
    ["back from a Sunday", "2026-03-08", -1, "2026-03-06"],
    ["none at all", "2026-03-08", 0, "2026-03-08"],
    ["over the end of February in a leap year", "2028-02-28", 2, "2028-03-01"],
  ])("%s: %s and %i is %s", (_, date, count, result) => {
    expect(dateText(calendar.shiftBusiness(dayNumber(date), count))).toBe(result);
  });

  test("weekdays are those of the calendar", () => {
    for (const date of ["1970-01-01", "2026-03-01", "2000-02-29", "2199-12-31", "1900-01-01"])
      expect(weekdayIndex(dayNumber(date)) + 1).toBe(weekday(date));
  });
});

describe("the days of a ladder by its due date", () => {
  const days = (dueDate: string): string[] => {
    const [item] = factsOf({ items: [{ dueDate }] }).receivables;
    if (item === undefined) throw new Error("no item");
    const here = { facts, policy: ladder, calendar, zones, zone: "Europe/Madrid" };
    return place(here, item, []).steps.map(({ day }) => dateText(day));
  };

  test.each([
    [
      "the last of January",
      "2027-01-31",
      ["2027-01-28", "2027-01-30", "2027-02-05", "2027-02-14", "2027-03-02"],
    ],
    [
      "the last of February",
      "2027-02-28",
      ["2027-02-25", "2027-02-27", "2027-03-05", "2027-03-14", "2027-03-30"],
    ],
    [
      "the eve of summer time",
      "2026-03-28",
      ["2026-03-25", "2026-03-28", "2026-04-02", "2026-04-11", "2026-04-27"],
    ],
    ["New Year's Eve", "2026-12-31", ["2026-12-28", "2026-12-31", "2027-01-06", "2027-01-14", "2027-01-30"]],
    ["a holiday", "2026-05-01", ["2026-04-28", "2026-04-30", "2026-05-07", "2026-05-15", "2026-05-31"]],
  ])("%s", (_, dueDate, expected) => {
    expect(days(dueDate)).toEqual(expected);
  });
});

describe("a debtor who moves", () => {
  const reminded = (): CaseFacts => {
    const here = factsOf({ items: [{ dueDate: "2026-03-02" }] });
    return afterSending(here, messageOf(run(here, "2026-03-07T18:30:00Z")), at("2026-03-07T18:30:00Z"));
  };
  const movedTo = (zone: string): CaseFacts => {
    const here = reminded();
    return {
      ...here,
      zones: [zone],
      contactPoints: here.contactPoints.map((point) => ({ ...point, zones: [zone] })),
    };
  };

  test.each(["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"])(
    "to %s is not reminded twice on one day of either place",
    (zone) => {
      const moved = movedTo(zone);
      for (let hour = 1; hour <= 48; hour++) {
        const decision = decide(ladder, packOf(moved), moved, at("2026-03-07T18:30:00Z") + hour * 3_600_000);
        expect(decision.kind, `${hour} hours later`).toBe("wait");
      }
    },
  );

  test("into a zone where the due date is already past: the due-day text is not sent late", () => {
    const here = factsOf({ items: [{ dueDate: "2026-03-02" }], zones: ["Pacific/Kiritimati"] });
    // 11:00 UTC on the second is 01:00 on the third there.
    const decision = run(here, "2026-03-02T11:00:00Z");
    expect([decision.kind, decision.rule]).toEqual(["wait", "step.not-yet"]);
  });
});
