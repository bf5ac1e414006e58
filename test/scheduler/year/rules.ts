/**
 * The rules of the year: four shipped policies, and a pushy one without hours and caps of its own, so that
 * the law alone holds it back. The segment of a debtor names the policy.
 */
import { createComposer } from "#scheduler/decide/compose.ts";
import { decide } from "#scheduler/decide/decide.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { type ReadyPolicy, readyPolicy } from "#scheduler/policy/ready.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { lawBook, policyOf, preset } from "#test/scheduler/decide/law.ts";

const PUSHY = `
minimum = { EUR = "10.00", USD = "10.00" }
grace = { days = 1, kind = "calendar" }
minimumInterval = 1
coolDown = 7
handoverAfter = 5
paymentFeedMaxAge = 30
thanks = { template = "utility.thanks", notAfter = 3 }

[[steps]]
id = "preventive"
kind = "preventive"
offset = -2
template = "utility.preventive"

[[steps]]
id = "early"
kind = "early"
offset = 2
template = "utility.early"
notAfter = 7

[[steps]]
id = "insistence"
kind = "insistence"
offset = 4
template = "utility.insistence"
notAfter = 5
repeat = { every = 2, times = 6 }

[[steps]]
id = "more"
kind = "insistence"
offset = 15
template = "utility.insistence"
notAfter = 5
repeat = { every = 2, times = 6 }
`;

const PUSHY_LANGUAGES = ["en", "es", "de", "fr", "pt"];

export interface YearRules extends Pick<Brain, "decide" | "compose"> {
  /** Puts these versions of all policies in force; 0 is how they begin. */
  edit(version: number): void;
}

/** By version: so many days later for every step after the due date. */
const LATER_DAYS = [0, 3, 1, -1, 2];

/** Every second edit takes the insistence away, and the next one brings it back. */
function edited(policy: ReadyPolicy, version: number): ReadyPolicy {
  const days = LATER_DAYS[version % LATER_DAYS.length] ?? 0;
  const steps = policy.document.steps
    .filter(({ kind }) => version % 2 === 0 || kind !== "insistence")
    .map((step) => ({ ...step, offset: step.offset > 0 ? Math.max(1, step.offset + days) : step.offset }));
  return readyPolicy({ ...policy.document, steps }, policy.catalogue, { version: version + 1 });
}

export function yearRules(): YearRules {
  const pushy = policyOf(PUSHY, PUSHY_LANGUAGES);
  const shipped = ["friendly-small-business", "utility", "bank-card"].map((name) => preset(name));
  const first = [...shipped, pushy, preset("collection-agency")];
  let policies: readonly ReadyPolicy[] = first;
  const policyFor = ({ debtor }: CaseFacts): ReadyPolicy => policies[Number(debtor.segment)] as ReadyPolicy;
  const composer = createComposer();
  return {
    edit(version) {
      policies = version === 0 ? first : first.map((policy) => edited(policy, version));
    },
    decide(facts, now) {
      const { creditor, debtor } = facts;
      const scope = { jurisdictions: [debtor.jurisdiction], role: creditor.role, debtor: debtor.kind };
      return decide(policyFor(facts), lawBook.packFor(scope), facts, now);
    },
    compose(facts, message) {
      const policy = policyFor(facts);
      return composer.compose(policy.catalogue, facts, message, policy.document.maxSegments);
    },
  };
}
