import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { seededRandom, systemRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

describe("the simulated clock", () => {
  test("fires timers at their moment, in order, also those that a timer sets", async () => {
    const clock = new SimulatedClock(0);
    const seen: string[] = [];
    clock.timer(20, () => seen.push(`b${clock.now()}`));
    clock.timer(10, () => {
      seen.push(`a${clock.now()}`);
      clock.timer(5, () => seen.push(`c${clock.now()}`));
    });
    const cancel = clock.timer(12, () => seen.push("never"));
    cancel();
    await clock.advance(15);
    expect(seen).toEqual(["a10", "c15"]);
    await clock.advance(5);
    expect(seen).toEqual(["a10", "c15", "b20"]);
  });

  test("a sleep ends early on abort and a jump of the wall clock does not end it", async () => {
    const clock = new SimulatedClock(0);
    const stop = new AbortController();
    let woke = false;
    const sleep = clock.sleep(1_000, stop.signal).then(() => {
      woke = true;
    });
    clock.jumpWall(5_000);
    await clock.advance(0);
    expect(woke).toBe(false);
    expect(clock.now()).toBe(5_000);
    stop.abort();
    await sleep;
    expect(clock.nextTimerMs()).toBeUndefined();
  });
});

test("a fast clock runs as many times faster as it says", () => {
  const clock = createClock(1_000, 0);
  const [wall, monotonic] = [clock.now(), clock.monotonic()];
  for (let spin = 0; clock.monotonic() - monotonic < 5_000; spin++)
    if (spin > 1e8) throw new Error("time stands");
  expect(clock.now() - wall).toBeGreaterThanOrEqual(3_000);
});

describe("chance", () => {
  test("the same seed gives the same run, another seed another", () => {
    const draw = (seed: number): number[] => Array.from({ length: 8 }, seededRandom(seed).float);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test("whole numbers stay in their range and reach both ends", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        const drawn = new Set(Array.from({ length: 200 }, () => random.int(3, 5)));
        return drawn.size === 3 && [...drawn].every((n) => n >= 3 && n <= 5);
      }),
      { numRuns: 200 },
    );
  });
});

describe("ids", () => {
  test("are unique and sort by time, also within a millisecond and when the clock steps back", () => {
    const clock = new SimulatedClock();
    const id = createIds(clock, systemRandom);
    const made: string[] = [];
    for (let n = 0; n < 10_000; n++) {
      if (n === 5_000) clock.jumpWall(-3_600_000);
      made.push(id("msg"));
    }
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
    expect(made[0]).toMatch(/^msg_[0-9a-hjkmnp-tv-z]{26}$/);
  });
});
