/**
 * Forecasts for the HTTP side: one is worked on at a time, and a fresh one answers at once. A large
 * portfolio takes a minute, so a caller may have to come back; who asks again does not start it anew.
 */
import type { ForecastTotals } from "#scheduler/decide/totals.ts";
import type { Clock } from "#shared/clock.ts";
import { forecastPortfolio, type PortfolioDeps } from "./portfolio.ts";

/** A forecast is given again for this long. */
const FRESH_MS = 5 * 60_000;
/** A caller waits this long for one that is nearly done. */
const ANSWER_WITHIN_MS = 2_000;

export type ForecastAnswer =
  | { readonly kind: "ready"; readonly asOf: number; readonly totals: ForecastTotals }
  | { readonly kind: "working"; readonly done: number; readonly total: number };

export interface ForecastService {
  totals(days: number): Promise<ForecastAnswer>;
  /** Ends what is being worked on. */
  stop(): void;
}

export interface ForecastServiceDeps extends PortfolioDeps {
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly segmentPriceMicro: number;
}

interface Work {
  readonly days: number;
  readonly asOf: number;
  readonly stop: AbortController;
  done: number;
  total: number;
  totals?: ForecastTotals;
  ended: Promise<void>;
}

export function createForecastService(deps: ForecastServiceDeps): ForecastService {
  let current: Work | undefined;

  function begin(days: number): Work {
    current?.stop.abort();
    const stop = new AbortController();
    const work: Work = { days, asOf: deps.clock.now(), stop, done: 0, total: 0, ended: Promise.resolve() };
    work.ended = forecastPortfolio(deps, {
      days,
      now: work.asOf,
      segmentPriceMicro: deps.segmentPriceMicro,
      signal: stop.signal,
      onProgress: (done, total) => {
        work.done = done;
        work.total = total;
      },
    }).then((totals) => {
      if (totals !== undefined) work.totals = totals;
    });
    return work;
  }

  return {
    async totals(days) {
      const stale =
        current === undefined ||
        current.days !== days ||
        (current.totals !== undefined && deps.clock.now() - current.asOf > FRESH_MS);
      const work = stale ? begin(days) : (current as Work);
      current = work;
      await Promise.race([work.ended, deps.wireClock.sleep(ANSWER_WITHIN_MS, work.stop.signal)]);
      return work.totals === undefined
        ? { kind: "working", done: work.done, total: work.total }
        : { kind: "ready", asOf: work.asOf, totals: work.totals };
    },
    stop: () => current?.stop.abort(),
  };
}
