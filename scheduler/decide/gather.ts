/**
 * Every item whose step has come goes into one text; the loudest stage speaks, and the text lists what that
 * stage may truthfully claim: an item that is not late yet is never called late.
 */
import type { Cover } from "#scheduler/ledger/types.ts";
import type { PlacedStep } from "./entry.ts";
import { type ItemPlan, passedOver } from "./ladder.ts";
import type { Superseded } from "./types.ts";

export interface Round {
  readonly speaking: ItemPlan;
  readonly placed: PlacedStep;
  /** What the text lists and sums. */
  readonly listed: readonly ItemPlan[];
  readonly covers: readonly Cover[];
  /** What this text passes over: earlier steps, and the steps of items that it does not list. */
  readonly supersedes: readonly Superseded[];
  readonly amount: bigint;
}

/** Undefined when no step has come. */
export function roundOf(plans: readonly ItemPlan[]): Round | undefined {
  let speaking: ItemPlan | undefined;
  for (const plan of plans) {
    const rank = plan.candidate?.step.rank;
    // The facts come by due date, then number: of equals the oldest debt speaks.
    if (rank !== undefined && rank > (speaking?.candidate?.step.rank ?? -1)) speaking = plan;
  }
  const placed = speaking?.candidate;
  if (speaking === undefined || placed === undefined) return undefined;
  const { arrears } = placed.step;
  const listed = plans.filter((plan) =>
    arrears ? plan.arrears && !plan.finished : plan.candidate !== undefined && !plan.candidate.step.arrears,
  );
  return {
    speaking,
    placed,
    listed,
    covers: coversOf(plans, new Set(listed)),
    supersedes: plans.flatMap((plan) => supersededBy(plan, listed.includes(plan))),
    amount: listed.reduce((sum, { item }) => sum + item.open, 0n),
  };
}

function supersededBy(plan: ItemPlan, isListed: boolean): readonly Superseded[] {
  if (isListed || plan.candidate === undefined) return plan.passedOver;
  return [...plan.passedOver, passedOver(plan.item, plan.candidate, "louder")];
}

/** Every item that was due, once; and what is listed besides. */
function coversOf(plans: readonly ItemPlan[], listed: ReadonlySet<ItemPlan>): Cover[] {
  return plans.flatMap((plan) => {
    const { item, candidate } = plan;
    const base = { receivableId: item.id, dueDateSequence: item.dueDateSequence };
    if (listed.has(plan)) return candidate === undefined ? [base] : [{ ...base, stepId: candidate.step.id }];
    return candidate === undefined ? [] : [{ ...base, stepId: candidate.step.id, superseded: true }];
  });
}
