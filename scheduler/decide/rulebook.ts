/**
 * Policies, law and texts as they stand at one moment, joined: which policy and which law hold for a case,
 * what they decide, and the text that follows. It never changes; an edit makes a new one.
 */
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { LawBook, Pack } from "#scheduler/policy/law/pack.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import type { TemplateCatalogue } from "#scheduler/policy/templates/types.ts";
import { type Composed, createComposer } from "./compose.ts";
import { decide } from "./decide.ts";
import type { ForecastBrain } from "./forecast.ts";
import type { Decision, PlannedMessage } from "./types.ts";

export interface Rulebook extends ForecastBrain {
  /** Undefined when no assignment covers the creditor and segment. */
  policyFor(facts: CaseFacts): ReadyPolicy | undefined;
  packFor(facts: CaseFacts): Pack;
  compose(facts: CaseFacts, message: PlannedMessage): Composed;
}

export interface RulebookParts {
  readonly lawBook: LawBook;
  readonly catalogue: TemplateCatalogue;
  /** By external id of the creditor and by segment. */
  readonly choose: (creditor: string, segment: string) => ReadyPolicy | undefined;
}

export function createRulebook({ lawBook, catalogue, choose }: RulebookParts): Rulebook {
  const composer = createComposer();
  const policyFor = (facts: CaseFacts): ReadyPolicy | undefined =>
    choose(facts.creditor.externalId, facts.debtor.segment);
  const packFor = (facts: CaseFacts): Pack =>
    lawBook.packFor({
      jurisdictions: [facts.debtor.jurisdiction],
      role: facts.creditor.role,
      debtor: facts.debtor.kind,
    });
  return {
    policyFor,
    packFor,
    decide: (facts, now) => {
      const policy = policyFor(facts);
      return policy === undefined ? withoutPolicy(facts) : decide(policy, packFor(facts), facts, now);
    },
    compose: (facts, message: PlannedMessage): Composed => {
      const policy = policyFor(facts);
      return composer.compose(catalogue, facts, message, policy?.document.maxSegments ?? 1);
    },
  };
}

function withoutPolicy(facts: CaseFacts): Decision {
  const because = `no policy is assigned to creditor "${facts.creditor.externalId}", segment "${facts.debtor.segment}"`;
  return {
    kind: "hold",
    rule: "policy.none",
    because,
    explanation: [{ rule: "policy.none", outcome: "blocked", detail: because }],
    stage: facts.case.settledAt === undefined ? "watching" : "closed",
    effects: [{ kind: "task", task: "setup", detail: `Assign a policy: ${because}.` }],
  };
}
