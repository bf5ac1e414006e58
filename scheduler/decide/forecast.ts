/**
 * What will leave in the next days if nothing else happens: the same decisions, taken one after the other
 * on facts that carry what was sent before. It is equal to what then happens because it is the same code.
 */
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { CaseStage, MessageClass, Occurrence, RowId } from "#scheduler/ledger/types.ts";
import type { LocalDate, Zones } from "#shared/local-date.ts";
import { attemptsOf, isProposed } from "./spoken.ts";
import type { Decision, PlannedMessage } from "./types.ts";

const MS_PER_DAY = 86_400_000;
/** Decisions for one case: many times what the longest ladder needs. */
const DECISIONS_BASE_MAX = 100;
const DECISIONS_PER_DAY_MAX = 8;
export const FORECAST_DAYS_MAX = 366;

/** `decide` and `compose` with policy, law and catalogue already chosen for a case. */
export interface ForecastBrain {
  decide(facts: CaseFacts, now: number): Decision;
  compose(facts: CaseFacts, message: PlannedMessage): ForecastText;
}

/** As much of a composed text as a forecast needs. */
export type ForecastText =
  | { readonly kind: "text"; readonly segments: number; readonly template: string }
  | { readonly kind: "blocked"; readonly rule: string; readonly detail: string };

export interface ForecastOptions {
  readonly days: number;
  /** `kept-fresh`: payment files go on arriving (default). `as-they-are`: they grow stale from now on. */
  readonly feeds?: "kept-fresh" | "as-they-are";
  /** `given`: what needs approval gets it at once (default). `awaited`: the forecast ends there. */
  readonly approvals?: "given" | "awaited";
  /** Price of one segment in millionths of a currency unit. */
  readonly segmentPriceMicro?: number;
}

export interface ForecastEntry {
  readonly caseId: RowId;
  readonly at: number;
  /** On the debtor's calendar. */
  readonly date: LocalDate;
  readonly stepId: string;
  readonly stage: CaseStage;
  readonly class: MessageClass;
  readonly amount: bigint;
  readonly receivableIds: readonly RowId[];
  readonly template: string;
  readonly segments: number;
  readonly costMicro: number;
  readonly needsApproval: boolean;
}

export interface CaseForecast {
  readonly caseId: RowId;
  readonly entries: readonly ForecastEntry[];
  /** How the case stands at the end: it goes on waiting, it is held, or its ladder is over. */
  readonly end: { readonly kind: Decision["kind"] | "blocked"; readonly rule: string; readonly at: number };
}

export function forecastCase(
  brain: ForecastBrain,
  zones: Zones,
  facts: CaseFacts,
  now: number,
  options: ForecastOptions,
): CaseForecast {
  if (!(options.days >= 1 && options.days <= FORECAST_DAYS_MAX))
    throw new RangeError(`a forecast looks 1 to ${FORECAST_DAYS_MAX} days ahead, not ${options.days}`);
  const horizon = now + options.days * MS_PER_DAY;
  const entries: ForecastEntry[] = [];
  let ahead: CaseFacts = { ...facts, gates: [] };
  let at = now;
  let end: CaseForecast["end"] = { kind: "wait", rule: "forecast.horizon", at: horizon };
  for (
    let left = DECISIONS_BASE_MAX + options.days * DECISIONS_PER_DAY_MAX;
    left > 0 && at < horizon;
    left--
  ) {
    const seen = options.feeds === "as-they-are" ? ahead : withFreshFeeds(ahead, at);
    const decision = brain.decide(seen, at);
    end = { kind: decision.kind, rule: decision.rule, at };
    const asked = askedFor(decision, options);
    if (asked !== undefined) {
      ahead = afterApproval(ahead, asked, at);
      continue;
    }
    if (decision.kind === "send" && decision.message.notBefore < horizon) {
      const { message } = decision;
      const composed = brain.compose(seen, message);
      at = message.notBefore;
      if (composed.kind === "blocked") {
        end = { kind: "blocked", rule: composed.rule, at };
        at = message.notAfter;
        continue;
      }
      entries.push(entryOf(zones, facts, message, composed, wasApproved(decision), options));
      ahead = afterSending(ahead, message, at);
      continue;
    }
    const next = decision.kind === "wait" || decision.kind === "hold" ? decision.until : undefined;
    ahead = afterEffects(ahead, decision);
    if (next === undefined) break;
    at = next;
  }
  return { caseId: facts.case.id, entries, end };
}

/** The message that a person is asked to approve, where the forecast takes it that they do. */
function askedFor(decision: Decision, options: ForecastOptions): PlannedMessage | undefined {
  const asks = decision.kind === "hold" && decision.rule === "step.approval";
  return asks && options.approvals !== "awaited" ? decision.message : undefined;
}

function wasApproved({ explanation }: Decision): boolean {
  return explanation.some(({ rule, outcome }) => rule === "step.approval" && outcome === "passed");
}

function withFreshFeeds(facts: CaseFacts, at: number): CaseFacts {
  if (facts.feeds.every(({ asOf }) => asOf >= at)) return facts;
  return { ...facts, feeds: facts.feeds.map((feed) => ({ ...feed, asOf: Math.max(feed.asOf, at) })) };
}

function entryOf(
  zones: Zones,
  facts: CaseFacts,
  message: PlannedMessage,
  composed: Extract<ForecastText, { kind: "text" }>,
  needsApproval: boolean,
  options: ForecastOptions,
): ForecastEntry {
  const zone = facts.zones[0] ?? facts.creditor.timeZone;
  return {
    caseId: facts.case.id,
    at: message.notBefore,
    date: zones.dateAt(message.notBefore, zone),
    stepId: message.stepId,
    stage: message.stage,
    class: message.class,
    amount: message.amount,
    receivableIds: message.receivableIds,
    template: composed.template,
    segments: composed.segments,
    costMicro: composed.segments * (options.segmentPriceMicro ?? 0),
    needsApproval,
  };
}

/** What is approved waits for its hour like all else: by then more may be late, and the text lists more. */
function afterApproval(facts: CaseFacts, message: PlannedMessage, at: number): CaseFacts {
  return { ...facts, occurrences: [...facts.occurrences, occurrenceOf(facts, message, at, "approved")] };
}

/** The facts as they will be once the message has left: one occurrence and one contact more. */
export function afterSending(facts: CaseFacts, message: PlannedMessage, at: number): CaseFacts {
  const occurrence = { ...occurrenceOf(facts, message, at, "delivered"), contactAt: at };
  const contact = {
    at,
    caseId: facts.case.id,
    debtorId: facts.debtor.id,
    channel: message.channel,
    class: message.class,
    state: occurrence.state,
    occurrenceId: occurrence.id,
  };
  const proposals = new Set(attemptsOf(facts, message.stepId, message.anchor).filter(isProposed));
  return {
    ...facts,
    occurrences: [...facts.occurrences.filter((one) => !proposals.has(one)), occurrence],
    contacts: [...facts.contacts, contact],
  };
}

function occurrenceOf(
  facts: CaseFacts,
  message: PlannedMessage,
  at: number,
  state: Occurrence["state"],
): Occurrence {
  // Rows of a forecast count down from -1, so that they meet no row of the database.
  const id = Math.min(0, ...facts.occurrences.map((one) => one.id)) - 1;
  return {
    id,
    key: `forecast ${id}`,
    caseId: facts.case.id,
    debtorId: facts.debtor.id,
    policyVersion: message.policyVersion,
    stepId: message.stepId,
    stage: message.stage,
    anchor: message.anchor,
    sequence: message.sequence,
    class: message.class,
    channel: message.channel,
    contactPointId: message.contactPointId,
    number: message.number,
    receivableIds: message.receivableIds,
    covers: message.covers,
    state,
    plannedFor: at,
    createdAt: at,
  };
}

/** A promise that the forecast sees broken is broken from then on. */
function afterEffects(facts: CaseFacts, decision: Decision): CaseFacts {
  const broken = new Set(
    decision.effects.flatMap((effect) => (effect.kind === "promise-broken" ? [effect.promiseId] : [])),
  );
  if (broken.size === 0) return facts;
  return {
    ...facts,
    promises: facts.promises.map((promise) =>
      broken.has(promise.id) ? { ...promise, state: "broken" as const } : promise,
    ),
  };
}
