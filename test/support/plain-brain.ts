/**
 * The simplest policy there can be, for tests of the run loop alone: one reminder at once, one more a day
 * later, a thank-you on payment. Law and policies have tests of their own.
 */
import type { Decision, PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { readFacts } from "#scheduler/ledger/read-facts.ts";
import { createZoneCandidates } from "#scheduler/ledger/zones.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { segmentText } from "#shared/sms-text.ts";
import type { Database } from "#shared/sqlite.ts";

const DAY_MS = 86_400_000;
const STEPS = ["first", "second"] as const;
/** What became of these did not reach the debtor. */
const LOST = ["cancelled", "skipped", "expired", "failed-temporary", "failed-permanent"];

export function plainBrain(db: Database): Brain {
  const zones = createZoneCandidates();
  return {
    facts: (caseId, now) => readFacts(db, zones, [caseId], now).get(caseId),
    factsOf: (caseIds, now) => readFacts(db, zones, caseIds, now),
    decide,
    compose(facts, message) {
      const text = message.class === "thanks" ? "Thank you." : `Please pay ${facts.openTotal}.`;
      return {
        kind: "text",
        text,
        segments: segmentText(text).segments.length,
        template: `${message.templateKey}@1/en`,
      };
    },
  };
}

function decide(facts: CaseFacts, now: number): Decision {
  const done = facts.occurrences.filter(({ state }) => !LOST.includes(state));
  const point = facts.contactPoints.find(
    ({ state, optedOut }) => state !== "retired" && optedOut === undefined,
  );
  const base = { explanation: [], effects: [] };
  const stop = (rule: string): Decision => ({
    ...base,
    kind: "stop",
    rule,
    because: rule,
    stage: facts.case.settledAt === undefined ? "early" : "closed",
  });
  if (point === undefined) return stop("plain.no-number");
  if (facts.holds.length > 0)
    return { ...base, kind: "hold", rule: "plain.hold", because: "held", stage: "early" };
  const settled = facts.case.settledAt !== undefined;
  const reminded = done.some((one) => one.class === "debt" && one.contactAt !== undefined);
  const step = settled ? "thanks" : STEPS.find((id) => !done.some((one) => one.stepId === id));
  if (settled && (!reminded || done.some((one) => one.stepId === "thanks"))) return stop("plain.closed");
  if (step === undefined) return stop("plain.over");
  const last = Math.max(0, ...facts.contacts.map(({ at }) => at));
  const stage = settled ? ("closed" as const) : ("early" as const);
  const message = planned(facts, step, settled, point.id, point.number, now);
  if (!settled && last + DAY_MS > now)
    return {
      ...base,
      kind: "wait",
      rule: "plain.day",
      because: "a day",
      stage,
      until: last + DAY_MS,
      message,
    };
  return { ...base, kind: "send", rule: "plain.due", because: "due", stage, message };
}

function planned(
  facts: CaseFacts,
  stepId: string,
  settled: boolean,
  contactPointId: number,
  number: string,
  now: number,
): PlannedMessage {
  return {
    stepId,
    stage: settled ? "closed" : "early",
    class: settled ? "thanks" : "debt",
    channel: "sms",
    anchor: { kind: "case", id: String(facts.case.episode), sequence: 0 },
    sequence: facts.occurrences.filter((one) => one.stepId === stepId).length,
    policyVersion: "plain@1",
    templateKey: stepId,
    templateVersion: 1,
    language: "en",
    contactPointId,
    number,
    receivableIds: facts.receivables.map(({ id }) => id),
    covers: facts.receivables.map(({ id, dueDateSequence }) => ({
      receivableId: id,
      dueDateSequence,
      stepId,
    })),
    supersedes: [],
    amount: facts.openTotal,
    notices: [],
    notBefore: now,
    notAfter: (Math.floor(now / DAY_MS) + 1) * DAY_MS,
  };
}
