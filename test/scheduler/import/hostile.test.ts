/** Files that mean harm, or were hurt on the way: each is refused with its place, and nothing is written. */
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { FileRefused } from "#scheduler/import/refused.ts";
import { openSource } from "#scheduler/import/source.ts";
import type { Clock } from "#shared/clock.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { type Hostile, REFUSED_WHOLE, sheet, workbook } from "./hostile-files.ts";
import { REFUSED_ROW, row } from "./hostile-rows.ts";
import { type ImportBench, invoices, openImportBench, refusalOf, workbookParts, zipOf } from "./support.ts";

/** With the guard of a thread, and without. */
let bench: ImportBench;
let direct: ImportBench;

beforeAll(async () => {
  bench = await openImportBench(createGuardedReader(new SimulatedClock()));
  direct = await openImportBench();
});

afterAll(() => {
  bench.close();
  direct.close();
});

/** As the reading thread does it, without the cost of a thread for each file. */
async function readAll(path: string, charset: string | undefined): Promise<FileRefused | number> {
  try {
    const source = await openSource(path, { country: "DE", ...(charset === undefined ? {} : { charset }) });
    let rows = 0;
    try {
      for await (const batch of source.rows()) rows += batch.length;
    } finally {
      await source.close();
    }
    return rows;
  } catch (error) {
    if (error instanceof FileRefused) return error;
    throw error;
  }
}

test.each(REFUSED_WHOLE)("$what", async ({ file, content, code, says, charset }) => {
  const refusal = await readAll(bench.write(file, content()), charset);
  expect(refusal).toBeInstanceOf(FileRefused);
  expect((refusal as FileRefused).code).toBe(code);
  expect((refusal as FileRefused).message).toMatch(says);
});

test("a refusal crosses from the reading thread to the importer with its row, and nothing is written", async () => {
  for (const what of [
    "a NUL in row 3",
    "a quote that is never closed",
    "a zip bomb that lies about its size",
  ]) {
    const hostile = REFUSED_WHOLE.find((one) => one.what === what) as Hostile;
    const refusal = await refusalOf(bench.import(bench.write(hostile.file, hostile.content())));
    expect((refusal as FileRefused).message, what).toMatch(hostile.says);
  }
  expect(bench.db.sql("select count(*) from debtor").pluck().get()).toBe(0);
  expect(bench.db.sql("select count(*) from import_run").pluck().get()).toBe(0);
});

test("a file that cannot be read in time ends its thread and no more", async () => {
  const clock = new SimulatedClock();
  const timer = (_ms: number, fire: () => void): (() => void) => {
    queueMicrotask(fire);
    return () => {};
  };
  const hurried = { ...clock, timer };
  const path = bench.write("a.csv", invoices(10));
  const refusal = await createGuardedReader(hurried as unknown as Clock)
    .open(path, { country: "DE" })
    .catch((error) => error);
  expect(refusal).toMatchObject({ code: "reader_time" });
  expect(await bench.import(path)).toMatchObject({ state: "applied" });
});

test.each(REFUSED_ROW)("a row with $what", async ({ file, content, row: number, column, says }) => {
  const { report, rows } = await direct.rows(bench.write(file, content()), { mode: "dry-run" });
  expect(report.state).toBe("refused");
  expect(report.refusal?.code).toBe("rows_refused");
  const refused = rows.filter((one) => one.action === "refused");
  expect(refused.map((one) => one.row)).toEqual([number]);
  const problem = refused[0]?.problems[0];
  expect(problem?.detail).toMatch(says);
  expect(problem?.column).toBe(column);
  expect(report.counts.created).toBe(rows.filter((one) => one.action === "created").length);
});

test("what a refusal says never repeats a name or a number of the list", async () => {
  const text = row("INV-2", "C-2", "=Muster()", "+491701234599", "x", "EUR", "never");
  const { report } = await bench.rows(bench.write("a.csv", text));
  expect(JSON.stringify(report.problems)).not.toMatch(/Muster|1701234599/);
});

test("file names in a workbook lead nowhere", async () => {
  const parts = workbookParts(sheet).map((part) =>
    part.name.endsWith("workbook.xml.rels")
      ? { ...part, data: String(part.data).replace("worksheets/sheet1.xml", "../../../../etc/passwd") }
      : part,
  );
  const refusal = await refusalOf(bench.import(bench.write("a.xlsx", zipOf(parts))));
  expect(refusal).toMatchObject({ code: "sheet_missing" });
});

test("deflate streams behind the first one are not read", async () => {
  const twice = Buffer.concat([deflateRawSync(Buffer.from(sheet)), deflateRawSync(Buffer.alloc(10_000_000))]);
  const report = await refusalOf(bench.import(bench.write("a.xlsx", workbook(sheet, { packed: twice }))));
  expect(report).toMatchObject({ state: "applied", counts: { rows: 2, refused: 0 } });
});
