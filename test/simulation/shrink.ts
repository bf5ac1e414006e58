/**
 * Makes a plan that fails smaller, as long as it fails by the same rule (delta debugging, Zeller and
 * Hildebrandt 2002): halves of a list are left out, then quarters, at last single members.
 */
import type { Rule } from "./judge.ts";
import type { Plan } from "./plan.ts";

/** Does the plan still break the rule? */
export type Fails = (plan: Plan) => Promise<boolean>;

type List = "happenings" | "faults" | "outages" | "phones" | "messages" | "modems";

/** What makes a run hard to read goes first. */
const LISTS: readonly List[] = ["happenings", "faults", "outages", "messages", "phones", "modems"];
const HOUR_MS = 3_600_000;
/** Runs that one failing seed may cost. */
const RUNS_MAX = 400;

export interface Shrunk {
  readonly plan: Plan;
  readonly runs: number;
}

export async function shrink(plan: Plan, fails: Fails, runsMax = RUNS_MAX): Promise<Shrunk> {
  let smallest = plan;
  let runs = 0;
  const take = async (candidate: Plan): Promise<boolean> => {
    if (runs >= runsMax) return false;
    runs++;
    if (!(await fails(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (let before = Number.POSITIVE_INFINITY; sizeOf(smallest) < before; ) {
    before = sizeOf(smallest);
    for (const list of LISTS) await shrinkList(list, () => smallest, take);
    await take({ ...smallest, postErrors: 0 });
    while (smallest.lengthMs > HOUR_MS && (await take(shorter(smallest))));
  }
  return { plan: smallest, runs };
}

export function sizeOf(plan: Plan): number {
  return LISTS.reduce((sum, list) => sum + plan[list].length, 0);
}

async function shrinkList(
  list: List,
  plan: () => Plan,
  take: (candidate: Plan) => Promise<boolean>,
): Promise<void> {
  const least = list === "modems" || list === "messages" ? 1 : 0;
  for (let size = plan()[list].length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < plan()[list].length; ) {
      const rest = plan()[list].toSpliced(at, size);
      const isLess = rest.length >= least && (await take(without(plan(), list, rest)));
      if (!isLess) at += size;
    }
  }
}

/** A modem that is gone takes along what was meant for it. */
function without(plan: Plan, list: List, rest: readonly unknown[]): Plan {
  const smaller = { ...plan, [list]: rest } as Plan;
  if (list !== "modems") return smaller;
  const names = new Set(smaller.modems.map(({ name }) => name));
  return {
    ...smaller,
    faults: plan.faults.filter(({ modem }) => modem === undefined || names.has(modem)),
    happenings: plan.happenings.filter((one) => one.kind !== "park" || names.has(one.modem)),
  };
}

function shorter(plan: Plan): Plan {
  return { ...plan, lengthMs: Math.max(HOUR_MS, Math.floor(plan.lengthMs / 2)) };
}

export function breaks(rule: Rule, violations: readonly { readonly rule: Rule }[]): boolean {
  return violations.some((violation) => violation.rule === rule);
}
