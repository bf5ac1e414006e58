/** A report is a table: the same rows as JSON for programs and as CSV for spreadsheets. */
import { stringify } from "csv-stringify/sync";

export type Cell = string | number | undefined;

export interface ReportTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/**
 * RFC 4180 with a byte order mark, as spreadsheets expect it. A cell that begins like a formula gets an
 * apostrophe in front: names and numbers come from outside, and opening a report must run nothing.
 */
export function toCsv(table: ReportTable): string {
  const records = table.rows.map((row) => table.columns.map((column) => row[column] ?? ""));
  return stringify([[...table.columns], ...records], {
    bom: true,
    escape_formulas: true,
    record_delimiter: "windows",
    // With that delimiter alone a lone line feed inside a cell would stay bare.
    quoted_match: /[\r\n]/,
  });
}
