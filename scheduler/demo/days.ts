/** Each day of the demo: what was forecast as it began, and what then happened. */
import type { ForecastEntry } from "#scheduler/decide/forecast.ts";
import type { DayTotal } from "#scheduler/decide/totals.ts";
import type { RunningScheduler } from "#scheduler/main.ts";
import { forecastPortfolio } from "#scheduler/reports/portfolio.ts";
import type { Clock } from "#shared/clock.ts";
import { addDays, createZones, type LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";

/** Today and tomorrow. */
const DAYS_AHEAD = 2;

export interface DayView {
  readonly date: LocalDate;
  /** What the forecast of the morning names for today, by what became of it. */
  readonly forecast: number;
  readonly out: number;
  readonly paid: number;
  readonly stopped: number;
  readonly toApprove: number;
  readonly toCome: number;
  /** What no forecast can know: thanks for a payment of today, answers to replies. By class of message. */
  readonly unforeseen: Readonly<Record<string, number>>;
  /** Absent: nothing goes out tomorrow. */
  readonly tomorrow?: DayTotal;
}

interface Made {
  readonly date: LocalDate;
  readonly since: number;
  readonly entries: readonly ForecastEntry[];
  readonly tomorrow: DayTotal | undefined;
}

/** States in which a message has left the scheduler. */
const OUT: ReadonlySet<string> = new Set([
  "handed-over",
  "submitted",
  "delivered",
  "unknown",
  "failed-temporary",
  "failed-permanent",
]);

export interface Days {
  /** The day as it stands. Works a forecast out once a day, beside everything else. */
  today(): DayView | undefined;
  /** Now. */
  working(): boolean;
}

export function createDays(scheduler: RunningScheduler, clock: Clock, segmentPriceMicro: number): Days {
  const { db, brain } = scheduler;
  const zones = createZones();
  let made: Made | undefined;
  let begun: LocalDate | undefined;
  let working = false;

  async function make(date: LocalDate, now: number): Promise<void> {
    const entries: ForecastEntry[] = [];
    const totals = await forecastPortfolio(
      { db, brain, zones },
      {
        days: DAYS_AHEAD,
        now,
        segmentPriceMicro,
        onCase: (one) => entries.push(...one.entries.filter((entry) => entry.date === date)),
      },
    );
    const tomorrow = totals?.days.find((day) => day.date === addDays(date, 1));
    made = { date, since: now, entries, tomorrow };
  }

  function beginDay(now: number): void {
    // Midnight of UTC is before the first contact hour in all four countries.
    const date = new Date(now).toISOString().slice(0, 10);
    if (begun === date) return;
    [begun, working] = [date, true];
    const done = (): void => {
      working = false;
    };
    make(date, now).then(done, done);
  }

  return {
    today: () => {
      beginDay(clock.now());
      return made === undefined ? undefined : viewOf(db, made);
    },
    working: () => {
      beginDay(clock.now());
      return working;
    },
  };
}

function viewOf(db: Database, { date, since, entries, tomorrow }: Made): DayView {
  const counts = { out: 0, paid: 0, stopped: 0, toApprove: 0, toCome: 0 };
  const foreseen = new Set<string>();
  for (const entry of entries) {
    foreseen.add(`${entry.caseId} ${entry.stepId}`);
    counts[fateOf(db, entry, since)]++;
  }
  const unforeseen: Record<string, number> = {};
  for (const { caseId, stepId, kind } of handedOver(db, since))
    if (!foreseen.has(`${caseId} ${stepId}`)) unforeseen[kind] = (unforeseen[kind] ?? 0) + 1;
  return {
    date,
    forecast: entries.length,
    ...counts,
    unforeseen,
    ...(tomorrow === undefined ? {} : { tomorrow }),
  };
}

type Fate = "out" | "paid" | "stopped" | "toApprove" | "toCome";

function fateOf(db: Database, { caseId, stepId, class: kind }: ForecastEntry, since: number): Fate {
  const state = db
    .sql(
      `select state from occurrence where case_id = ? and step_id = ? and created_at >= ?
       order by id desc limit 1`,
    )
    .pluck()
    .get(caseId, stepId, since) as string | undefined;
  if (state !== undefined && OUT.has(state)) return "out";
  const settled = db.sql("select settled_at from dunning_case where id = ?").pluck().get(caseId);
  if (settled !== null && kind !== "thanks") return "paid";
  const decided = db
    .sql("select kind from decision where case_id = ? order by at desc limit 1")
    .pluck()
    .get(caseId) as string | undefined;
  if (decided === "stop") return "stopped";
  if (state === "planned" || state === "approved") return "toApprove";
  return decided === "hold" ? "stopped" : "toCome";
}

function handedOver(db: Database, since: number) {
  return db
    .sql(
      `select case_id as caseId, step_id as stepId, class as kind from occurrence where handed_over_at >= ?`,
    )
    .all(since) as { caseId: number; stepId: string; kind: string }[];
}
