/**
 * Time that moves only when it is told to. Timers fire in the order of their due time, and in the
 * order in which they were set when due together, so a run is repeatable to the last step.
 */
import { type Clock, sleepOn } from "./clock.ts";

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
}

export class SimulatedClock implements Clock {
  #elapsed = 0;
  #wallOffset: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startAt = Date.UTC(2026, 0, 5, 9, 0, 0)) {
    this.#wallOffset = startAt;
  }

  /** Whole milliseconds, as the machine's own clock gives them; timers may lie between. */
  now(): number {
    return Math.floor(this.#wallOffset + this.#elapsed);
  }

  monotonic(): number {
    return this.#elapsed;
  }

  timer(ms: number, fire: () => void): () => void {
    const timer = { due: this.#elapsed + Math.max(0, ms), order: this.#order++, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn((after, fire) => this.timer(after, fire), ms, signal);
  }

  /** Moves the wall clock alone, as an operator or NTP would; durations do not notice. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Milliseconds until the next timer, or undefined when none is set. */
  nextTimerMs(): number | undefined {
    const next = this.#next();
    return next && Math.max(0, next.due - this.#elapsed);
  }

  /**
   * Moves time on by `ms`, firing each timer at its own moment. Between two timers all pending
   * promises and I/O callbacks run, so that what a timer sets off is finished before the next.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next.due <= until; next = this.#next()) {
      this.#elapsed = Math.max(this.#elapsed, next.due);
      this.#timers.delete(next);
      next.fire();
      await settle();
    }
    this.#elapsed = until;
  }

  #next(): Timer | undefined {
    let best: Timer | undefined;
    for (const timer of this.#timers) {
      if (!best || timer.due < best.due || (timer.due === best.due && timer.order < best.order)) best = timer;
    }
    return best;
  }
}

/** Lets promises and `setImmediate` callbacks that are already pending run to their end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
