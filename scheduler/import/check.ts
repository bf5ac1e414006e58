/** The first pass: every row is read, and the ledger is asked what it would say. Nothing is written. */

import { feedsOf } from "#scheduler/ledger/feeds.ts";
import type { BatchNames } from "#scheduler/ledger/known-names.ts";
import { createDryRun, type DryRun } from "./dry-run.ts";
import { CLOSE_COUNT_FREE, CLOSE_SHARE_MAX, closesTooMany, listedPages, missingOf } from "./full-list.ts";
import { judgeRow } from "./judge.ts";
import { PROBLEMS_KEPT } from "./limits.ts";
import { dateOf, type ImportDeps, type ImportOptions, type Plan } from "./options.ts";
import type { DigestedRow } from "./protocol.ts";
import type { OpenList } from "./read-file.ts";
import type { FileRefusalCode } from "./refused.ts";
import { type Closing, createTally, type ImportReport, type RowReport, type Tally } from "./report.ts";
import type { Seen } from "./seen.ts";
import { createRowSorter, type InputRow, type RowSorter, type SortedRow } from "./sort-row.ts";
import { openSpool, type Spool } from "./spool.ts";
import { afterAllRows, createWaitingRows, type WaitingRows } from "./waiting-rows.ts";

export interface Checked {
  readonly tally: Tally;
  readonly closing?: Closing;
  readonly refusal?: NonNullable<ImportReport["refusal"]>;
}

/** What the two passes of an import hand on. */
interface Between {
  readonly list: OpenList;
  readonly seen: Seen;
  /** Takes the rows as they were checked, when they are to be written afterwards. */
  readonly spool: Spool | undefined;
}

export async function check(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  between: Between,
): Promise<Checked> {
  const { seen } = between;
  const tally = createTally(PROBLEMS_KEPT, reportsOfCheck(options));
  const waiting = createWaitingRows(() => openSpool(deps.db.connection.name));
  try {
    const nameless = await readRows({ deps, options, plan, ...between, tally, waiting });
    const closing = options.fullList ? findMissing(deps, options, seen) : undefined;
    const refusal = options.signal?.aborted
      ? undefined
      : refusalOf(deps, options, plan, tally, nameless, closing);
    return {
      tally,
      ...(closing === undefined ? {} : { closing }),
      ...(refusal === undefined ? {} : { refusal }),
    };
  } finally {
    waiting.close();
  }
}

interface Reading extends Between {
  readonly deps: ImportDeps;
  readonly options: ImportOptions;
  readonly plan: Plan;
  readonly tally: Tally;
  readonly waiting: WaitingRows;
}

/** Answers how many rows are wrong in a way that hides which invoice they are about. */
async function readRows(reading: Reading): Promise<number> {
  const { deps, options, plan, list, seen, spool, tally, waiting } = reading;
  const sorter = createRowSorter(seen, dateOf(deps, options));
  const dryRun = createDryRun({ db: deps.db, creditor: options.creditor, change: plan.change, seen });
  let nameless = 0;
  const take = (judged: Judged, done: number): void => {
    for (const report of judged.reports) {
      if (report.action === "refused" && report.what === undefined) nameless++;
      tally.add(report);
    }
    spool?.write({ rows: judged.rows, done });
    options.onProgress?.({ phase: "checking", rows: tally.counts().rows, done });
  };
  for await (const batch of list.rows(plan.settled.settings)) {
    const judged = deps.db.read(() => judgeInPlace(batch.rows, sorter, dryRun));
    waiting.add(judged.waiting);
    take(judged, batch.done);
  }
  for (const rows of waiting.batches()) {
    if (options.signal?.aborted) break;
    const whole = rows.map((row) => afterAllRows(row, seen));
    take({ rows: whole, reports: deps.db.read(() => judgeWaiting(whole, dryRun)) }, 1);
  }
  return nameless;
}

interface Judged {
  readonly rows: readonly SortedRow[];
  readonly reports: readonly RowReport[];
}

function judgeInPlace(
  read: readonly DigestedRow[],
  sorter: RowSorter,
  dryRun: DryRun,
): Judged & { readonly waiting: readonly InputRow[] } {
  const rows: SortedRow[] = [];
  const reports: RowReport[] = [];
  const waiting: InputRow[] = [];
  dryRun.expect(namesOf(read));
  for (const one of read) {
    const row = sorter.sort(one);
    if (row.kind === "settled") {
      rows.push(row);
      reports.push(row.report);
      continue;
    }
    const outcomes = dryRun(row.inputs);
    if (outcomes === undefined) waiting.push(row);
    else {
      rows.push(row);
      reports.push(judgeRow(row.row, row.what, row.inputs, outcomes, row.warnings));
    }
  }
  return { rows, reports, waiting };
}

function namesOf(rows: readonly DigestedRow[]): BatchNames {
  const debtors: string[] = [];
  const receivables: string[] = [];
  for (const { read } of rows)
    if (read.kind === "receivable") {
      debtors.push(read.debtor.externalId);
      receivables.push(read.receivable.externalId);
    }
  return { debtors, receivables };
}

function namesOfWaiting(rows: readonly InputRow[]): BatchNames {
  const inputs = rows.flatMap((row) => row.inputs);
  const named = (what: "debtor" | "receivable"): string[] =>
    inputs.flatMap((one) => (one.what === what ? [one.input.externalId] : []));
  return { debtors: named("debtor"), receivables: named("receivable") };
}

function judgeWaiting(rows: readonly InputRow[], dryRun: DryRun): RowReport[] {
  dryRun.expect(namesOfWaiting(rows));
  return rows.map((row) =>
    judgeRow(row.row, row.what, row.inputs, dryRun.afterAllRows(row.inputs), row.warnings),
  );
}

/** Each row is reported once: here, unless a second pass will. */
function reportsOfCheck(options: ImportOptions): ImportOptions["onRow"] {
  if (options.mode === "dry-run") return options.onRow;
  if (options.skipRefused) return undefined;
  return (report) => {
    if (report.action === "refused") options.onRow?.(report);
  };
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
      refused === 1
        ? "One row is wrong, so none is applied. Correct it, or leave it out with --skip-refused."
        : `${refused} rows are wrong, so none is applied. Correct them, or leave them out with --skip-refused.`,
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
