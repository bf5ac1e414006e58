/** Handing PDUs to the network within one session: the kept link, the answer, and one that comes late. */
import type { Channel } from "#hardware/at/channel.ts";
import { setCommand } from "#hardware/at/command.ts";
import type { WireQueue } from "#hardware/at/queue.ts";
import type { SubmitReply } from "#hardware/at/submit-conversation.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import type { Clock } from "#shared/clock.ts";
import { createFailureCount, type Remedy } from "./failure-count.ts";
import { LIMITS, type ModemSettings } from "./settings.ts";
import type { StartFacts } from "./start-up/context.ts";
import { submitOutcome } from "./submit.ts";
import type { ModemEvents, SubmitOutcome } from "./types.ts";
import type { Urc } from "./urc.ts";

export interface Outgoing {
  submit(pdu: EncodedPdu, more: boolean): Promise<SubmitOutcome>;
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
  /** The modem itself, and not the message, is at fault. */
  readonly remedy: (remedy: Exclude<Remedy, "none">, detail: string) => void;
}

export function createOutgoing(deps: OutgoingDeps): Outgoing {
  return new SessionOutgoing(deps);
}

class SessionOutgoing implements Outgoing {
  answered = false;
  readonly #deps: OutgoingDeps;
  readonly #failures = createFailureCount();
  /** A submit ended unknown, and its answer may still come. */
  #awaitsLate = false;
  #linkKept = false;
  /** Until then the next part of a long message may come, and the line is kept free for it. */
  #partDueBy = 0;

  constructor(deps: OutgoingDeps) {
    this.#deps = deps;
  }

  async submit(pdu: EncodedPdu, more: boolean): Promise<SubmitOutcome> {
    const { queue, facts, clock, remedy } = this.#deps;
    this.#awaitsLate = false;
    this.#partDueBy = more ? Number.POSITIVE_INFINITY : 0;
    const reply = await queue
      .add("submit", () => this.#handOver(pdu, more))
      .catch((error: unknown) => {
        this.#partDueBy = 0;
        throw error;
      });
    const outcome = submitOutcome(reply, facts.profile.vendor);
    if (reply.kind === "sent" || reply.kind === "refused") this.answered = true;
    else if (reply.kind === "no-answer") this.#awaitsLate = true;
    this.#partDueBy = more && reply.kind === "sent" ? clock.monotonic() + LIMITS.nextPartMs : 0;
    const needed = this.#failures.note(outcome);
    if (needed !== "none") remedy(needed, "error" in outcome ? (outcome.error?.text ?? "") : "");
    return outcome;
  }

  /** In a burst the link is asked for once; AT+CMMS=2 stays on by itself (27.005 3.5.6). */
  async #handOver(pdu: EncodedPdu, more: boolean): Promise<SubmitReply> {
    const { channel, facts, settings } = this.#deps;
    if (more && facts.canKeepLink && !this.#linkKept) {
      const reply = await channel.run(setCommand("+CMMS", 2), { timeoutMs: LIMITS.linkMs });
      this.#linkKept = reply.kind === "ok";
      facts.canKeepLink = this.#linkKept;
    }
    return channel.submit(pdu, {
      promptMs: LIMITS.promptMs,
      answerMs: settings.submitAnswerMs ?? facts.profile.submitAnswerMs,
      lateMs: LIMITS.lateAnswerMs,
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
    if (!this.#awaitsLate) return;
    this.#awaitsLate = false;
    const { facts, late } = this.#deps;
    late?.(submitOutcome(lateReply(urc), facts.profile.vendor));
  }
}

function lateReply(urc: Extract<Urc, { kind: "late-reference" | "late-error" }>): SubmitReply {
  if (urc.kind === "late-error") return { kind: "refused", error: urc.error, pduWritten: true };
  const reference = urc.reference === undefined ? {} : { messageReference: urc.reference };
  return { kind: "sent", late: true, ended: false, ...reference };
}
