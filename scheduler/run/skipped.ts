/**
 * Steps that were passed over, as rows of their own: what was never sent, and why, can be read like what
 * was. Runs inside the transaction of the decision that passes them over.
 */
import type { Superseded } from "#scheduler/decide/types.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { occurrenceKey } from "./occurrence-key.ts";
import type { Occurrences } from "./occurrences.ts";

export interface SkippedDeps {
  readonly occurrences: Occurrences;
  readonly tenant: string;
}

export function noteSkipped(
  { occurrences, tenant }: SkippedDeps,
  facts: CaseFacts,
  policyVersion: string,
  steps: readonly Superseded[],
  now: number,
): void {
  for (const { receivableId, anchor, stepId, stage, class: kind, channel, reason } of steps) {
    const sequence = facts.occurrences.filter(
      (one) =>
        one.stepId === stepId &&
        one.anchor.kind === anchor.kind &&
        one.anchor.id === anchor.id &&
        one.anchor.sequence === anchor.sequence &&
        one.state !== "planned" &&
        one.state !== "approved",
    ).length;
    const key = occurrenceKey(tenant, facts, { stepId, anchor, sequence });
    const known = occurrences.stateOfKey(key);
    // Somebody was asked about it, or said yes already: it ends here.
    if (known?.state === "planned" || known?.state === "approved")
      occurrences.move(key, { to: "skipped", at: now, reason }, now);
    if (known !== undefined) continue;
    occurrences.insert(
      facts,
      {
        key,
        policyVersion,
        stepId,
        stage,
        anchor,
        sequence,
        class: kind,
        channel,
        covers: [{ receivableId, dueDateSequence: anchor.sequence, stepId, superseded: true }],
        state: "skipped",
        reason,
        plannedFor: now,
      },
      now,
    );
  }
}
