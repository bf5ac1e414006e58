/** Which receivables a text may speak of at all. */
import type { ReceivableFacts } from "#scheduler/ledger/facts.ts";
import { dayNumber } from "#shared/local-date.ts";
import { type CaseView, hold, inForce, startOf, stop } from "./case-view.ts";
import type { Decision } from "./types.ts";

/** The items, or the decision that there are none. */
export function eligibleItems(view: CaseView): ReceivableFacts[] | Decision {
  const { facts, trail, today, policy } = view;
  const held = new Map(
    facts.holds
      .filter((one) => one.scope === "item" && inForce(one, today))
      .map((one) => [one.targetId, one] as const),
  );
  const { maxAge } = policy.document.oldDebt;
  const eligible: ReceivableFacts[] = [];
  let tooOld = 0;
  for (const item of facts.receivables) {
    const itemHold = held.get(item.id);
    if (item.disputed) trail.blocked("item.disputed", `${item.externalId} is disputed and left out`);
    else if (itemHold !== undefined)
      trail.blocked(`hold.${itemHold.kind}`, `${item.externalId} is on hold and left out`);
    else if (maxAge !== undefined && today - dayNumber(item.dueDate) > maxAge) {
      tooOld++;
      trail.blocked(
        "policy.old-debt",
        `${item.externalId} is more than ${maxAge} days late: a person decides`,
      );
    } else eligible.push(item);
  }
  if (eligible.length > 0) {
    trail.passed("item.eligible", `${eligible.length} of ${facts.receivables.length} items may be spoken of`);
    return eligible;
  }
  if (tooOld === facts.receivables.length)
    return stop(view, "policy.old-debt", `all items are more than ${maxAge} days late: a person decides`, {
      effects: [{ kind: "task", task: "old-debt", detail: "The debt is too old for texts." }],
    });
  const ends = [...held.values()].flatMap(({ until }) => (until === undefined ? [] : [dayNumber(until) + 1]));
  return hold(view, held.size > 0 ? "hold.items" : "item.disputed", "every item is disputed or on hold", {
    ...(ends.length === 0 ? {} : { until: startOf(view, Math.min(...ends)) }),
  });
}
