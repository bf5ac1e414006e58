/** The second pass: the rows that the first one found good go into the ledger, batch by batch. */
import { basename } from "node:path";
import type { Change } from "#scheduler/ledger/inputs.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
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
      await applyBatch(deps, options, plan, batch.rows, tally);
      options.onProgress?.({ phase: "applying", rows: tally.counts().rows, done: batch.done });
    }
    if (closing !== undefined && !options.signal?.aborted)
      closed = await closeMissing(deps, options, seen, change);
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
    if (state === "applied") rememberMapping(deps.db, run.creditorId, plan.header, plan.settled, ended);
  });
  // Only a list that was taken whole says how far the feed reaches: a payment left out is a payment unknown.
  if (state === "applied" && counts.refused === 0)
    await deps.ledger.recordFeed(run.creditorId, plan.header.carries, ended);
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
