/**
 * A promise to pay: while it is open only its own texts may leave, the day before and on the morning; when
 * its date and the grace have passed unpaid it is broken, once, and the ladder goes on where the policy says.
 */
import { PROMISE_OPEN } from "#scheduler/ledger/states.ts";
import type { Anchor, PaymentPromise } from "#scheduler/ledger/types.ts";
import { dayNumber } from "#shared/local-date.ts";
import type { Day } from "./calendar.ts";
import { type CaseView, hold, moneyText, send, startOf, wait } from "./case-view.ts";
import { speakerParts } from "./message.ts";
import { findSpeaker } from "./speaker.ts";
import { attemptsOf } from "./spoken.ts";
import { timeFor } from "./timing.ts";
import type { Decision, PlannedMessage } from "./types.ts";

interface PromiseStep {
  readonly id: "promise-day-before" | "promise-morning";
  readonly day: Day;
  readonly template: string;
  /** Minute of the wall clock before which it must leave. */
  readonly before: number;
}

const NOON = 12 * 60;
const MIDNIGHT = 24 * 60;

/** Undefined when no promise is open. */
export function decidePromise(view: CaseView): Decision | undefined {
  const promise = view.facts.promises.findLast(({ state }) => PROMISE_OPEN.includes(state));
  if (promise === undefined) {
    view.trail.passed("promise.none", "no open promise");
    return undefined;
  }
  const date = dayNumber(promise.dueDate);
  const end = date + view.policy.document.promise.grace;
  if (view.today > end) {
    const detail = `${moneyText(view, promise.amount)} was promised for ${promise.dueDate} and did not come`;
    return hold(view, "promise.broken", detail, {
      until: view.now + 1,
      effects: [
        { kind: "promise-broken", promiseId: promise.id },
        { kind: "task", task: "promise-broken", detail: `${detail}.` },
      ],
    });
  }
  view.trail.applied("promise.open", `promised for ${promise.dueDate}: ordinary steps rest`);
  const anchor: Anchor = { kind: "promise", id: promise.id, sequence: 0 };
  const steps = stepsOf(view, promise, date).filter(
    ({ id }) => attemptsOf(view.facts, id, anchor).length === 0,
  );
  const today = steps.find(({ day }) => day === view.today);
  const spoken = today === undefined ? undefined : speak(view, promise, anchor, today);
  return spoken ?? waitFor(view, steps, end);
}

function stepsOf(view: CaseView, promise: PaymentPromise, date: Day): PromiseStep[] {
  const { dayBefore, morning } = view.policy.document.promise;
  const made = view.zones.dayAt(promise.madeAt, view.zone);
  const steps: PromiseStep[] = [];
  if (dayBefore !== undefined)
    steps.push({ id: "promise-day-before", day: date - 1, template: dayBefore, before: MIDNIGHT });
  if (morning !== undefined)
    steps.push({ id: "promise-morning", day: date, template: morning, before: NOON });
  // Whoever promised today needs no reminder today.
  return steps.filter(({ day }) => day > made);
}

/** Undefined when this text cannot leave on its day any more. */
function speak(
  view: CaseView,
  promise: PaymentPromise,
  anchor: Anchor,
  step: PromiseStep,
): Decision | undefined {
  const speech = {
    stepId: step.id,
    anchor,
    class: "promise",
    template: step.template,
    asksMoney: true,
  } as const;
  const speaker = findSpeaker(view, speech, startOf(view, step.day + 1));
  if ("kind" in speaker) return speaker;
  const timing = timeFor(view, "promise", speaker.contact.zones, undefined);
  const late = timing.kind === "never" || isLate(view, step, timing.opening.at);
  if (late) {
    view.trail.blocked(timing.rule, `${timing.because}; by then "${step.id}" is over`);
    return undefined;
  }
  const { opening } = timing;
  const message: PlannedMessage = {
    stepId: step.id,
    stage: "early",
    class: "promise",
    channel: "sms",
    anchor,
    sequence: 0,
    policyVersion: view.policy.version,
    ...speakerParts(speaker),
    receivableIds: [],
    covers: [],
    supersedes: [],
    amount: promise.amount,
    finalDate: promise.dueDate,
    notBefore: opening.at,
    notAfter: opening.end,
  };
  if (opening.at > view.now) return wait(view, timing.rule, timing.because, { until: opening.at, message });
  return send(view, `promise.${step.id}`, `a reminder of the promise for ${promise.dueDate}`, { message });
}

function isLate({ zones, zone }: CaseView, step: PromiseStep, at: number): boolean {
  return zones.dayAt(at, zone) > step.day || zones.minuteAt(at, zone) >= step.before;
}

function waitFor(view: CaseView, steps: readonly PromiseStep[], end: Day): Decision {
  const next = steps.find(({ day }) => day > view.today)?.day;
  const until = startOf(view, Math.min(next ?? end + 1, end + 1));
  return wait(view, "promise.open", "a promise is open: nothing but its own texts", { until });
}
