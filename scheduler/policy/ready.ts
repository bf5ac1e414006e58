/**
 * A policy as decisions use it: steps unfolded and ranked, amounts parsed, template versions at hand.
 * Made once for each version of the document and of the catalogue, then only read.
 */
import type { CaseStage, Channel } from "#scheduler/ledger/types.ts";
import { dayNumber, type LocalDate } from "#shared/local-date.ts";
import { parseDecimal } from "#shared/money.ts";
import { isArrears, type PolicyDocument, type StepKind } from "./document.ts";
import { type WeekHours, weekOf } from "./hours.ts";
import type { TemplateCatalogue } from "./templates/types.ts";

export interface ReadyStep {
  /** The document's id; the second and later repeats of an insistence carry their number ("insistence.2"). */
  readonly id: string;
  readonly kind: StepKind;
  readonly stage: CaseStage;
  /** Louder is higher; `second` and `insistence` are equal. */
  readonly rank: number;
  readonly arrears: boolean;
  readonly offset: number;
  readonly business: boolean;
  readonly roll: "back" | "forward";
  readonly channel: Channel;
  readonly template: string;
  readonly approval: boolean;
  readonly formal: boolean;
  /** Days after its own day; formal steps have none and never end. */
  readonly notAfter: number | undefined;
  readonly payWithin: number;
}

export interface ReadyPolicy {
  readonly name: string;
  /** `NAME@VERSION` */
  readonly version: string;
  readonly document: PolicyDocument;
  readonly steps: readonly ReadyStep[];
  /** The first step, when it is the text that tells a stranger nothing. */
  readonly firstContact: ReadyStep | undefined;
  /** The policy's own hours, inside those of the law. */
  readonly hours: WeekHours | undefined;
  /** Index of the first step after the due date; `steps.length` when there is none. */
  readonly firstArrears: number;
  /** Day since when it holds for these cases: older debts enter by the rule for old debt. */
  readonly since: number | undefined;
  readonly catalogue: TemplateCatalogue;
  /** Minor units; nothing is asked for at or below it. */
  minimum(currency: string): bigint;
}

const STAGE_OF: Readonly<Record<StepKind, CaseStage>> = {
  preventive: "preventive",
  "due-day": "due",
  early: "early",
  second: "late",
  insistence: "late",
  final: "final",
};

const STAGES: readonly CaseStage[] = [
  "watching",
  "preventive",
  "due",
  "early",
  "late",
  "final",
  "handover",
  "closed",
];

/** Courtesy texts after the due date make sense for so many days, unless the step says otherwise. */
const NOT_AFTER_DAYS = 10;

export function stageRank(stage: CaseStage): number {
  return STAGES.indexOf(stage);
}

export interface ReadyOptions {
  readonly version: number;
  /** First day on which the policy was assigned; absent: since ever. */
  readonly since?: LocalDate;
}

export function readyPolicy(
  document: PolicyDocument,
  catalogue: TemplateCatalogue,
  options: ReadyOptions = { version: 1 },
): ReadyPolicy {
  const steps = document.steps.flatMap(unfold);
  const minimums = new Map(
    Object.entries(document.minimum).map(([currency, text]) => [currency, parseDecimal(text, currency)]),
  );
  const firstArrears = steps.findIndex((step) => step.arrears);
  return {
    name: document.name,
    version: `${document.name}@${options.version}`,
    document,
    steps,
    firstContact: document.steps[0]?.firstContact === true ? steps[0] : undefined,
    hours: document.hours === undefined ? undefined : weekOf(document.hours),
    firstArrears: firstArrears < 0 ? steps.length : firstArrears,
    since: options.since === undefined ? undefined : dayNumber(options.since),
    catalogue,
    minimum: (currency) => minimums.get(currency) ?? 0n,
  };
}

/** One step for each repeat: an insistence three times a week apart is three steps. */
function unfold(step: PolicyDocument["steps"][number]): ReadyStep[] {
  const stage = STAGE_OF[step.kind];
  const { every, times } = step.repeat ?? { every: 0, times: 1 };
  return Array.from({ length: times }, (_, i) => ({
    id: i === 0 ? step.id : `${step.id}.${i + 1}`,
    kind: step.kind,
    stage,
    rank: stageRank(stage),
    arrears: isArrears(step.kind),
    offset: step.offset + i * every,
    business: step.days === "business",
    roll: step.roll ?? (isArrears(step.kind) ? "forward" : "back"),
    channel: step.channel,
    template: step.template,
    approval: step.approval,
    formal: step.formal,
    notAfter: step.formal
      ? undefined
      : (step.notAfter ?? (isArrears(step.kind) ? NOT_AFTER_DAYS : undefined)),
    payWithin: step.payWithin,
  }));
}

/** Stage of the cap in the rule for old debt. */
export function rankOfKind(kind: StepKind): number {
  return stageRank(STAGE_OF[kind]);
}
