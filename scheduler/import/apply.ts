/** The second pass: the rows that the first one found good go into the ledger, batch by batch. */
import { basename } from "node:path";
import type { RowId } from "#scheduler/ledger/types.ts";
import { cutOffImports, endCutOff, isSameList, noteProgress } from "./cut-off.ts";
import { listedPages, missingOf } from "./full-list.ts";
import { judgeRow } from "./judge.ts";
import { APPLY_ROWS, PROBLEMS_KEPT } from "./limits.ts";
import type { ImportDeps, ImportOptions, Plan } from "./options.ts";
import { beginRun, endRun, type ImportRun, rememberMapping } from "./remembered.ts";
import { type Closing, createTally, type ImportReport, type RowCounts, type Tally } from "./report.ts";
import type { Seen } from "./seen.ts";
import type { SortedRow } from "./sort-row.ts";
import type { SortedBatch, Spool } from "./spool.ts";

type Applied = Pick<ImportReport, "state" | "counts" | "problems" | "closing">;

export async function apply(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  seen: Seen,
  spool: Spool,
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
  const end = (state: "applied" | "cancelled", closed: number): Promise<void> =>
    endWith(deps, plan, run, { state, counts: tally.counts(), closed });
  let closed = 0;
  try {
    for (const batch of inPieces(spool.batches())) {
      if (options.signal?.aborted) break;
      await applyBatch(deps, options, plan, run, batch.rows, tally);
      options.onProgress?.({ phase: "applying", rows: tally.counts().rows, done: batch.done });
    }
    if (closing !== undefined && !options.signal?.aborted)
      closed = await closeMissing(deps, options, seen, plan, run, tally);
  } catch (error) {
    await end("cancelled", closed);
    throw error;
  }
  const state = options.signal?.aborted ? "cancelled" : "applied";
  await end(state, closed);
  return {
    state,
    counts: tally.counts(),
    problems: tally.problems(),
    ...(closing === undefined ? {} : { closing: { ...closing, closed } }),
  };
}

/** Several batches of the reader as one: each piece is a transaction, and its commit waits for the disk. */
function* inPieces(batches: Iterable<SortedBatch>): Generator<SortedBatch> {
  let rows: SortedRow[] = [];
  let done = 0;
  for (const batch of batches) {
    rows.push(...batch.rows);
    done = batch.done;
    if (rows.length < APPLY_ROWS) continue;
    yield { rows, done };
    rows = [];
  }
  if (rows.length > 0) yield { rows, done };
}

async function endWith(
  deps: ImportDeps,
  plan: Plan,
  run: ImportRun,
  result: { readonly state: "applied" | "cancelled"; readonly counts: RowCounts; readonly closed: number },
): Promise<void> {
  const { state, counts, closed } = result;
  const ended = { ...plan.change, at: deps.clock.now() };
  await deps.db.write(() => {
    endRun(deps.db, run, state, { ...counts, closed }, ended);
    if (state !== "applied") return;
    rememberMapping(deps.db, run.creditorId, plan.header, plan.settled, ended);
    const before = cutOffImports(deps.db, ended.at, run.creditorId);
    const completed = before.filter((one) => isSameList(one, plan.change.source, run.fileName));
    endCutOff(deps.db, completed, ended.at);
  });
  // Only a list that was taken whole says how far the feed reaches: a payment left out is a payment unknown.
  if (state === "applied" && counts.refused === 0)
    await deps.ledger.recordFeed(run.creditorId, plan.header.carries, ended);
}

async function applyBatch(
  deps: ImportDeps,
  options: ImportOptions,
  plan: Plan,
  run: ImportRun,
  rows: readonly SortedRow[],
  tally: Tally,
): Promise<void> {
  const inputs = rows.flatMap((row) => (row.kind === "inputs" ? row.inputs : []));
  const at = deps.clock.now();
  const done = tally.counts().rows + rows.length;
  // In one turn, and so in one transaction.
  const [outcomes] = await Promise.all([
    deps.ledger.apply(options.creditor, inputs, { ...plan.change, at }),
    deps.db.write(() => noteProgress(deps.db, run.id, done, at)),
  ]);
  let taken = 0;
  for (const row of rows) {
    if (row.kind === "settled") tally.add(row.report);
    else {
      const own = outcomes.slice(taken, taken + row.inputs.length);
      taken += row.inputs.length;
      tally.add(judgeRow(row.row, row.what, row.inputs, own, row.warnings));
    }
  }
}

async function closeMissing(
  deps: ImportDeps,
  options: ImportOptions,
  seen: Seen,
  plan: Plan,
  run: ImportRun,
  tally: Tally,
): Promise<number> {
  const { rows } = tally.counts();
  let closed = 0;
  const pages: RowId[][] = [];
  for (const page of listedPages(deps.db, options.creditor.id, options.source, options.asOf))
    pages.push(missingOf(page, seen));
  for (const [i, ids] of pages.entries()) {
    if (options.signal?.aborted) break;
    const at = deps.clock.now();
    const [some] = await Promise.all([
      deps.ledger.markAbsent(ids, { ...plan.change, at }),
      deps.db.write(() => noteProgress(deps.db, run.id, rows, at)),
    ]);
    closed += some;
    options.onProgress?.({ phase: "closing", rows: closed, done: (i + 1) / pages.length });
  }
  return closed;
}
