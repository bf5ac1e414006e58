/**
 * One item's place on its ladder today: which step speaks, which are over, and when the next one comes.
 * Of the steps whose day has come only the latest speaks; a formal one is never left out, it goes first
 * and moves those behind it until its own term has passed.
 */
import type { ReceivableFacts } from "#scheduler/ledger/facts.ts";
import type { Anchor } from "#scheduler/ledger/types.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { dayNumber } from "#shared/local-date.ts";
import type { Day } from "./calendar.ts";
import { type EntryFacts, type PlacedStep, place } from "./entry.ts";
import { attemptsOf, givenUp, type Spoken } from "./spoken.ts";
import type { Superseded } from "./types.ts";

export interface ItemPlan {
  readonly item: ReceivableFacts;
  readonly anchor: Anchor;
  /** Past its due date and the grace after it. */
  readonly arrears: boolean;
  readonly graceEnd: Day;
  /** The step that may speak today. */
  readonly candidate?: PlacedStep;
  /** Steps whose day has not come, in order. */
  readonly future: readonly PlacedStep[];
  /** Nothing is left to say of it. */
  readonly finished: boolean;
  readonly superseded: readonly Superseded[];
  /** Of those, the ones before the candidate: once it speaks, nothing brings them back. */
  readonly passedOver: readonly Superseded[];
  /** The loudest that was said of it, and when. */
  readonly spokenRank: number;
  readonly spokenDay: Day | undefined;
  readonly spoken: readonly Spoken[];
}

export interface LadderFacts extends EntryFacts {
  readonly today: Day;
}

export function anchorOf(item: ReceivableFacts): Anchor {
  return { kind: "receivable", id: item.externalId, sequence: item.dueDateSequence };
}

export function planItem(here: LadderFacts, item: ReceivableFacts, all: readonly Spoken[]): ItemPlan {
  const spoken = all.filter(({ cover }) => cover.dueDateSequence === item.dueDateSequence);
  const placement = place(here, item, spoken);
  const steps = afterTerms(here, afterBrokenPromise(here, item, placement.steps), spoken);
  const anchor = anchorOf(item);
  const done = steps.map((placed, i) => isDone(here, placed, i, spoken, anchor));
  const loudest = steps.findLastIndex((placed, i) => done[i] === true && !isDropped(spoken, placed));
  const entryIndex = Math.max(placement.entryIndex, branchIndex(here, item));
  const superseded: Superseded[] = [];
  const drop = (placed: PlacedStep, reason: Superseded["reason"]): void => {
    superseded.push(passedOver(item, placed, reason));
  };
  const open: PlacedStep[] = [];
  const future: PlacedStep[] = [];
  for (const [i, placed] of steps.entries()) {
    if (done[i]) continue;
    if (i < entryIndex) drop(placed, "entered-later");
    else if (i < loudest && !placed.step.formal) drop(placed, "superseded");
    else if (placed.day > here.today) future.push(placed);
    else if (here.today > placed.lastDay) drop(placed, "expired");
    else open.push(placed);
  }
  const candidate = open.find(({ step }) => step.formal) ?? open.at(-1);
  for (const placed of open) if (placed !== candidate && !placed.step.formal) drop(placed, "superseded");
  const told = spoken.filter(({ cover }) => !cover.superseded);
  return {
    item,
    anchor,
    arrears: here.today > placement.graceEnd,
    graceEnd: placement.graceEnd,
    ...(candidate === undefined ? {} : { candidate }),
    future,
    finished: candidate === undefined && future.length === 0,
    superseded,
    passedOver:
      candidate === undefined || superseded.length === 0 ? [] : beforeStep(superseded, steps, candidate),
    spokenRank: told.reduce((rank, one) => Math.max(rank, one.rank), 0),
    spokenDay: told.at(-1)?.day,
    spoken: told,
  };
}

function beforeStep(
  superseded: readonly Superseded[],
  steps: readonly PlacedStep[],
  candidate: PlacedStep,
): Superseded[] {
  const before = new Set(steps.slice(0, steps.indexOf(candidate)).map(({ step }) => step.id));
  return superseded.filter(({ stepId }) => before.has(stepId));
}

export function passedOver(
  item: ReceivableFacts,
  { step }: PlacedStep,
  reason: Superseded["reason"],
): Superseded {
  return {
    receivableId: item.id,
    anchor: anchorOf(item),
    stepId: step.id,
    stage: step.stage,
    class: step.formal ? "formal" : "debt",
    channel: step.channel,
    reason,
  };
}

/** A louder stage spoke when this step was due: it is settled, though the text did not list the item. */
function isDropped(spoken: readonly Spoken[], { step }: PlacedStep): boolean {
  return spoken.some(({ cover }) => cover.superseded === true && cover.stepId === step.id);
}

/**
 * Said of this item; or a text further up the ladder listed it; or given up. A formal step asks for more:
 * only a formal text that listed the item on or after the step's own day stands in for it.
 */
function isDone(
  { facts, policy }: LadderFacts,
  placed: PlacedStep,
  index: number,
  spoken: readonly Spoken[],
  anchor: Anchor,
): boolean {
  const { step, day } = placed;
  if (isDropped(spoken, placed)) return true;
  const said = spoken.some((one) => {
    if (one.cover.superseded === true) return false;
    if (one.cover.stepId === step.id) return true;
    const above = indexIn(policy, one, day) >= index;
    return above && (!step.formal || (one.formal && one.day >= day));
  });
  return said || givenUp(attemptsOf(facts, step.id, anchor));
}

/** Where a text stood on the ladder; for a step that the policy no longer has, by its stage, from `day` on. */
function indexIn(policy: ReadyPolicy, spoken: Spoken, day: Day): number {
  const index = policy.steps.findIndex(({ id }) => id === spoken.stepId);
  if (index >= 0) return index;
  return spoken.day < day ? -1 : policy.steps.findLastIndex(({ rank }) => rank <= spoken.rank);
}

/** A formal text named a day until when to pay; nothing else is said before that day has passed. */
function afterTerms(
  { policy, calendar }: LadderFacts,
  steps: readonly PlacedStep[],
  spoken: readonly Spoken[],
): readonly PlacedStep[] {
  let free = Number.NEGATIVE_INFINITY;
  for (const { formal, cover, stepId, day } of spoken) {
    if (!formal || cover.superseded === true) continue;
    const payWithin = policy.steps.find(({ id }) => id === stepId)?.payWithin ?? 0;
    free = Math.max(free, calendar.nextBusiness(day + payWithin) + 1);
  }
  if (free === Number.NEGATIVE_INFINITY) return steps;
  return steps.map((placed) => {
    const late = placed.day < free ? free - placed.day : 0;
    // Those that have been said keep their day, so that they stay said.
    const said = spoken.some(
      ({ stepId, day, rank }) =>
        (stepId === placed.step.id || stepId !== policy.firstContact?.id) &&
        day >= placed.day &&
        rank >= placed.step.rank,
    );
    return late === 0 || said || !placed.step.arrears
      ? placed
      : { ...placed, day: free, lastDay: placed.lastDay + late };
  });
}

/** Index of the step that a broken promise leads to, for debts that were due when it was made; else 0. */
function branchIndex({ facts, policy }: LadderFacts, item: ReceivableFacts): number {
  const { afterBroken } = policy.document.promise;
  if (afterBroken === "resume") return 0;
  const broken = facts.promises.some(({ state, dueDate }) => state === "broken" && item.dueDate < dueDate);
  return broken
    ? Math.max(
        0,
        policy.steps.findIndex(({ id }) => id === afterBroken),
      )
    : 0;
}

/** The branch speaks as soon as the promise is broken, not only on its own day. */
function afterBrokenPromise(
  here: LadderFacts,
  item: ReceivableFacts,
  steps: readonly PlacedStep[],
): readonly PlacedStep[] {
  const index = branchIndex(here, item);
  const broken = here.facts.promises.findLast(({ state }) => state === "broken");
  if (index === 0 || broken === undefined) return steps;
  const day = dayNumber(broken.dueDate) + here.policy.document.promise.grace + 1;
  return steps.map((placed, i) => {
    const early = placed.day - day;
    return i === index && early > 0 ? { ...placed, day, lastDay: placed.lastDay - early } : placed;
  });
}
