/**
 * Pure: "Customer", "Kunde" or "Cliente" heads a column of numbers in one list and of names in the next. What
 * the other columns are, and what stands in this one, tell which; a customer is never called "1001" while
 * the list has his name.
 */
import { type MappedColumn, rankOf } from "./column-names.ts";
import { type Field, normalise } from "./fields.ts";

/** Names that say who, and not whether it is a number or a name. */
const PARTY: readonly string[] = ["customer", "client", "debtor", "kunde", "debitor", "cliente"];
/** Values that are looked at. */
const VALUES_LOOKED_AT = 200;
/** "1001", "C-1001", "K 1001", "DE123/4": a short prefix at most, then a digit, and no words. */
const LIKE_A_NUMBER = /^[a-z]{0,6}[-_./# ]?\d[a-z\d\-_./]*$/i;

/** `columns` as their names tell; `valuesOf` answers the texts below a header. */
export function tellParty(
  columns: readonly MappedColumn[],
  valuesOf: (index: number) => readonly string[],
): readonly MappedColumn[] {
  const party = columns.find(({ header, by }) => by !== "asked" && by !== "remembered" && isParty(header));
  if (party === undefined) return columns;
  const others = columns.filter((column) => column !== party);
  const holder = (field: Field): MappedColumn | undefined => others.find((other) => other.field === field);
  const number = holder("debtor") ?? nearest(others, "debtor");
  const name = holder("debtorName") ?? nearest(others, "debtorName");
  const numbers = areNumbers(valuesOf(party.index));
  if (numbers === undefined) return columns;
  if (!numbers) {
    if (number === undefined) return columns;
    // "Debtor" beside a customer number is the name, and not a second number.
    const field = holder("debtorName") === undefined ? "debtorName" : undefined;
    return mapped(columns, [[party, field], ...given(number, "debtor")]);
  }
  if (number === undefined) return mapped(columns, [[party, "debtor"], ...given(name, "debtorName")]);
  if (name === undefined) return columns;
  return mapped(columns, [[party, undefined], ...given(number, "debtor"), ...given(name, "debtorName")]);
}

type Told = readonly [column: MappedColumn, field: Field | undefined];

function given(column: MappedColumn | undefined, field: Field): readonly Told[] {
  return column === undefined || column.field === field ? [] : [[column, field]];
}

function mapped(columns: readonly MappedColumn[], told: readonly Told[]): MappedColumn[] {
  return columns.map((column) => {
    const found = told.find(([one]) => one === column);
    if (found === undefined) return column;
    const { field: _field, by: _by, ...rest } = column;
    const [, field] = found;
    if (field === column.field) return column;
    return field === undefined ? rest : { ...rest, field, by: isParty(column.header) ? "values" : "name" };
  });
}

/** The column without a meaning whose name fits the field best. */
function nearest(columns: readonly MappedColumn[], field: Field): MappedColumn | undefined {
  const rank = (column: MappedColumn): number => rankOf(field, column.header) ?? Number.POSITIVE_INFINITY;
  return columns
    .filter((column) => column.by === undefined && Number.isFinite(rank(column)))
    .sort((a, b) => rank(a) - rank(b))[0];
}

function isParty(header: string): boolean {
  return PARTY.includes(normalise(header));
}

/** Undefined when nothing stands there. */
function areNumbers(values: readonly string[]): boolean | undefined {
  const some = values.filter((value) => value !== "").slice(0, VALUES_LOOKED_AT);
  if (some.length === 0) return undefined;
  return some.filter((value) => LIKE_A_NUMBER.test(value)).length > some.length / 2;
}
