/** What the debtor has heard already, read from the occurrences of the case. Counters are derived here. */
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { OccurrenceState } from "#scheduler/ledger/states.ts";
import type { Anchor, Cover, Occurrence, RowId } from "#scheduler/ledger/types.ts";
import { stageRank } from "#scheduler/policy/ready.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Day } from "./calendar.ts";

/** It left, may have left, or is about to: nobody may send it again. */
const SENT: ReadonlySet<OccurrenceState> = new Set([
  "reserved",
  "handed-over",
  "submitted",
  "unknown",
  "delivered",
]);
const FAILED: ReadonlySet<OccurrenceState> = new Set(["failed-temporary", "failed-permanent", "expired"]);
const PROPOSED: ReadonlySet<OccurrenceState> = new Set(["planned", "approved"]);

/** A step that failed so often is given up; the ladder goes on with the next one. */
export const ATTEMPTS_PER_STEP_MAX = 3;

export function isSent(occurrence: Occurrence): boolean {
  return SENT.has(occurrence.state);
}

export function isFailed(occurrence: Occurrence): boolean {
  return FAILED.has(occurrence.state);
}

/** A message that speaks of what is owed, as against thanks, confirmations and answers. */
export function isDebt(message: Pick<Occurrence, "class">): boolean {
  return message.class === "debt" || message.class === "formal";
}

/** It waits for somebody's yes, or for its hour after it. */
export function isProposed(occurrence: Occurrence): boolean {
  return PROPOSED.has(occurrence.state);
}

export interface Spoken {
  readonly day: Day;
  readonly at: number;
  readonly rank: number;
  readonly stepId: string;
  readonly formal: boolean;
  /** Of the item that was asked for. */
  readonly cover: Cover;
}

/** Sent debt messages by the receivable that they covered. */
export type SpokenByItem = ReadonlyMap<RowId, readonly Spoken[]>;

export function spokenByItem(facts: CaseFacts, zones: Zones, zone: string): SpokenByItem {
  const found = new Map<RowId, Spoken[]>();
  for (const occurrence of facts.occurrences) {
    if (!isSent(occurrence) || !isDebt(occurrence)) continue;
    const at = occurrence.contactAt ?? occurrence.submittedAt ?? occurrence.plannedFor;
    const day = zones.dayAt(at, zone);
    for (const cover of occurrence.covers) {
      const list = found.get(cover.receivableId);
      const spoken: Spoken = {
        day,
        at,
        rank: stageRank(occurrence.stage),
        stepId: occurrence.stepId,
        formal: occurrence.class === "formal",
        cover,
      };
      if (list === undefined) found.set(cover.receivableId, [spoken]);
      else list.push(spoken);
    }
  }
  return found;
}

export function sameAnchor(a: Anchor, b: Anchor): boolean {
  return a.kind === b.kind && a.id === b.id && a.sequence === b.sequence;
}

/** The occurrences of one step under one anchor, oldest first. */
export function attemptsOf(facts: CaseFacts, stepId: string, anchor: Anchor): Occurrence[] {
  return facts.occurrences.filter(
    (occurrence) => occurrence.stepId === stepId && sameAnchor(occurrence.anchor, anchor),
  );
}

/** The part of the key that counts: how many of these are over, so that each attempt has a key of its own. */
export function nextSequence(attempts: readonly Occurrence[]): number {
  return attempts.filter((one) => !isProposed(one)).length;
}

export function givenUp(attempts: readonly Occurrence[]): boolean {
  return (
    attempts.some(({ state }) => state === "skipped") ||
    attempts.filter(isFailed).length >= ATTEMPTS_PER_STEP_MAX
  );
}

export function lastFailure(attempts: readonly Occurrence[]): Occurrence | undefined {
  return attempts.findLast(isFailed);
}

export function approvalOf(attempts: readonly Occurrence[]): "approved" | "planned" | undefined {
  const open = attempts.findLast(isProposed);
  return open?.state === "approved" || open?.state === "planned" ? open.state : undefined;
}
