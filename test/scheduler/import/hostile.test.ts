/** Files that mean harm, or were hurt on the way: each is refused with its place, and nothing is written. */
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { FileRefused } from "#scheduler/import/refused.ts";
import { openSource } from "#scheduler/import/source.ts";
import type { Clock } from "#shared/clock.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import {
  GOOD_ROWS,
  HEADER,
  type ImportBench,
  invoices,
  openImportBench,
  type Part,
  refusalOf,
  sheetXml,
  workbookParts,
  zipOf,
} from "./support.ts";

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

const GOOD = "INV-1;C-1;Eva;+491701234567;12.50;EUR;2026-02-01";
const sheet = sheetXml(GOOD_ROWS);
/** 48 MiB of one character: 48 KB packed. */
const bomb = (): Uint8Array => Buffer.alloc(48 * 1_048_576, 0x20);

function workbook(xml: string | Uint8Array, over: Partial<Part> = {}): Buffer {
  return zipOf(workbookParts(xml, over));
}

function withParts(...more: Part[]): Buffer {
  return zipOf([...workbookParts(sheet), ...more]);
}

interface Hostile {
  readonly what: string;
  readonly file: string;
  readonly content: () => string | Uint8Array;
  readonly code: string;
  readonly says: RegExp;
  /** Said by the person, where the file would tell another. */
  readonly charset?: string;
}

const REFUSED_WHOLE: readonly Hostile[] = [
  { what: "an empty file", file: "a.csv", content: () => "", code: "file_empty", says: /empty/ },
  {
    what: "a picture with the name of a list",
    file: "a.csv",
    content: () => Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    code: "text_broken",
    says: /Row \d+: .*NUL/,
  },
  { what: "a PDF", file: "a.xlsx", content: () => "%PDF-1.7\n", code: "format_unknown", says: /PDF/ },
  {
    what: "an old .xls, or one with a password",
    file: "a.xlsx",
    content: () => Buffer.from("d0cf11e0a1b11ae1", "hex"),
    code: "format_unknown",
    says: /password/,
  },
  {
    what: "a NUL in row 3",
    file: "a.csv",
    content: () => `${HEADER}\n${GOOD}\nINV-2;C-2;E\u0000va;+491701234567;1.00;EUR;2026-02-01\n`,
    code: "text_broken",
    says: /Row 3: .*NUL/,
  },
  {
    what: "UTF-8 with a row of Windows-1252 in it, said to be UTF-8",
    file: "a.csv",
    content: () =>
      Buffer.concat([
        Buffer.from(`${HEADER}\n${GOOD}\n`),
        Buffer.from("INV-2;C-2;M\xfcller;+491701234567;1.00;EUR;2026-02-01\n", "latin1"),
      ]),
    code: "charset_wrong",
    says: /Row \d+: .*utf-8/,
    charset: "utf-8",
  },
  {
    what: "UTF-16 that is cut in the middle of a character",
    file: "a.csv",
    content: () =>
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(`${HEADER}\n${GOOD}\n`, "utf16le"),
        Buffer.from([0x41]),
      ]),
    code: "charset_wrong",
    says: /Row \d+/,
  },
  {
    what: "a quote that is never closed",
    file: "a.csv",
    content: () => `${HEADER}\n${GOOD}\n"INV-2;C-2;Eva;1\n${`${GOOD}\n`.repeat(50)}`,
    code: "text_broken",
    says: /Row 3: .*never closed/,
  },
  {
    what: "an open quote that would swallow a large file",
    file: "a.csv",
    content: () => `${HEADER}\n${GOOD}\n"INV-2;C-2;Eva;1\n${`${GOOD}\n`.repeat(5_000)}`,
    code: "cell_too_large",
    says: /Row 3: .*quote/,
  },
  {
    what: "a cell of fifty thousand characters",
    file: "a.csv",
    content: () => `${HEADER}\n${GOOD}\nINV-2;C-2;${"x".repeat(50_000)};+491701234567;1.00;EUR;2026-02-01\n`,
    code: "cell_too_large",
    says: /Row 3: .*4000 characters/,
  },
  {
    what: "a row of ten thousand cells",
    file: "a.csv",
    content: () => `${HEADER}\n${GOOD}\n${";".repeat(10_000)}\n`,
    code: "too_many_columns",
    says: /Row 3/,
  },
  {
    what: "a zip of something else",
    file: "a.xlsx",
    content: () => zipOf([{ name: "readme.txt", data: "hello" }]),
    code: "format_unknown",
    says: /no \.xlsx workbook/,
  },
  {
    what: "a workbook that ends in the middle",
    file: "a.xlsx",
    content: () => workbook(sheet).subarray(0, 400),
    code: "workbook_damaged",
    says: /Save it anew/,
  },
  {
    what: "a zip bomb that says so",
    file: "a.xlsx",
    content: () => workbook(bomb()),
    code: "workbook_bomb",
    says: /120 times/,
  },
  {
    what: "a zip bomb in a part that nobody reads",
    file: "a.xlsx",
    content: () => withParts({ name: "xl/media/image1.png", data: bomb() }),
    code: "workbook_bomb",
    says: /120 times/,
  },
  {
    what: "a zip bomb that lies about its size",
    file: "a.xlsx",
    content: () => workbook(bomb(), { declares: 2_000 }),
    code: "workbook_bomb",
    says: /larger than it declares/,
  },
  {
    what: "many parts that are too much together",
    file: "a.xlsx",
    content: () =>
      withParts(
        ...Array.from({ length: 80 }, (_, i) => ({ name: `xl/x${i}`, data: "x", declares: 7_900_000 })),
      ),
    code: "workbook_bomb",
    says: /unpacks to \d+ MiB/,
  },
  {
    what: "two thousand parts",
    file: "a.xlsx",
    content: () => withParts(...Array.from({ length: 2_000 }, (_, i) => ({ name: `xl/x${i}`, data: "x" }))),
    code: "workbook_bomb",
    says: /1000 parts/,
  },
  {
    what: "parts that lie on the same bytes",
    file: "a.xlsx",
    content: () => withParts({ name: "xl/copy.xml", data: sheet, sharesWith: 3 }),
    code: "workbook_bomb",
    says: /same bytes/,
  },
  {
    what: "two parts of one name: a checker sees one, a reader the other",
    file: "a.xlsx",
    content: () => withParts({ name: "xl/worksheets/sheet1.xml", data: "<worksheet/>" }),
    code: "workbook_damaged",
    says: /one name/,
  },
  {
    what: "a part with a password",
    file: "a.xlsx",
    content: () => workbook(sheet, { flags: 1 }),
    code: "workbook_protected",
    says: /password/,
  },
  {
    what: "a part packed in a way that no spreadsheet uses",
    file: "a.xlsx",
    content: () => workbook(sheet, { method: 14 }),
    code: "workbook_damaged",
    says: /packed/,
  },
  {
    what: "packed bytes that are no deflate stream",
    file: "a.xlsx",
    content: () => workbook(sheet, { packed: Buffer.from("this is not deflate") }),
    code: "workbook_damaged",
    says: /unpacked/,
  },
  {
    what: "the billion laughs",
    file: "a.xlsx",
    content: () =>
      workbook(
        `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData>&b;</sheetData></worksheet>`,
      ),
    code: "workbook_damaged",
    says: /document type/,
  },
  {
    what: "an entity that would fetch a file (XXE)",
    file: "a.xlsx",
    content: () =>
      workbook(`<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>`),
    code: "workbook_damaged",
    says: /document type/,
  },
  {
    what: "a tag without an end",
    file: "a.xlsx",
    content: () => workbook(`<worksheet><sheetData><row r="1"${" ".repeat(200_000)}`),
    code: "workbook_damaged",
    says: /no end/,
  },
  {
    what: "elements ten thousand deep",
    file: "a.xlsx",
    content: () => workbook("<a>".repeat(10_000)),
    code: "workbook_damaged",
    says: /nested too deeply/,
  },
  {
    what: "a cell of a million characters in row 3",
    file: "a.xlsx",
    content: () => workbook(sheetXml([...GOOD_ROWS.slice(0, 2), ["INV-2", "C-2", "x".repeat(1_000_000)]])),
    code: "cell_too_large",
    says: /Row 3: Cell C3/,
  },
  {
    what: "a cell in column ZZZZZ",
    file: "a.xlsx",
    content: () =>
      workbook(`<worksheet><sheetData><row r="1"><c r="ZZZZZ1"><v>1</v></c></row></sheetData></worksheet>`),
    code: "too_many_columns",
    says: /Row 1/,
  },
  {
    what: "a sheet that is not UTF-8",
    file: "a.xlsx",
    content: () =>
      workbook(
        Buffer.concat([
          Buffer.from("<worksheet>"),
          Buffer.from([0xff, 0xfe, 0xfd]),
          Buffer.from("</worksheet>"),
        ]),
      ),
    code: "workbook_damaged",
    says: /UTF-8/,
  },
];

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
    .preview(path, { country: "DE" })
    .catch((error) => error);
  expect(refusal).toMatchObject({ code: "reader_time" });
  expect(await bench.import(path)).toMatchObject({ state: "applied" });
});

interface BadRow {
  readonly what: string;
  readonly file: string;
  readonly content: () => string | Uint8Array;
  readonly row: number;
  readonly column?: string;
  readonly says: RegExp;
}

const row = (...cells: string[]): string => `${HEADER}\n${GOOD}\n${cells.join(";")}\n`;

const REFUSED_ROW: readonly BadRow[] = [
  {
    what: "a formula in a workbook",
    file: "a.xlsx",
    content: () =>
      workbook(
        sheetXml([
          ...GOOD_ROWS.slice(0, 2),
          ["INV-2", "C-2", "Jan", "+491701234568", { f: "1+1" }, "EUR", "2026-02-01"],
        ]),
      ),
    row: 3,
    column: "E",
    says: /is a formula/,
  },
  {
    what: "a formula that would start a program (CSV injection)",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "=cmd|' /C calc'!A0", "+491701234567", "1.00", "EUR", "2026-02-01"),
    row: 3,
    column: "C",
    says: /is a formula/,
  },
  {
    what: "an escape character in a name",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "E\u001b[31mva", "+491701234567", "1.00", "EUR", "2026-02-01"),
    row: 3,
    column: "C",
    says: /cannot be shown/,
  },
  {
    what: "a replacement character: the text was lost before",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "M\ufffdller", "+491701234567", "1.00", "EUR", "2026-02-01"),
    row: 3,
    column: "C",
    says: /charset/,
  },
  {
    what: "an amount in another style than the list",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "Eva", "+491701234567", "1.00x", "EUR", "2026-02-01"),
    row: 3,
    column: "E",
    says: /decimal point/,
  },
  {
    what: "an amount beyond the ledger's limit",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "Eva", "+491701234567", "99999999999999999.00", "EUR", "2026-02-01"),
    row: 3,
    column: "E",
    says: /more than this ledger takes/,
  },
  {
    what: "the 31st of February",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "Eva", "+491701234567", "1.00", "EUR", "2026-02-31"),
    row: 3,
    column: "G",
    says: /no day of the calendar/,
  },
  {
    what: "the same invoice with another amount",
    file: "a.csv",
    content: () => row("INV-1", "C-1", "Eva", "+491701234567", "99.00", "EUR", "2026-02-01"),
    row: 3,
    says: /Row 2 has the same number/,
  },
  {
    what: "an error value of a workbook",
    file: "a.xlsx",
    content: () =>
      workbook(
        sheetXml(GOOD_ROWS.slice(0, 2)).replace(
          "</sheetData>",
          `<row r="3"><c r="A3" t="inlineStr"><is><t>INV-2</t></is></c><c r="E3" t="e"><v>#N/A</v></c></row></sheetData>`,
        ),
      ),
    row: 3,
    column: "E",
    says: /#N\/A/,
  },
];

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
