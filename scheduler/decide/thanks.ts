/** A closed case: thanks to who paid in full, once in an episode, inside the same hours and caps. */
import type { Anchor } from "#scheduler/ledger/types.ts";
import { type CaseView, inForce, send, stop, wait } from "./case-view.ts";
import { speakerParts } from "./message.ts";
import { afterFailure } from "./round.ts";
import { findSpeaker } from "./speaker.ts";
import { attemptsOf, givenUp, isDebt, isSent, nextSequence } from "./spoken.ts";
import { timeFor } from "./timing.ts";
import type { Decision, Effect, PlannedMessage } from "./types.ts";

export const THANKS_STEP = "thanks";
/** A reminder longer ago than this has nothing to do with the payment. */
const REMINDED_DAYS_MAX = 120;
const MS_PER_DAY = 86_400_000;

export function decideThanks(view: CaseView): Decision {
  const { facts, policy } = view;
  const settled = facts.case.settledAs ?? "paid";
  const effects: Effect[] =
    facts.unallocatedCredit > 0n
      ? [{ kind: "task", task: "unallocated-credit", detail: "More was paid than was owed." }]
      : [];
  const over = (rule: string, because: string): Decision =>
    stop(view, rule, because, { stage: "closed", effects });
  const { thanks } = policy.document;
  const since = facts.case.settledAt;
  if (settled !== "paid" || since === undefined || facts.lastPayment === undefined)
    return over(`money.${settled}`, `nothing is open: ${settled}`);
  if (thanks === undefined) return over("money.paid", "nothing is open, and the policy says no thanks");
  const anchor: Anchor = { kind: "case", id: String(facts.case.episode), sequence: 0 };
  const attempts = attemptsOf(facts, THANKS_STEP, anchor);
  if (attempts.some(isSent)) return over("thanks.once", "the debtor was thanked for this");
  if (givenUp(attempts)) return over("thanks.given-up", "the thanks could not be delivered");
  if (thanks.when === "reminded" && !wasReminded(view, since))
    return over("thanks.not-reminded", "paid without a reminder");
  if (facts.holds.some((one) => one.scope !== "item" && inForce(one, view.today)))
    return over("thanks.on-hold", "no thanks while the debtor or the case is on hold");
  const lastDay = view.zones.dayAt(since, view.zone) + thanks.notAfter;
  if (view.today > lastDay) return over("thanks.too-late", `paid more than ${thanks.notAfter} days ago`);
  return speak(view, anchor, thanks.template, lastDay, facts.lastPayment.amount);
}

/** Since the last thanks, and not too long ago: a debt text went out. */
function wasReminded(view: CaseView, settledAt: number): boolean {
  const { occurrences } = view.facts;
  const thanked = occurrences.findLast((one) => one.class === "thanks" && isSent(one));
  const from = Math.max(thanked?.createdAt ?? 0, settledAt - REMINDED_DAYS_MAX * MS_PER_DAY);
  return occurrences.some(
    (one) =>
      (isDebt(one) || one.class === "promise") && isSent(one) && (one.contactAt ?? one.plannedFor) > from,
  );
}

function speak(view: CaseView, anchor: Anchor, template: string, lastDay: number, amount: bigint): Decision {
  const speaker = findSpeaker(
    view,
    {
      stepId: THANKS_STEP,
      anchor,
      class: "thanks",
      template,
      asksMoney: false,
    },
    undefined,
  );
  if ("kind" in speaker)
    return stop(view, speaker.rule, `no thanks: ${speaker.because}`, { stage: "closed" });
  const retry = afterFailure(view, THANKS_STEP, anchor);
  const timing = timeFor(view, "thanks", speaker.contact.zones, retry);
  if (timing.kind === "never" || view.zones.dayAt(timing.opening.at, view.zone) > lastDay)
    return stop(view, timing.rule, `${timing.because}; too late for thanks`, { stage: "closed" });
  const { opening } = timing;
  const message: PlannedMessage = {
    stepId: THANKS_STEP,
    stage: "closed",
    class: "thanks",
    channel: "sms",
    anchor,
    sequence: nextSequence(attemptsOf(view.facts, THANKS_STEP, anchor)),
    policyVersion: view.policy.version,
    ...speakerParts(speaker),
    receivableIds: [],
    covers: [],
    supersedes: [],
    amount,
    notBefore: opening.at,
    notAfter: opening.end,
  };
  if (opening.at > view.now)
    return wait(view, timing.rule, timing.because, { until: opening.at, message, stage: "closed" });
  return send(view, "thanks.paid", "paid in full: thanks", { message, stage: "closed" });
}
