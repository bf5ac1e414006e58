/**
 * One modem's line: one command in flight, answers to whom they belong, everything else unsolicited.
 * Deadlines are absolute; nothing a modem says by itself extends them.
 */
import type { Clock } from "#shared/clock.ts";
import {
  type AtCommand,
  basicCommand,
  commandBytes,
  ESCAPE_BYTES,
  pduBytes,
  readCommand,
  setCommand,
} from "./command.ts";
import { type AnswerShape, type Conversation, commandConversation, type Reply } from "./conversation.ts";
import { SubmitConversation, type SubmitLimits, type SubmitReply } from "./submit-conversation.ts";
import { type Token, Tokenizer } from "./tokenizer.ts";

export interface CommandOptions extends AnswerShape {
  readonly timeoutMs?: number;
  /** Says it even to a modem that does not answer any more: a reset may be heard all the same. */
  readonly evenIfMute?: boolean;
}

export interface Pdu {
  /** Upper-case, the service centre field included. */
  readonly hex: string;
  /** Octets without that field. */
  readonly tpduLength: number;
}

export interface Channel {
  /** Says one command and resolves with its answer. Never rejects for anything the modem does. */
  run(command: AtCommand, options?: CommandOptions): Promise<Reply>;
  /** Hands over one PDU to be sent (AT+CMGS). @throws AtCommandError for what is no PDU */
  submit(pdu: Pdu, limits: SubmitLimits): Promise<SubmitReply>;
  /** Hands over one PDU to be kept (AT+CMGW); `number` of the reply is its place. @throws AtCommandError */
  store(pdu: Pdu, limits: SubmitLimits): Promise<SubmitReply>;
  /** Has the PDU at this place sent (AT+CMSS). */
  sendStored(index: number, limits: SubmitLimits): Promise<SubmitReply>;
  /** ESC CR and silence: leaves a prompt, and lets the modem finish what it was saying. */
  escape(): Promise<void>;
  /** ESC CR, silence, AT until it is answered, and a proof of the step. False when it stays mute. */
  resynchronise(): Promise<boolean>;
  /** The same, but only if a command ended without its result. */
  findStep(): Promise<boolean>;
  /** Bytes from the port. */
  feed(bytes: Uint8Array): void;
  /** Ends the conversation in flight, and every later one, with this reason: the port is gone. */
  close(reason: string): void;
  /** Ends only the conversation in flight: the modem has restarted. */
  interrupt(reason: string): void;
  /** False when a command ended without its result, and the next result may be the old one. */
  readonly inStep: boolean;
  /** Commands that got no answer in time since the last one that did. */
  readonly unanswered: number;
  /** Why it was closed; undefined while it is open. */
  readonly closedBecause: string | undefined;
}

export interface ChannelDeps {
  readonly write: (bytes: Uint8Array) => void;
  readonly clock: Clock;
  readonly onUnsolicited: (token: Token) => void;
  /** A command got no answer in time. */
  readonly onUnanswered?: () => void;
}

/** For commands that only look something up in the modem. */
export const COMMAND_TIMEOUT_MS = 5_000;

/** The line is quiet when nothing came for so long. */
export const QUIET_MS = 300;
/** A modem that never stops talking (DIAG frames, floods) is not waited for longer. */
export const DRAIN_MS_MAX = 4_000;

const RESYNC_TRIES = 3;
/** Silence after AT, longer after each doubt. What a busy modem owed comes in one go, so at first a moment does. */
const RESYNC_QUIET_MS = [100, 1_000, 2_000];
const RESYNC_OPTIONS: CommandOptions = { timeoutMs: 1_000, numericResults: true };

/** Each modem that sends messages can answer these. Another one each time, or its own late answer would do. */
const STEP_QUESTIONS: readonly AtCommand[] = [
  readCommand("+CMGF"),
  readCommand("+CSCS"),
  readCommand("+CMEE"),
];

export function createChannel(deps: ChannelDeps): Channel {
  return new AtChannel(deps);
}

class AtChannel implements Channel {
  readonly #deps: ChannelDeps;
  readonly #tokenizer: Tokenizer;
  #current: Conversation | undefined;
  closedBecause: string | undefined;
  /** A command ended without its result: the next result may be the old one. */
  #outOfStep = false;
  #heardAt: number;
  unanswered = 0;

  constructor(deps: ChannelDeps) {
    this.#deps = deps;
    this.#heardAt = deps.clock.monotonic();
    this.#tokenizer = new Tokenizer((token) => this.#route(token));
  }

  get inStep(): boolean {
    return !this.#outOfStep;
  }

  feed(bytes: Uint8Array): void {
    this.#heardAt = this.#deps.clock.monotonic();
    this.#tokenizer.push(bytes);
  }

  #route(token: Token): void {
    if (this.#current?.take(token) !== true) this.#deps.onUnsolicited(token);
  }

  run(command: AtCommand, options: CommandOptions = {}): Promise<Reply> {
    // In step, which is nearly always, the command is on the wire before this returns.
    if (!this.#outOfStep || options.evenIfMute === true) return this.#exchange(command, options);
    return this.#runOutOfStep(command, options);
  }

  async #runOutOfStep(command: AtCommand, options: CommandOptions): Promise<Reply> {
    if (!(await this.findStep())) return { kind: "timeout", lines: [], records: [] };
    return this.#exchange(command, options);
  }

  #exchange(command: AtCommand, options: CommandOptions): Promise<Reply> {
    return new Promise((resolve) => {
      this.#assertFree();
      let cancelTimer: () => void = () => undefined;
      const wait = (ms: number, expired: () => void): void => {
        cancelTimer();
        cancelTimer = this.#deps.clock.timer(ms, expired);
      };
      const conversation = commandConversation(
        command,
        options,
        options.timeoutMs ?? COMMAND_TIMEOUT_MS,
        wait,
        (reply) => {
          cancelTimer();
          this.#current = undefined;
          if (reply.kind === "timeout") this.#missed();
          else if (reply.kind !== "closed") this.unanswered = 0;
          resolve(reply);
        },
      );
      this.#current = conversation;
      if (this.closedBecause === undefined) this.#write(commandBytes(command), conversation);
      else conversation.cut(this.closedBecause);
    });
  }

  async submit(pdu: Pdu, limits: SubmitLimits): Promise<SubmitReply> {
    return this.#handOver(setCommand("+CMGS", pdu.tpduLength), pduBytes(pdu.hex), limits);
  }

  async store(pdu: Pdu, limits: SubmitLimits): Promise<SubmitReply> {
    return this.#handOver(setCommand("+CMGW", pdu.tpduLength), pduBytes(pdu.hex), limits);
  }

  async sendStored(index: number, limits: SubmitLimits): Promise<SubmitReply> {
    return this.#handOver(setCommand("+CMSS", index), undefined, limits);
  }

  async #handOver(
    command: AtCommand,
    payload: Uint8Array | undefined,
    limits: SubmitLimits,
  ): Promise<SubmitReply> {
    if (this.#outOfStep && !(await this.findStep())) {
      return { kind: "no-prompt", reason: "the modem does not answer" };
    }
    if (this.closedBecause !== undefined) return { kind: "no-prompt", reason: this.closedBecause };
    const reply = await this.#converse(command, payload, limits);
    if (reply.kind === "no-prompt" || reply.kind === "no-answer") {
      this.#missed();
    } else {
      this.unanswered = 0;
      if (reply.kind === "sent" && !reply.ended) this.#outOfStep = true;
    }
    return reply;
  }

  #converse(command: AtCommand, payload: Uint8Array | undefined, limits: SubmitLimits): Promise<SubmitReply> {
    return new Promise((resolve) => {
      this.#assertFree();
      const settle = (reply: SubmitReply): void => {
        this.#current = undefined;
        resolve(reply);
      };
      const wire = { write: this.#deps.write, timer: this.#deps.clock.timer.bind(this.#deps.clock) };
      const conversation = new SubmitConversation(command, payload, limits, wire, settle);
      this.#current = conversation;
      conversation.start();
    });
  }

  async resynchronise(): Promise<boolean> {
    let lost = 0;
    let doubts = 0;
    for (let attempt = 0; attempt < RESYNC_TRIES; attempt++) {
      await this.escape();
      const heard = await this.#callOut(attempt);
      if (heard.kind === "closed") return false;
      if (heard.kind === "timeout") continue;
      await this.#quiet(RESYNC_QUIET_MS[lost + doubts]);
      const step = await this.#step(attempt);
      // A modem that says OK to every question, after ever longer silences, has no other answer.
      if (step === "lost" ? ++lost > 0 : step === "doubtful" && ++doubts < RESYNC_TRIES) continue;
      this.#outOfStep = false;
      return true;
    }
    return false;
  }

  /**
   * Whoever was silent to nothing yet is called twice: a modem that still has a message of the process
   * before us on the air says nothing until the network has answered, and then it is heard at once.
   */
  async #callOut(attempt: number): Promise<Reply> {
    const isFirst = this.unanswered === 0;
    // A modem that was told to give no results (ATQ1) answers nothing but ATQ0.
    const call = basicCommand(attempt === 0 ? "" : "Q0");
    const reply = await this.#exchange(call, RESYNC_OPTIONS);
    return isFirst && reply.kind === "timeout" ? this.#exchange(call, RESYNC_OPTIONS) : reply;
  }

  /**
   * An OK may be that of a command long given up, and then every answer would be taken for that of the
   * command after its own. So a question is asked whose answer is known by its name; a refusal will do too.
   */
  async #step(attempt: number): Promise<"proven" | "doubtful" | "lost"> {
    const question = STEP_QUESTIONS[attempt % STEP_QUESTIONS.length] as AtCommand;
    const reply = await this.#exchange(question, RESYNC_OPTIONS);
    if (reply.kind === "error") return "proven";
    if (reply.kind !== "ok") return "lost";
    return reply.lines.length > 0 ? "proven" : "doubtful";
  }

  async findStep(): Promise<boolean> {
    return !this.#outOfStep || this.closedBecause !== undefined || this.resynchronise();
  }

  async escape(): Promise<void> {
    if (this.closedBecause !== undefined) return;
    this.#assertFree();
    this.#write(ESCAPE_BYTES, undefined);
    await this.#quiet();
    this.#tokenizer.reset();
  }

  /** Resolves when nothing came for `quietMs`, or after `DRAIN_MS_MAX`. */
  async #quiet(quietMs = QUIET_MS): Promise<void> {
    const { clock } = this.#deps;
    const from = clock.monotonic();
    this.#heardAt = from;
    for (;;) {
      const waitMs = Math.min(this.#heardAt + quietMs, from + DRAIN_MS_MAX) - clock.monotonic();
      if (waitMs <= 0 || this.closedBecause !== undefined) return;
      await clock.sleep(waitMs);
    }
  }

  close(reason: string): void {
    this.closedBecause ??= reason;
    this.interrupt(reason);
  }

  interrupt(reason: string): void {
    const conversation = this.#current;
    if (conversation === undefined) return;
    this.#outOfStep = true;
    conversation.cut(reason);
  }

  #write(bytes: Uint8Array, conversation: Conversation | undefined): void {
    try {
      this.#deps.write(bytes);
    } catch (error) {
      conversation?.cut(error instanceof Error ? error.message : "the port is closed");
    }
  }

  #missed(): void {
    this.#outOfStep = true;
    this.unanswered++;
    this.#deps.onUnanswered?.();
  }

  #assertFree(): void {
    if (this.#current !== undefined) throw new Error("two commands at once on one line");
  }
}
