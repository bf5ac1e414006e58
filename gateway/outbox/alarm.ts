/**
 * Things that fall due at a time on the wall clock, under one timer. The wall clock may be put
 * forward or back while the timer runs, so no wait is longer than a minute without a new look at it.
 */
import type { Clock } from "#shared/clock.ts";
import { Heap } from "./heap.ts";

const LOOK_AGAIN_MS = 60_000;

interface Due<T> {
  readonly at: number;
  readonly item: T;
}

export class Alarm<T> {
  readonly #clock: Clock;
  readonly #ring: (item: T) => void;
  readonly #heap = new Heap<Due<T>>((a, b) => a.at < b.at);
  #cancel: (() => void) | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  #closed = false;

  /** `ring` is called once for each item, at its time or right after. */
  constructor(clock: Clock, ring: (item: T) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  get size(): number {
    return this.#heap.size;
  }

  set(at: number, item: T): void {
    if (this.#closed) return;
    this.#heap.push({ at, item });
    if (at < this.#armedFor) this.#arm();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const next = this.#heap.peek();
    this.#armedFor = next?.at ?? Number.POSITIVE_INFINITY;
    if (next === undefined || this.#closed) return;
    const waitMs = Math.min(Math.max(0, next.at - this.#clock.now()), LOOK_AGAIN_MS);
    this.#cancel = this.#clock.timer(waitMs, () => this.#fire());
  }

  #fire(): void {
    const now = this.#clock.now();
    for (let due = this.#heap.peek(); due !== undefined && due.at <= now; due = this.#heap.peek()) {
      this.#heap.pop();
      this.#ring(due.item);
    }
    this.#arm();
  }
}
