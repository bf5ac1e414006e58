/**
 * Time that moves only when it is told to. Timers fire in the order of their due time, and in the
 * order in which they were set when due together, so a run is repeatable to the last step.
 */
import { type Clock, sleepOn } from "./clock.ts";

interface Timer {
  readonly due: number;
  readonly order: number;
  /** Undefined once it was taken back. */
  fire: (() => void) | undefined;
}

export class SimulatedClock implements Clock {
  #elapsed = 0;
  #wallOffset: number;
  #order = 0;
  /** A binary heap, the next one first; what was taken back leaves when it comes to the top. */
  readonly #timers: Timer[] = [];

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
    const timer: Timer = { due: this.#elapsed + Math.max(0, ms), order: this.#order++, fire };
    push(this.#timers, timer);
    return () => {
      timer.fire = undefined;
    };
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
      pop(this.#timers);
      next.fire?.();
      await settle();
    }
    this.#elapsed = until;
  }

  #next(): Timer | undefined {
    while (this.#timers[0] !== undefined && this.#timers[0].fire === undefined) pop(this.#timers);
    return this.#timers[0];
  }
}

/** Turns of the event loop after which time goes on, though something always has one more turn to take. */
const TURNS_MAX = 64;

/** Lets promises and `setImmediate` callbacks run until none is left, also those that they set off. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (!process.getActiveResourcesInfo().includes("Immediate")) return;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length;
  while (at > 0) {
    const parent = heap[(at - 1) >> 1] as Timer;
    if (!isBefore(timer, parent)) break;
    heap[at] = parent;
    at = (at - 1) >> 1;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop() as Timer;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child++;
    if (!isBefore(heap[child] as Timer, last)) break;
    heap[at] = heap[child] as Timer;
    at = child;
  }
  heap[at] = last;
}
