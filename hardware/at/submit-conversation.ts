/**
 * AT+CMGS and AT+CMGW in PDU mode (3GPP TS 27.005 4.3 and 4.4): the command, the prompt, PDU and Ctrl-Z
 * in one write; and AT+CMSS (3.5.2), which has no prompt. Then nothing at all is written until the modem
 * answers, since any character may abort the command.
 */
import { type AtCommand, commandBytes } from "./command.ts";
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
   * `late`: it came after the limit. `number` is TP-MR, or with AT+CMGW the place; absent when the modem
   * said only OK. `ended` is false when the OK that belongs to it never came.
   */
  | {
      readonly kind: "sent";
      readonly number?: number;
      readonly late: boolean;
      readonly ended: boolean;
    }
  /** The modem said no; `pduWritten` tells whether the PDU had left us. */
  | { readonly kind: "refused"; readonly error: AtError; readonly pduWritten: boolean }
  /** No prompt came, and no octet of the PDU was written. */
  | { readonly kind: "no-prompt"; readonly reason: string }
  /** The PDU, or AT+CMSS, was written and no answer came. */
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
  readonly #command: AtCommand;
  /** What follows the prompt; undefined for a command without one. */
  readonly #pdu: Uint8Array | undefined;
  readonly #limits: SubmitLimits;
  readonly #wire: SubmitWire;
  readonly #settle: (reply: SubmitReply) => void;
  #step: Step = "prompt";
  #late = false;
  #number: number | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(
    command: AtCommand,
    pdu: Uint8Array | undefined,
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
    const { promptMs, answerMs } = this.#limits;
    if (this.#pdu === undefined) {
      this.#wait("answer", answerMs, () => this.#listenOn());
    } else {
      this.#wait("prompt", promptMs, () => {
        this.#finish({ kind: "no-prompt", reason: `no prompt within ${promptMs / 1000} s` });
      });
    }
    try {
      this.#wire.write(commandBytes(this.#command));
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
    if (this.#step !== "prompt" || this.#pdu === undefined) return false;
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
    if (line.startsWith(this.#command.prefix)) {
      // After TP-MR the acknowledge PDU or a time stamp may follow (27.005 4.3).
      this.#number = numberAfterPrefix(line);
      this.#wait("ok", OK_AFTER_REFERENCE_MS, () => this.#sent(false));
      return true;
    }
    return line === this.#command.text || (this.#pdu !== undefined && isEcho(line, this.#pdu));
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
      const what = this.#pdu === undefined ? this.#command.text : "the PDU";
      this.#finish({ kind: "no-answer", reason: `no answer within ${answerMs / 1000} s after ${what}` });
    });
  }

  #sent(ended: boolean): void {
    const number = this.#number === undefined ? {} : { number: this.#number };
    this.#finish({ kind: "sent", late: this.#late, ended, ...number });
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

/** `+CMGS: 17`, `+CMGW: 3`; no modem has more places than this. */
const NUMBER_MAX = 65_535;

function numberAfterPrefix(line: string): number | undefined {
  const value = numberField(splitFields(afterPrefix(line))[0]);
  return value !== undefined && value >= 0 && value <= NUMBER_MAX ? value : undefined;
}

/** The PDU as it comes back with echo on, with or without the Ctrl-Z. */
function isEcho(line: string, pdu: Uint8Array): boolean {
  if (line.length < pdu.length - 1 || line.length > pdu.length) return false;
  return Buffer.from(pdu).toString("latin1").startsWith(line);
}
