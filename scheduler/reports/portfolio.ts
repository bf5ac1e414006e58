/** The forecast of every open case: decided ahead in small steps, so that it can be watched and ended. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type CaseForecast, type ForecastOptions, forecastCase } from "#scheduler/decide/forecast.ts";
import { type ForecastTotals, forecastTotals } from "#scheduler/decide/totals.ts";
import { caseIdsAfter } from "#scheduler/ledger/due.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { without } from "#scheduler/run/plan.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";

/** Cases between two turns of the event loop: a few tens of milliseconds. */
const STEP_CASES = 50;

export interface PortfolioDeps {
  readonly db: Database;
  readonly zones: Zones;
  readonly brain: Brain;
}

export interface PortfolioOptions extends ForecastOptions {
  readonly now: number;
  /** What the fleet sends on a day; absent: not looked at. */
  readonly segmentsPerDay?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Each case as it is done, for lists. */
  readonly onCase?: (forecast: CaseForecast) => void;
}

/** Undefined when it was ended before its end. */
export async function forecastPortfolio(
  deps: PortfolioDeps,
  options: PortfolioOptions,
): Promise<ForecastTotals | undefined> {
  const { db, brain, zones } = deps;
  const total = db.sql("select count(*) from dunning_case").pluck().get() as number;
  const sums = forecastTotals(options.segmentsPerDay);
  let [after, done] = [0, 0];
  for (;;) {
    if (options.signal?.aborted === true) return undefined;
    const ids = caseIdsAfter(db, after, STEP_CASES);
    if (ids.length === 0) break;
    for (const id of ids) {
      const facts = brain.facts(id, options.now);
      if (facts === undefined) continue;
      const forecast = forecastCase(brain, zones, without(facts, []), options.now, options);
      sums.add(forecast);
      options.onCase?.(forecast);
    }
    after = ids.at(-1) ?? after;
    done += ids.length;
    options.onProgress?.(done, total);
    await nextTurn();
  }
  return sums.totals();
}
