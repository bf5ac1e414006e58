/**
 * The meter of one SIM: how many segments it was handed in the running minute, hour, day and month.
 * Counted from the stored attempts when it is made, then moved along with each new one, so a restart
 * forgets nothing. An attempt that proved not to have left us counts no more.
 */
import type { Clock } from "#shared/clock.ts";
import type { Calendar, Period } from "./calendar.ts";
import { type LimitPer, type SimLimits, SlidingWindow } from "./limits.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const STEPS = 60;

/** The stored attempts of a SIM, for counting. */
export interface HandedOver {
  /** Attempts from `from` on. */
  count(from: number): number;
  /** The same in steps of a second: when, how many. */
  bySecond(from: number): readonly { readonly at: number; readonly count: number }[];
}

interface PeriodCount {
  period: Period;
  used: number;
}

export interface Usage {
  readonly per: LimitPer;
  readonly used: number;
  readonly limit?: number;
}

export class SimMeter {
  readonly #limits: SimLimits;
  readonly #clock: Clock;
  readonly #calendar: Calendar;
  readonly #facts: HandedOver;
  readonly #minute = new SlidingWindow(MINUTE_MS, STEPS);
  readonly #hour = new SlidingWindow(HOUR_MS, STEPS);
  readonly #day: PeriodCount;
  readonly #month: PeriodCount;

  constructor(limits: SimLimits, clock: Clock, calendar: Calendar, facts: HandedOver) {
    this.#limits = limits;
    this.#clock = clock;
    this.#calendar = calendar;
    this.#facts = facts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    for (const { at, count } of facts.bySecond(now - HOUR_MS)) {
      // Durations run on the monotonic clock; a stamp from the future (the wall clock was put back)
      // counts as now.
      const then = monotonic - Math.max(0, now - at);
      this.#minute.add(count, then, monotonic);
      this.#hour.add(count, then, monotonic);
    }
    this.#day = this.#count(calendar.day(now));
    this.#month = this.#count(calendar.month(now));
  }

  /** Milliseconds until `segments` more may be handed over, 0 for now. */
  waitMs(segments: number): number {
    const { perMinute, perHour, perDay, perMonth } = this.#limits;
    const monotonic = this.#clock.monotonic();
    let wait = 0;
    if (perMinute !== undefined) wait = Math.max(wait, this.#minute.waitMs(segments, perMinute, monotonic));
    if (perHour !== undefined) wait = Math.max(wait, this.#hour.waitMs(segments, perHour, monotonic));
    if (perDay !== undefined) wait = Math.max(wait, this.#periodWait(this.#today(), segments, perDay));
    if (perMonth !== undefined)
      wait = Math.max(wait, this.#periodWait(this.#thisMonth(), segments, perMonth));
    return wait;
  }

  /** A segment is being handed over now. */
  take(): void {
    const monotonic = this.#clock.monotonic();
    this.#minute.add(1, monotonic, monotonic);
    this.#hour.add(1, monotonic, monotonic);
    this.#today().used++;
    this.#thisMonth().used++;
  }

  /**
   * A segment handed over `agoMs` ago was answered for. It counts from now on, because the service centre
   * may have taken it as late as this; one that never left counts no more.
   */
  ended(agoMs: number, left: boolean): void {
    const monotonic = this.#clock.monotonic();
    for (const window of [this.#minute, this.#hour]) {
      window.add(-1, monotonic - agoMs, monotonic);
      if (left) window.add(1, monotonic, monotonic);
    }
    if (left) return;
    for (const count of [this.#today(), this.#thisMonth()]) count.used = Math.max(0, count.used - 1);
  }

  usage(): readonly Usage[] {
    const monotonic = this.#clock.monotonic();
    const { perMinute, perHour, perDay, perMonth } = this.#limits;
    return [
      usage("minute", this.#minute.used(monotonic), perMinute),
      usage("hour", this.#hour.used(monotonic), perHour),
      usage("day", this.#today().used, perDay),
      usage("month", this.#thisMonth().used, perMonth),
    ];
  }

  /** The fullest of its limits, 0 (unused or unlimited) to 1. */
  load(): number {
    let load = 0;
    for (const { used, limit } of this.usage())
      if (limit !== undefined) load = Math.max(load, limit === 0 ? 1 : used / limit);
    return load;
  }

  #today(): PeriodCount {
    return this.#current(this.#day, (now) => this.#calendar.day(now));
  }

  #thisMonth(): PeriodCount {
    return this.#current(this.#month, (now) => this.#calendar.month(now));
  }

  /** When the period is over, or the wall clock was put back before it, the facts are counted again. */
  #current(count: PeriodCount, periodAt: (now: number) => Period): PeriodCount {
    const now = this.#clock.now();
    if (now < count.period.from || now >= count.period.until)
      Object.assign(count, this.#count(periodAt(now)));
    return count;
  }

  #count(period: Period): PeriodCount {
    return { period, used: this.#facts.count(period.from) };
  }

  #periodWait(count: PeriodCount, segments: number, limit: number): number {
    if (count.used + Math.min(segments, limit) <= limit && limit > 0) return 0;
    return count.period.until - this.#clock.now();
  }
}

function usage(per: LimitPer, used: number, limit: number | undefined): Usage {
  return limit === undefined ? { per, used } : { per, used, limit };
}
