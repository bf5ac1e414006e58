/**
 * What is being said to the modem right now. A conversation sees every token until it is over; what it
 * does not take is unsolicited. It writes nothing but its own command.
 */
import type { AtCommand } from "./command.ts";
import { type AtError, finalResult } from "./results.ts";
import type { Token } from "./tokenizer.ts";
import { looksUnsolicited } from "./unsolicited.ts";

export interface Conversation {
  /** True when the token belonged to it. */
  take(token: Token): boolean;
  /** The line is lost, or somebody ended it; it must settle at once. */
  cut(reason: string): void;
}

export interface DataRecord {
  readonly header: string;
  readonly data: string;
}

interface Answer {
  readonly lines: readonly string[];
  readonly records: readonly DataRecord[];
}

export type Reply =
  | ({ readonly kind: "ok" } & Answer)
  | ({ readonly kind: "error"; readonly error: AtError } & Answer)
  /** No result in time. The modem may still answer; the channel finds the step again before it goes on. */
  | ({ readonly kind: "timeout" } & Answer)
  | ({ readonly kind: "closed"; readonly reason: string } & Answer);

export interface AnswerShape {
  /** Other beginnings of its lines than the command's own (`+ICCID:` answers AT+CICCID). */
  readonly prefixes?: readonly string[];
  /** The answer is a line without a prefix, as for AT+CGMM. */
  readonly bare?: boolean;
  /** Tells an answer from an unsolicited line with the same prefix (`+CREG:`). */
  readonly isAnswer?: (line: string) => boolean;
  /** Takes `0` and `4` as results: before ATV1. */
  readonly numericResults?: boolean;
  /** Some modems end AT+CPIN? without OK: after a line that this accepts, OK is waited for only shortly. */
  readonly endsAt?: (line: string) => boolean;
}

/** How long OK may take after a line that is the whole answer. */
export const OK_AFTER_ANSWER_MS = 1_000;

/** An answer has at most so many lines and records; a listing of a whole ME storage has 255. */
export const ANSWER_LINES_MAX = 600;

/**
 * Collects the answer of one command. `settle` is called exactly once; `wait` sets the one timer there
 * is, and takes back the one before.
 */
export function commandConversation(
  command: AtCommand,
  shape: AnswerShape,
  timeoutMs: number,
  wait: (ms: number, expired: () => void) => void,
  settle: (reply: Reply) => void,
): Conversation {
  const lines: string[] = [];
  const records: DataRecord[] = [];
  const prefixes = [command.prefix, ...(shape.prefixes ?? [])].filter((prefix) => prefix !== "");

  const hasOwnPrefix = (line: string): boolean => prefixes.some((prefix) => line.startsWith(prefix));

  function takeLine(line: string): boolean {
    const result = finalResult(line, shape.numericResults);
    if (result !== undefined) {
      settle({ ...result, lines, records });
      return true;
    }
    // An echo, while ATE0 is not in force.
    if (line === command.text) return true;
    const own = hasOwnPrefix(line)
      ? (shape.isAnswer?.(line) ?? true)
      : shape.bare === true && !looksUnsolicited(line);
    if (!own) return false;
    if (lines.length < ANSWER_LINES_MAX) lines.push(line);
    if (shape.endsAt?.(line) === true) wait(OK_AFTER_ANSWER_MS, () => settle({ kind: "ok", lines, records }));
    return true;
  }

  wait(timeoutMs, () => settle({ kind: "timeout", lines, records }));

  return {
    take(token) {
      switch (token.kind) {
        case "line":
          return takeLine(token.text);
        case "record":
          if (!hasOwnPrefix(token.header)) return false;
          if (records.length < ANSWER_LINES_MAX) records.push(token);
          return true;
        case "prompt":
        case "overlong":
          return false;
      }
    },
    cut: (reason) => settle({ kind: "closed", reason, lines, records }),
  };
}
