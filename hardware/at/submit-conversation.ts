/**
 * AT+CMGS in PDU mode (3GPP TS 27.005 4.3): the command, the prompt, PDU and Ctrl-Z in one write, and
 * then nothing at all is written until the modem answers, since any character may abort the command.
 */
import type { Conversation } from "./conversation.ts";
import { afterPrefix, numberField, splitFields } from "./fields.ts";
import { type AtError, type FinalResult, finalResult } from "./results.ts";
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
export class SubmitConversation implements Conversation {
  readonly #command: { readonly text: string; readonly bytes: Uint8Array };
  readonly #pdu: Uint8Array;
  readonly #limits: SubmitLimits;
  readonly #wire: SubmitWire;
  readonly #settle: (reply: SubmitReply) => void;
  #step: Step = "prompt";
  #late = false;
  #reference: number | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(
    command: { readonly text: string; readonly bytes: Uint8Array },
    pdu: Uint8Array,
    limits: SubmitLimits,
    wire: SubmitWire,
    settle: (reply: SubmitReply) => void,
  ) {
    this.#command = command;
    this.#pdu = pdu;
    this.#limits = limits;
    this.#wire = wire;
    this.#settle = settle;
  }

  start(): void {
    const { promptMs } = this.#limits;
    this.#wait("prompt", promptMs, () => {
      this.#finish({ kind: "no-prompt", reason: `no prompt within ${promptMs / 1000} s` });
    });
    try {
      this.#wire.write(this.#command.bytes);
    } catch {
      this.#finish({ kind: "no-prompt", reason: "the port is closed" });
    }
  }

  take(token: Token): boolean {
    if (token.kind === "prompt") return this.#takePrompt();
    return token.kind === "line" && this.#takeLine(token.text);
  }

  cut(reason: string): void {
    if (this.#step === "ok") this.#sent(false);
    else if (this.#step === "prompt") this.#finish({ kind: "no-prompt", reason });
    else this.#finish({ kind: "no-answer", reason });
  }

  #takePrompt(): boolean {
    if (this.#step !== "prompt") return false;
    this.#wait("answer", this.#limits.answerMs, () => this.#listenOn());
    try {
      this.#wire.write(this.#pdu);
    } catch {
      this.#finish({ kind: "no-prompt", reason: "the port closed before the PDU was written" });
    }
    return true;
  }

  #takeLine(line: string): boolean {
    const result = finalResult(line);
    if (this.#step === "prompt") return this.#takeInPlaceOfPrompt(line, result);
    if (result?.kind === "error" && this.#step !== "ok") {
      this.#finish({ kind: "refused", error: result.error, pduWritten: true });
      return true;
    }
    if (result !== undefined) {
      this.#sent(true);
      return true;
    }
    if (line.startsWith("+CMGS:")) {
      // The reference is TP-MR; what may follow is the acknowledge PDU or a time stamp (27.005 4.3).
      this.#reference = referenceOf(line);
      this.#wait("ok", OK_AFTER_REFERENCE_MS, () => this.#sent(false));
      return true;
    }
    return isEcho(line, this.#pdu);
  }

  #takeInPlaceOfPrompt(line: string, result: FinalResult | undefined): boolean {
    if (result === undefined) return line === this.#command.text;
    if (result.kind === "error") this.#finish({ kind: "refused", error: result.error, pduWritten: false });
    else this.#finish({ kind: "no-prompt", reason: "the modem said OK in place of the prompt" });
    return true;
  }

  /** The limit has passed: still nothing is written, and an answer still counts. */
  #listenOn(): void {
    const { lateMs, answerMs } = this.#limits;
    this.#late = true;
    this.#wait("late", lateMs, () => {
      this.#finish({ kind: "no-answer", reason: `no answer within ${answerMs / 1000} s after the PDU` });
    });
  }

  #sent(ended: boolean): void {
    const reference = this.#reference === undefined ? {} : { messageReference: this.#reference };
    this.#finish({ kind: "sent", late: this.#late, ended, ...reference });
  }

  #wait(next: Step, ms: number, expired: () => void): void {
    this.#step = next;
    this.#cancelTimer();
    this.#cancelTimer = this.#wire.timer(ms, expired);
  }

  #finish(reply: SubmitReply): void {
    if (this.#step === "over") return;
    this.#step = "over";
    this.#cancelTimer();
    this.#settle(reply);
  }
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
