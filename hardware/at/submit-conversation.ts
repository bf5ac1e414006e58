/**
 * AT+CMGS in PDU mode (3GPP TS 27.005 4.3): the command, the prompt, PDU and Ctrl-Z in one write, and
 * then nothing at all is written until the modem answers, since any character may abort the command.
 */
import type { Conversation } from "./conversation.ts";
import { afterPrefix, numberField, splitFields } from "./fields.ts";
import { type AtError, finalResult } from "./results.ts";
import type { Token } from "./tokenizer.ts";

export interface SubmitLimits {
  /** From AT+CMGS to the prompt. */
  readonly promptMs: number;
  /** From Ctrl-Z to the answer. */
  readonly answerMs: number;
  /** After that: only listening, for an answer that comes late after all. */
  readonly lateMs: number;
}

export type SubmitReply =
  /**
   * `late`: it came after the limit. The reference is absent when the modem said only OK. `ended` is
   * false when the OK that belongs to it never came.
   */
  | {
      readonly kind: "sent";
      readonly messageReference?: number;
      readonly late: boolean;
      readonly ended: boolean;
    }
  /** The modem said no; `pduWritten` tells whether the PDU had left us. */
  | { readonly kind: "refused"; readonly error: AtError; readonly pduWritten: boolean }
  /** No prompt came, and no octet of the PDU was written. */
  | { readonly kind: "no-prompt"; readonly reason: string }
  /** The PDU was written and no answer came. */
  | { readonly kind: "no-answer"; readonly reason: string };

/** With `+CMGS: 17` the network has it; a lost OK changes nothing, and is not waited for longer. */
export const OK_AFTER_REFERENCE_MS = 5_000;

export interface SubmitWire {
  /** @throws PortClosed when nothing was written */
  readonly write: (bytes: Uint8Array) => void;
  readonly timer: (ms: number, fire: () => void) => () => void;
}

type Step = "prompt" | "answer" | "late" | "ok" | "over";

/**
 * `start` writes the command; the rest goes on as tokens come, without a turn of the event loop between
 * the prompt and the PDU. `settle` is called exactly once.
 */
export function submitConversation(
  command: { readonly text: string; readonly bytes: Uint8Array },
  pdu: Uint8Array,
  limits: SubmitLimits,
  wire: SubmitWire,
  settle: (reply: SubmitReply) => void,
): Conversation & { start(): void } {
  let step: Step = "prompt";
  let late = false;
  let reference: number | undefined;
  let cancelTimer: () => void = () => undefined;

  function finish(reply: SubmitReply): void {
    if (step === "over") return;
    step = "over";
    cancelTimer();
    settle(reply);
  }

  function wait(next: Step, ms: number, expired: () => void): void {
    step = next;
    cancelTimer();
    cancelTimer = wire.timer(ms, expired);
  }

  function sent(ended: boolean): void {
    finish({
      kind: "sent",
      late,
      ended,
      ...(reference === undefined ? {} : { messageReference: reference }),
    });
  }

  function answerLimitPassed(): void {
    wait("late", limits.lateMs, () => {
      finish({ kind: "no-answer", reason: `no answer within ${limits.answerMs / 1000} s after the PDU` });
    });
    late = true;
  }

  function takePrompt(): boolean {
    if (step !== "prompt") return false;
    wait("answer", limits.answerMs, answerLimitPassed);
    try {
      wire.write(pdu);
    } catch {
      finish({ kind: "no-prompt", reason: "the port closed before the PDU was written" });
    }
    return true;
  }

  function takeLine(line: string): boolean {
    const result = finalResult(line);
    if (result?.kind === "error") {
      if (step === "ok") sent(true);
      else finish({ kind: "refused", error: result.error, pduWritten: step !== "prompt" });
      return true;
    }
    if (step === "prompt") {
      if (result !== undefined)
        finish({ kind: "no-prompt", reason: "the modem said OK in place of the prompt" });
      return result !== undefined || line === command.text;
    }
    if (result !== undefined) {
      sent(true);
      return true;
    }
    if (line.startsWith("+CMGS:")) {
      // The reference is TP-MR; what may follow is the acknowledge PDU or a time stamp (27.005 4.3).
      reference = referenceOf(line);
      wait("ok", OK_AFTER_REFERENCE_MS, () => sent(false));
      return true;
    }
    return isEcho(line, pdu);
  }

  return {
    start() {
      wait("prompt", limits.promptMs, () => {
        finish({ kind: "no-prompt", reason: `no prompt within ${limits.promptMs / 1000} s` });
      });
      try {
        wire.write(command.bytes);
      } catch {
        finish({ kind: "no-prompt", reason: "the port is closed" });
      }
    },
    take(token: Token) {
      if (token.kind === "prompt") return takePrompt();
      return token.kind === "line" && takeLine(token.text);
    },
    cut(reason) {
      if (step === "ok") sent(false);
      else if (step === "prompt") finish({ kind: "no-prompt", reason });
      else finish({ kind: "no-answer", reason });
    },
  };
}

function referenceOf(line: string): number | undefined {
  const value = numberField(splitFields(afterPrefix(line))[0]);
  return value !== undefined && value >= 0 && value <= 255 ? value : undefined;
}

/** The PDU as it comes back with echo on, with or without the Ctrl-Z. */
function isEcho(line: string, pdu: Uint8Array): boolean {
  if (line.length < pdu.length - 1 || line.length > pdu.length) return false;
  return Buffer.from(pdu).toString("latin1").startsWith(line);
}
