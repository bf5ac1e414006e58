/** The other half of the seeds, the plans that found a defect once, and that a run can be repeated. */
import { expect, test } from "vitest";
import { planOf } from "./draw-plan.ts";
import { run } from "./run.ts";
import { runKept, runSeeds } from "./seeds.ts";
import { breaks, shrink, sizeOf } from "./shrink.ts";

runKept();
runSeeds("odd");

/** Seeds of short runs in which much happens: crashes, restarts and modems that reset. */
const REPEATED = [3, 9, 12];

test.each(REPEATED)("seed %i gives the same run twice", async (seed) => {
  const [first, second] = [await run(planOf(seed)), await run(planOf(seed))];
  expect(first.submits).toBeGreaterThan(0);
  expect(second.print).toBe(first.print);
  expect(second.hours).toBe(first.hours);
});

test("a plan is data: written down and read again it gives the same run", async () => {
  const plan = planOf(5);
  const written = JSON.parse(JSON.stringify(plan)) as typeof plan;
  expect((await run(written)).print).toBe((await run(plan)).print);
});

test("a plan that fails is made as small as its failure allows", async () => {
  const plan = planOf(1);
  const culprit = plan.messages[7];
  const { plan: smallest, runs } = await shrink(plan, async ({ messages, modems }) =>
    breaks("once", messages.some((one) => one === culprit) && modems.length > 0 ? [{ rule: "once" }] : []),
  );
  expect(sizeOf(smallest)).toBe(2);
  expect(smallest.messages).toEqual([culprit]);
  expect(smallest.lengthMs).toBe(3_600_000);
  expect(runs).toBeLessThan(200);
});
