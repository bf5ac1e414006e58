/** The whole gateway through what each seed chooses; the judge looks at what the network took. */
import { expect, test } from "vitest";
import { planOf } from "./draw-plan.ts";
import { run } from "./run.ts";

const SEEDS = 20;

test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))("seed %i", async (seed) => {
  const { violations } = await run(planOf(seed));
  expect(violations).toEqual([]);
});
