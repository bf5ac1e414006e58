/** An import whose process is killed in the middle: what it says afterwards, and what completes it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeResult } from "#scheduler/cli/import-output.ts";
import { cutOffImports } from "#scheduler/import/cut-off.ts";
import { APPLY_ROWS, CUT_OFF_AFTER_MS, CUT_OFF_TOLD_MS } from "#scheduler/import/limits.ts";
import type { ImportReport } from "#scheduler/import/report.ts";
import { type ImportBench, invoices, openImportBench } from "./support.ts";

const ROWS = APPLY_ROWS + 500;

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

class Killed extends Error {}

/** The database as it is found after a kill: the last commit, and nothing of what would have come after it. */
async function killAfterOnePiece(path: string): Promise<void> {
  const killed = bench.import(path, {
    onProgress({ phase }) {
      if (phase !== "applying") return;
      // What a process does when it is not killed, but fails: here it must not come to that.
      bench.db.connection.exec(
        "create temp trigger dead before update of state on import_run begin select raise(abort, 'dead'); end",
      );
      throw new Killed();
    },
  });
  await expect(killed).rejects.toThrow();
  bench.db.connection.exec("drop trigger dead");
}

const count = (table: string): number =>
  bench.db.sql(`select count(*) from ${table}`).pluck().get() as number;
const states = () =>
  bench.db
    .sql("select state, ended_at is null as runs from import_run order by started_at, ended_at desc")
    .all();

/** A minute later, when nobody can think any more that it goes on. */
async function later(): Promise<void> {
  await bench.clock.advance(CUT_OFF_AFTER_MS + 1);
}

test("whole pieces stay, the next look says so, and the same file again completes it", async () => {
  const path = bench.write("list.csv", invoices(ROWS));
  await killAfterOnePiece(path);
  expect(count("receivable")).toBe(APPLY_ROWS);
  expect(cutOffImports(bench.db, bench.clock.now())).toEqual([]);
  const at = bench.clock.now();
  await later();
  const looked = await bench.import(path, { mode: "dry-run" });
  expect(looked.cutOff).toMatchObject([{ fileName: "list.csv", rows: APPLY_ROWS, at, completed: false }]);
  expect(looked.counts).toMatchObject({ unchanged: APPLY_ROWS, created: 500 });
  expect(describeResult(looked)).toMatch(
    /list\.csv.*was cut off at .* after 2000 rows.*imported again with --apply/,
  );
  const again = await bench.import(path);
  expect(again).toMatchObject({ state: "applied", cutOff: [{ completed: true }] });
  expect(describeResult(again)).toMatch(/This import has completed it/);
  expect([count("receivable"), count("debtor"), count("dunning_case")]).toEqual([ROWS, ROWS, ROWS]);
  await later();
  expect((await bench.import(path)).cutOff).toBeUndefined();
  expect(states()).toEqual([
    { state: "cancelled", runs: 0 },
    { state: "applied", runs: 0 },
    { state: "applied", runs: 0 },
  ]);
});

test("another file, another source and a look do not complete it; a month later it is old news", async () => {
  const path = bench.write("list.csv", invoices(ROWS));
  await killAfterOnePiece(path);
  await later();
  const other = bench.write("other.csv", invoices(1));
  const said = async (work: Promise<ImportReport>) => (await work).cutOff?.map(({ completed }) => completed);
  expect(await said(bench.import(other))).toEqual([false]);
  expect(await said(bench.import(path, { source: "elsewhere" }))).toEqual([false]);
  expect(await said(bench.import(path, { mode: "dry-run" }))).toEqual([false]);
  await bench.clock.advance(CUT_OFF_TOLD_MS);
  expect(await said(bench.import(other))).toBeUndefined();
});

test("an import that was cut off before it wrote a row is told as well", async () => {
  const path = bench.write("list.csv", invoices(3));
  await bench.import(path);
  bench.db.connection.exec("update import_run set state = 'applying', ended_at = null, counts = '{}'");
  await later();
  expect(cutOffImports(bench.db, bench.clock.now())).toMatchObject([{ rows: 0 }]);
});
