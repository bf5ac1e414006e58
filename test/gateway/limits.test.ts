import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCalendar } from "#gateway/outbox/calendar.ts";
import { mayReach, SlidingWindow } from "#gateway/outbox/limits.ts";
import { type HandedOver, SimMeter } from "#gateway/outbox/meter.ts";
import { FREE_PACE, faster, slower } from "#gateway/outbox/pace.ts";
import { Reach } from "#gateway/outbox/reach.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

const NOBODY: HandedOver = { count: () => 0, bySecond: () => [] };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("the sliding window", () => {
  test("whoever waits as told never finds more than the limit in any window of its length", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.record({ pause: fc.nat(40_000), count: fc.integer({ min: 1, max: 3 }) }), {
          maxLength: 60,
        }),
        (limit, wishes) => {
          const window = new SlidingWindow(MINUTE, 60);
          const sent: number[] = [];
          let now = 0;
          for (const { pause, count } of wishes) {
            now += pause;
            const fits = Math.min(count, limit);
            now += window.waitMs(fits, limit, now);
            expect(window.waitMs(fits, limit, now)).toBe(0);
            for (let i = 0; i < fits; i++) sent.push(now);
            window.add(fits, now, now);
          }
          for (const from of sent)
            expect(sent.filter((at) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  test("it does not wait longer than needed by more than a step", () => {
    const window = new SlidingWindow(MINUTE, 60);
    window.add(5, 500, 500);
    expect(window.waitMs(1, 5, 500)).toBeLessThanOrEqual(MINUTE + 1_000);
    expect(window.waitMs(1, 6, 500)).toBe(0);
    expect(window.used(500 + MINUTE + 1_000)).toBe(0);
  });

  test("what is given back makes room", () => {
    const window = new SlidingWindow(MINUTE, 60);
    window.add(1, 500, 500);
    window.add(-1, 500, 700);
    expect(window.waitMs(1, 1, 700)).toBe(0);
  });

  test("more at once than the limit waits for an empty window, not for ever", () => {
    const window = new SlidingWindow(MINUTE, 60);
    expect(window.waitMs(12, 10, 0)).toBe(0);
    window.add(1, 0, 0);
    expect(window.waitMs(12, 10, 0)).toBeGreaterThan(0);
    expect(window.waitMs(12, 10, MINUTE + 1_000)).toBe(0);
  });
});

describe("the calendar", () => {
  const berlin = createCalendar("Europe/Berlin");

  test("a day has 23 hours when the clocks go forward", () => {
    const { from, until } = berlin.day(Date.UTC(2026, 2, 29, 12));
    expect(until - from).toBe(23 * HOUR);
    expect(from).toBe(Date.UTC(2026, 2, 28, 23));
  });

  test("a month ends at midnight of the zone", () => {
    expect(berlin.month(Date.UTC(2026, 1, 10))).toEqual({
      from: Date.UTC(2026, 0, 31, 23),
      until: Date.UTC(2026, 1, 28, 23),
    });
  });

  test("a zone that does not exist is refused", () => {
    expect(() => createCalendar("Europe/Nowhere")).toThrow(RangeError);
  });
});

describe("the meter of a SIM", () => {
  test("counts what is stored, so a restart forgets nothing", () => {
    const clock = new SimulatedClock();
    const facts: HandedOver = {
      count: () => 40,
      bySecond: () => [
        { at: clock.now() - 90_000, count: 3 },
        { at: clock.now() - 10_000, count: 2 },
      ],
    };
    const meter = new SimMeter({ perMinute: 2, perDay: 50 }, clock, createCalendar(), facts);
    expect(meter.usage().map(({ per, used }) => [per, used])).toEqual([
      ["minute", 2],
      ["hour", 5],
      ["day", 40],
      ["month", 40],
    ]);
    expect(meter.waitMs(1)).toBeGreaterThan(49_000);
    expect(meter.waitMs(1)).toBeLessThan(52_000);
  });

  test("a reached day waits for midnight, a reached month for its end", async () => {
    const clock = new SimulatedClock(Date.UTC(2026, 0, 30, 22));
    const day = new SimMeter({ perDay: 1 }, clock, createCalendar(), NOBODY);
    const month = new SimMeter({ perMonth: 1 }, clock, createCalendar(), NOBODY);
    day.take();
    month.take();
    expect(day.waitMs(1)).toBe(2 * HOUR);
    expect(month.waitMs(1)).toBe(26 * HOUR);
    await clock.advance(2 * HOUR);
    expect(day.waitMs(1)).toBe(0);
    expect(month.waitMs(1)).toBe(24 * HOUR);
  });

  test("a wall clock that is put back does not block the minute and hour", () => {
    const clock = new SimulatedClock();
    const future: HandedOver = {
      count: () => 1,
      bySecond: () => [{ at: clock.now() + 24 * HOUR, count: 1 }],
    };
    const meter = new SimMeter({ perMinute: 1 }, clock, createCalendar(), future);
    expect(meter.waitMs(1)).toBeLessThanOrEqual(MINUTE + 1_000);
  });

  test("a segment that was answered late counts from its answer on", async () => {
    const clock = new SimulatedClock();
    const meter = new SimMeter({ perMinute: 1 }, clock, createCalendar(), NOBODY);
    meter.take();
    await clock.advance(50_000);
    meter.ended(50_000, true);
    expect(meter.waitMs(1)).toBeGreaterThanOrEqual(MINUTE);
  });

  test("a segment that never left counts no more", () => {
    const clock = new SimulatedClock();
    const meter = new SimMeter({ perMinute: 1, perDay: 1 }, clock, createCalendar(), NOBODY);
    meter.take();
    expect(meter.load()).toBe(1);
    meter.ended(0, false);
    expect(meter.waitMs(1)).toBe(0);
  });
});

describe("pace", () => {
  test("congestion doubles the interval up to a minute, success brings it back to none", () => {
    let pace = slower(FREE_PACE);
    expect(pace.intervalMs).toBe(5_000);
    for (let i = 0; i < 10; i++) pace = slower(pace);
    expect(pace.intervalMs).toBe(60_000);
    for (let i = 0; i < 25; i++) pace = faster(pace);
    expect(pace).toEqual(FREE_PACE);
  });
});

describe("reach", () => {
  test("a SIM without prefixes reaches every number, one with prefixes only those", () => {
    expect(mayReach({}, "+491701234567")).toBe(true);
    expect(mayReach({ allowedPrefixes: ["+43", "+49"] }, "+491701234567")).toBe(true);
    expect(mayReach({ allowedPrefixes: ["+43"] }, "+491701234567")).toBe(false);
    expect(mayReach({ allowedPrefixes: [] }, "+491701234567")).toBe(false);
  });

  test("messages that the same SIMs may send stand in one line", () => {
    const austria = { allowedPrefixes: ["+43"] };
    const reach = new Reach({ allowedPrefixes: ["+49"], sims: { a: austria, b: austria, c: {} } });
    const [german, austrian, french] = ["+4917012", "+4366012", "+3361234"].map((to) => reach.lineFor(to));
    expect(new Set([german, austrian, french]).size).toBe(3);
    expect(Reach.includes(austrian ?? "", reach.classOf(austria))).toBe(true);
    expect(Reach.includes(german ?? "", reach.classOf(austria))).toBe(false);
    expect(Reach.includes(french ?? "", reach.classOf({}))).toBe(true);
  });

  test("a number that no SIM may reach has no line", () => {
    expect(new Reach({ allowedPrefixes: ["+49"] }).lineFor("+4366012")).toBeUndefined();
  });
});
