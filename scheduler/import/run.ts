/**
 * An import from end to end: look at the file, settle how it is read, check every row, and only then apply
 * it. The check knows everything that can make the file unfit, so a file that is refused has written nothing.
 */
import { basename } from "node:path";
import { feedsOf } from "#scheduler/ledger/feeds.ts";
import type { Change } from "#scheduler/ledger/inputs.ts";
import type { Ledger } from "#scheduler/ledger/ledger.ts";
import type { Actor, Creditor, RowId } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { createDryRun, type DryRun } from "./dry-run.ts";
import type { Carries } from "./fields.ts";
import { CLOSE_COUNT_FREE, CLOSE_SHARE_MAX, closesTooMany, listedPages, missingOf } from "./full-list.ts";
import { previewFile, type ReadBatch, readFileRows } from "./guarded-reader.ts";
import { findHeader, type Header } from "./header.ts";
import { judgeRow } from "./judge.ts";
import { PROBLEMS_KEPT } from "./limits.ts";
import { type FileRefusalCode, FileRefused } from "./refused.ts";
import { beginRun, endRun, readRemembered, rememberMapping } from "./remembered.ts";
import { type Closing, createTally, type ImportReport, type RowReport, type Tally } from "./report.ts";
import { openSeen, type Seen } from "./seen.ts";
import { type AskedStyles, type SettledSettings, settleSettings } from "./settle-settings.ts";
import { createRowSorter, type SortedRow } from "./sort-row.ts";
import type { FileFormat, SourceOptions } from "./source.ts";

export interface ImportDeps {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly zones: Zones;
  readonly ids: IdFactory;
}

export interface ImportProgress {
  readonly phase: "checking" | "applying" | "closing";
  readonly rows: number;
  /** Share of the phase, 0 to 1. */
  readonly done: number;
}

export interface ImportOptions {
  readonly path: string;
  readonly creditor: Creditor;
  /** Name of the feed; its mapping is remembered, and its receivables are its own. */
  readonly source: string;
  readonly actor: Actor;
  readonly mode: "dry-run" | "apply";
  /** The list speaks of what was so at this instant. */
  readonly asOf: number;
  /** The list has every open receivable of the source: what it lacks is closed. */
  readonly fullList?: boolean;
  /** So many closures were shown and are wanted. */
  readonly confirmClosing?: number;
  /** Apply the good rows although others are refused. */
  readonly skipRefused?: boolean;
  readonly carries?: Carries;
  /** Header text or column letter to field. */
  readonly map?: Readonly<Record<string, string>>;
  readonly styles?: AskedStyles;
  readonly file?: Omit<SourceOptions, "country">;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly onRow?: (report: RowReport) => void;
  readonly signal?: AbortSignal;
}

/** Everything that both passes need. */
interface Plan {
  readonly format: FileFormat;
  readonly header: Header;
  readonly settled: SettledSettings;
  readonly change: Change;
  readonly fileOptions: SourceOptions;
}

/** @throws FileRefused when the file cannot be read as a list at all. */
export async function runImport(deps: ImportDeps, options: ImportOptions): Promise<ImportReport> {
  const plan = await makePlan(deps, options);
  const seen = openSeen();
  try {
    const checked = await check(deps, options, plan, seen);
    const base = { format: plan.format, header: plan.header, settings: plan.settled, asOf: options.asOf };
    const found = {
      ...base,
      counts: checked.tally.counts(),
      problems: checked.tally.problems(),
      ...(checked.closing === undefined ? {} : { closing: checked.closing }),
    };
    if (options.signal?.aborted) return { state: "cancelled", ...found };
    if (checked.refusal !== undefined) return { state: "refused", ...found, refusal: checked.refusal };
    if (options.mode === "dry-run") return { state: "checked", ...found };
    return { ...base, ...(await apply(deps, options, plan, seen, checked.closing)) };
  } finally {
    seen.close();
  }
}

async function makePlan(deps: ImportDeps, options: ImportOptions): Promise<Plan> {
  const { creditor, source } = options;
  const country = creditor.jurisdiction.slice(0, 2);
  const fileOptions: SourceOptions = { ...options.file, country };
  const remembered = readRemembered(deps.db, creditor.id, source);
  const preview = await previewFile(options.path, fileOptions, deps.clock, options.signal);
  const header = findHeader(preview.rows, {
    asked: options.map ?? {},
    remembered: remembered.columns,
    ...(options.carries === undefined ? {} : { carries: options.carries }),
  });
  const currencies = Object.keys(creditor.paymentInstructions);
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const known = { country, ...(only === undefined ? {} : { currency: only }) };
  const settled = settleSettings(
    header,
    preview.rows,
    source,
    known,
    options.styles ?? {},
    remembered.styles,
  );
  const change = { actor: options.actor, at: deps.clock.now(), source, asOf: options.asOf };
  return { format: preview.format, header, settled, change, fileOptions };
}

interface Checked {
  readonly tally: Tally;
  readonly closing?: Closing;
  readonly refusal?: NonNullable<ImportReport["refusal"]>;
}

/** The first pass: every row is read, and the ledger is asked what it would say. Nothing is written. */
async function check(deps: ImportDeps, options: ImportOptions, plan: Plan, seen: Seen): Promise<Checked> {
  const tally = createTally(PROBLEMS_KEPT, reportsOfCheck(options));
  const sorter = createRowSorter(seen, 1, dateOf(deps, options));
  const dryRun = createDryRun({
    db: deps.db,
    creditor: options.creditor,
    change: plan.change,
    madeByFile: (id) => seen.firstDebtor(id) !== undefined,
  });
  let nameless = 0;
  for await (const batch of readRows(deps, options, plan)) {
    for (const row of batch.rows) {
      const report = judgeDry(sorter.sort(row), dryRun);
      if (report.action === "refused" && report.what === undefined) nameless++;
      tally.add(report);
    }
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

function readRows(deps: ImportDeps, options: ImportOptions, plan: Plan): AsyncGenerator<ReadBatch> {
  return readFileRows(options.path, plan.fileOptions, plan.settled.settings, deps.clock, options.signal);
}

function dateOf(deps: ImportDeps, options: ImportOptions): string {
  return deps.zones.dateAt(options.asOf, options.creditor.timeZone);
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

type Applied = Pick<ImportReport, "state" | "counts" | "problems" | "closing">;

async function apply(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  seen: Seen,
  closing: Closing | undefined,
): Promise<Applied> {
  const { change } = plan;
  const { creditor } = options;
  const run = {
    id: deps.ids("imp"),
    creditorId: creditor.id,
    carries: plan.header.carries,
    fileName: basename(options.path),
    fullList: options.fullList === true,
  };
  await deps.db.write(() => beginRun(deps.db, run, change));
  const tally = createTally(PROBLEMS_KEPT, options.onRow);
  const sorter = createRowSorter(seen, 2, dateOf(deps, options));
  for await (const batch of readRows(deps, options, plan)) {
    await applyBatch(deps, options, plan, batch.rows.map(sorter.sort), tally);
    options.onProgress?.({ phase: "applying", rows: tally.counts().rows, done: batch.done });
  }
  let closed = 0;
  if (closing !== undefined && !options.signal?.aborted)
    closed = await closeMissing(deps, options, seen, change);
  const state = options.signal?.aborted ? "cancelled" : "applied";
  const ended = { ...change, at: deps.clock.now() };
  await deps.db.write(() => {
    endRun(deps.db, run, state, { ...tally.counts(), closed }, ended);
    if (state === "applied")
      rememberMapping(deps.db, creditor.id, plan.header, plan.settled, options.styles ?? {}, ended);
  });
  // Only a list that was taken whole says how far the feed reaches.
  if (state === "applied") await deps.ledger.recordFeed(creditor.id, plan.header.carries, ended);
  return {
    state,
    counts: tally.counts(),
    problems: tally.problems(),
    ...(closing === undefined ? {} : { closing: { ...closing, closed } }),
  };
}

async function applyBatch(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  rows: readonly SortedRow[],
  tally: Tally,
): Promise<void> {
  const inputs = rows.flatMap((row) => (row.kind === "inputs" ? row.inputs : []));
  const outcomes = await deps.ledger.apply(options.creditor, inputs, {
    ...plan.change,
    at: deps.clock.now(),
  });
  let at = 0;
  for (const row of rows) {
    if (row.kind === "settled") tally.add(row.report);
    else {
      const own = outcomes.slice(at, at + row.inputs.length);
      at += row.inputs.length;
      tally.add(judgeRow(row.row, row.what, row.inputs, own, row.warnings));
    }
  }
}

async function closeMissing(
  deps: ImportDeps,
  options: ImportOptions,
  seen: Seen,
  change: Change,
): Promise<number> {
  let closed = 0;
  const pages: RowId[][] = [];
  for (const page of listedPages(deps.db, options.creditor.id, options.source, options.asOf))
    pages.push(missingOf(page, seen));
  for (const [i, ids] of pages.entries()) {
    if (options.signal?.aborted) break;
    closed += await deps.ledger.markAbsent(ids, { ...change, at: deps.clock.now() });
    options.onProgress?.({ phase: "closing", rows: closed, done: (i + 1) / pages.length });
  }
  return closed;
}

export { FileRefused };
