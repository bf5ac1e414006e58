/**
 * After downtime, much may be due at once. Each case then sends its latest valid step only, and the
 * fleet's capacity spreads them; but when the backlog is large or old, a person says yes first.
 */
import type { Gate } from "#scheduler/ledger/facts.ts";

export interface CatchUpSettings {
  /** Away longer than this needs a yes. */
  readonly downtimeDaysMax: number;
  /** A larger share of the open cases due at once after downtime needs a yes. */
  readonly dueShareMax: number;
}

export interface CatchUpFacts {
  /** When the scheduler last worked; undefined on the first start ever. */
  readonly aliveAt?: number;
  readonly now: number;
  readonly dueCases: number;
  readonly openCases: number;
}

/** Shorter than this is a restart, not an outage. */
export const DOWNTIME_MIN_MS = 60 * 60_000;
/** Fewer due cases than this are no storm, whatever their share. */
export const STORM_CASES_MIN = 20;

export type CatchUp =
  | { readonly kind: "go-on" }
  | { readonly kind: "ask"; readonly rule: "catch-up.approval"; readonly detail: string };

export function judgeCatchUp(facts: CatchUpFacts, settings: CatchUpSettings): CatchUp {
  if (facts.aliveAt === undefined) return { kind: "go-on" };
  const awayMs = facts.now - facts.aliveAt;
  if (awayMs < DOWNTIME_MIN_MS || facts.dueCases < STORM_CASES_MIN) return { kind: "go-on" };
  const days = awayMs / 86_400_000;
  const share = facts.openCases === 0 ? 0 : facts.dueCases / facts.openCases;
  const reasons = [
    ...(days > settings.downtimeDaysMax
      ? [`the scheduler was away for ${days.toFixed(1)} days, more than ${settings.downtimeDaysMax}`]
      : []),
    ...(share > settings.dueShareMax
      ? [`${facts.dueCases} of ${facts.openCases} open cases are due at once`]
      : []),
  ];
  if (reasons.length === 0) return { kind: "go-on" };
  return { kind: "ask", rule: "catch-up.approval", detail: reasons.join(", and ") };
}

export function catchUpGate(detail: string): Gate {
  return {
    rule: "catch-up.approval",
    detail: `An operator must approve the catch-up: ${detail}.`,
    blocks: "debt",
  };
}
