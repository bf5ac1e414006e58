/**
 * The phone at the other end. A number that nobody configured belongs to a phone that is on and answers
 * nothing; only configured ones cost memory.
 */
import type { Deliver } from "#hardware/pdu/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Mailbox, Receipt, Station } from "./mailbox.ts";
import type { MobileTerminated } from "./mobile-terminated.ts";

/**
 * - `on`: takes a message at once
 * - `slow`: takes it after `slowMs`
 * - `off`: the message waits until the phone is on or the validity ends
 * - `full`: the same, with another cause in the reports
 * - `dead`: the number exists no more: the network takes the message and reports a failure
 * - `unknown`: the network refuses the submit (CMS 1, unassigned number)
 * - `barred`: the network refuses the submit (CMS 10, call barred)
 */
export const HANDSET_STATES = ["on", "slow", "off", "full", "dead", "unknown", "barred"] as const;
export type HandsetState = (typeof HANDSET_STATES)[number];

export interface ReplyRule {
  /** Regular expression, letter case ignored; any message when absent. */
  readonly match?: string;
  readonly reply: string;
  readonly afterMs?: number;
  /** Answers at most so often. */
  readonly times?: number;
}

export interface ReceivedMessage {
  readonly at: number;
  readonly from: string;
  /** Undefined for binary user data. */
  readonly text: string | undefined;
  readonly parts: number;
}

/** What a handset needs of the codec and the network. */
export interface HandsetSurroundings {
  readonly clock: Clock;
  readonly mailbox: Mailbox;
  readonly decode: (pduHex: string) => Deliver | undefined;
  readonly originator: (deliver: Deliver) => string;
  readonly join: (parts: readonly Deliver[]) => string | undefined;
  /** Sends a reply to the subscriber `to` after `afterMs`. */
  readonly reply: (to: string, text: string, afterMs: number) => void;
}

const REFUSALS: Readonly<Partial<Record<HandsetState, Receipt>>> = {
  off: "failed",
  full: "full",
  dead: "gone",
  unknown: "gone",
};

const RECEIVED_MAX = 1_000;
const UNFINISHED_MAX = 1_000;

export class Handset implements Station {
  /** International with `+`, or a short code. */
  readonly name: string;
  readonly mailbox: Mailbox;
  slowMs = 5_000;
  readonly #around: HandsetSurroundings;
  readonly #unfinished = new Map<string, Map<number, Deliver>>();
  readonly #received: ReceivedMessage[] = [];
  #state: HandsetState = "on";
  #cancelReturn: (() => void) | undefined;
  #rules: { readonly rule: ReplyRule; readonly pattern: RegExp; used: number }[] = [];

  constructor(name: string, around: HandsetSurroundings) {
    this.name = name;
    this.mailbox = around.mailbox;
    this.#around = around;
    this.mailbox.join(this);
  }

  get state(): HandsetState {
    return this.#state;
  }

  set state(state: HandsetState) {
    this.#state = state;
    this.mailbox.join(state === "off" ? undefined : this);
  }

  /** In this state for `forMs`, then on; until something else is said when absent. */
  become(state: HandsetState, forMs?: number): void {
    this.#cancelReturn?.();
    this.#cancelReturn = undefined;
    this.state = state;
    if (forMs === undefined) return;
    this.#cancelReturn = this.#around.clock.timer(forMs, () => {
      this.state = "on";
    });
  }

  get rules(): readonly ReplyRule[] {
    return this.#rules.map(({ rule }) => rule);
  }

  /** Replaces the reply script; the first rule that matches answers. @throws SyntaxError */
  script(rules: readonly ReplyRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, pattern: new RegExp(rule.match ?? "", "iu"), used: 0 }));
  }

  /** Complete messages, the newest 1,000. */
  get received(): readonly ReceivedMessage[] {
    return this.#received;
  }

  incoming(pdu: MobileTerminated, answer: (receipt: Receipt) => void): void {
    const refusal = REFUSALS[this.#state];
    if (refusal) {
      answer(refusal);
      return;
    }
    const take = (): void => {
      if (this.#state === "off") {
        answer("failed");
        return;
      }
      answer("acked");
      this.#take(pdu.pduHex);
    };
    if (this.#state !== "slow") {
      take();
      return;
    }
    this.#around.clock.timer(this.slowMs, take);
  }

  /** A part has reached the phone; the last one of a message shows it and may set off a reply. */
  #take(pduHex: string): void {
    const deliver = this.#around.decode(pduHex);
    if (deliver === undefined) return;
    const from = this.#around.originator(deliver);
    const parts = this.#complete(deliver, from);
    if (parts === undefined) return;
    const text = this.#around.join(parts);
    this.#received.push({ at: this.#around.clock.now(), from, text, parts: parts.length });
    if (this.#received.length > RECEIVED_MAX) this.#received.shift();
    if (text !== undefined) this.#answer(text, from);
  }

  #complete(deliver: Deliver, from: string): readonly Deliver[] | undefined {
    const concatenation = deliver.userData.concatenation;
    if (concatenation === undefined || concatenation.total === 1) return [deliver];
    const key = `${from} ${concatenation.referenceBits} ${concatenation.reference} ${concatenation.total}`;
    const parts = this.#unfinished.get(key) ?? new Map<number, Deliver>();
    parts.set(concatenation.sequence, deliver);
    if (parts.size < concatenation.total) {
      this.#unfinished.set(key, parts);
      const oldest = this.#unfinished.keys().next().value;
      if (this.#unfinished.size > UNFINISHED_MAX && oldest !== undefined) this.#unfinished.delete(oldest);
      return undefined;
    }
    this.#unfinished.delete(key);
    return [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  }

  #answer(text: string, to: string): void {
    for (const entry of this.#rules) {
      if (entry.used >= (entry.rule.times ?? Number.POSITIVE_INFINITY) || !entry.pattern.test(text)) continue;
      entry.used++;
      this.#around.reply(to, entry.rule.reply, entry.rule.afterMs ?? 0);
      return;
    }
  }
}
