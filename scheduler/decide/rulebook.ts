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
  /** Whether the holidays of a jurisdiction were looked for; true everywhere when absent. */
  readonly holidaysRead?: (jurisdiction: string) => boolean;
}

export function createRulebook({
  lawBook,
  catalogue,
  choose,
  holidaysRead = () => true,
}: RulebookParts): Rulebook {
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
      if (policy === undefined) return withoutPolicy(facts);
      if (!holidaysRead(facts.debtor.jurisdiction)) return withoutHolidays(facts);
      return decide(policy, packFor(facts), facts, now);
    },
    compose: (facts, message: PlannedMessage): Composed => {
      const policy = policyFor(facts);
      return composer.compose(catalogue, facts, message, policy?.document.maxSegments ?? 1);
    },
  };
}

function withoutPolicy(facts: CaseFacts): Decision {
  const because = `no policy is assigned to creditor "${facts.creditor.externalId}", segment "${facts.debtor.segment}"`;
  const task = { kind: "task", task: "setup", detail: `Assign a policy: ${because}.` } as const;
  return { ...held(facts, "policy.none", because), effects: [task] };
}

/** The first debtor of a region: its holidays are put on file within a minute, and then it is decided. */
function withoutHolidays(facts: CaseFacts): Decision {
  const because = `the holidays of ${facts.debtor.jurisdiction} are not on file yet`;
  return held(facts, "holidays.unread", because);
}

function held(facts: CaseFacts, rule: string, because: string): Decision {
  return {
    kind: "hold",
    rule,
    because,
    explanation: [{ rule, outcome: "blocked", detail: because }],
    stage: facts.case.settledAt === undefined ? "watching" : "closed",
    effects: [],
  };
}
