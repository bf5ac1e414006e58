/** What a SIM may send, and the arithmetic of windows. */

export interface SimLimits {
  /** Segments handed over in any 60 seconds. */
  readonly perMinute?: number;
  /** In any 60 minutes. */
  readonly perHour?: number;
  /** In a calendar day of the configured zone, as operators count. */
  readonly perDay?: number;
  /** In a calendar month of the configured zone. */
  readonly perMonth?: number;
  /** Prefixes in E.164, such as `+49`, or of short codes. Absent: every number. */
  readonly allowedPrefixes?: readonly string[];
}

export type LimitPer = "minute" | "hour" | "day" | "month";

/** Whether a SIM with these limits may send to this number. */
export function mayReach(limits: SimLimits, recipient: string): boolean {
  return limits.allowedPrefixes?.some((prefix) => recipient.startsWith(prefix)) ?? true;
}

/**
 * Counts in a window that slides along a clock, in steps. Memory is the same for 10 and for 10,000
 * segments a minute. What happened counts until its whole step has left the window, so no window of
 * the full length ever holds more than the limit.
 */
export class SlidingWindow {
  readonly #stepMs: number;
  readonly #counts: number[];
  /** The step that `#counts[#step % length]` belongs to; older ones lie behind it. */
  #step = 0;
  #total = 0;

  constructor(windowMs: number, steps: number) {
    this.#stepMs = windowMs / steps;
    // One step more than the window: the oldest is only partly inside it.
    this.#counts = new Array<number>(steps + 1).fill(0);
  }

  /** Adds (or with a negative number takes back) what happened at `at`, if that is still in the window. */
  add(count: number, at: number, now: number): void {
    this.#advance(now);
    const step = Math.min(Math.floor(at / this.#stepMs), this.#step);
    if (step <= this.#step - this.#counts.length) return;
    const slot = this.#slot(step);
    const changed = Math.max(0, (this.#counts[slot] ?? 0) + count);
    this.#total += changed - (this.#counts[slot] ?? 0);
    this.#counts[slot] = changed;
  }

  used(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  /** Milliseconds until `count` more fit under `limit`. A count above the limit waits for an empty window. */
  waitMs(count: number, limit: number, now: number): number {
    this.#advance(now);
    let excess = this.#total + Math.min(count, limit) - limit;
    if (excess <= 0) return 0;
    const oldest = this.#step - this.#counts.length + 1;
    for (let step = oldest; step <= this.#step; step++) {
      excess -= this.#counts[this.#slot(step)] ?? 0;
      if (excess <= 0) return (step + this.#counts.length) * this.#stepMs - now;
    }
    return this.#counts.length * this.#stepMs;
  }

  #advance(now: number): void {
    const step = Math.floor(now / this.#stepMs);
    if (step <= this.#step) return;
    const passed = Math.min(step - this.#step, this.#counts.length);
    for (let i = 1; i <= passed; i++) {
      const slot = this.#slot(this.#step + i);
      this.#total -= this.#counts[slot] ?? 0;
      this.#counts[slot] = 0;
    }
    this.#step = step;
  }

  #slot(step: number): number {
    const length = this.#counts.length;
    return ((step % length) + length) % length;
  }
}
