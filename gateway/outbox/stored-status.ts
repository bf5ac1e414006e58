/**
 * What the status of a stored entry says of its attempt. Pure. A modem marks an entry when the network's
 * answer reaches it, so "sent" is proof. "Unsent" is none: it is also said by a modem that lost that answer,
 * fell silent or began anew at that moment. It lets the SIM's next reference decide (`sim-trail.ts`).
 */
import type { StoredStatus } from "#hardware/modem/types.ts";

export interface StoredFacts {
  /** Undefined when it could not be read. */
  readonly status: StoredStatus | undefined;
  /** The network has answered by now, or never will. */
  readonly answerDue: boolean;
}

export type StoredVerdict =
  | { readonly kind: "found"; readonly verdict: "sent" | "nothing"; readonly saw: string }
  /** Asked too early, or in vain. */
  | { readonly kind: "ask-again" };

export function judgeStored({ status, answerDue }: StoredFacts): StoredVerdict {
  switch (status) {
    case "sent":
      return { kind: "found", verdict: "sent", saw: "The modem has it marked as sent." };
    case "gone":
      return { kind: "found", verdict: "nothing", saw: "The modem does not have it any more." };
    case "unsent":
      return answerDue ? { kind: "found", verdict: "nothing", saw: UNSENT } : { kind: "ask-again" };
    case undefined:
      return { kind: "ask-again" };
  }
}

const UNSENT = "The modem has it marked as unsent, as it also is when the network's answer was lost.";
