/** Forecasts of many cases as totals by day: messages, segments, cost, and where a day is too short. */
import type { LocalDate } from "#shared/local-date.ts";
import type { CaseForecast, ForecastEntry } from "./forecast.ts";

export interface DayTotal {
  readonly date: LocalDate;
  readonly messages: number;
  readonly segments: number;
  readonly costMicro: number;
  readonly needApproval: number;
  readonly bySteps: Readonly<Record<string, number>>;
  /** Segments above what the fleet can send on a day; they move to the next lawful day. */
  readonly overCapacity: number;
}

export interface ForecastTotals {
  readonly cases: number;
  readonly messages: number;
  readonly segments: number;
  readonly costMicro: number;
  /** Cases by the rule that ends their forecast ("step.none-left", "house.stale-feed"). */
  readonly ends: Readonly<Record<string, number>>;
  readonly days: readonly DayTotal[];
}

interface Sum {
  messages: number;
  segments: number;
  costMicro: number;
  needApproval: number;
  readonly bySteps: Record<string, number>;
}

/** Takes forecasts one by one, so that a portfolio of any size is summed in little memory. */
export interface TotalsBuilder {
  add(forecast: CaseForecast): void;
  totals(): ForecastTotals;
}

/** @param segmentsPerDay what the fleet can send on one day; absent: not looked at */
export function forecastTotals(segmentsPerDay?: number): TotalsBuilder {
  const days = new Map<LocalDate, Sum>();
  const ends: Record<string, number> = {};
  const all = { cases: 0, messages: 0, segments: 0, costMicro: 0 };
  return {
    add: (forecast) => {
      all.cases++;
      ends[forecast.end.rule] = (ends[forecast.end.rule] ?? 0) + 1;
      for (const entry of forecast.entries) {
        all.messages++;
        all.segments += entry.segments;
        all.costMicro += entry.costMicro;
        addTo(days, entry);
      }
    },
    totals: () => ({
      ...all,
      ends,
      days: [...days]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([date, sum]) => ({
          date,
          ...sum,
          overCapacity: Math.max(0, sum.segments - (segmentsPerDay ?? Number.POSITIVE_INFINITY)),
        })),
    }),
  };
}

function addTo(days: Map<LocalDate, Sum>, entry: ForecastEntry): void {
  const sum = days.get(entry.date) ?? {
    messages: 0,
    segments: 0,
    costMicro: 0,
    needApproval: 0,
    bySteps: {},
  };
  sum.messages++;
  sum.segments += entry.segments;
  sum.costMicro += entry.costMicro;
  if (entry.needsApproval) sum.needApproval++;
  sum.bySteps[entry.stepId] = (sum.bySteps[entry.stepId] ?? 0) + 1;
  days.set(entry.date, sum);
}
