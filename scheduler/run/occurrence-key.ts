/**
 * The name of one step for one case, for ever: tenant, case, step, anchor, sequence. It is made of what
 * the source systems own and never of row numbers, which a restored backup would give out again.
 */
import { createHash } from "node:crypto";
import type { Anchor } from "#scheduler/ledger/types.ts";

/** 160 bits: two of a thousand million keys are equal with a chance below 10^-30. */
const KEY_HEX_DIGITS = 40;

export interface KeyParts {
  readonly stepId: string;
  readonly anchor: Anchor;
  readonly sequence: number;
}

export function occurrenceKey(
  tenant: string,
  facts: {
    readonly creditor: { readonly externalId: string };
    readonly debtor: { readonly externalId: string };
    readonly case: { readonly currency: string };
  },
  parts: KeyParts,
): string {
  const { creditor, debtor } = facts;
  const { stepId, anchor, sequence } = parts;
  // JSON keeps the parts apart, whatever characters they have.
  const name = JSON.stringify([
    tenant,
    [creditor.externalId, debtor.externalId, facts.case.currency],
    stepId,
    [anchor.kind, anchor.id, anchor.sequence],
    sequence,
  ]);
  return `occ_${createHash("sha256").update(name).digest("hex").slice(0, KEY_HEX_DIGITS)}`;
}
