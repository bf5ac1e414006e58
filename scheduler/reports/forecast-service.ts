/**
 * Forecasts for the HTTP side: one is worked on at a time, and a fresh one answers at once. A large
 * portfolio takes a minute, so a caller may have to come back; who asks again does not start it anew, and
 * who asks for other days waits until this one is done.
 */
import type { ForecastTotals } from "#scheduler/decide/totals.ts";
import type { Clock } from "#shared/clock.ts";
import { forecastPortfolio, type PortfolioDeps } from "./portfolio.ts";
import { beginWork, type Work } from "./work.ts";

/** A forecast is given again for this long. */
const FRESH_MS = 5 * 60_000;
/** Forecasts of different lengths that are kept. */
const KEPT_MAX = 4;

export type ForecastAnswer =
  | { readonly kind: "ready"; readonly asOf: number; readonly totals: ForecastTotals }
  | { readonly kind: "working"; readonly done: number; readonly total: number };

export interface ForecastService {
  totals(days: number): Promise<ForecastAnswer>;
  /** Ends what is being worked on. False when nothing was. */
  stop(): boolean;
}

export interface ForecastServiceDeps extends PortfolioDeps {
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly segmentPriceMicro: number;
}

type Ready = Extract<ForecastAnswer, { kind: "ready" }>;

export function createForecastService(deps: ForecastServiceDeps): ForecastService {
  const kept = new Map<number, Ready>();
  let current: Work<Ready> | undefined;

  function keep(days: number, ready: Ready): void {
    kept.delete(days);
    kept.set(days, ready);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  }

  function begin(days: number): Work<Ready> {
    const asOf = deps.clock.now();
    const { segmentPriceMicro } = deps;
    const work = beginWork(async (watch): Promise<Ready | undefined> => {
      const totals = await forecastPortfolio(deps, { days, now: asOf, segmentPriceMicro, ...watch });
      return totals && { kind: "ready", asOf, totals };
    });
    const done = (): void => {
      if (current === work) current = undefined;
    };
    work.result.then((ready) => {
      if (ready !== undefined) keep(days, ready);
      done();
    }, done);
    return work;
  }

  function fresh(days: number): Ready | undefined {
    const ready = kept.get(days);
    return ready !== undefined && deps.clock.now() - ready.asOf <= FRESH_MS ? ready : undefined;
  }

  return {
    async totals(days) {
      const ready = fresh(days);
      if (ready !== undefined) return ready;
      current ??= begin(days);
      const work = current;
      await work.waitABit(deps.wireClock);
      return fresh(days) ?? { kind: "working", ...work.progress() };
    },
    stop: () => {
      const work = current;
      current = undefined;
      work?.stop();
      return work !== undefined;
    },
  };
}
