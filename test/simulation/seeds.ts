/** Seeds and kept plans as tests. */
import { expect, test } from "vitest";
import { amount } from "#test/support/heavy.ts";
import { planOf } from "./draw-plan.ts";
import { keptPlans } from "./kept.ts";
import type { Plan } from "./plan.ts";
import { run } from "./run.ts";

const SEEDS = amount("SIMULATION_SEEDS", { usual: 200, heavy: 10_000 });
const FIRST_SEED = Number(process.env.SIMULATION_FIRST ?? 1);

/** One half of them. A seed that fails is made smaller by `npm run simulate -- --seed N`. */
export function runSeeds(half: "even" | "odd"): void {
  const seeds = Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i).filter(
    (seed) => (seed % 2 === 0) === (half === "even"),
  );
  test.each(seeds)("seed %i", (seed) => holds(planOf(seed)));
}

export function runKept(): void {
  for (const { name, kept } of keptPlans()) test(`kept ${name}`, () => holds(kept.plan));
}

async function holds(plan: Plan): Promise<void> {
  const { violations } = await run(plan);
  expect(violations).toEqual([]);
}
