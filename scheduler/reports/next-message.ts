/** What a case would be told as things stand now, word for word: what a person reads before saying yes. */
import type { Decision } from "#scheduler/decide/types.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Brain, Composition } from "#scheduler/run/brain.ts";
import { APPROVAL_RULE } from "#scheduler/run/operator.ts";
import { messageOf, without } from "#scheduler/run/plan.ts";

export interface NextMessage {
  readonly decision: Decision;
  /** It leaves only after somebody's yes. */
  readonly needsApproval: boolean;
  /** Absent: nothing is ready to be said. */
  readonly message?: {
    readonly stepId: string;
    readonly class: string;
    readonly amount: bigint;
    readonly currency: string;
    readonly notBefore: number;
    readonly composed: Composition;
  };
}

/** Undefined when there is no such case. */
export function nextMessage(brain: Brain, caseId: RowId, now: number): NextMessage | undefined {
  const read = brain.facts(caseId, now);
  if (read === undefined) return undefined;
  const facts = without(read, []);
  const decision = brain.decide(facts, now);
  const planned = messageOf(decision);
  const needsApproval =
    decision.kind === "hold" && planned !== undefined && APPROVAL_RULE.test(decision.rule);
  if (planned === undefined) return { decision, needsApproval };
  const { stepId, class: kind, amount, notBefore } = planned;
  const composed = brain.compose(facts, planned);
  const { currency } = facts.case;
  return { decision, needsApproval, message: { stepId, class: kind, amount, currency, notBefore, composed } };
}
