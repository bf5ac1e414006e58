/** The first pass: every row is read, and the ledger is asked what it would say. Nothing is written. */
import { feedsOf } from "#scheduler/ledger/feeds.ts";
import { createDryRun, type DryRun } from "./dry-run.ts";
import { CLOSE_COUNT_FREE, CLOSE_SHARE_MAX, closesTooMany, listedPages, missingOf } from "./full-list.ts";
import { judgeRow } from "./judge.ts";
import { PROBLEMS_KEPT } from "./limits.ts";
import { dateOf, type ImportDeps, type ImportOptions, type Plan } from "./options.ts";
import type { FileRefusalCode } from "./refused.ts";
import { type Closing, createTally, type ImportReport, type RowReport, type Tally } from "./report.ts";
import type { Seen } from "./seen.ts";
import { createRowSorter, type SortedRow } from "./sort-row.ts";
import type { Spool } from "./spool.ts";

export interface Checked {
  readonly tally: Tally;
  readonly closing?: Closing;
  readonly refusal?: NonNullable<ImportReport["refusal"]>;
}

/** `spool` takes the rows as they were checked, when they are to be written afterwards. */
export async function check(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  seen: Seen,
  spool: Spool | undefined,
): Promise<Checked> {
  const tally = createTally(PROBLEMS_KEPT, reportsOfCheck(options));
  const sorter = createRowSorter(seen, dateOf(deps, options));
  const dryRun = createDryRun({
    db: deps.db,
    creditor: options.creditor,
    change: plan.change,
    madeByFile: seen.hasDebtor,
  });
  let nameless = 0;
  const { settings } = plan.settled;
  for await (const batch of deps.reader.rows(options.path, plan.fileOptions, settings, options.signal)) {
    const rows = batch.rows.map(sorter.sort);
    const reports = deps.db.read(() => rows.map((row) => judgeDry(row, dryRun)));
    for (const report of reports) {
      if (report.action === "refused" && report.what === undefined) nameless++;
      tally.add(report);
    }
    spool?.write({ rows, done: batch.done });
    options.onProgress?.({ phase: "checking", rows: tally.counts().rows, done: batch.done });
  }
  const closing = options.fullList ? findMissing(deps, options, seen) : undefined;
  const refusal = options.signal?.aborted
    ? undefined
    : refusalOf(deps, options, plan, tally, nameless, closing);
  return {
    tally,
    ...(closing === undefined ? {} : { closing }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** Each row is reported once: here, unless a second pass will. */
function reportsOfCheck(options: ImportOptions): ImportOptions["onRow"] {
  if (options.mode === "dry-run") return options.onRow;
  if (options.skipRefused) return undefined;
  return (report) => {
    if (report.action === "refused") options.onRow?.(report);
  };
}

function judgeDry(sorted: SortedRow, dryRun: DryRun): RowReport {
  if (sorted.kind === "settled") return sorted.report;
  return judgeRow(sorted.row, sorted.what, sorted.inputs, dryRun(sorted.inputs), sorted.warnings);
}

function findMissing(deps: ImportDeps, options: ImportOptions, seen: Seen): Closing {
  let listed = 0;
  let missing = 0;
  for (const page of listedPages(deps.db, options.creditor.id, options.source, options.asOf)) {
    listed += page.length;
    missing += missingOf(page, seen).length;
  }
  return { listed, missing, closed: 0 };
}

function refusalOf(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  tally: Tally,
  nameless: number,
  closing: Closing | undefined,
): Checked["refusal"] {
  const { refused } = tally.counts();
  const refuse = (code: FileRefusalCode, detail: string) => ({ code, detail });
  if (refused > 0 && options.skipRefused !== true)
    return refuse(
      "rows_refused",
      `${refused} rows are wrong, so none is applied. Correct them, or leave them out with --skip-refused.`,
    );
  if (closing === undefined) return undefined;
  const feed = feedsOf(deps.db, options.creditor.id).find(
    (one) => one.source === options.source && one.carries === "receivables",
  );
  if (plan.header.carries === "payments")
    return refuse("list_incomplete", "A list of payments closes nothing. Leave --full-list out.");
  if (feed !== undefined && feed.asOf > options.asOf)
    return refuse(
      "feed_older",
      "A newer list of this source was applied before; this one may close nothing.",
    );
  if (nameless > 0)
    return refuse(
      "list_incomplete",
      `In ${nameless} rows the number of the invoice cannot be read, so nobody knows what the list lacks. Correct them.`,
    );
  if (closesTooMany(closing.listed, closing.missing) && options.confirmClosing !== closing.missing)
    return refuse(
      "list_closes_too_many",
      `It lacks ${closing.missing} of ${closing.listed} open receivables; more than ${CLOSE_SHARE_MAX * 100} % (and ${CLOSE_COUNT_FREE}) are not closed unasked. If they are all settled: --confirm-closing ${closing.missing}.`,
    );
  return undefined;
}
