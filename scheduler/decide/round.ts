/** One round of a case: what is due, what may be said of it, and when it may leave. */
import type { ReceivableFacts } from "#scheduler/ledger/facts.ts";
import type { Anchor } from "#scheduler/ledger/types.ts";
import { type Day, dateText } from "./calendar.ts";
import { type CaseView, hold, moneyText, send, startOf, stop, wait } from "./case-view.ts";
import { type Round, roundOf } from "./gather.ts";
import { type ItemPlan, planItem } from "./ladder.ts";
import { roundMessage } from "./message.ts";
import { introduced } from "./numbers.ts";
import { findSpeaker, refuseFeed } from "./speaker.ts";
import { approvalOf, attemptsOf, lastFailure } from "./spoken.ts";
import { type NotBefore, timeFor } from "./timing.ts";
import type { Decision, Effect, PlannedMessage, Superseded } from "./types.ts";
import { nextWake } from "./wakes.ts";

export function decideRound(view: CaseView, items: readonly ReceivableFacts[]): Decision {
  const plans = items.map((item) => planItem(view, item, view.spoken.get(item.id) ?? []));
  noteSuperseded(view, plans);
  const round = roundOf(plans);
  if (round === undefined) return waitOrEnd(view, plans, "step.not-yet", "no step has come");
  const { step, day } = round.placed;
  view.trail.passed(
    `step.${step.id}`,
    `${round.speaking.item.externalId}: "${step.id}" has been due since ${dateText(day)}`,
  );
  const minimum = view.policy.minimum(view.facts.case.currency);
  if (round.amount <= minimum) {
    const because = `the listed items sum to ${moneyText(view, round.amount)}, not above ${moneyText(view, minimum)}`;
    // Items that become late meanwhile are listed too, and may lift the sum above it.
    const late = plans.map(({ graceEnd }) => graceEnd + 1);
    return waitOrEnd(view, plans, "money.minimum", because, late);
  }
  const cool = coolDownOf(view, plans, round);
  if (cool === undefined) return speak(view, plans, round);
  const because = `a louder text went out; nothing softer before ${dateText(cool)}`;
  return waitOrEnd(view, plans, "policy.cool-down", because, [cool]);
}

function speak(view: CaseView, plans: readonly ItemPlan[], due: Round): Decision {
  const { round, to } = introduced(view, due);
  const { step, lastDay } = round.placed;
  const { anchor } = round.speaking;
  const wake = nextWake(view, plans);
  const speech = {
    stepId: step.id,
    anchor,
    class: step.formal ? "formal" : "debt",
    template: step.template,
    asksMoney: true,
    ...(to === undefined ? {} : { to }),
  } as const;
  const speaker = findSpeaker(view, speech, wake);
  if ("kind" in speaker) return speaker;
  const timing = timeFor(view, speech.class, speaker.contact.zones, afterFailure(view, step.id, anchor));
  if (timing.kind === "never" || dayOf(view, timing.opening.at) > lastDay)
    return waitOrEnd(view, plans, timing.rule, `${timing.because}; by then "${step.id}" is over`);
  const { opening } = timing;
  const message = roundMessage(view, round, speaker, opening);
  if (step.approval && !isApproved(view, message)) return askApproval(view, message, wake);
  if (opening.at > view.now)
    return wait(view, timing.rule, timing.because, {
      until: Math.min(opening.at, wake ?? opening.at),
      message,
    });
  if (step.arrears) {
    const stale = refuseFeed(view, Math.min(opening.end, wake ?? opening.end));
    if (stale !== undefined) return stale;
  }
  return send(view, `step.${step.id}`, `"${step.id}" speaks now`, { message });
}

function isApproved(view: CaseView, { stepId, anchor }: PlannedMessage): boolean {
  const approved = approvalOf(attemptsOf(view.facts, stepId, anchor)) === "approved";
  if (approved) view.trail.passed("step.approval", `"${stepId}" was approved`);
  return approved;
}

/** A person looks at this very message first; at any hour, so that it can leave in the next window. */
function askApproval(view: CaseView, message: PlannedMessage, wake: number | undefined): Decision {
  const detail = `"${message.stepId}" waits for approval`;
  return hold(view, "step.approval", detail, {
    message,
    ...(wake === undefined ? {} : { until: wake }),
    effects: [{ kind: "task", task: "approve-message", detail: `${detail}.` }],
  });
}

/** After a failed attempt the next one comes on another day. */
export function afterFailure(view: CaseView, stepId: string, anchor: Anchor): NotBefore | undefined {
  const failed = lastFailure(attemptsOf(view.facts, stepId, anchor));
  if (failed === undefined) return undefined;
  const day = dayOf(view, failed.endedAt ?? failed.contactAt ?? failed.plannedFor) + 1;
  return {
    at: startOf(view, day),
    rule: "step.retry-another-day",
    because: `the last attempt was ${failed.state}`,
  };
}

function dayOf(view: CaseView, at: number): Day {
  return view.zones.dayAt(at, view.zone);
}

const NOT_SENT: Readonly<Record<Superseded["reason"], string>> = {
  expired: "is over",
  superseded: "gives way to a later step",
  "entered-later": "lies before the day on which the debt came in",
  louder: "gives way to a louder one",
};

function noteSuperseded(view: CaseView, plans: readonly ItemPlan[]): void {
  for (const { item, superseded } of plans)
    for (const { stepId, reason } of superseded)
      view.trail.noted(`step.${reason}`, `${item.externalId}: "${stepId}" ${NOT_SENT[reason]}`);
}

/** The day until which a louder text about one of these debts keeps this one back. */
function coolDownOf(view: CaseView, plans: readonly ItemPlan[], round: Round): Day | undefined {
  const { coolDown } = view.policy.document;
  let until = view.today;
  for (const { spoken } of plans)
    for (const one of spoken)
      if (one.rank > round.placed.step.rank) until = Math.max(until, one.day + coolDown);
  if (until > view.today) return until;
  view.trail.passed("policy.cool-down", `nothing louder in the last ${coolDown} days`);
  return undefined;
}

/** Waits for whatever comes next; when nothing comes, the ladder is over. */
function waitOrEnd(
  view: CaseView,
  plans: readonly ItemPlan[],
  rule: string,
  because: string,
  more: readonly Day[] = [],
): Decision {
  const until = nextWake(view, plans, more);
  return until === undefined ? ladderOver(view, plans) : wait(view, rule, because, { until });
}

function ladderOver(view: CaseView, plans: readonly ItemPlan[]): Decision {
  const steps = plans.flatMap(({ superseded }) => superseded);
  const skipped: Effect[] =
    steps.length === 0 ? [] : [{ kind: "steps-skipped", policyVersion: view.policy.version, steps }];
  const last = Math.max(...plans.map(({ spokenDay }) => spokenDay ?? Number.NEGATIVE_INFINITY));
  const day = last + view.policy.document.handoverAfter;
  if (Number.isFinite(day) && day > view.today)
    return wait(
      view,
      "policy.handover-after",
      "every step is done; a person takes over once the time to pay is over",
      {
        until: startOf(view, day),
        effects: skipped,
      },
    );
  return stop(view, "step.none-left", "every step is done or over: a person decides", {
    stage: "handover",
    effects: [
      ...skipped,
      { kind: "task", task: "handover", detail: "The ladder is over and the debt is open." },
    ],
  });
}
