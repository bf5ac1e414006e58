/** A SIM at work: in which modem it is, whether it may take a segment now, and how much it has done. */
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Candidate } from "./choose-sim.ts";
import { Heap } from "./heap.ts";
import { mayReach, type SimLimits } from "./limits.ts";
import type { SimMeter } from "./meter.ts";
import { FREE_PACE, faster, type Pace, slower } from "./pace.ts";
import { errorKey } from "./settle.ts";
import { type Ticket, ticketBefore, type Waiting } from "./waiting.ts";

/**
 * For so long a SIM that went away, or whose limit is reached, keeps the messages that prefer it: a
 * modem that restarts is back within it.
 */
export const PATIENCE_MS = 60_000;

export interface SlotOptions {
  readonly sim: number;
  readonly iccid: string;
  readonly modem: string;
  readonly limits: SimLimits;
  readonly meter: SimMeter;
  readonly clock: Clock;
  /** Wakes the send loop of its modem. */
  readonly ring: () => void;
}

export class SimSlot {
  readonly sim: number;
  readonly iccid: string;
  readonly modem: string;
  readonly limits: SimLimits;
  readonly meter: SimMeter;
  /** Messages that only this SIM may send, or that prefer it. */
  readonly lane = new Heap<Ticket>(ticketBefore);
  /** The message whose next part follows the one before it at once. */
  current: Waiting | undefined;
  /** Its loop waits for work. */
  idle = false;
  readonly ring: () => void;
  readonly #clock: Clock;
  #ready = false;
  #parked = false;
  #awaySince: number;
  #pace: Pace = FREE_PACE;
  #notBefore = 0;
  #lastUsedAt = -1;
  /** The error of the last answer, and how often it came in a row. */
  #lastError = "";
  #errors = 0;

  constructor(options: SlotOptions) {
    this.sim = options.sim;
    this.iccid = options.iccid;
    this.modem = options.modem;
    this.limits = options.limits;
    this.meter = options.meter;
    this.ring = options.ring;
    this.#clock = options.clock;
    this.#awaySince = options.clock.monotonic();
  }

  get ready(): boolean {
    return this.#ready;
  }

  get parked(): boolean {
    return this.#parked;
  }

  get intervalMs(): number {
    return this.#pace.intervalMs;
  }

  setReady(ready: boolean): void {
    if (this.#ready && !ready) this.#awaySince = this.#clock.monotonic();
    this.#ready = ready;
  }

  setParked(parked: boolean): void {
    this.#parked = parked;
  }

  /** May be handed a segment, as far as modem and parking go. */
  get works(): boolean {
    return this.#ready && !this.#parked;
  }

  /** Works, or will again within our patience. */
  get serving(): boolean {
    if (this.#parked) return false;
    if (!this.#ready) return this.#clock.monotonic() - this.#awaySince < PATIENCE_MS;
    return this.waitMs(1) < PATIENCE_MS;
  }

  /** Milliseconds until limits and pace let `segments` pass. */
  waitMs(segments: number): number {
    return Math.max(this.meter.waitMs(segments), this.#notBefore - this.#clock.monotonic(), 0);
  }

  handedOver(): void {
    this.meter.take();
    this.#lastUsedAt = this.#clock.monotonic();
  }

  /** How often the error of this answer came just before. Call once for each answer. */
  streak(outcome: SubmitOutcome): number {
    const error = "error" in outcome && outcome.error !== undefined ? errorKey(outcome.error) : "";
    const before = error === this.#lastError ? this.#errors : 0;
    this.#lastError = error;
    this.#errors = error === "" ? 0 : before + 1;
    return before;
  }

  well(): void {
    this.#pace = faster(this.#pace);
    this.#rest();
  }

  slow(): void {
    this.#pace = slower(this.#pace);
    this.#rest();
  }

  candidateFor(recipient: string): Candidate {
    return {
      sim: this.sim,
      iccid: this.iccid,
      allowed: mayReach(this.limits, recipient),
      serving: this.serving,
      works: this.works,
      load: this.meter.load(),
      waiting: this.lane.size,
      lastUsedAt: this.#lastUsedAt,
    };
  }

  #rest(): void {
    this.#notBefore = this.#pace.intervalMs === 0 ? 0 : this.#clock.monotonic() + this.#pace.intervalMs;
  }
}
