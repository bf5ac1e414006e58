/** A clock with two speeds: instants, timers and the gateway's stamps fit together over every change. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PacedClock } from "#scheduler/demo/paced-clock.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

const WORLD = Date.UTC(2026, 10, 22, 1, 0);
const START = Date.UTC(2026, 2, 2, 6, 0);
const PACE = { walk: 10, hurry: 100 };

function make(): { world: SimulatedClock; clock: PacedClock } {
  const world = new SimulatedClock(WORLD);
  return { world, clock: new PacedClock(world, START, PACE) };
}

describe("a paced clock", () => {
  test("walks at first, hurries when told, and never jumps", async () => {
    const { world, clock } = make();
    clock.hurry();
    await world.advance(1_000);
    expect(clock.now()).toBe(START + 100_000);
    clock.walk();
    expect(clock.now()).toBe(START + 100_000);
    await world.advance(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([START + 110_000, 110_000]);
    clock.hurry();
    await world.advance(10);
    expect(clock.now()).toBe(START + 111_000);
  });

  test("a timer keeps its instant over a change of speed, and can be taken back", async () => {
    const { world, clock } = make();
    clock.hurry();
    const fired: number[] = [];
    clock.timer(200_000, () => fired.push(clock.now()));
    clock.timer(200_000, () => fired.push(0))();
    await world.advance(1_000);
    clock.walk();
    await world.advance(9_999);
    expect(fired).toEqual([]);
    await world.advance(1);
    expect(fired).toEqual([START + 200_000]);
  });

  test("to speak to the gateway is to walk: its deadline comes when ours does", async () => {
    const { world, clock } = make();
    const deadline = clock.now() + 60_000;
    const { toGateway } = clock;
    const theirs = toGateway(deadline);
    expect(theirs).toBe(WORLD + 6_000);
    await world.advance(6_000);
    expect(clock.now()).toBe(deadline);
  });

  test("a stamp of the gateway is the instant that it was here", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wait: fc.integer({ min: 0, max: 5_000 }), walk: fc.boolean() }), {
          maxLength: 30,
        }),
        async (steps) => {
          const { world, clock } = make();
          const stamps: [theirs: number, ours: number][] = [];
          for (const { wait, walk } of steps) {
            await world.advance(wait);
            stamps.push([world.now(), clock.now()]);
            if (walk) clock.walk();
            else clock.hurry();
          }
          for (const [theirs, ours] of stamps) expect(clock.fromGateway(theirs)).toBe(ours);
        },
      ),
    );
  });
});
