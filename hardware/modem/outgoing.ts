/**
 * Handing PDUs to the network within one session: the kept link, the answer, one that comes late, and
 * the reference that the SIM remembers.
 */
import type { Channel } from "#hardware/at/channel.ts";
import { setCommand } from "#hardware/at/command.ts";
import type { WireQueue } from "#hardware/at/queue.ts";
import type { SubmitLimits, SubmitReply } from "#hardware/at/submit-conversation.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import type { Clock } from "#shared/clock.ts";
import { createFailureCount, type Remedy } from "./failure-count.ts";
import { readLastReference } from "./last-reference.ts";
import type { ModemMemory } from "./memory.ts";
import { LIMITS, type ModemSettings, submitAnswerMs } from "./settings.ts";
import type { StartFacts } from "./start-up/context.ts";
import type { StoredEntries } from "./stored-entries.ts";
import { submitOutcome } from "./submit.ts";
import type { ModemEvents, StoredEntry, StoredStatus, SubmitOutcome } from "./types.ts";
import type { Urc } from "./urc.ts";

export interface Outgoing {
  submit(pdu: EncodedPdu, more: boolean): Promise<SubmitOutcome>;
  /** The same with a PDU that lies on the modem. */
  sendStored(entry: StoredEntry, entries: StoredEntries, more: boolean): Promise<SubmitOutcome>;
  /** Undefined when it cannot be read, or does not follow the references that the modem gave. */
  lastReference(): Promise<number | undefined>;
  /** An answer that no submit waits for any more. */
  lateAnswer(urc: Extract<Urc, { kind: "late-reference" | "late-error" }>): void;
  /** Gives up the radio link that was kept for a next part. */
  dropLink(): Promise<void>;
  /** A submit was answered in this session, whatever the answer was. */
  readonly answered: boolean;
  /** Undefined, or a promise that resolves when no next part of a long message is to be waited for. */
  betweenMessages(): Promise<void> | undefined;
}

export interface OutgoingDeps {
  readonly channel: Channel;
  readonly queue: WireQueue;
  readonly facts: StartFacts;
  readonly settings: ModemSettings;
  readonly clock: Clock;
  readonly late: ModemEvents["late"];
  readonly memory: ModemMemory;
  /** The modem itself, and not the message, is at fault. */
  readonly remedy: (remedy: Exclude<Remedy, "none">, detail: string) => void;
  /** The SIM's last reference is not the one that the modem gave. */
  readonly referenceNotKept: () => void;
}

export function createOutgoing(deps: OutgoingDeps): Outgoing {
  return new SessionOutgoing(deps);
}

class SessionOutgoing implements Outgoing {
  answered = false;
  readonly #deps: OutgoingDeps;
  readonly #failures = createFailureCount();
  #linkKept = false;
  /** Until then the next part of a long message may come, and the line is kept free for it. */
  #partDueBy = 0;
  /** TP-MR of the last submit, when that was accepted and the modem named it. */
  #given: number | undefined;

  constructor(deps: OutgoingDeps) {
    this.#deps = deps;
  }

  submit(pdu: EncodedPdu, more: boolean): Promise<SubmitOutcome> {
    return this.#send(more, (limits) => this.#deps.channel.submit(pdu, limits));
  }

  async sendStored(entry: StoredEntry, entries: StoredEntries, more: boolean): Promise<SubmitOutcome> {
    const { channel, facts } = this.#deps;
    if (entry.storage !== facts.storages.writing)
      return { kind: "not-sent", reason: `the modem does not send from its storage ${entry.storage}` };
    const obstacle = entries.isFresh(entry) ? undefined : obstacleTo(await entries.status(entry));
    return obstacle ?? this.#send(more, (limits) => channel.sendStored(entry.index, limits));
  }

  async #send(more: boolean, say: (limits: SubmitLimits) => Promise<SubmitReply>): Promise<SubmitOutcome> {
    const { channel, queue, facts, clock, remedy, memory } = this.#deps;
    memory.lateAnswerDue = false;
    memory.handedOver = true;
    this.#partDueBy = more ? Number.POSITIVE_INFINITY : 0;
    const reply = await queue
      .add("submit", async () => {
        if (more) await this.#keepLink();
        return say(this.#limits());
      })
      .catch((error: unknown) => {
        this.#partDueBy = 0;
        throw error;
      });
    const outcome = submitOutcome(reply, facts.profile.vendor);
    this.#noteReference(reply, outcome);
    if (reply.kind === "sent" || reply.kind === "refused") this.answered = true;
    // With the session the modem is gone too, or has begun anew.
    else if (reply.kind === "no-answer") memory.lateAnswerDue = channel.closedBecause === undefined;
    this.#partDueBy = more && reply.kind === "sent" ? clock.monotonic() + LIMITS.nextPartMs : 0;
    const needed = this.#failures.note(outcome);
    if (needed !== "none") remedy(needed, "error" in outcome ? (outcome.error?.text ?? "") : "");
    return outcome;
  }

  /** In a burst the link is asked for once; AT+CMMS=2 stays on by itself (27.005 3.5.6). */
  async #keepLink(): Promise<void> {
    const { channel, facts } = this.#deps;
    if (!facts.canKeepLink || this.#linkKept) return;
    const reply = await channel.run(setCommand("+CMMS", 2), { timeoutMs: LIMITS.linkMs });
    this.#linkKept = reply.kind === "ok";
    facts.canKeepLink = this.#linkKept;
  }

  #limits(): SubmitLimits {
    const { facts, settings } = this.#deps;
    return {
      promptMs: LIMITS.promptMs,
      answerMs: submitAnswerMs(settings, facts.profile),
      lateMs: LIMITS.lateAnswerMs,
    };
  }

  /** What EF_SMSS must hold now. Only an accepted submit tells; one that never left changes nothing. */
  #noteReference(reply: SubmitReply, outcome: SubmitOutcome): void {
    if (reply.kind === "no-prompt" || (reply.kind === "refused" && !reply.pduWritten)) return;
    this.#given = outcome.kind === "accepted" ? outcome.messageReference : undefined;
  }

  lastReference(): Promise<number | undefined> {
    const { queue, channel, facts, referenceNotKept } = this.#deps;
    return queue.add("submit", async () => {
      if (facts.identity.keepsLastReference !== true) return undefined;
      const reference = await readLastReference(channel);
      if (reference === undefined || this.#given === undefined || reference === this.#given) return reference;
      referenceNotKept();
      return undefined;
    });
  }

  betweenMessages(): Promise<void> | undefined {
    return this.#partDueBy > this.#deps.clock.monotonic() ? this.#partDue() : undefined;
  }

  async #partDue(): Promise<void> {
    const { clock } = this.#deps;
    for (;;) {
      const waitMs = this.#partDueBy - clock.monotonic();
      if (waitMs <= 0) return;
      await clock.sleep(Math.min(waitMs, LIMITS.nextPartMs));
    }
  }

  async dropLink(): Promise<void> {
    if (!this.#linkKept) return;
    this.#linkKept = false;
    await this.#deps.channel.run(setCommand("+CMMS", 0), { timeoutMs: LIMITS.linkMs });
  }

  lateAnswer(urc: Extract<Urc, { kind: "late-reference" | "late-error" }>): void {
    const { facts, late, memory, channel } = this.#deps;
    // Of whoever had the port before us. An error tells nothing: it may be that of our own command.
    if (!memory.handedOver && urc.kind === "late-reference")
      late?.(submitOutcome(lateReply(urc), facts.profile.vendor));
    if (!memory.lateAnswerDue) return;
    // Once the modem has answered something else in its turn, an error is that of some other command. And
    // taken for the submit's it would say "not sent" of a message that was.
    if (urc.kind === "late-error" && channel.inStep) return;
    memory.lateAnswerDue = false;
    const reply = lateReply(urc);
    const outcome = submitOutcome(reply, facts.profile.vendor);
    this.#noteReference(reply, outcome);
    late?.(outcome);
  }
}

function lateReply(urc: Extract<Urc, { kind: "late-reference" | "late-error" }>): SubmitReply {
  if (urc.kind === "late-error") return { kind: "refused", error: urc.error, pduWritten: true };
  const reference = urc.reference === undefined ? {} : { number: urc.reference };
  return { kind: "sent", late: true, ended: false, ...reference };
}

/** Why a stored PDU is not handed over; undefined when it lies there unsent, as it should. */
function obstacleTo(status: StoredStatus | undefined): SubmitOutcome | undefined {
  switch (status) {
    case "unsent":
      return undefined;
    case "sent":
      return { kind: "unknown", reason: "the modem says that the stored message was sent already" };
    case "gone":
      return { kind: "not-sent", reason: "the stored message is not there any more" };
    case undefined:
      return { kind: "not-sent", reason: "the stored message could not be looked at" };
  }
}
