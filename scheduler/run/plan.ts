/**
 * What a decision means for a case and for what is already under way for it. Pure: it takes facts and
 * answers with a value; `case-step.ts` carries it out in the transaction that read the facts.
 */
import type { Decision, PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { RowId } from "#scheduler/ledger/types.ts";

/** An occurrence that has not left us or the gateway's queue: it may still be taken back. */
export interface UnderWay {
  readonly id: RowId;
  readonly key: string;
  readonly state: "reserved" | "handed-over";
  /** 0: the gateway cannot know it. */
  readonly attempts: number;
  readonly notAfter: number;
}

/** What to do with an occurrence under way, now that the case was decided as if it did not exist. */
export type Verdict =
  /** The decision would make the same one again. */
  | { readonly kind: "keep" }
  /** The same one, but with another text or time; the gateway cannot know the old one. */
  | { readonly kind: "replace" }
  /** The gateway must be asked first: it may hold what we are about to give up or change. */
  | { readonly kind: "ask" }
  /** Never left us: it ends here. */
  | { readonly kind: "drop"; readonly rule: string }
  /** The gateway holds it: it is to be taken back. */
  | { readonly kind: "recall"; readonly rule: string };

/** An occurrence that a decision must not see as made. */
export interface Unmade {
  readonly id: RowId;
  /** 1: it is as approved as it was before it was reserved. */
  readonly approved: 0 | 1;
}

/** The facts as they would be had these occurrences never been made: no contacts, and as approved as before. */
export function without(facts: CaseFacts, unmade: readonly Unmade[]): CaseFacts {
  if (unmade.length === 0) return facts;
  const byId = new Map(unmade.map((one) => [one.id, one]));
  const occurrences = facts.occurrences.flatMap((occurrence) => {
    const one = byId.get(occurrence.id);
    if (one === undefined) return [occurrence];
    return one.approved === 1 ? [{ ...occurrence, state: "approved" as const }] : [];
  });
  const contacts = facts.contacts.filter(({ occurrenceId }) => !byId.has(occurrenceId));
  return { ...facts, occurrences, contacts };
}

/** The message that a decision has ready, whether it may leave now, later, or after somebody's yes. */
export function messageOf(decision: Decision): PlannedMessage | undefined {
  return decision.kind === "stop" ? undefined : decision.message;
}

/**
 * @param key of the decision's message, when it has one.
 * @param sameBody whether composing it now gives the text that was composed then.
 */
export function judgeUnderWay(
  underWay: UnderWay,
  decision: Decision,
  key: string | undefined,
  sameBody: boolean,
  now: number,
): Verdict {
  const same = key === underWay.key;
  if (underWay.state === "handed-over") {
    // A hold keeps its message as a preview; what is held must not leave all the same. What only waits for
    // its hour is safe at the gateway, which has the window's end with the message.
    const wanted = same && sameBody && (decision.kind === "send" || decision.kind === "wait");
    return wanted ? { kind: "keep" } : { kind: "recall", rule: decision.rule };
  }
  if (same && sameBody && decision.kind === "send" && now < underWay.notAfter) return { kind: "keep" };
  if (underWay.attempts > 0) return { kind: "ask" };
  return same && (decision.kind === "send" || decision.kind === "wait")
    ? { kind: "replace" }
    : { kind: "drop", rule: decision.rule };
}

/** When the case must be looked at again; undefined when only a new fact can change anything. */
export function nextActionOf(decision: Decision, now: number): number | undefined {
  switch (decision.kind) {
    case "send":
      return now;
    case "wait":
      return decision.until;
    case "hold":
      return decision.until;
    case "stop":
      return undefined;
  }
}
