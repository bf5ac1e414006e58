/** `dunlin import`: a list of invoices or payments into the ledger, first to look at, then for good. */
import { createWriteStream, existsSync, mkdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { SchedulerSettings } from "#scheduler/config.ts";
import { FIELD_TITLES, FIELDS, isField } from "#scheduler/import/fields.ts";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { createHeapWarden } from "#scheduler/import/lean-heap.ts";
import { FileRefused } from "#scheduler/import/refused.ts";
import type { ImportReport } from "#scheduler/import/report.ts";
import { type ImportOptions, runImport } from "#scheduler/import/run.ts";
import { createLedger } from "#scheduler/ledger/ledger.ts";
import { databasePath } from "#scheduler/main.ts";
import { MIGRATIONS } from "#scheduler/places.ts";
import { systemClock } from "#shared/clock.ts";
import { closest } from "#shared/closest.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { systemRandom } from "#shared/random.ts";
import { Database } from "#shared/sqlite.ts";
import { type CreditorFlags, creditorFor, nextStepFor } from "./import-creditor.ts";
import { describeFormat, describeResult, rowReportWriter } from "./import-output.ts";
import {
  type CommonOptions,
  command,
  complain,
  interruptible,
  parseCount,
  parseInstant,
  print,
  progress,
  settingsOf,
} from "./options.ts";

const EXIT_REFUSED = 1;
const EXIT_INTERRUPTED = 130;
const CLOSINGS_MAX = 2_000_000;

interface Flags extends CommonOptions, CreditorFlags {
  readonly source: string;
  readonly apply?: boolean;
  readonly dryRun?: boolean;
  readonly fullList?: boolean;
  readonly confirmClosing?: number;
  readonly skipRefused?: boolean;
  readonly asOf?: number;
  readonly carries?: "receivables" | "payments";
  readonly map?: Readonly<Record<string, string>>;
  readonly decimal?: "comma" | "point";
  readonly dates?: "dmy" | "mdy" | "ymd";
  readonly currency?: string;
  readonly charset?: string;
  readonly separator?: string;
  readonly sheet?: string;
  readonly report?: string;
  readonly json?: boolean;
}

export function importCommand(): Command {
  return command("import", "Take a list of invoices or payments (CSV or .xlsx) into the ledger.")
    .argument("<file>", "the list; its first row names the columns, in whatever words")
    .option("--creditor <id>", "whose list it is; may be left out while there is one creditor only")
    .option("--source <name>", "name of the feed; how its columns were understood is remembered", "file")
    .option("--dry-run", "only look: what would change, what is wrong and why (this is the default)")
    .option("--apply", "write it, if every row is good")
    .option("--full-list", "the list has every open invoice of this source: what it lacks is closed")
    .option("--confirm-closing <n>", "close that many, as the dry run showed", parseCount(1, CLOSINGS_MAX))
    .option("--skip-refused", "apply the good rows although others are wrong")
    .option(
      "--as-of <time>",
      "the list speaks of this moment (RFC 3339); the file's own time when absent",
      parseInstant,
    )
    .addOption(new Option("--carries <what>", "what the list holds").choices(["receivables", "payments"]))
    .option("--map <column=field>", "what a column means; again for further columns", collectMap)
    .addOption(new Option("--decimal <style>", "how amounts are written").choices(["comma", "point"]))
    .addOption(new Option("--dates <order>", "how dates are written").choices(["dmy", "mdy", "ymd"]))
    .option("--currency <code>", "for rows that name none")
    .option("--charset <name>", "such as windows-1252, when it is told wrongly")
    .option("--separator <character>", "between the cells of a text file")
    .option("--sheet <name>", "of a workbook; the first when absent")
    .option("--report <file.csv>", "write one line for every row of the list")
    .option("--json", "the result for programs")
    .option("--name <name>", "of a new creditor, as debtors know it")
    .addOption(
      new Option("--role <role>", "of a new creditor; a collector collects for others").choices([
        "creditor",
        "collector",
      ]),
    )
    .option("--country <code>", "of a new creditor (ISO 3166)")
    .option("--time-zone <zone>", "of a new creditor (IANA); its country's when absent")
    .option("--language <tag>", "of a new creditor (BCP 47); its country's when absent")
    .option("--contact <text>", "how debtors reach a person at the creditor, as texts print it")
    .option(
      "--pay <currency=how>",
      "how to pay, as texts print it (EUR=IBAN …); again for further ones",
      collectPay,
    )
    .addHelpText("after", fieldsHelp)
    .action((file: string, flags: Flags) => importFile(file, flags));
}

function collectMap(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.lastIndexOf("=");
  const field = text.slice(at + 1);
  if (at < 1)
    throw new InvalidArgumentError(
      'Write it as "Column=field"; the fields are listed at the end of the help.',
    );
  if (field !== "" && !isField(field)) {
    const near = closest(field, FIELDS);
    const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
    throw new InvalidArgumentError(
      `There is no field "${field}"${meant}; the fields are listed at the end of the help.`,
    );
  }
  return { ...before, [text.slice(0, at)]: field };
}

function collectPay(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, currency = "", how = ""] = /^([A-Za-z]{3})=(.+)$/.exec(text) ?? [];
  if (how === "") throw new InvalidArgumentError('Write it as "EUR=IBAN DE02 1203 0000 0000 2020 51".');
  return { ...before, [currency.toUpperCase()]: how };
}

const CUT_OFF_HELP = `An import that is cut off (by a power failure, or kill) keeps what it had written. Import
the same file again: it does the rest and takes nothing twice. The next import says so.`;

function fieldsHelp(): string {
  const rows = FIELDS.map((field) => `  ${field.padEnd(12)} ${FIELD_TITLES[field]}`);
  return `\n${CUT_OFF_HELP}\n\nFields, for --map (leave the field empty to leave a column out):\n${rows.join("\n")}`;
}

async function importFile(file: string, flags: Flags): Promise<void> {
  const settings = settingsOf(flags);
  if (settings === undefined) return;
  if (flags.apply === true && flags.dryRun === true) {
    complain("Give --dry-run or --apply, not both.");
    process.exitCode = EXIT_REFUSED;
    return;
  }
  mkdirSync(settings.dataDir, { recursive: true });
  const db = new Database({ path: databasePath(settings), migrations: MIGRATIONS });
  try {
    process.exitCode = await importInto(db, file, flags, settings);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    complain(`${file}: ${error.message}`);
    process.exitCode = EXIT_REFUSED;
  } finally {
    db.close();
  }
}

async function importInto(
  db: Database,
  file: string,
  flags: Flags,
  settings: SchedulerSettings,
): Promise<number> {
  const ids = createIds(systemClock, systemRandom);
  const ledger = createLedger({ db, random: systemRandom, ids });
  const actor = `cli:${userInfo().username}`;
  const write = flags.apply === true;
  const context = { db, ledger, now: systemClock.now(), actor, write };
  const creditor = await creditorFor(context, flags, settings.homeCountry);
  if ("refusal" in creditor) {
    complain(creditor.refusal);
    return EXIT_REFUSED;
  }
  const { signal, release } = interruptible();
  const rowReport = flags.report === undefined ? undefined : rowReportWriter(createWriteStream(flags.report));
  try {
    const report = await runImport(
      { db, ledger, clock: systemClock, zones: createZones(), ids, reader: createGuardedReader(systemClock) },
      {
        ...optionsOf(flags),
        path: file,
        creditor: creditor.row,
        actor,
        asOf: flags.asOf ?? timeOf(file),
        onProgress: watchful(createHeapWarden(), showProgress()),
        signal,
        ...(rowReport === undefined ? {} : { onRow: rowReport.write }),
      },
    );
    await rowReport?.end();
    show(report, flags);
    const next = nextStepFor(db, creditor.row);
    if (next !== undefined) complain(next);
    return exitCodeOf(report);
  } finally {
    release();
  }
}

function optionsOf(flags: Flags): Omit<ImportOptions, "path" | "creditor" | "actor" | "asOf"> {
  const { fullList, confirmClosing, skipRefused, carries, map, decimal, dates, currency } = flags;
  const { charset, separator, sheet } = flags;
  return {
    mode: flags.apply === true ? "apply" : "dry-run",
    source: flags.source,
    ...defined({ map }),
    styles: defined({ decimal, dates, currency: currency?.toUpperCase() }),
    file: defined({ charset, separator: separator === "\\t" ? "\t" : separator, sheet }),
    ...defined({ fullList, confirmClosing, skipRefused, carries }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** A list is at least as old as its file. */
function timeOf(file: string): number {
  return existsSync(file) ? Math.floor(statSync(file).mtimeMs) : systemClock.now();
}

type OnProgress = NonNullable<ImportOptions["onProgress"]>;

/** This process does nothing but import, so the size of its heap is the import's to settle. */
function watchful(heapWarden: () => void, show: OnProgress): OnProgress {
  return (progress) => {
    heapWarden();
    show(progress);
  };
}

function showProgress(): OnProgress {
  const shows = {
    checking: progress("checking"),
    applying: progress("applying"),
    closing: progress("closing"),
  };
  return ({ phase, rows, done }) =>
    shows[phase](rows, done > 0 ? Math.max(rows, Math.round(rows / done)) : rows + 1);
}

function show(report: ImportReport, flags: Flags): void {
  if (flags.json === true) {
    print(
      JSON.stringify(
        report,
        (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
        2,
      ),
    );
    return;
  }
  print(describeFormat(report));
  print(describeResult(report));
}

function exitCodeOf(report: ImportReport): number {
  if (report.state === "cancelled") return EXIT_INTERRUPTED;
  return report.state === "refused" ? EXIT_REFUSED : 0;
}
