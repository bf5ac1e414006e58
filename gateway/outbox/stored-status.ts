/** What the status of a stored entry says of its attempt. Pure. */
import type { StoredStatus } from "#hardware/modem/types.ts";
import type { Finding } from "./findings.ts";

export interface StoredFacts {
  /** Undefined when it could not be read. */
  readonly status: StoredStatus | undefined;
  /** The modem said that the network did not answer, or the like: the network may have it all the same. */
  readonly errored: boolean;
  /** The modem began anew while it had it. It marks an entry only when the network's answer reaches it. */
  readonly restarted: boolean;
  /** The network has answered by now, or never will. */
  readonly answerDue: boolean;
}

export type StoredVerdict =
  | { readonly kind: "found"; readonly verdict: Finding["verdict"]; readonly saw: string }
  /** Asked too early, or in vain. */
  | { readonly kind: "ask-again" };

export function judgeStored({ status, errored, restarted, answerDue }: StoredFacts): StoredVerdict {
  switch (status) {
    case "sent":
      return found("sent", "The modem has it marked as sent.");
    case "gone":
      return found("nothing", "The modem does not have it any more.");
    case undefined:
      return { kind: "ask-again" };
    case "unsent":
      if (errored)
        return found("nothing", "The modem has it marked as unsent, and may not have heard the network.");
      if (restarted)
        return found("nothing", "The modem has it marked as unsent, but began anew while it sent it.");
      if (!answerDue) return { kind: "ask-again" };
      return found("not-sent", "The modem has it marked as unsent.");
  }
}

function found(verdict: Finding["verdict"], saw: string): StoredVerdict {
  return { kind: "found", verdict, saw };
}
