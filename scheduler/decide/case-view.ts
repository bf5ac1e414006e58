/** Everything a decision looks at, derived once from the facts. */
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { CaseStage, Hold } from "#scheduler/ledger/types.ts";
import type { Law, Pack } from "#scheduler/policy/law/pack.ts";
import { type ReadyPolicy, stageRank } from "#scheduler/policy/ready.ts";
import { dayNumber, type Zones } from "#shared/local-date.ts";
import { decimalText } from "#shared/money.ts";
import { type Calendar, createCalendar, type Day } from "./calendar.ts";
import { type SpokenByItem, spokenByItem } from "./spoken.ts";
import { Trail } from "./trail.ts";
import type { Decision, Effect, Hold as HoldDecision, Send, Stop, Wait } from "./types.ts";

export interface CaseView {
  readonly policy: ReadyPolicy;
  readonly pack: Pack;
  readonly facts: CaseFacts;
  readonly now: number;
  readonly zones: Zones;
  /** The most certain zone: local dates are those of its calendar. */
  readonly zone: string;
  readonly today: Day;
  readonly law: Law;
  readonly calendar: Calendar;
  readonly spoken: SpokenByItem;
  readonly trail: Trail;
}

export function viewCase(policy: ReadyPolicy, pack: Pack, facts: CaseFacts, now: number): CaseView {
  const { zones } = pack;
  const [zone] = facts.zones;
  if (zone === undefined) throw new RangeError("facts.zones is empty: a debtor is always somewhere");
  const today = zones.dayAt(now, zone);
  return {
    policy,
    pack,
    facts,
    now,
    zones,
    zone,
    today,
    law: pack.lawOn(today),
    calendar: pack.remember(policy, () => createCalendar(policy, pack)),
    spoken: spokenByItem(facts, zones, zone),
    trail: new Trail(),
  };
}

/** First instant of a day on the debtor's calendar. */
export function startOf(view: CaseView, day: Day): number {
  return view.zones.instantOn(day, 0, view.zone);
}

/** "49.00 EUR", for explanations. */
export function moneyText({ facts }: CaseView, minor: bigint): string {
  return `${decimalText(minor, facts.case.currency)} ${facts.case.currency}`;
}

/** A hold is in force through the whole of its last day. */
export function inForce(hold: Hold, today: Day): boolean {
  return hold.endedAt === undefined && (hold.until === undefined || today <= dayNumber(hold.until));
}

/** The loudest that was said of what is still open. */
export function stageOf(view: CaseView): CaseStage {
  const { facts, spoken } = view;
  if (facts.case.settledAt !== undefined || facts.receivables.length === 0) return "closed";
  let stage: CaseStage = "watching";
  const open = new Set(facts.receivables.map(({ id }) => id));
  for (const occurrence of facts.occurrences) {
    if (stageRank(occurrence.stage) <= stageRank(stage)) continue;
    const spokenOf = occurrence.covers.some(
      ({ receivableId, superseded }) =>
        superseded !== true &&
        open.has(receivableId) &&
        spoken.get(receivableId)?.some((one) => one.stepId === occurrence.stepId),
    );
    if (spokenOf) stage = occurrence.stage;
  }
  return stage;
}

type Body<K extends Decision["kind"]> = Omit<
  Extract<Decision, { kind: K }>,
  "kind" | "rule" | "because" | "explanation" | "stage" | "effects"
> & { readonly effects?: readonly Effect[]; readonly stage?: CaseStage };

function reasoned(
  view: CaseView,
  rule: string,
  because: string,
  body: { effects?: readonly Effect[]; stage?: CaseStage },
) {
  return {
    rule,
    because,
    explanation: view.trail.entries,
    stage: body.stage ?? stageOf(view),
    effects: body.effects ?? [],
  };
}

export function send(view: CaseView, rule: string, because: string, body: Body<"send">): Send {
  view.trail.applied(rule, because);
  return { kind: "send", ...body, ...reasoned(view, rule, because, body) };
}

export function wait(view: CaseView, rule: string, because: string, body: Body<"wait">): Wait {
  view.trail.blocked(rule, because);
  return { kind: "wait", ...body, ...reasoned(view, rule, because, body) };
}

export function hold(view: CaseView, rule: string, because: string, body: Body<"hold"> = {}): HoldDecision {
  view.trail.blocked(rule, because);
  return { kind: "hold", ...body, ...reasoned(view, rule, because, body) };
}

export function stop(view: CaseView, rule: string, because: string, body: Body<"stop"> = {}): Stop {
  view.trail.blocked(rule, because);
  return { kind: "stop", ...body, ...reasoned(view, rule, because, body) };
}
