/** One round of a case: what is due, what may be said of it, and when it may leave. */
import type { ReceivableFacts } from "#scheduler/ledger/facts.ts";
import type { Anchor } from "#scheduler/ledger/types.ts";
import { dayNumber } from "#shared/local-date.ts";
import type { Day } from "./calendar.ts";
import { type CaseView, hold, send, startOf, stop, wait } from "./case-view.ts";
import { type Round, roundOf } from "./gather.ts";
import { type ItemPlan, planItem } from "./ladder.ts";
import { roundMessage } from "./message.ts";
import { findSpeaker } from "./speaker.ts";
import { approvalOf, attemptsOf, lastFailure } from "./spoken.ts";
import { type NotBefore, timeFor } from "./timing.ts";
import type { Decision, PlannedMessage } from "./types.ts";
import { findOpening } from "./windows.ts";

export function decideRound(view: CaseView, items: readonly ReceivableFacts[]): Decision {
  const plans = items.map((item) => planItem(view, item, view.spoken.get(item.id) ?? []));
  noteSuperseded(view, plans);
  const round = roundOf(plans);
  if (round === undefined) return decideQuiet(view, plans);
  const { step, day } = round.placed;
  view.trail.passed(
    `step.${step.id}`,
    `${round.speaking.item.externalId}: due to speak since day ${step.offset} (${day - view.today} days from today)`,
  );
  const minimum = view.policy.minimum(view.facts.case.currency);
  if (round.amount <= minimum)
    return waitForNext(
      view,
      plans,
      "money.minimum",
      `the listed items sum to ${round.amount}, not above ${minimum}`,
    );
  const cool = coolDownOf(view, plans, round);
  if (cool !== undefined)
    return waitForNext(
      view,
      plans,
      "policy.cool-down",
      `a louder text went out; nothing softer before ${cool.text}`,
      cool.day,
    );
  return speak(view, plans, round);
}

function speak(view: CaseView, plans: readonly ItemPlan[], round: Round): Decision {
  const { step, lastDay } = round.placed;
  const { anchor } = round.speaking;
  const wake = nextWake(view, plans);
  const speech = {
    stepId: step.id,
    anchor,
    class: step.formal ? "formal" : "debt",
    template: step.template,
    needsFreshPayments: step.arrears,
    asksMoney: true,
  } as const;
  const speaker = findSpeaker(view, speech, wake);
  if ("kind" in speaker) return speaker;
  const timing = timeFor(view, speech.class, speaker.contact.zones, afterFailure(view, step.id, anchor));
  if (timing.kind === "never" || dayOf(view, timing.opening.at) > lastDay)
    return waitForNext(view, plans, timing.rule, `${timing.because}; by then "${step.id}" is over`);
  const message = roundMessage(view, round, speaker, timing.opening);
  if (step.approval && !isApproved(view, message)) return askApproval(view, message, wake);
  if (timing.opening.at > view.now)
    return wait(view, timing.rule, timing.because, { until: timing.opening.at, message });
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
function afterFailure(view: CaseView, stepId: string, anchor: Anchor): NotBefore | undefined {
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
  return dayNumber(view.zones.dateAt(at, view.zone));
}

function noteSuperseded(view: CaseView, plans: readonly ItemPlan[]): void {
  for (const { item, superseded } of plans)
    for (const { stepId, reason } of superseded)
      view.trail.noted(`step.${reason}`, `${item.externalId}: "${stepId}" is not sent`);
}

/** A softer text about a debt that a louder one spoke of lately has to wait. */
function coolDownOf(
  view: CaseView,
  plans: readonly ItemPlan[],
  round: Round,
): { day: Day; text: string } | undefined {
  const { coolDown } = view.policy.document;
  let until = view.today;
  for (const { spoken } of plans)
    for (const one of spoken)
      if (one.rank > round.placed.step.rank) until = Math.max(until, one.day + coolDown);
  if (until > view.today) return { day: until, text: `${until - view.today} days have passed` };
  view.trail.passed("policy.cool-down", `nothing louder in the last ${coolDown} days`);
  return undefined;
}

/** Nothing is due: wait for the next step, or the ladder is over. */
function decideQuiet(view: CaseView, plans: readonly ItemPlan[]): Decision {
  if (plans.some(({ future }) => future.length > 0))
    return waitForNext(view, plans, "step.not-yet", "no step has come");
  return ladderOver(view, plans);
}

function ladderOver(view: CaseView, plans: readonly ItemPlan[]): Decision {
  const last = Math.max(...plans.map(({ spokenDay }) => spokenDay ?? Number.NEGATIVE_INFINITY));
  const day = last + view.policy.document.handoverAfter;
  if (day > view.today && Number.isFinite(day))
    return wait(
      view,
      "policy.handover-after",
      "every step is done; a person takes over when the time to pay has passed",
      {
        until: startOf(view, day),
      },
    );
  return stop(view, "step.none-left", "every step is done or over: a person decides", {
    stage: "handover",
    effects: [{ kind: "task", task: "handover", detail: "The ladder is over and the debt is open." }],
  });
}

/** Waits for the next step that can still be sent on its day, or for the day `also` if that is sooner. */
function waitForNext(
  view: CaseView,
  plans: readonly ItemPlan[],
  rule: string,
  because: string,
  also?: Day,
): Decision {
  const until = nextWake(view, plans, also);
  if (until !== undefined) return wait(view, rule, because, { until });
  if (plans.some(({ future }) => future.some(({ lastDay }) => lastDay === Number.POSITIVE_INFINITY)))
    return hold(
      view,
      "window.no-common-hour",
      "the debtor's zones and the contact hours have no hour in common",
    );
  return ladderOver(view, plans);
}

/** The opening of the first day to come on which a step can be sent. */
function nextWake(view: CaseView, plans: readonly ItemPlan[], also?: Day): number | undefined {
  const days = new Set(plans.flatMap(({ future }) => future.map(({ day }) => day)));
  if (also !== undefined && also > view.today) days.add(also);
  for (const day of [...days].sort((a, b) => a - b)) {
    const opening = findOpening(view.zones, view.facts.zones, view.calendar, startOf(view, day));
    if (opening === undefined) continue;
    if (day === also || reachable(view, plans, day, opening.at)) return Math.max(opening.at, view.now + 1);
  }
  return undefined;
}

/** A step whose window opens only after its last day will never be sent. */
function reachable(view: CaseView, plans: readonly ItemPlan[], day: Day, at: number): boolean {
  const opensOn = dayOf(view, at);
  return plans.some(({ future }) => future.some((placed) => placed.day === day && placed.lastDay >= opensOn));
}
