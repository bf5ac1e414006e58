/** Reads single cells of a row; what is wrong is gathered, so that a person sees all of it at once. */
import type { LocalDate } from "#shared/local-date.ts";
import { AmountError, amountOfNumber, parseAmount, splitCurrency } from "./amounts.ts";
import { type Cell, isBlank, type RawRow } from "./cell.ts";
import { parseDate } from "./dates.ts";
import { FIELD_TITLES, type Field } from "./fields.ts";
import { CELL_CHARS_MAX } from "./limits.ts";
import type { ReadingSettings, RowProblem, Values } from "./record.ts";
import { parseYesNo } from "./words.ts";

/** Anything that no person types: C0 and C1 controls but for tab and line ends, and U+FFFD. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const BROKEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/;
/** UTF-8 that was read as Windows-1252 and saved again: "MÃ¼ller", "â‚¬". */
const MISREAD = /Ã[\u00a0-\u00bf¼¶¤Ÿœ„–‰]|â‚¬|Â[\u00a0-\u00bf]/;
/** Excel's way to keep leading zeros in a text file: ="00123" */
const QUOTED_AS_FORMULA = /^="([^"=]*)"$/;

/** ASCII words with one space between them: most cells, and nothing is to be done with them. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

export interface RowValues extends Values {
  readonly problems: readonly RowProblem[];
  readonly warnings: readonly RowProblem[];
}

export function valuesOf(raw: RawRow, settings: ReadingSettings): RowValues {
  const problems: RowProblem[] = [];
  const warnings: RowProblem[] = [];
  const cells = new Map<Field, Cell>();
  const columnOf = new Map<Field, string>();
  const at = (field: Field, detail: string): RowProblem => {
    const column = columnOf.get(field);
    return {
      field,
      detail: `The ${FIELD_TITLES[field]} ${detail}`,
      ...(column === undefined ? {} : { column }),
    };
  };
  const problem = (field: Field, detail: string): void => void problems.push(at(field, detail));
  const warn = (field: Field, detail: string): void => void warnings.push(at(field, detail));
  for (const { index, column, field } of settings.columns) {
    const cell = raw.cells[index];
    if (isBlank(cell)) continue;
    columnOf.set(field, column);
    const read = checkCell(cell as Cell);
    if (typeof read === "object" && "wrong" in read) problem(field, read.wrong);
    else cells.set(field, read);
    if (typeof read === "string" && MISREAD.test(read))
      warn(field, "looks like UTF-8 that was read as Windows-1252 once. Export it anew in UTF-8.");
  }
  const text = (field: Field): string | undefined => {
    const cell = cells.get(field);
    if (cell === undefined) return undefined;
    if (typeof cell === "object") return "date" in cell ? cell.date : undefined;
    const said = String(cell);
    return PLAIN.test(said) ? said : said.replace(/\s+/g, " ").trim().normalize("NFC");
  };
  return {
    problems,
    warnings,
    problem,
    warn,
    text,
    currencyOfAmounts() {
      for (const field of ["amount", "openAmount"] as const) {
        const cell = cells.get(field);
        const currency = typeof cell === "string" ? splitCurrency(cell).currency : undefined;
        if (currency !== undefined) return currency;
      }
      return undefined;
    },
    amount: (field, currency) =>
      readAmount(cells.get(field), currency, settings, (why) => problem(field, why)),
    date: (field) => readDate(cells.get(field), settings, (why) => problem(field, why)),
    yesNo(field) {
      const said = text(field);
      if (said === undefined) return undefined;
      const answer = parseYesNo(said);
      if (answer === undefined) problem(field, "is neither yes nor no.");
      return answer;
    },
  };
}

function checkCell(cell: Cell): Cell | { readonly wrong: string } {
  if (typeof cell === "object" && "formula" in cell)
    return { wrong: "is a formula. Copy the column and paste it as values." };
  if (typeof cell === "object" && "error" in cell)
    return { wrong: `shows an error (${cell.error.slice(0, 20)}).` };
  if (typeof cell !== "string") return cell;
  if (cell.length > CELL_CHARS_MAX) return { wrong: `has more than ${CELL_CHARS_MAX} characters.` };
  if (BROKEN.test(cell))
    return {
      wrong: "holds a character that cannot be shown. Perhaps the charset is another: --charset NAME.",
    };
  const kept = QUOTED_AS_FORMULA.exec(cell.trim())?.[1];
  if (kept !== undefined) return kept;
  if (cell.trimStart().startsWith("=")) return { wrong: "is a formula. Export the list with values only." };
  return cell;
}

function readAmount(
  cell: Cell | undefined,
  currency: string | undefined,
  settings: ReadingSettings,
  problem: (why: string) => void,
): bigint | undefined {
  if (cell === undefined || currency === undefined) return undefined;
  try {
    if (typeof cell === "number") return amountOfNumber(cell, currency);
    if (typeof cell !== "string") throw new AmountError("is not an amount");
    const named = splitCurrency(cell).currency;
    if (named !== undefined && named !== currency)
      throw new AmountError(`is in ${named}, the row in ${currency}`);
    return parseAmount(cell, currency, settings.decimal ?? "point");
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    problem(`${error.message}.`);
    return undefined;
  }
}

function readDate(
  cell: Cell | undefined,
  settings: ReadingSettings,
  problem: (why: string) => void,
): LocalDate | undefined {
  if (cell === undefined) return undefined;
  const text = typeof cell === "object" && "date" in cell ? cell.date : String(cell);
  const date = parseDate(text, settings.dates);
  if (date === undefined) problem(`is no day of the calendar, read as ${DATE_ORDER[settings.dates]}.`);
  return date;
}

const DATE_ORDER = { ymd: "year, month, day", dmy: "day, month, year", mdy: "month, day, year" } as const;
