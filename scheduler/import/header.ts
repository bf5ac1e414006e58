/** Pure: which row is the header, and what each of its columns means. */
import { cellText, columnName, type RawRow } from "./cell.ts";
import { fieldsNamed, type MappedColumn, rankOf } from "./column-names.ts";
import {
  type Carries,
  FIELD_TITLES,
  type Field,
  isField,
  PAYMENT_FIELDS,
  RECEIVABLE_FIELDS,
  REQUIRED,
} from "./fields.ts";
import { HEADER_WITHIN_ROWS } from "./limits.ts";
import { tellParty } from "./party.ts";
import { FileRefused } from "./refused.ts";

export interface Header {
  readonly row: number;
  readonly carries: Carries;
  readonly columns: readonly MappedColumn[];
}

export interface HeaderOptions {
  readonly carries?: Carries;
  /** Header text or column letter to field; "" leaves the column out. */
  readonly asked: Readonly<Record<string, string>>;
  /** Header text to field, from the last file of this source. */
  readonly remembered: Readonly<Record<string, string>>;
}

/** Columns that must be known by name before a row is taken for the header. */
const MATCHES_MIN = 2;

/** @throws FileRefused when no row is a header, or a needed column is missing. */
export function findHeader(rows: readonly RawRow[], options: HeaderOptions): Header {
  let best: { row: RawRow; matches: number } | undefined;
  for (const row of rows.slice(0, HEADER_WITHIN_ROWS)) {
    const matches = row.cells.filter((cell) => namesField(cellText(cell), options)).length;
    if (matches > (best?.matches ?? 0)) best = { row, matches };
  }
  if (best === undefined || best.matches < Math.min(MATCHES_MIN, fewestAsked(options)))
    throw new FileRefused(
      "header_missing",
      `No row among the first ${HEADER_WITHIN_ROWS} names its columns in a way that is known. Give the list a row of column names, or say --map "Column=field".`,
    );
  const { row } = best;
  const below = rows.filter((one) => one.row > row.row);
  const columns = tellParty(mapColumns(row, options), (index) =>
    below.map(({ cells }) => cellText(cells[index])),
  );
  const carries = options.carries ?? tellCarries(columns);
  const kept = columns.map((column) => onlyFieldsOf(carries, column));
  checkRequired(carries, kept, row.row);
  return { row: row.row, carries, columns: kept.map((column) => withNote(column, kept)) };
}

function fewestAsked(options: HeaderOptions): number {
  return Object.keys(options.asked).length > 0 ? 1 : MATCHES_MIN;
}

function namesField(text: string, options: HeaderOptions): boolean {
  return (
    text !== "" && (options.asked[text] ?? options.remembered[text] ?? fieldsNamed(text)[0]) !== undefined
  );
}

function mapColumns(row: RawRow, options: HeaderOptions): MappedColumn[] {
  checkAsked(row, options.asked);
  const taken = new Map<Field, { rank: number; index: number }>();
  const columns = row.cells.map((cell, index): MappedColumn => {
    const header = cellText(cell);
    const column = columnName(index);
    const asked = options.asked[header] ?? options.asked[column];
    if (asked !== undefined) return { index, column, header, ...fieldOr(asked, "asked") };
    const remembered = options.remembered[header];
    if (remembered !== undefined) return { index, column, header, ...fieldOr(remembered, "remembered") };
    return { index, column, header };
  });
  const fixed = new Set(columns.map((column) => column.field));
  for (const { index, header, by } of columns) {
    if (by !== undefined || header === "" || header in options.remembered) continue;
    for (const field of fieldsNamed(header)) {
      if (fixed.has(field)) continue;
      const rank = rankOf(field, header) ?? 0;
      const holder = taken.get(field);
      if (holder !== undefined && holder.rank <= rank) continue;
      taken.set(field, { rank, index });
      break;
    }
  }
  for (const [field, { index }] of taken) {
    const column = columns[index];
    if (column !== undefined) columns[index] = { ...column, field, by: "name" };
  }
  return columns;
}

/** A column that names a field which another one holds: a person would look for it in vain. */
function withNote(column: MappedColumn, columns: readonly MappedColumn[]): MappedColumn {
  if (column.field !== undefined || column.by !== undefined) return column;
  const [field] = fieldsNamed(column.header);
  const holder = columns.find((other) => other.field === field && field !== undefined);
  if (holder === undefined || field === undefined) return column;
  return { ...column, note: `the ${FIELD_TITLES[field]} is taken from ${holder.column}` };
}

function fieldOr(name: string, by: "asked" | "remembered"): Pick<MappedColumn, "field" | "by"> {
  return isField(name) ? { field: name, by } : { by };
}

function checkAsked(row: RawRow, asked: Readonly<Record<string, string>>): void {
  const headers = row.cells.map(cellText);
  for (const [name, field] of Object.entries(asked)) {
    const exists = headers.includes(name) || headers.some((_, index) => columnName(index) === name);
    if (!exists)
      throw new FileRefused(
        "column_unknown",
        `There is no column "${name}". The columns are: ${headers.filter(Boolean).join(", ")}.`,
        row.row,
      );
    if (field !== "" && !isField(field))
      throw new FileRefused(
        "column_unknown",
        `"${field}" is no field. The fields are: ${Object.keys(FIELD_TITLES).join(", ")}.`,
      );
  }
}

/** Payments have a day on which they were paid; receivables one on which they are due. */
function tellCarries(columns: readonly MappedColumn[]): Carries {
  const fields = new Set(columns.map((column) => column.field));
  return fields.has("paidDate") && !fields.has("dueDate") ? "payments" : "receivables";
}

function onlyFieldsOf(carries: Carries, column: MappedColumn): MappedColumn {
  const fields: readonly Field[] = carries === "payments" ? PAYMENT_FIELDS : RECEIVABLE_FIELDS;
  if (column.field === undefined || fields.includes(column.field)) return column;
  const { field: _field, by: _by, ...rest } = column;
  return rest;
}

function checkRequired(carries: Carries, columns: readonly MappedColumn[], row: number): void {
  const fields = new Set(columns.map((column) => column.field));
  const repeated = columns.find(
    (column) =>
      column.field !== undefined &&
      columns.some((other) => other.index < column.index && other.field === column.field),
  );
  if (repeated !== undefined)
    throw new FileRefused(
      "column_unknown",
      `Two columns are mapped to ${repeated.field}. Leave one out: --map "${repeated.header}=".`,
      row,
    );
  for (const group of REQUIRED[carries])
    if (!group.some((field) => fields.has(field))) {
      const wanted = group.map((field) => FIELD_TITLES[field]).join(", or the ");
      const unused = columns.filter((column) => column.field === undefined && column.header !== "");
      const found =
        unused.length === 0 ? "" : ` Not understood: ${unused.map((column) => column.header).join(", ")}.`;
      throw new FileRefused(
        "column_missing",
        `No column holds the ${wanted}. Say which: --map "Column=${group[0]}".${found}`,
        row,
      );
    }
}
