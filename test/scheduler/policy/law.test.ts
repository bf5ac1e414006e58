/** The packs as data: sourced, scoped, dated; hours and holidays as decisions read them. */
import { describe, expect, test } from "vitest";
import { createHolidayBook } from "#scheduler/policy/holidays/book.ts";
import { seedHolidays } from "#scheduler/policy/holidays/seed.ts";
import { hoursText, intersectSpans, weekOf } from "#scheduler/policy/hours.ts";
import { describeRow } from "#scheduler/policy/law/describe.ts";
import { createLawBook, type Law, type PackScope } from "#scheduler/policy/law/pack.ts";
import { readPack, shippedPacks, withOperatorPacks } from "#scheduler/policy/law/read.ts";
import { createZones, dayNumber } from "#shared/local-date.ts";

const packs = shippedPacks();
const rows = packs.flatMap(({ rule }) => rule);
const zones = createZones();
const book = createLawBook(packs, createHolidayBook([], []), zones);

function lawOf(scope: Partial<PackScope> & Pick<PackScope, "jurisdictions">, date = "2026-03-10"): Law {
  return book.packFor({ role: "creditor", debtor: "consumer", ...scope }).lawOn(dayNumber(date));
}

describe("the shipped packs", () => {
  test("are those of section 2 of the field page, and of the house", () => {
    expect(packs.map(({ jurisdiction }) => jurisdiction).sort()).toEqual(
      "AU BE CL CO DE DK ES EU GB IN MX NL PE US house".split(" ").sort(),
    );
  });

  test("every row has an id of its own, a source, and can be said in a sentence", () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const row of rows) {
      expect(row.source.length, row.id).toBeGreaterThan(5);
      expect(describeRow(row).length, row.id).toBeGreaterThan(5);
    }
  });

  test("what was only remembered says so", () => {
    const doubtful = rows.filter(({ verified }) => !verified).map(({ id }) => id);
    expect(doubtful).toEqual(
      expect.arrayContaining(["us.reg-f-1006-6e.opt-out", "mx.condusef.weekdays", "au.acc-asic.ten-a-month"]),
    );
    expect(doubtful).not.toContain("co.ley-2300.hours");
  });
});

describe("hours by country, as the field page gives them", () => {
  test.each([
    ["CO", "co.ley-2300.hours", "Mon-Fri 07:00-19:00, Sat 08:00-15:00", "closed"],
    ["CL", "cl.ley-21320.hours", "Mon-Sat 08:00-20:00", "closed"],
    ["PE", "pe.ley-29571-62.hours", "Mon-Fri 07:00-20:00", "closed"],
    ["IN", "in.rbi.hours", "Mon-Sun 08:00-19:00", "open"],
    ["AU", "au.acc-asic.hours", "Mon-Fri 07:30-21:00, Sat-Sun 09:00-21:00", "closed"],
    ["DE", "house.hours", "Mon-Sat 08:00-20:00", "closed"],
    ["GB", "house.hours", "Mon-Sat 08:00-20:00", "closed"],
    ["FR", "house.hours", "Mon-Sat 08:00-20:00", "closed"],
    ["US", "house.hours", "Mon-Sat 08:00-20:00", "closed"],
  ])("%s: %s %s", (country, id, text, holidays) => {
    const [row] = lawOf({ jurisdictions: [country] }).hours;
    expect([row?.id, row && hoursText(row.week), row?.holidays]).toEqual([id, text, holidays]);
  });

  test("a collector in the United States is bound by Reg F, a creditor is not", () => {
    const collector = lawOf({ jurisdictions: ["US"], role: "collector" });
    expect(collector.hours.map(({ id }) => id)).toEqual(["us.reg-f-1006-6b.hours"]);
    expect(collector.notices.map(({ notice }) => notice)).toEqual(["opt-out", "collector"]);
    expect(lawOf({ jurisdictions: ["US"] }).notices).toEqual([]);
  });

  test("a state's rows hold in the state alone", () => {
    expect(lawOf({ jurisdictions: ["US-MA"] }).caps.map(({ id }) => id)).toContain("us-ma.209-cmr-18-16.cap");
    expect(lawOf({ jurisdictions: ["US-TX"] }).caps.map(({ id }) => id)).toEqual(["house.one-per-day"]);
  });

  test("when several places apply, the rows of all hold", () => {
    const both = lawOf({ jurisdictions: ["CO", "CL"] });
    expect(both.hours.map(({ id }) => id)).toEqual(["cl.ley-21320.hours", "co.ley-2300.hours"]);
    expect(both.caps.map(({ id }) => id).sort()).toEqual([
      "cl.ley-21320.two-a-week",
      "co.ley-2300.once-a-day",
      "house.one-per-day",
    ]);
  });

  test("business rows are for businesses, consumer rows for consumers", () => {
    const points = (debtor: "consumer" | "business"): number[] =>
      lawOf({ jurisdictions: ["DE"], debtor }).interestCaps.map(({ pointsAbove }) => pointsAbove);
    expect(points("consumer")).toEqual([5]);
    expect(points("business").sort()).toEqual([8, 9]);
  });

  test("India's occasions hold from 1 July 2026", () => {
    const ids = (date: string): string[] => lawOf({ jurisdictions: ["IN"] }, date).holds.map(({ id }) => id);
    expect(ids("2026-06-30")).toEqual([]);
    expect(ids("2026-07-01")).toEqual(["in.rbi.occasions"]);
    const pack = book.packFor({ jurisdictions: ["IN"], role: "creditor", debtor: "consumer" });
    expect(pack.changesAfter(dayNumber("2026-01-01"))).toBe(dayNumber("2026-07-01"));
    expect(pack.changesAfter(dayNumber("2026-07-01"))).toBeUndefined();
  });

  test("a country that nobody wrote down is named", () => {
    const of = (jurisdiction: string): readonly string[] =>
      book.packFor({ jurisdictions: [jurisdiction], role: "creditor", debtor: "consumer" }).unknown;
    expect(of("BR")).toEqual(["BR"]);
    expect(of("PT")).toEqual([]);
  });
});

describe("a pack that an operator wrote", () => {
  const write = (rule: string): string =>
    `format = 1\njurisdiction = "XX"\ntitle = "X"\nreviewed = "2026-01-01"\n[[rule]]\nid = "xx.a.b"\nsource = "test"\nverified = true\n${rule}`;

  test.each([
    ["a kind that does not exist", 'kind = "curfew"', "rule[0].kind"],
    ["a misspelt field, with what was meant", 'kind = "cap"\ncount = 1\ndayz = 7', "rule[0].dayz"],
    [
      "an amount finer than its currency",
      'kind = "fee-cap"\nperReminder = { JPY = "7.50" }',
      "rule[0].perReminder",
    ],
    ["a region elsewhere", 'kind = "spacing"\ndays = 2\nregion = "YY-A"', "rule[0].region"],
    [
      "an end before its beginning",
      'kind = "spacing"\ndays = 2\nfrom = "2026-02-01"\nuntil = "2026-01-01"',
      "rule[0].until",
    ],
    [
      "hours that cross midnight",
      'kind = "contact-hours"\nholidays = "open"\nhours = { "mon-fri" = "22:00-06:00" }',
      "rule[0].hours",
    ],
  ])("%s is refused by name", (_, rule, field) => {
    const read = readPack(write(rule), "toml");
    expect(read.ok ? [] : read.problems.map((problem) => problem.field)).toContain(field);
  });

  test("did-you-mean for a misspelt field", () => {
    const read = readPack(write('kind = "cap"\ncount = 1\ndayz = 7'), "toml");
    expect(read.ok ? "" : read.problems.find(({ field }) => field.endsWith("dayz"))?.remedy).toBe(
      'Did you mean "days"?',
    );
  });

  test("replaces the shipped one of its jurisdiction", () => {
    const read = readPack(
      write('kind = "spacing"\ndays = 9').replace('"XX"', '"CL"').replace("xx.a.b", "cl.a.b"),
      "toml",
    );
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const changed = createLawBook(withOperatorPacks(packs, [read.value]), createHolidayBook([], []), zones);
    const law = changed
      .packFor({ jurisdictions: ["CL"], role: "creditor", debtor: "consumer" })
      .lawOn(20_000);
    expect(law.spacings.map(({ days }) => days)).toEqual([9]);
    expect(law.hours.map(({ id }) => id)).toEqual(["house.hours"]);
  });
});

describe("hours", () => {
  test("spans that both allow", () => {
    const a = weekOf({ mon: "08:00-12:00 14:00-20:00" })[0] ?? [];
    const b = weekOf({ mon: "10:00-15:00" })[0] ?? [];
    expect(intersectSpans(a, b)).toEqual([
      { from: 600, until: 720 },
      { from: 840, until: 900 },
    ]);
  });

  test.each([
    [{ mon: "9-17" }],
    [{ funday: "09:00-17:00" }],
    [{ "fri-mon": "09:00-17:00" }],
    [{ mon: "17:00-09:00" }],
    [{ mon: "09:00-25:00" }],
    [{ mon: "09:00-12:00", "mon-tue": "11:00-13:00" }],
  ])("%j is refused", (table) => {
    expect(() => weekOf(table as unknown as Record<string, string>)).toThrow(RangeError);
  });
});

describe("holidays", () => {
  test("are seeded by country and region, and only for places that the source knows", async () => {
    const dates = async (place: string): Promise<string[]> =>
      (await seedHolidays(place, 2026)).map(({ date }) => date);
    expect(await dates("ES")).toContain("2026-01-06");
    expect(await dates("ES")).not.toContain("2026-05-02");
    expect(await dates("ES-MD")).toContain("2026-05-02");
    expect(await dates("CO")).toContain("2026-07-20");
    expect(await dates("XX")).toEqual([]);
  });

  test("a year that nobody filled in is not known to be free", () => {
    const holidays = createHolidayBook(
      [{ jurisdiction: "ES", date: "2026-01-06", name: "Reyes" }],
      [{ jurisdiction: "ES", year: 2026 }],
    );
    const pack = createLawBook(packs, holidays, zones).packFor({
      jurisdictions: ["ES"],
      role: "creditor",
      debtor: "consumer",
    });
    expect(pack.holiday(dayNumber("2026-01-06"))).toEqual({ name: "Reyes" });
    expect(pack.holiday(dayNumber("2026-01-07"))).toBeUndefined();
    expect(pack.holiday(dayNumber("2027-01-07"))).toBe("unknown");
  });
});
