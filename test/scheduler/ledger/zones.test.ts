import { describe, expect, test } from "vitest";
import { COUNTRY_ZONES, SUBDIVISION_ZONES } from "#scheduler/ledger/zone-table.ts";
import { createZoneCandidates } from "#scheduler/ledger/zones.ts";
import { isZone } from "#shared/local-date.ts";

const zones = createZoneCandidates();

/** Every clock that a zone shows in two years; zones that agree stand for each other. */
function clockOf(zone: string): string {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const week = 7 * 86_400_000;
  return Array.from({ length: 104 }, (_, i) => {
    const parts = format.formatToParts(Date.UTC(2026, 0, 1) + i * week);
    return parts.find((part) => part.type === "timeZoneName")?.value;
  }).join();
}

describe("candidates", () => {
  test.each([
    [
      "a stated zone is sure",
      { timeZone: "Europe/Madrid", jurisdiction: "US" },
      undefined,
      ["Europe/Madrid"],
    ],
    ["a country with one time", { jurisdiction: "DE" }, "DE", ["Europe/Berlin"]],
    ["a country with two", { jurisdiction: "ES" }, "ES", ["Europe/Madrid", "Atlantic/Canary"]],
    ["a part of it", { jurisdiction: "ES-CN" }, "ES", ["Atlantic/Canary"]],
    ["another part of it", { jurisdiction: "ES-MD" }, "ES", ["Europe/Madrid"]],
    ["a state with two times", { jurisdiction: "US-TN" }, "US", ["America/New_York", "America/Chicago"]],
    [
      "a number from elsewhere",
      { jurisdiction: "DE" },
      "PT",
      ["Europe/Berlin", "Europe/Lisbon", "Atlantic/Azores"],
    ],
    ["a number of no country", { jurisdiction: "DE" }, undefined, ["Europe/Berlin"]],
    ["no country at all", { jurisdiction: "XX" }, undefined, ["Etc/UTC"]],
  ] as const)("%s", (_name, debtor, country, expected) => {
    expect(zones.ofNumber(debtor, country)).toEqual(expected);
  });

  test("a state that is not known has all the country's zones", () => {
    expect(zones.ofDebtor({ jurisdiction: "US-XX" })).toEqual(zones.ofDebtor({ jurisdiction: "US" }));
  });
});

/** One zone for each clock that the country shows, as ICU lists its zones. */
function clocksIn(country: string): Map<string, string> {
  const locale = new Intl.Locale(`und-${country}`) as unknown as { getTimeZones(): string[] | undefined };
  const inhabited = (locale.getTimeZones() ?? []).filter((zone) => !zone.startsWith("Antarctica/"));
  return new Map(inhabited.map((zone) => [clockOf(zone), zone]));
}

test("the table has every clock that a country of several shows, each once", () => {
  for (const [country, listed] of Object.entries(COUNTRY_ZONES)) {
    const clocks = clocksIn(country);
    const covered = new Set(listed.map(clockOf));
    const missing = [...clocks].filter(([clock]) => !covered.has(clock)).map(([, zone]) => zone);
    expect(missing, country).toEqual([]);
    expect(covered.size, country).toBe(listed.length);
  }
});

test("every other country that ICU knows has one clock", () => {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters.flatMap((a) => letters.map((b) => a + b));
  const current = codes.filter((code) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`);
  // Antarctica and the Minor Outlying Islands have no debtors.
  const others = current.filter((code) => !(code in COUNTRY_ZONES) && code !== "AQ" && code !== "UM");
  expect(others.filter((code) => clocksIn(code).size > 1)).toEqual([]);
});

test("every part's zones are real and the country's own", () => {
  for (const [country, parts] of Object.entries(SUBDIVISION_ZONES))
    for (const [part, listed] of Object.entries(parts))
      for (const zone of listed) {
        expect(isZone(zone), zone).toBe(true);
        const own = (COUNTRY_ZONES[country] ?? []).some((listed) => clockOf(listed) === clockOf(zone));
        expect(own, `${country}-${part} ${zone}`).toBe(true);
      }
});
