/** A file that is not taken at all, as a value of the world: it names the row where there is one. */

export type FileRefusalCode =
  | "file_missing"
  | "file_changed"
  | "file_too_large"
  | "file_empty"
  | "format_unknown"
  | "workbook_damaged"
  | "workbook_protected"
  | "workbook_bomb"
  | "sheet_missing"
  | "charset_unknown"
  | "charset_wrong"
  | "text_broken"
  | "cell_too_large"
  | "too_many_rows"
  | "too_many_columns"
  | "header_missing"
  | "column_unknown"
  | "column_missing"
  | "style_unclear"
  | "feed_older"
  | "rows_refused"
  | "list_incomplete"
  | "list_closes_too_many"
  | "reader_memory"
  | "reader_time"
  /** Before anything of it was known. */
  | "cancelled";

export class FileRefused extends Error {
  override name = "FileRefused";
  readonly code: FileRefusalCode;
  /** 1 is the first row of the file, as a spreadsheet shows it. */
  readonly row: number | undefined;
  /** Rule and remedy, without the row. */
  readonly detail: string;

  constructor(code: FileRefusalCode, detail: string, row?: number) {
    super(row === undefined ? detail : `Row ${row}: ${detail}`);
    this.code = code;
    this.row = row;
    this.detail = detail;
  }
}
