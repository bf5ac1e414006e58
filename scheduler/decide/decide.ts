/**
 * The decision for one case at one moment: send, wait, hold or stop, with the rule that made it so. A pure
 * function: the same arguments give the same answer, on any machine, today or in a rehearsal of next month.
 *
 * The order is the order of what matters: money first, then what people have put in the way, then the
 * ladder, then what is needed to speak, and the clock last.
 */
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { Pack } from "#scheduler/policy/law/pack.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { dayNumber } from "#shared/local-date.ts";
import { dateText } from "./calendar.ts";
import { type CaseView, hold, inForce, moneyText, startOf, stop, viewCase } from "./case-view.ts";
import { refuseFees } from "./fees.ts";
import { eligibleItems } from "./items.ts";
import { decidePromise } from "./promise.ts";
import { decideRound } from "./round.ts";
import { decideThanks } from "./thanks.ts";
import type { Decision } from "./types.ts";

/**
 * @param pack the law for this debtor and creditor, from `LawBook.packFor`
 * @param now milliseconds since 1970
 */
export function decide(policy: ReadyPolicy, pack: Pack, facts: CaseFacts, now: number): Decision {
  const view = viewCase(policy, pack, facts, now);
  return (
    refuseAll(view) ?? decideSettled(view) ?? refuseCase(view) ?? decidePromise(view) ?? decideItems(view)
  );
}

/** What stands in the way of every text, thanks included. */
function refuseAll(view: CaseView): Decision | undefined {
  const { facts, policy, pack, trail } = view;
  for (const gate of facts.gates ?? [])
    if (gate.blocks === "all") return hold(view, gate.rule, gate.detail, until(view, gate.until));
  if (pack.unknown.length > 0) {
    const missing = `no law is on file for ${pack.unknown.join(", ")}`;
    if (policy.document.unknownLaw === "hold")
      return hold(view, "law.no-pack", `${missing}; add a pack, or set unknownLaw = "house" in the policy`, {
        effects: [{ kind: "task", task: "setup", detail: `${missing}.` }],
      });
    trail.noted("law.no-pack", `${missing}: the hours of the house hold`);
  }
  if (pack.holiday(view.today) === "unknown")
    return hold(
      view,
      "holidays.missing-year",
      `the holidays of ${dateText(view.today).slice(0, 4)} are not on file`,
      {
        effects: [
          {
            kind: "task",
            task: "setup",
            detail: `Fill in the holidays of ${pack.jurisdictions.join(", ")}.`,
          },
        ],
      },
    );
  trail.passed("law.on-file", `rows of ${pack.jurisdictions.join(", ")} in force today`);
  return undefined;
}

/** Nothing is open: the case is closed, and whoever paid is thanked once. */
function decideSettled(view: CaseView): Decision | undefined {
  const { facts, trail } = view;
  // Items that only a payment without a purpose covers are not settled: a person says what it was for.
  const undecided = facts.unallocatedCredit > 0n && facts.receivables.length > 0;
  if (facts.case.settledAt === undefined && (facts.openTotal > 0n || undecided)) {
    trail.passed("money.open", `${moneyText(view, facts.openTotal)} is open`);
    return undefined;
  }
  return decideThanks(view);
}

function refuseCase(view: CaseView): Decision | undefined {
  const { facts, trail, today } = view;
  for (const gate of facts.gates ?? []) return hold(view, gate.rule, gate.detail, until(view, gate.until));
  if (facts.unallocatedCredit > 0n)
    return hold(
      view,
      "money.unallocated-credit",
      `${moneyText(view, facts.unallocatedCredit)} was paid for nothing in particular; a person has to say for what`,
      { effects: [{ kind: "task", task: "unallocated-credit", detail: "A payment belongs to no invoice." }] },
    );
  const minimum = view.policy.minimum(facts.case.currency);
  if (facts.openTotal <= minimum)
    return stop(
      view,
      "money.minimum",
      `${moneyText(view, facts.openTotal)} is open; up to ${moneyText(view, minimum)} nothing is asked for`,
    );
  trail.passed("money.minimum", `more than ${moneyText(view, minimum)} is open`);
  for (const one of facts.holds) {
    if (one.scope === "item" || !inForce(one, today)) continue;
    return hold(view, `hold.${one.kind}`, `${one.scope} on hold: ${one.reason}`, {
      ...(one.until === undefined ? {} : { until: startOf(view, dayNumber(one.until) + 1) }),
    });
  }
  trail.passed("hold.none", "no hold on the debtor or the case");
  return undefined;
}

function decideItems(view: CaseView): Decision {
  const items = eligibleItems(view);
  if (!Array.isArray(items)) return items;
  return refuseFees(view, items) ?? decideRound(view, items);
}

function until(view: CaseView, at: number | undefined): { until?: number } {
  return at === undefined || at <= view.now ? {} : { until: at };
}
