/** `dunlin forecast`: what goes out today, tomorrow, in the next days. */
import { type Command, Option } from "commander";
import { priceMicro } from "#scheduler/config.ts";
import { FORECAST_DAYS_MAX, type ForecastEntry } from "#scheduler/decide/forecast.ts";
import { forecastPortfolio } from "#scheduler/reports/portfolio.ts";
import { type ReportTable, toCsv } from "#scheduler/reports/table.ts";
import { systemClock } from "#shared/clock.ts";
import { decimalText } from "#shared/money.ts";
import { type Look, look } from "./look.ts";
import {
  type CommonOptions,
  command,
  complain,
  interruptible,
  parseCount,
  print,
  progress,
  table,
} from "./options.ts";

/** Messages listed one by one at most; a portfolio's list belongs into a file, by --csv. */
const LISTED_MAX = 1_000_000;

interface Options extends CommonOptions {
  readonly days: number;
  readonly perCase?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export function forecastCommand(): Command {
  return command("forecast", "What goes out if nothing else happens.")
    .option("--days <n>", "how far to look", parseCount(1, FORECAST_DAYS_MAX), 30)
    .option("--per-case", "each message, with its case")
    .option("--json", "for programs")
    .addOption(new Option("--csv", "for a spreadsheet; no cell runs as a formula").conflicts("json"))
    .action((options: Options) => look(options, (opened) => forecast(opened, options)));
}

async function forecast(opened: Look, options: Options): Promise<number> {
  const { signal, release } = interruptible();
  const entries: ForecastEntry[] = [];
  const totals = await forecastPortfolio(opened, {
    days: options.days,
    now: systemClock.now(),
    segmentPriceMicro: priceMicro(opened.settings.cost.segment),
    signal,
    onProgress: progress("forecast"),
    onCase: (one) => {
      if (options.perCase === true && entries.length < LISTED_MAX) entries.push(...one.entries);
    },
  });
  release();
  if (totals === undefined) {
    complain("Ended before its end; nothing is shown.");
    return 130;
  }
  const { currency } = opened.settings.cost;
  const list = options.perCase === true ? listOf(opened, entries) : daysOf(totals.days, currency);
  if (options.json === true)
    print(JSON.stringify({ ...totals, ...(options.perCase === true ? { list: list.rows } : {}) }, null, 2));
  else if (options.csv === true) process.stdout.write(toCsv(list));
  else {
    const rows = list.rows.map((row) => list.columns.map((column) => row[column] ?? ""));
    print(table(list.columns, rows));
    const cost = (totals.costMicro / 1_000_000).toFixed(2);
    print(
      `\n${totals.messages} messages, ${totals.segments} segments, ${cost} ${currency}, of ${totals.cases} cases`,
    );
  }
  return 0;
}

type Days = NonNullable<Awaited<ReturnType<typeof forecastPortfolio>>>["days"];

function daysOf(days: Days, currency: string): ReportTable {
  return {
    name: "forecast",
    columns: ["day", "messages", "segments", `cost ${currency}`, "need approval", "steps"],
    rows: days.map((day) => ({
      day: day.date,
      messages: day.messages,
      segments: day.segments,
      [`cost ${currency}`]: (day.costMicro / 1_000_000).toFixed(2),
      "need approval": day.needApproval,
      steps: Object.entries(day.bySteps)
        .map(([step, count]) => `${step} ${count}`)
        .join(", "),
    })),
  };
}

function listOf(opened: Look, entries: readonly ForecastEntry[]): ReportTable {
  const find = opened.db.sql(
    `select code, currency, debtor.external_id as debtor
     from dunning_case join debtor on debtor.id = debtor_id where dunning_case.id = ?`,
  );
  return {
    name: "forecast",
    columns: ["at", "day", "case", "debtor", "step", "class", "amount", "currency", "segments", "approval"],
    rows: entries.map((entry) => {
      const { code, currency, debtor } = find.get(entry.caseId) as Record<string, string>;
      return {
        at: new Date(entry.at).toISOString(),
        day: entry.date,
        case: code,
        debtor,
        step: entry.stepId,
        class: entry.class,
        amount: decimalText(entry.amount, currency ?? ""),
        currency,
        segments: entry.segments,
        approval: entry.needsApproval ? "needed" : "",
      };
    }),
  };
}
