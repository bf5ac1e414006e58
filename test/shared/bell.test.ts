import { expect, test } from "vitest";
import { createBell } from "#shared/bell.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

const never = new AbortController().signal;

test("a ring before the wait is not missed, and counts once", async () => {
  const clock = new SimulatedClock();
  const bell = createBell();
  bell.ring();
  bell.ring();
  expect(await bell.wait(clock, 1_000, never)).toBe(true);
  const second = bell.wait(clock, 1_000, never);
  await clock.advance(1_000);
  expect(await second).toBe(false);
});

test("a ring, the time or an abort ends the wait", async () => {
  const clock = new SimulatedClock();
  const bell = createBell();
  const rung = bell.wait(clock, 60_000, never);
  bell.ring();
  expect(await rung).toBe(true);
  const ending = new AbortController();
  const aborted = bell.wait(clock, 60_000, ending.signal);
  ending.abort();
  expect(await aborted).toBe(false);
  expect(await bell.wait(clock, 60_000, ending.signal)).toBe(false);
  expect(clock.nextTimerMs()).toBeUndefined();
});
