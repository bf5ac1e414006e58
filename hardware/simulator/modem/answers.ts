/** What a command handler gives back, and how it is spelled on the wire (V.250 5.7, 27.007 9, 27.005 3.2.5). */

export interface Failure {
  readonly family: "cms" | "cme";
  readonly code: number;
}

/** `silent` writes nothing: the modem is going down. */
export type Final = "ok" | "error" | "no-carrier" | "silent" | Failure;

export interface Reply {
  /** Information lines; one may hold a header and its PDU with CR LF between them. */
  readonly lines: readonly string[];
  readonly final: Final;
  /** For faults: whom a submit was for. */
  readonly recipient?: string;
}

/** The command asks for more input and is done with it later. */
export interface Prompt {
  readonly prompt: {
    /** Body up to Ctrl-Z, which is not part of it. */
    readonly body: (text: string) => Answer;
    readonly bodyMax: number;
  };
}

/** The result comes when the network has answered; `done` is called once. */
export interface Later {
  readonly later: (done: (reply: Reply) => void) => { readonly abort: () => void };
}

export type Answer = Reply | Prompt | Later;

export const OK: Reply = { lines: [], final: "ok" };
export const ERROR: Reply = { lines: [], final: "error" };

export function info(...lines: string[]): Reply {
  return { lines, final: "ok" };
}

export function cms(code: number): Reply {
  return { lines: [], final: { family: "cms", code } };
}

export function cme(code: number): Reply {
  return { lines: [], final: { family: "cme", code } };
}

export function isReply(answer: Answer): answer is Reply {
  return "final" in answer;
}
