/** What the decision tests share: a ladder, a case of it, and short words for what is done with both. */

import { expect } from "vitest";
import { decide } from "#scheduler/decide/decide.ts";
import type { Decision, PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts, ContactFact } from "#scheduler/ledger/facts.ts";
import type { Hold, PaymentPromise } from "#scheduler/ledger/types.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { afterSending, factsOf, packOf, SEEN } from "./facts.ts";
import { policyOf } from "./law.ts";

export const at = (text: string): number => Date.parse(text);
export const LADDER = `
minimum = { EUR = "5.00" }
grace = { days = 2, kind = "business" }
[[steps]]
id = "preventive"
kind = "preventive"
offset = -3
template = "utility.preventive"
[[steps]]
id = "due-day"
kind = "due-day"
offset = 0
template = "utility.due-day"
[[steps]]
id = "early"
kind = "early"
offset = 5
template = "utility.early"
notAfter = 6
[[steps]]
id = "second"
kind = "second"
offset = 14
template = "utility.second"
formal = true
payWithin = 7
[[steps]]
id = "final"
kind = "final"
offset = 30
template = "utility.final"
formal = true
`;
export const ladder = policyOf(LADDER);
// Monday; Madrid is at UTC+1 until 29 March.
export const DUE = "2026-03-02";

export function run(facts: CaseFacts, now: string, policy: ReadyPolicy = ladder): Decision {
  return decide(policy, packOf(facts), facts, at(now));
}

export function sent(facts: CaseFacts, now: string, policy: ReadyPolicy = ladder): CaseFacts {
  return afterSending(facts, messageOf(run(facts, now, policy)), at(now));
}

export function messageOf(decision: Decision): PlannedMessage {
  if (decision.kind === "stop" || decision.message === undefined)
    throw new Error(`${decision.kind} by ${decision.rule}: ${decision.because}`);
  return decision.message;
}

export function iso(decision: Decision): string | undefined {
  const until = decision.kind === "wait" || decision.kind === "hold" ? decision.until : undefined;
  return until === undefined ? undefined : new Date(until).toISOString();
}

export const open = factsOf({ items: [{ dueDate: DUE }] });
export const hold = (changes: Partial<Hold>): Hold => ({
  id: "hold_1",
  kind: "manual",
  scope: "case",
  targetId: 1,
  reason: "asked for it",
  placedBy: "key:staff",
  placedAt: SEEN,
  ...changes,
});
export const promise = (changes: Partial<PaymentPromise>): PaymentPromise => ({
  id: "prom_1",
  caseId: 1,
  amount: 2_000n,
  dueDate: "2026-03-20",
  state: "confirmed",
  madeAt: at("2026-03-10T10:00:00Z"),
  ...changes,
});
export const contact = (when: string, changes: Partial<ContactFact> = {}): ContactFact => ({
  at: at(when),
  caseId: 9,
  debtorId: 1,
  channel: "sms",
  class: "debt",
  state: "delivered",
  occurrenceId: 99,
  ...changes,
});

export interface Row {
  readonly name: string;
  readonly facts: CaseFacts;
  readonly now: string;
  readonly policy?: ReadyPolicy;
  readonly kind: Decision["kind"];
  readonly rule: string;
  readonly until?: string;
  readonly step?: string;
}

export function judge({ facts, now, policy, kind, rule, until, step }: Row): void {
  const decision = run(facts, now, policy);
  expect({ kind: decision.kind, rule: decision.rule }, decision.because).toEqual({ kind, rule });
  if (until !== undefined) expect(iso(decision)).toBe(until);
  if (step !== undefined) expect(messageOf(decision).stepId).toBe(step);
  expect(decision.explanation.at(-1)?.rule).toBe(rule);
}
