/**
 * The clock of the machine that the gateway runs on: simulated time with a wall clock of its own, which
 * people and NTP set. When the process dies, nothing that waited on it ever goes on.
 */
import { type Clock, sleepOn } from "#shared/clock.ts";

/** The machine's, so it outlives its processes. */
export interface WallClock {
  offsetMs: number;
}

export class HostClock implements Clock {
  readonly #base: Clock;
  readonly #wall: WallClock;
  readonly #waiting = new Set<() => void>();
  #dead = false;

  constructor(base: Clock, wall: WallClock) {
    this.#base = base;
    this.#wall = wall;
  }

  now(): number {
    return this.#base.now() + this.#wall.offsetMs;
  }

  monotonic(): number {
    return this.#base.monotonic();
  }

  timer(ms: number, fire: () => void): () => void {
    if (this.#dead) return () => undefined;
    const cancelBase = this.#base.timer(ms, () => {
      this.#waiting.delete(cancel);
      fire();
    });
    const cancel = (): void => {
      this.#waiting.delete(cancel);
      cancelBase();
    };
    this.#waiting.add(cancel);
    return cancel;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn((after, fire) => this.timer(after, fire), ms, signal);
  }

  get dead(): boolean {
    return this.#dead;
  }

  die(): void {
    this.#dead = true;
    for (const cancel of [...this.#waiting]) cancel();
  }
}
