/** What the run loop asks of the other rooms: facts, decisions and texts. `main.ts` puts them together. */
import type { Decision, PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Checkpoint as CheckpointOf } from "#shared/checkpoint.ts";

export interface Brain {
  /** One consistent snapshot, read in the transaction that is open; undefined when there is no such case. */
  facts(caseId: RowId, now: number): CaseFacts | undefined;
  /** Many cases as of one moment, at a fraction of the cost; those that do not exist are left out. */
  factsOf(caseIds: readonly RowId[], now: number): ReadonlyMap<RowId, CaseFacts>;
  /** Pure. */
  decide(facts: CaseFacts, now: number): Decision;
  /** Pure: the text of a planned message. */
  compose(facts: CaseFacts, message: PlannedMessage): Composition;
}

export type Composition =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly segments: number;
      /** `KEY@VERSION/LANGUAGE` */
      readonly template: string;
    }
  /** The text cannot be made: a part is missing, or it is too long. */
  | { readonly kind: "blocked"; readonly rule: string; readonly detail: string };

/**
 * Named places between two effects. A test throws here to end a scheduler as a kill would; in
 * production nothing happens.
 */
export type Checkpoint = CheckpointOf<CheckpointName>;

export const CHECKPOINTS = [
  "before-reserve",
  "after-reserve",
  "before-post",
  "after-post",
  "after-confirm",
  "before-ask",
  "after-ask",
  "before-recall",
  "after-recall",
  "after-recall-stored",
  "before-receipt",
  "after-receipt-fetched",
  "after-receipt-stored",
  "before-reply",
  "after-reply-stored",
] as const;

export type CheckpointName = (typeof CHECKPOINTS)[number];

export const noCheckpoint: Checkpoint = () => {};
