/**
 * The send loop: one for each modem, and nothing shared between them but the grouped commit. Each turn
 * stores the end of one segment and the start of the next in one transaction, then hands over.
 *
 * Safety: a segment is `submitting` on disk before its PDU can touch the wire, at most one for each
 * modem. Rows found in that state at start become `unknown`, never `queued`.
 */
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { Modem, SubmitOutcome } from "#hardware/modem/types.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import { Bell } from "./bell.ts";
import type { Dispatch, Offer } from "./dispatch.ts";
import { claim, type EvidenceAtHand, type HandOver } from "./hand-over.ts";
import { Inquiry } from "./inquiry.ts";
import { prepare, refuse } from "./preparation.ts";
import { abandon, type Interrupted } from "./recover.ts";
import { pastAttempts } from "./routing.ts";
import { NotSendable, type Sendable } from "./sendable.ts";
import { exhaustedSims, type PastAttempt, settle } from "./settle.ts";
import type { SimSlot } from "./slot.ts";
import { sendByStorage } from "./stored-send.ts";
import { type Answered, type Late, type Next, stepOf, storeEnds } from "./turn.ts";
import type { Waiting } from "./waiting.ts";

/** When the database takes no writes, the outcome is kept in memory and stored as soon as it does. */
const STORE_AGAIN_MS_FIRST = 1_000;
const STORE_AGAIN_MS_MAX = 30_000;

export interface SendLoopDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dispatch: Dispatch;
  readonly reports: Reports;
  readonly modem: Modem;
  /** What the SIMs had when the process before this one ended. */
  readonly interrupted: Interrupted;
  /** The network refused the SIM; it was stored as parked until then. */
  readonly parked: (slot: SimSlot, until: number) => void;
  /** After each answer, for the metrics. */
  readonly answered: (outcome: SubmitOutcome, tookMs: number) => void;
}

const NOTHING: Offer = { kind: "nothing" };
const NO_PAST: readonly PastAttempt[] = [];

export class SendLoop {
  readonly #deps: SendLoopDeps;
  readonly #bell = new Bell();
  readonly #inquiry: Inquiry;
  /** Not stored yet. */
  #late: Late | undefined;
  #slot: SimSlot | undefined;
  /** The SIM before it, which may have a message of which parts were still to follow. */
  #left: SimSlot | undefined;
  #sendable: Sendable | undefined;
  #stopping = false;
  /** With the modem now. */
  #inFlight: HandOver | undefined;
  /** Claimed, and its outcome is not stored yet. */
  #unsettled: HandOver | undefined;
  /** Taken from the queue and not given back. */
  readonly #taken = new Map<Waiting, SimSlot>();

  constructor(deps: SendLoopDeps) {
    this.#deps = deps;
    this.#inquiry = new Inquiry(deps);
  }

  /** Whether the modem has a segment now. */
  get submitting(): boolean {
    return this.#inFlight !== undefined;
  }

  /** Another SIM is in the modem, or none. */
  use(slot: SimSlot | undefined): void {
    if (this.#slot !== slot) this.#left = this.#slot ?? this.#left;
    this.#slot = slot;
    this.ring();
  }

  ring(): void {
    if (this.#slot !== undefined) this.#slot.idle = false;
    this.#bell.ring();
  }

  /** The modem answered the last submit after all. */
  late(outcome: SubmitOutcome): void {
    const heard = this.#inquiry.late(outcome);
    if (heard !== undefined) this.#late = { ...heard, outcome };
    this.#bell.ring();
  }

  /** Takes nothing new; `run` ends when what is on the air is answered and stored. */
  stop(): void {
    this.#stopping = true;
    this.ring();
  }

  /** After `run` failed: what it held goes back, and what nobody knows the end of becomes unknown. */
  async salvage(): Promise<void> {
    const { ledger, reports } = this.#deps;
    const unsettled = this.#unsettled;
    if (unsettled !== undefined) await abandon(ledger, reports, unsettled, "The gateway failed");
    this.#unsettled = undefined;
    this.#inFlight = undefined;
    this.#late = undefined;
    for (const [entry, slot] of this.#taken) this.#finish(slot, entry, "again");
  }

  /** Ends after `stop`. Rejects only for a defect; then call `salvage` before running again. */
  async run(): Promise<void> {
    let answered: Answered | undefined;
    for (;;) {
      if (answered === undefined && (await this.#lookAround())) continue;
      const offer = this.#offer(answered);
      if (offer.kind !== "take" && answered === undefined && this.#late === undefined) {
        if (this.#stopping) return;
        await this.#rest(offer);
        continue;
      }
      const next = offer.kind === "take" ? await this.#prepare(offer.entry) : undefined;
      if (next === undefined && answered === undefined && this.#late === undefined) continue;
      const handOver = await this.#turn(answered, next);
      answered = undefined;
      if (this.#inquiry.untidy) await this.#inquiry.tidy();
      if (handOver !== undefined && next !== undefined) answered = await this.#submit(next, handOver);
    }
  }

  /** Evidence of earlier submits is looked for before another one changes it. */
  async #lookAround(): Promise<boolean> {
    if (this.#stopping || !this.#mustLook(this.#slot)) return false;
    await this.#inquiry.look(this.#slot.sim);
    return true;
  }

  #mustLook(slot: SimSlot | undefined): slot is SimSlot {
    return slot?.ready === true && this.#inquiry.due(slot.sim);
  }

  /** While an answer is not stored, only a modem that goes on at once takes the next one. */
  #offer(answered: Answered | undefined): Offer {
    const slot = this.#slot;
    if (answered === undefined && this.#left !== undefined) {
      const { current } = this.#left;
      if (current !== undefined) this.#finish(this.#left, current, "again");
      this.#left = undefined;
    }
    if (slot === undefined || this.#stopping) return NOTHING;
    if (answered !== undefined && (!slot.works || answered.slot !== slot || this.#mustLook(slot)))
      return NOTHING;
    // A part that waits again is stored first: its rows say when the message may be taken, and by whom.
    if (answered?.again && slot.current === answered.entry) return NOTHING;
    const offer = this.#deps.dispatch.take(slot);
    if (offer.kind === "take") this.#taken.set(offer.entry, slot);
    return offer;
  }

  #finish(slot: SimSlot, entry: Waiting, how: "next" | "over" | "again"): void {
    this.#taken.delete(entry);
    this.#deps.dispatch.finish(slot, entry, how);
  }

  async #rest(offer: Offer): Promise<void> {
    if (this.#slot !== undefined) this.#slot.idle = offer.kind === "nothing";
    const lookMs = this.#slot?.ready === true ? this.#inquiry.dueInMs() : undefined;
    const waitMs = offer.kind === "wait" ? Math.min(offer.waitMs, lookMs ?? offer.waitMs) : lookMs;
    await this.#bell.wait(this.#deps.clock, waitMs);
  }

  async #prepare(entry: Waiting): Promise<Next | undefined> {
    const { ledger, clock } = this.#deps;
    const slot = this.#slot as SimSlot;
    try {
      // Encoded once for all parts that follow each other; a message that comes back is read afresh.
      if (slot.current !== entry || this.#sendable?.message !== entry.message) {
        this.#sendable = undefined;
        const prepared = prepare(ledger, entry, clock.now());
        this.#sendable = prepared instanceof Promise ? await prepared : prepared;
      }
      return { slot, entry, sendable: this.#sendable, segment: entry.routing.next };
    } catch (error) {
      if (!(error instanceof NotSendable)) throw error;
      await refuse(ledger, entry, error.message);
      this.#finish(slot, entry, "again");
      return undefined;
    }
  }

  /** One transaction: the end of what was answered, the start of what comes next. */
  async #turn(answered: Answered | undefined, next: Next | undefined): Promise<HandOver | undefined> {
    const { ledger, clock, log } = this.#deps;
    const late = this.#late;
    for (let waitMs = STORE_AGAIN_MS_FIRST; ; waitMs = Math.min(waitMs * 2, STORE_AGAIN_MS_MAX)) {
      try {
        const handOver = await ledger.write(stepOf(answered, next), (entry) => {
          storeEnds(this.#deps, entry, answered, late, this.#slot);
          return next && claim(ledger, entry, next.sendable, next.segment, next.slot);
        });
        this.#unsettled = handOver;
        if (this.#late === late) this.#late = undefined;
        if (answered?.again) this.#finish(answered.slot, answered.entry, "again");
        if (next !== undefined && handOver === undefined) this.#finish(next.slot, next.entry, "again");
        return handOver;
      } catch (error) {
        if (this.#stopping || !(error instanceof DatabaseUnavailable)) throw error;
        log.error({ err: error }, "the outcome of a segment cannot be stored; trying again");
        await clock.sleep(waitMs);
      }
    }
  }

  async #submit(next: Next, handOver: HandOver): Promise<Answered> {
    const { clock, modem } = this.#deps;
    const { slot, entry, sendable, segment } = next;
    const pdu = sendable.pdus[segment - 1];
    if (pdu === undefined) throw new RangeError(`message ${entry.message} has no segment ${segment}`);
    this.#inFlight = handOver;
    slot.handedOver();
    const startedAt = clock.monotonic();
    const more = segment < entry.segments && !this.#stopping && slot.waitMs(1) === 0;
    const outcome =
      sendable.evidence === "stored"
        ? await this.#sendByStorage(handOver, pdu, more)
        : await modem.submit(pdu, { more });
    const tookMs = clock.monotonic() - startedAt;
    const heard = this.#inquiry.heard(handOver, outcome);
    const evidence = heard instanceof Promise ? await heard : heard;
    this.#inFlight = undefined;
    this.#deps.answered(outcome, tookMs);
    slot.meter.ended(tookMs, outcome.kind !== "not-sent");
    return this.#conclude(next, handOver, outcome, evidence);
  }

  #sendByStorage(handOver: HandOver, pdu: EncodedPdu, more: boolean): Promise<SubmitOutcome> {
    this.#inquiry.used();
    return sendByStorage(this.#deps.ledger, this.#deps.modem, handOver, pdu, more);
  }

  /** Decides, and lets SIM and queue know at once, so that the next segment is chosen by what is known now. */
  #conclude(next: Next, handOver: HandOver, outcome: SubmitOutcome, evidence: EvidenceAtHand): Answered {
    const { ledger, clock, dispatch } = this.#deps;
    const { slot, entry, sendable } = next;
    const past = outcome.kind === "accepted" ? NO_PAST : pastAttempts(ledger.db, entry.message);
    const verdict = settle(outcome, {
      now: clock.now(),
      segment: handOver.segment,
      sim: slot.sim,
      notAfter: sendable.notAfter,
      report: sendable.report,
      validitySeconds: sendable.validitySeconds,
      onUnknown: sendable.onUnknown,
      past,
      streak: slot.streak(outcome),
      others: outcome.kind === "refused" && dispatch.othersFor(slot, entry, exhaustedSims(past)),
    });
    if (verdict.sim.kind === "well") slot.well();
    if (verdict.sim.kind === "slow") slot.slow();
    if (verdict.sim.kind === "park") slot.setParked(true);
    const sent = verdict.segment.to === "submitted";
    const again = !sent || entry.stale || slot !== this.#slot;
    if (!again) this.#finish(slot, entry, entry.routing.waiting > 1 ? "next" : "over");
    return { slot, entry, handOver, outcome, verdict, evidence, again };
  }
}
