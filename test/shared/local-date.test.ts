/** Day numbers and zones against Temporal, on ordinary days and on those that clocks get wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths, createZones, dayNumber, Temporal } from "#shared/local-date.ts";

const zones = createZones();
const ZONES = [
  "UTC",
  "Europe/Madrid",
  "America/New_York",
  "America/Santiago",
  "Africa/Cairo",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Pacific/Apia",
];
const DAY = 86_400_000;

test("day numbers are those of the platform, from 1900 to 2199", () => {
  fc.assert(
    fc.property(fc.integer({ min: -25_567, max: 84_005 }), (day) => {
      expect(dayNumber(new Date(day * DAY).toISOString().slice(0, 10))).toBe(day);
    }),
    { numRuns: 2_000 },
  );
});

describe("zones", () => {
  const instants = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2035, 0, 1) });

  test("the day and the minute are those of Temporal", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instants, (zone, at) => {
        const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
        expect(zones.dayAt(at, zone)).toBe(dayNumber(local.toPlainDate().toString()));
        expect(zones.minuteAt(at, zone)).toBe(local.hour * 60 + local.minute);
        expect(zones.dateAt(at, zone)).toBe(local.toPlainDate().toString());
      }),
      { numRuns: 1_000 },
    );
  });

  test("a wall-clock time is Temporal's, but a gap ends at its first instant", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        instants,
        fc.integer({ min: 0, max: 1_439 }),
        (zone, at, minute) => {
          const day = Math.floor(at / DAY);
          const date = Temporal.PlainDate.from(new Date(day * DAY).toISOString().slice(0, 10));
          const time = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
          const wall = date.toPlainDateTime(time);
          const found = zones.instantOn(day, minute, zone);
          const earlier = wall.toZonedDateTime(zone, { disambiguation: "earlier" }).epochMilliseconds;
          const later = wall.toZonedDateTime(zone, { disambiguation: "later" }).epochMilliseconds;
          const back = Temporal.Instant.fromEpochMilliseconds(found).toZonedDateTimeISO(zone);
          // In a gap "earlier" and "later" lie on both sides of it, and no clock shows the time.
          if (back.toPlainDateTime().equals(wall)) expect(found).toBe(Math.min(earlier, later));
          else {
            expect(found).toBeGreaterThan(earlier);
            expect(found).toBeLessThanOrEqual(later);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

test.each([
  ["2026-01-31", 1, "2026-02-28"],
  ["2026-01-31", 2, "2026-03-31"],
  ["2024-01-31", 1, "2024-02-29"],
  ["2026-08-31", 1, "2026-09-30"],
  ["2025-12-31", 2, "2026-02-28"],
])("%s and %i months is %s", (first, months, date) => {
  expect(addMonths(first, months)).toBe(date);
});
