/**
 * Time for a rehearsal against a gateway that lives in the world's time: it hurries while nothing is on its
 * way, and walks while messages are, so that a busy machine makes the rehearsal longer and nothing late.
 * What is said to the gateway is translated at walking pace, and saying it begins to walk.
 */
import type { GatewayTime } from "#scheduler/run/gateway-time.ts";
import { type Clock, sleepOn } from "#shared/clock.ts";

export interface Pace {
  /** How many times as fast as the world. */
  readonly walk: number;
  readonly hurry: number;
}

/** A stretch of one speed. Instants of the world are wall clock, `steady` its monotonic clock. */
interface Stretch {
  readonly world: number;
  readonly steady: number;
  readonly ours: number;
  readonly speed: number;
}

interface Waiting {
  /** On our monotonic clock. */
  readonly at: number;
  readonly fire: () => void;
  cancel: () => void;
}

/** Stretches that instants of the gateway are looked up in: many hours of the longest rehearsal. */
const STRETCHES_MAX = 50_000;

/** What the two interfaces ask for may be handed on alone, so it is bound. */
export class PacedClock implements Clock, GatewayTime {
  readonly #world: Clock;
  readonly #pace: Pace;
  readonly #stretches: Stretch[];
  readonly #start: number;
  readonly #waiting = new Set<Waiting>();

  constructor(world: Clock, startAt: number, pace: Pace) {
    this.#world = world;
    this.#pace = pace;
    this.#start = startAt;
    this.#stretches = [{ world: world.now(), steady: world.monotonic(), ours: startAt, speed: pace.walk }];
  }

  readonly now = (): number => {
    return Math.round(this.#exact());
  };

  readonly monotonic = (): number => {
    return this.#exact() - this.#start;
  };

  readonly timer = (ms: number, fire: () => void): (() => void) => {
    const waiting: Waiting = { at: this.monotonic() + ms, fire, cancel: () => {} };
    this.#waiting.add(waiting);
    this.#arm(waiting);
    return () => {
      this.#waiting.delete(waiting);
      waiting.cancel();
    };
  };

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    return sleepOn((wait, fire) => this.timer(wait, fire), ms, signal);
  };

  walk(): void {
    this.#go(this.#pace.walk);
  }

  hurry(): void {
    this.#go(this.#pace.hurry);
  }

  readonly toGateway = (at: number): number => {
    this.walk();
    return Math.round(this.#world.now() + (at - this.#exact()) / this.#pace.walk);
  };

  readonly fromGateway = (at: number): number => {
    const stretch = this.#stretches.findLast(({ world }) => world <= at) ?? this.#last();
    return Math.round(stretch.ours + (at - stretch.world) * stretch.speed);
  };

  #last(): Stretch {
    return this.#stretches.at(-1) as Stretch;
  }

  #exact(): number {
    const { steady, ours, speed } = this.#last();
    return ours + (this.#world.monotonic() - steady) * speed;
  }

  #go(speed: number): void {
    if (this.#last().speed === speed) return;
    const steady = this.#world.monotonic();
    const { steady: since, ours, speed: before } = this.#last();
    this.#stretches.push({
      world: this.#world.now(),
      steady,
      ours: ours + (steady - since) * before,
      speed,
    });
    if (this.#stretches.length > STRETCHES_MAX) this.#stretches.shift();
    for (const waiting of this.#waiting) {
      waiting.cancel();
      this.#arm(waiting);
    }
  }

  #arm(waiting: Waiting): void {
    const left = Math.max(0, waiting.at - this.monotonic()) / this.#last().speed;
    waiting.cancel = this.#world.timer(left, () => {
      this.#waiting.delete(waiting);
      waiting.fire();
    });
  }
}
