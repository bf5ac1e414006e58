/**
 * When a case has to be looked at again. Everything a decision depends on besides facts changes at a local
 * midnight, so these are days; asked again before, the answer is the same, which the nightly scan proves.
 */
import { dayNumber } from "#shared/local-date.ts";
import type { Day } from "./calendar.ts";
import { type CaseView, inForce, startOf } from "./case-view.ts";
import type { ItemPlan } from "./ladder.ts";

/** The first instant at which anything can change by itself; undefined when nothing will. */
export function nextWake(
  view: CaseView,
  plans: readonly ItemPlan[],
  more: readonly Day[] = [],
): number | undefined {
  let first = Number.POSITIVE_INFINITY;
  const on = (day: Day): void => {
    if (day > view.today && day < first) first = day;
  };
  for (const plan of plans) {
    // A step's day comes, or the step that could speak today is over.
    for (const { day } of plan.future) on(day);
    if (plan.candidate !== undefined) on(plan.candidate.lastDay + 1);
  }
  more.forEach(on);
  heldItems(view).forEach(on);
  if (first === Number.POSITIVE_INFINITY) return undefined;
  tooOldDays(view, plans).forEach(on);
  on(view.pack.changesAfter(view.today) ?? first);
  return startOf(view, first);
}

/** An item on hold comes back on the day after its last. */
function heldItems(view: CaseView): Day[] {
  return view.facts.holds.flatMap((hold) =>
    hold.scope === "item" && hold.until !== undefined && inForce(hold, view.today)
      ? [dayNumber(hold.until) + 1]
      : [],
  );
}

/** From this day on an item is left to a person. */
function tooOldDays(view: CaseView, plans: readonly ItemPlan[]): Day[] {
  const { maxAge } = view.policy.document.oldDebt;
  if (maxAge === undefined) return [];
  return plans.map(({ item }) => dayNumber(item.dueDate) + maxAge + 1).filter((day) => day > view.today);
}
