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
  const days = [...more, ...plans.flatMap(daysOf), ...heldItems(view)].filter((day) => day > view.today);
  if (days.length === 0) return undefined;
  const limits = [...tooOldDays(view, plans), view.pack.changesAfter(view.today)];
  return startOf(view, Math.min(...days, ...limits.filter((day) => day !== undefined)));
}

/** A step's day comes, or the step that could speak today is over. */
function daysOf({ future, candidate }: ItemPlan): Day[] {
  const days = future.map(({ day }) => day);
  return candidate !== undefined && Number.isFinite(candidate.lastDay)
    ? [...days, candidate.lastDay + 1]
    : days;
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
