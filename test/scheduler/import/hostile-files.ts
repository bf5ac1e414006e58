/** Files that mean harm, or were hurt on the way. */
import { GOOD_ROWS, HEADER, type Part, sheetXml, workbookParts, zipOf } from "./support.ts";

export const GOOD = "INV-1;C-1;Eva;+491701234567;12.50;EUR;2026-02-01";
export const sheet = sheetXml(GOOD_ROWS);
/** 48 MiB of one character: 48 KB packed. */
const bomb = (): Uint8Array => Buffer.alloc(48 * 1_048_576, 0x20);

export function workbook(xml: string | Uint8Array, over: Partial<Part> = {}): Buffer {
  return zipOf(workbookParts(xml, over));
}

function withParts(...more: Part[]): Buffer {
  return zipOf([...workbookParts(sheet), ...more]);
}

export interface Hostile {
  readonly what: string;
  readonly file: string;
  readonly content: () => string | Uint8Array;
  readonly code: string;
  readonly says: RegExp;
  /** Said by the person, where the file would tell another. */
  readonly charset?: string;
}

export const REFUSED_WHOLE: readonly Hostile[] = [
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
