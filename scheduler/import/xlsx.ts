/** The rows of one sheet of a workbook (ECMA-376 18.3.1), one after the other. */
import { open } from "node:fs/promises";
import { TextDecoder } from "node:util";
import type { Cell, RawRow } from "./cell.ts";
import { columnName } from "./cell.ts";
import { CELL_CHARS_MAX, COLUMNS_MAX, ROWS_MAX, WORKBOOK_BYTES_MAX } from "./limits.ts";
import { FileRefused } from "./refused.ts";
import { decodeUtf8, readParts, type WorkbookParts } from "./xlsx-parts.ts";
import { attributeOf, createXmlReader, type XmlHandler } from "./xml.ts";
import { openZip, type Zip } from "./zip.ts";

const MS_PER_DAY = 86_400_000;
/** Day 60 is the 29 February 1900 that never was; days before it count from one day later. */
const LEAP_DAY_THAT_WAS_NOT = 60;
const DAY_MAX = 200_000;

export interface Workbook {
  readonly sheets: readonly string[];
  rows(sheet: string): AsyncGenerator<readonly RawRow[]>;
  /** Share of the sheet that was read, 0 to 1. */
  done(): number;
  close(): Promise<void>;
}

/** @throws FileRefused */
export async function openWorkbook(path: string, bytes: number): Promise<Workbook> {
  if (bytes > WORKBOOK_BYTES_MAX)
    throw new FileRefused(
      "file_too_large",
      `A workbook has at most ${WORKBOOK_BYTES_MAX / 1_048_576} MiB. Save it as CSV.`,
    );
  const file = await open(path);
  try {
    const zip = await openZip(file, bytes);
    const parts = await readParts(zip);
    let done = 0;
    return {
      sheets: parts.sheets.map((sheet) => sheet.name),
      rows: (sheet) =>
        readSheet(zip, parts, sheet, (share) => {
          done = share;
        }),
      done: () => done,
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* readSheet(
  zip: Zip,
  parts: WorkbookParts,
  name: string,
  onShare: (done: number) => void,
): AsyncGenerator<readonly RawRow[]> {
  const sheet = parts.sheets.find((one) => one.name === name);
  if (sheet === undefined) throw new FileRefused("sheet_missing", `There is no visible sheet "${name}".`);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const builder = createRowBuilder(parts);
  const reader = createXmlReader(builder);
  let bytes = 0;
  for await (const chunk of zip.read(sheet.entry)) {
    bytes += chunk.length;
    onShare(bytes / sheet.entry.unpacked);
    reader.write(decodeUtf8(decoder, chunk, builder.row()));
    if (builder.waiting() > 0) yield builder.take();
  }
  reader.end();
  if (builder.waiting() > 0) yield builder.take();
}

interface RowBuilder extends XmlHandler {
  /** The row that is being read. */
  row(): number;
  waiting(): number;
  take(): readonly RawRow[];
}

/** `row`, `c`, `v`, `is` and `f` elements as cells. Everything else of a sheet is how it looks. */
function createRowBuilder(parts: WorkbookParts): RowBuilder {
  let ready: RawRow[] = [];
  let rows = 0;
  let row = 0;
  let cells: (Cell | undefined)[] = [];
  let column = -1;
  let attributes = "";
  let value = "";
  let formula = false;
  let collecting = false;
  let phonetic = false;
  const refuse = (code: "cell_too_large" | "too_many_columns" | "too_many_rows", detail: string): never => {
    throw new FileRefused(code, detail, row);
  };
  return {
    row: () => row,
    waiting: () => ready.length,
    take() {
      const taken = ready;
      ready = [];
      return taken;
    },
    open(name, given) {
      if (name === "row") {
        const numbered = Number(attributeOf(given, "r") ?? row + 1);
        row = Number.isSafeInteger(numbered) && numbered > row ? numbered : row + 1;
        cells = [];
        column = -1;
        if (++rows > ROWS_MAX) refuse("too_many_rows", `At most ${ROWS_MAX} rows are taken.`);
      } else if (name === "c") {
        attributes = given;
        column = columnOf(attributeOf(given, "r")) ?? column + 1;
        if (column >= COLUMNS_MAX)
          refuse(
            "too_many_columns",
            `Something stands beyond column ${COLUMNS_MAX}. Delete the columns that are not needed.`,
          );
        value = "";
        formula = false;
      } else if (name === "f") formula = true;
      else if (name === "rPh") phonetic = true;
      else collecting = (name === "v" || name === "t") && !phonetic;
    },
    close(name) {
      collecting = false;
      if (name === "rPh") phonetic = false;
      if (name === "c") {
        // Empty cells are not written; a gap in the array would be skipped by those who go through it.
        while (cells.length < column) cells.push(undefined);
        cells[column] = formula ? { formula: true } : cellOf(attributes, value, parts);
      }
      if (name === "row" && cells.length > 0) ready.push({ row, cells });
    },
    text(piece) {
      if (!collecting) return;
      value += piece;
      if (value.length > CELL_CHARS_MAX)
        refuse(
          "cell_too_large",
          `Cell ${columnName(column)}${row} has more than ${CELL_CHARS_MAX} characters. Shorten it; no column needs so many.`,
        );
    },
  };
}

/** "BC12" → 54. */
function columnOf(reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined;
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (column > 100_000) return COLUMNS_MAX;
  }
  return column === 0 ? undefined : column - 1;
}

/** ECMA-376 18.18.11: what `t` says the value is. */
function cellOf(attributes: string, value: string, parts: WorkbookParts): Cell | undefined {
  if (value === "") return undefined;
  const type = attributeOf(attributes, "t") ?? "n";
  if (type === "s") {
    const text = parts.sharedTexts.at(Number(value));
    return text !== undefined && text.length > CELL_CHARS_MAX ? text.slice(0, CELL_CHARS_MAX + 1) : text;
  }
  switch (type) {
    case "n":
      return numberCell(Number(value), attributes, parts);
    case "b":
      return value === "1" || value === "true";
    case "e":
      return { error: value };
    case "d":
      return { date: value.slice(0, 10) };
    default:
      return value;
  }
}

function numberCell(value: number, attributes: string, parts: WorkbookParts): Cell | undefined {
  if (!Number.isFinite(value)) return { error: "#NUM!" };
  const isDate = parts.isDate[Number(attributeOf(attributes, "s") ?? 0)] === true;
  return isDate ? dayOf(value, parts.from1904) : value;
}

function dayOf(value: number, from1904: boolean): Cell {
  const day = Math.floor(value);
  if (day < 1 || day > DAY_MAX) return { error: "a date out of range" };
  const base = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < LEAP_DAY_THAT_WAS_NOT ? 31 : 30);
  return { date: new Date(base + day * MS_PER_DAY).toISOString().slice(0, 10) };
}
