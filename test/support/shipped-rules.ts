/** Shipped policies, law and texts as one brain: the segment says which of the policies holds. */
import { createComposer } from "#scheduler/decide/compose.ts";
import { decide } from "#scheduler/decide/decide.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { lawBook, preset } from "#test/scheduler/decide/law.ts";

const policies = ["friendly-small-business", "utility", "bank-card"].map((name) => preset(name));

export function shippedRules(): Pick<Brain, "decide" | "compose"> {
  const composer = createComposer();
  const policyOf = (facts: CaseFacts) =>
    policies[Number(facts.debtor.segment || 0) % policies.length] as (typeof policies)[number];
  return {
    decide(facts, now) {
      const { creditor, debtor } = facts;
      const scope = { jurisdictions: [debtor.jurisdiction], role: creditor.role, debtor: debtor.kind };
      return decide(policyOf(facts), lawBook.packFor(scope), facts, now);
    },
    compose(facts, message) {
      const policy = policyOf(facts);
      return composer.compose(policy.catalogue, facts, message, policy.document.maxSegments);
    },
  };
}
