/** A file as rows, whatever it is. */
import { open, stat } from "node:fs/promises";
import { cellText, isBlank, type RawRow } from "./cell.ts";
import { detectCharset } from "./charset.ts";
import { detectSeparator, readCsv, readSample } from "./csv.ts";
import { TEXT_BYTES_MAX } from "./limits.ts";
import { FileRefused } from "./refused.ts";
import { scanFile } from "./scan.ts";
import { openWorkbook } from "./xlsx.ts";

export interface SourceOptions {
  /** A label of the Encoding Standard, when it is not to be told from the file. */
  readonly charset?: string;
  readonly separator?: string;
  /** Name of a sheet; the first visible one otherwise. */
  readonly sheet?: string;
  /** ISO 3166-1 alpha-2 of the creditor, where the letters alone do not tell the charset. */
  readonly country: string;
}

/** What was found out about the file, for showing. */
export interface FileFormat {
  readonly kind: "csv" | "xlsx";
  readonly charset?: string;
  readonly charsetBecause?: string;
  readonly separator?: string;
  readonly sheet?: string;
  readonly otherSheets?: readonly string[];
  readonly bytes: number;
  /** Which file this is, and when it was last written. */
  readonly stamp: string;
}

export interface RowSource {
  readonly format: FileFormat;
  /** From the first row on, as often as it is asked. */
  rows(): AsyncGenerator<readonly RawRow[]>;
  /** Share of the file that was read, 0 to 1. */
  done(): number;
  /** @throws FileRefused when the file is another than the one that was opened. */
  checkUnchanged(): Promise<void>;
  close(): Promise<void>;
}

const ZIP_MAGIC = "504b0304";
/** Compound File Binary: .xls, and workbooks with a password. */
const OLE_MAGIC = "d0cf11e0";
const PDF_MAGIC = "25504446";

/** @throws FileRefused */
export async function openSource(path: string, options: SourceOptions): Promise<RowSource> {
  const { bytes, magic, stamp } = await lookAt(path);
  if (magic === OLE_MAGIC)
    throw new FileRefused(
      "format_unknown",
      "This is an old .xls workbook or one with a password. Save it as .xlsx without a password, or as CSV.",
    );
  if (magic === PDF_MAGIC)
    throw new FileRefused("format_unknown", "This is a PDF. Export the list as .xlsx or CSV.");
  const file = { path, bytes, stamp };
  const checkUnchanged = async (): Promise<void> => {
    if ((await lookAt(path)).stamp !== stamp)
      throw new FileRefused(
        "file_changed",
        "The file was changed while it was read. Nothing more of it is taken.",
      );
  };
  const opened = await (magic === ZIP_MAGIC ? openSheet(file, options) : openText(file, options));
  return { ...opened, checkUnchanged };
}

type OpenedSource = Omit<RowSource, "checkUnchanged">;

interface OpenedFile {
  readonly path: string;
  readonly bytes: number;
  readonly stamp: string;
}

async function lookAt(path: string): Promise<{ bytes: number; magic: string; stamp: string }> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || !info.isFile())
    throw new FileRefused("file_missing", "There is no such file. Check its name and folder.");
  if (info.size === 0) throw new FileRefused("file_empty", "The file is empty.");
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const stamp = `${info.dev}:${info.ino}:${info.size}:${info.mtimeMs}`;
    return { bytes: info.size, magic: buffer.toString("hex"), stamp };
  } finally {
    await file.close();
  }
}

async function openText(file: OpenedFile, options: SourceOptions): Promise<OpenedSource> {
  const { path, bytes, stamp } = file;
  if (bytes > TEXT_BYTES_MAX)
    throw new FileRefused(
      "file_too_large",
      `A text file has at most ${TEXT_BYTES_MAX / 1_048_576} MiB. Split it.`,
    );
  const charset = detectCharset(await scanFile(path), options.country, options.charset);
  const separator = options.separator ?? detectSeparator(await readSample(path, charset));
  let bytesRead = 0;
  const { label, because } = charset;
  return {
    format: { kind: "csv", charset: label, charsetBecause: because, separator, bytes, stamp },
    rows: () =>
      readCsv(path, charset, separator, (read) => {
        bytesRead = read;
      }),
    done: () => Math.min(1, bytesRead / bytes),
    close: async () => {},
  };
}

async function openSheet({ path, bytes, stamp }: OpenedFile, options: SourceOptions): Promise<OpenedSource> {
  const workbook = await openWorkbook(path, bytes);
  const sheet = options.sheet ?? workbook.sheets[0];
  if (sheet === undefined || !workbook.sheets.includes(sheet)) {
    await workbook.close();
    throw new FileRefused(
      "sheet_missing",
      `There is no visible sheet${sheet === undefined ? "" : ` "${sheet}"`}. There are: ${workbook.sheets.join(", ") || "none"}.`,
    );
  }
  const otherSheets = workbook.sheets.filter((name) => name !== sheet);
  return {
    format: { kind: "xlsx", sheet, otherSheets, bytes, stamp },
    rows: () => workbook.rows(sheet),
    done: workbook.done,
    close: workbook.close,
  };
}

export function isBlankRow(row: RawRow): boolean {
  return row.cells.every(isBlank);
}

export function textsOf(row: RawRow): string[] {
  return Array.from(row.cells, cellText);
}
