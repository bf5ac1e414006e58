/** `dunlin report NAME`: aging, recovered, delivery, opt-outs, cost. */
import { Argument, type Command, Option } from "commander";
import { makeReport, REPORT_NAMES, type ReportName } from "#scheduler/reports/reports.ts";
import { toCsv } from "#scheduler/reports/table.ts";
import { systemClock } from "#shared/clock.ts";
import { addDays, parseLocalDate } from "#shared/local-date.ts";
import { type Look, look } from "./look.ts";
import { type CommonOptions, command, complain, interruptible, print, progress, table } from "./options.ts";

const DAYS_DEFAULT = 30;

interface Options extends CommonOptions {
  readonly from?: string;
  readonly until?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export function reportCommand(): Command {
  return command("report", "Aging, recovered amounts, delivery, opt-outs, cost.")
    .addArgument(new Argument("<name>", "which one").choices([...REPORT_NAMES]))
    .option("--from <YYYY-MM-DD>", `first day (UTC); ${DAYS_DEFAULT} days before the last one when absent`)
    .option("--until <YYYY-MM-DD>", "last day (UTC); today when absent")
    .option("--json", "for programs")
    .addOption(new Option("--csv", "for a spreadsheet; no cell runs as a formula").conflicts("json"))
    .action((name: ReportName, options: Options) => look(options, (opened) => report(opened, name, options)));
}

async function report(opened: Look, name: ReportName, options: Options): Promise<number> {
  const wrong = [options.from, options.until].find(
    (day) => day !== undefined && parseLocalDate(day) === undefined,
  );
  if (wrong !== undefined) {
    complain(`${wrong}: write a day as YYYY-MM-DD.`);
    return 1;
  }
  const last = options.until ?? opened.zones.dateAt(systemClock.now(), "Etc/UTC");
  const first = options.from ?? addDays(last, -DAYS_DEFAULT);
  if (first > last) {
    complain(`--from ${first} lies after the last day, ${last}. Give an earlier one, or a later --until.`);
    return 1;
  }
  const deps = { ...opened, costCurrency: opened.settings.cost.currency };
  const query = {
    from: opened.zones.startOfDay(first, "Etc/UTC"),
    until: opened.zones.startOfDay(addDays(last, 1), "Etc/UTC"),
  };
  const { signal, release } = interruptible();
  const made = await makeReport(deps, name, query, { signal, onProgress: progress("rows") });
  release();
  if (made === undefined) {
    complain("Ended before its end; nothing is shown.");
    return 130;
  }
  if (options.json === true) print(JSON.stringify(made, null, 2));
  else if (options.csv === true) process.stdout.write(toCsv(made));
  else
    print(
      table(
        made.columns,
        made.rows.map((row) => made.columns.map((column) => row[column] ?? "")),
      ),
    );
  return 0;
}
