/** What follows from a reply. Pure: who is asked, what is known, what to do. */
import type { AnswerKind } from "./answers.ts";
import type { Intent, Reading } from "./intent.ts";

export const GUARD_WINDOW_MS = 24 * 3_600_000;
/** Replies of one number within the window after which nothing is answered any more. */
export const REPLIES_MAX = 10;
/** The same words this often are another machine. */
export const SAME_TEXT_MAX = 2;

export interface ReplyFacts {
  readonly reading: Reading;
  /** Some debtor has this number. */
  readonly known: boolean;
  /** It said stop before, and nobody took that back. */
  readonly alreadyOut: boolean;
  /** Replies of this number within the window before this one, and those with the same words. */
  readonly recent: number;
  readonly sameText: number;
  /** Automatic answers of the kind within the window. */
  readonly helped: number;
}

export type OptChange = "out" | "in";

export interface ReplyVerdict {
  readonly opt?: OptChange;
  readonly detach: boolean;
  readonly answer?: AnswerKind;
  readonly task?: "read-reply" | "wrong-party";
  /** Two machines are talking: nothing is answered, and one task covers all of it. */
  readonly loop: boolean;
}

const OPT: Readonly<Partial<Record<Intent, OptChange>>> = { stop: "out", start: "in" };

export function judgeReply(facts: ReplyFacts): ReplyVerdict {
  const { reading } = facts;
  const loop = facts.recent >= REPLIES_MAX || facts.sameText >= SAME_TEXT_MAX;
  const opt = OPT[reading.intent];
  const answer = loop || !facts.known ? undefined : answerTo(facts);
  const task = taskFor(facts, loop);
  return {
    detach: reading.intent === "wrong-party" && facts.known,
    loop,
    ...(opt === undefined ? {} : { opt }),
    ...(answer === undefined ? {} : { answer }),
    ...(task === undefined ? {} : { task }),
  };
}

function answerTo({ reading, alreadyOut, helped }: ReplyFacts): AnswerKind | undefined {
  // 47 CFR 64.1200(a)(12): one confirmation; a second STOP is answered by silence.
  if (reading.intent === "stop") return alreadyOut ? undefined : "stop-confirmed";
  // Who said stop gets nothing more, not even help.
  if (reading.intent === "help") return alreadyOut || helped > 0 ? undefined : "help";
  return undefined;
}

/** What nothing answers is read by a person; a clear STOP or START needs none. */
function taskFor(facts: ReplyFacts, loop: boolean): ReplyVerdict["task"] {
  const { reading, known } = facts;
  if (reading.intent === "wrong-party") return known ? "wrong-party" : "read-reply";
  if (loop || reading.intent === "other" || !reading.sure) return "read-reply";
  const unanswered = !known || answerTo(facts) === undefined;
  return reading.intent === "help" && unanswered ? "read-reply" : undefined;
}
