/**
 * Armed faults. The modem and the network ask at each point of the dialogue whether one fires; faults
 * that wait for a moment fire by themselves.
 */
import type { Clock } from "#shared/clock.ts";
import type { Random } from "#shared/random.ts";
import type { FaultAction } from "./actions.ts";
import { ACTIONS, type FaultPoint } from "./points.ts";
import { FaultRefused, type FaultSpec, matches, type Occasion, type Trigger, triggerOf } from "./trigger.ts";

export type { FaultAction } from "./actions.ts";
export type { FaultPoint } from "./points.ts";
export { FaultRefused, type FaultSpec } from "./trigger.ts";

export interface ArmedFault extends FaultSpec {
  readonly id: string;
  readonly seen: number;
  readonly fired: number;
}

/** Does what a fault at `time` says, to one modem or to all. */
export type Perform = (modem: string | undefined, action: FaultAction) => void;

interface State {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly trigger: Trigger;
  seen: number;
  fired: number;
  /** Monotonic times of the last matching occasions, for `rate`. */
  readonly recent: number[];
  cancel: (() => void) | undefined;
}

const FAULTS_MAX = 1_000;

export class Faults {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #armed: State[] = [];
  readonly #startedAt: number;
  readonly #counts = new Map<FaultPoint, number>();
  #nextId = 1;
  /** Set by whoever has the modems. */
  perform: Perform = () => undefined;

  constructor(random: Random, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** False while nothing is armed, so that the way of a message costs one comparison. */
  get active(): boolean {
    return this.#armed.length > 0;
  }

  /** Whether one is armed for this point. */
  has(point: FaultPoint): boolean {
    return this.active && (this.#counts.get(point) ?? 0) > 0;
  }

  /** @throws FaultRefused */
  arm(spec: FaultSpec): string {
    const allowed = ACTIONS[spec.at];
    if (!allowed?.includes(spec.action.kind)) {
      const choices = allowed?.join(", ") ?? Object.keys(ACTIONS).join(", ");
      throw new FaultRefused(`"${spec.action.kind}" cannot happen at "${spec.at}"; possible: ${choices}`);
    }
    if (this.#armed.length >= FAULTS_MAX) throw new FaultRefused(`more than ${FAULTS_MAX} faults are armed`);
    const trigger = triggerOf(spec);
    const id = `fault-${this.#nextId++}`;
    const state: State = { id, spec, trigger, seen: 0, fired: 0, recent: [], cancel: undefined };
    this.#armed.push(state);
    this.#counts.set(spec.at, (this.#counts.get(spec.at) ?? 0) + 1);
    if (spec.at === "time") this.#await(state, (spec.atMs ?? spec.everyMs ?? 0) - this.#elapsedMs());
    return id;
  }

  disarm(id: string): boolean {
    const index = this.#armed.findIndex((state) => state.id === id);
    const [state] = index < 0 ? [] : this.#armed.splice(index, 1);
    if (state === undefined) return false;
    state.cancel?.();
    this.#counts.set(state.spec.at, (this.#counts.get(state.spec.at) ?? 1) - 1);
    return true;
  }

  disarmAll(): void {
    for (const { id } of [...this.#armed]) this.disarm(id);
  }

  list(): readonly ArmedFault[] {
    return this.#armed.map(({ id, spec, seen, fired }) => ({ id, ...spec, seen, fired }));
  }

  /** The action of the first armed fault that fires here. All that match count this occasion. */
  take(point: FaultPoint, occasion: Occasion): FaultAction | undefined {
    let action: FaultAction | undefined;
    for (const state of this.#armed) {
      if (state.spec.at !== point || !matches(state.trigger, state.spec, occasion)) continue;
      if (!this.#inWindow(state.spec)) continue;
      state.seen++;
      if (!this.#overRate(state) || action !== undefined || !this.#fires(state)) continue;
      state.fired++;
      action = state.spec.action;
    }
    return action;
  }

  #elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  #inWindow({ fromMs, untilMs }: FaultSpec): boolean {
    if (fromMs === undefined && untilMs === undefined) return true;
    const elapsed = this.#elapsedMs();
    return elapsed >= (fromMs ?? 0) && elapsed < (untilMs ?? Number.POSITIVE_INFINITY);
  }

  /** True when no rate is asked for, or when more than `count` occasions lie within `withinMs`. */
  #overRate({ spec: { rate }, recent }: State): boolean {
    if (rate === undefined) return true;
    const now = this.#clock.monotonic();
    recent.push(now);
    while (recent.length > 0 && now - (recent[0] as number) >= rate.withinMs) recent.shift();
    return recent.length > rate.count;
  }

  #fires({ spec, seen, fired }: State): boolean {
    const repeats = spec.every !== undefined || spec.probability !== undefined || spec.rate !== undefined;
    if (fired >= (spec.times ?? (repeats ? Number.POSITIVE_INFINITY : 1))) return false;
    if (spec.nth !== undefined && seen < spec.nth) return false;
    if (spec.every !== undefined && seen % spec.every !== 0) return false;
    return spec.probability === undefined || this.#random.float() < spec.probability;
  }

  #await(state: State, ms: number): void {
    const { spec } = state;
    state.cancel = this.#clock.timer(Math.max(0, ms), () => {
      state.seen++;
      const isLast = spec.everyMs === undefined || state.seen >= (spec.times ?? Number.POSITIVE_INFINITY);
      state.cancel = undefined;
      if (!isLast) this.#await(state, spec.everyMs as number);
      if (spec.probability !== undefined && this.#random.float() >= spec.probability) return;
      state.fired++;
      this.perform(spec.modem, spec.action);
    });
  }
}
