/** Where a debt stands on the ladder's days, and where one that was old when we first heard of it comes in. */
import type { CaseFacts, ReceivableFacts } from "#scheduler/ledger/facts.ts";
import { type ReadyPolicy, type ReadyStep, rankOfKind } from "#scheduler/policy/ready.ts";
import { dayNumber, type Zones } from "#shared/local-date.ts";
import type { Calendar, Day } from "./calendar.ts";
import type { Spoken } from "./spoken.ts";

export interface PlacedStep {
  readonly step: ReadyStep;
  /** The day on which it is due to speak. */
  readonly day: Day;
  /** The last day on which it still makes sense. */
  readonly lastDay: Day;
}

export interface Placement {
  readonly steps: readonly PlacedStep[];
  /** Steps before this index are left out: the debt entered later than them. */
  readonly entryIndex: number;
  /** The last day on which a late payment is still on its way through the banks. */
  readonly graceEnd: Day;
}

/** Days that a step may move back to find an open one. */
const ROLL_DAYS_MAX = 10;
const NEVER = Number.POSITIVE_INFINITY;

export interface EntryFacts {
  readonly facts: CaseFacts;
  readonly policy: ReadyPolicy;
  readonly calendar: Calendar;
  readonly zones: Zones;
  readonly zone: string;
}

export function place(here: EntryFacts, item: ReceivableFacts, spoken: readonly Spoken[]): Placement {
  const due = dayNumber(item.dueDate);
  const { graceEnd, byDueDate } = here.calendar.ofDueDate(due, () => ladderOf(here, due));
  const entry = entryDayOf(here, item, spoken);
  const { index, shift } = entryOf(here.policy, byDueDate, entry);
  if (shift === 0) return { steps: byDueDate, entryIndex: index, graceEnd };
  const steps = byDueDate.map((placed, i) =>
    i < index ? placed : { ...placed, day: placed.day + shift, lastDay: placed.lastDay + shift },
  );
  return { steps, entryIndex: index, graceEnd };
}

/** The ladder of every item of that due date, before it is known when the item came. */
function ladderOf(here: EntryFacts, due: Day): { graceEnd: Day; byDueDate: readonly PlacedStep[] } {
  const graceEnd = graceEndOf(here, due);
  const byDueDate = here.policy.steps.map((step) => placeByDueDate(here.calendar, step, due, graceEnd));
  return { graceEnd, byDueDate };
}

/** Value dating: a payment ordered on the due date arrives some bank days later. */
function graceEndOf({ policy, calendar }: EntryFacts, due: Day): Day {
  const { days, kind } = policy.document.grace;
  return kind === "calendar" ? due + days : calendar.shiftBusiness(calendar.nextBusiness(due), days);
}

function placeByDueDate(calendar: Calendar, step: ReadyStep, due: Day, graceEnd: Day): PlacedStep {
  const planned = step.business ? calendar.shiftBusiness(due, step.offset) : due + step.offset;
  if (step.arrears) {
    const day = Math.max(planned, graceEnd + 1);
    return { step, day, lastDay: step.notAfter === undefined ? NEVER : day + step.notAfter };
  }
  // A text about what will be due dies at the due date, whatever happened in between.
  const end = step.kind === "due-day" ? due : due - 1;
  const lastDay = step.notAfter === undefined ? end : Math.min(end, planned + step.notAfter);
  return { step, day: step.roll === "back" ? rollBack(calendar, planned) : planned, lastDay };
}

/** The latest day up to `day` that has contact hours; the day itself when none is near. */
function rollBack(calendar: Calendar, day: Day): Day {
  for (let back = 0; back <= ROLL_DAYS_MAX; back++)
    if (calendar.hours(day - back).spans.length > 0) return day - back;
  return day;
}

/**
 * When the ladder began for this item: when the ledger first saw it, or when the policy was assigned, if
 * nothing had been said of the item before.
 */
function entryDayOf(here: EntryFacts, item: ReceivableFacts, spoken: readonly Spoken[]): Day {
  const seen = here.zones.dayAt(item.firstSeenAt, here.zone);
  const { since } = here.policy;
  if (since === undefined || since <= seen || spoken.some(({ day }) => day < since)) return seen;
  return since;
}

/** Which step an old debt begins with, and by how many days the ladder moves so that it begins at the entry. */
function entryOf(
  policy: ReadyPolicy,
  steps: readonly PlacedStep[],
  entry: Day,
): { index: number; shift: number } {
  const first = policy.firstArrears;
  const opening = steps[first];
  if (opening === undefined || entry <= opening.day) return { index: 0, shift: 0 };
  const index = entryIndexOf(policy, steps, entry, first);
  return { index, shift: entry - (steps[index]?.day ?? entry) };
}

function entryIndexOf(policy: ReadyPolicy, steps: readonly PlacedStep[], entry: Day, first: number): number {
  const { entry: rule, cap } = policy.document.oldDebt;
  if (rule === "first") return first;
  const highest = rule === "by-age" ? NEVER : rankOfKind(cap);
  return Math.max(
    first,
    steps.findLastIndex(({ step, day }) => day <= entry && step.rank <= highest),
  );
}
