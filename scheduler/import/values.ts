/** Reads single cells of a row; what is wrong is gathered, so that a person sees all of it at once. */
import type { LocalDate } from "#shared/local-date.ts";
import { AmountError, amountOfNumber, type DecimalStyle, parseAmount, splitCurrency } from "./amounts.ts";
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

/** The values of one row after the other: made once, loaded for each row, because a list has a million. */
export class RowValues implements Values {
  problems: RowProblem[] = [];
  warnings: RowProblem[] = [];
  readonly #settings: ReadingSettings;
  readonly #cells = new Map<Field, Cell>();
  readonly #columns: ReadonlyMap<Field, string>;

  constructor(settings: ReadingSettings) {
    this.#settings = settings;
    this.#columns = new Map(settings.columns.map(({ field, column }) => [field, column]));
  }

  load(raw: RawRow): void {
    this.problems = [];
    this.warnings = [];
    this.#cells.clear();
    for (const { index, field } of this.#settings.columns) {
      const cell = raw.cells[index];
      if (cell === undefined || isBlank(cell)) continue;
      const read = checkCell(cell);
      if (typeof read === "object" && "wrong" in read) this.problem(field, read.wrong);
      else this.#cells.set(field, read);
      if (typeof read === "string" && MISREAD.test(read))
        this.warn(field, "looks like UTF-8 that was read as Windows-1252 once. Export it anew in UTF-8.");
    }
  }

  problem(field: Field, detail: string): void {
    this.problems.push(this.#at(field, detail));
  }

  warn(field: Field, detail: string): void {
    this.warnings.push(this.#at(field, detail));
  }

  text(field: Field): string | undefined {
    const cell = this.#cells.get(field);
    if (cell === undefined) return undefined;
    if (typeof cell === "object") return "date" in cell ? cell.date : undefined;
    const said = String(cell);
    return PLAIN.test(said) ? said : said.replace(/\s+/g, " ").trim().normalize("NFC");
  }

  currencyOfAmounts(): string | undefined {
    for (const field of ["amount", "openAmount"] as const) {
      const cell = this.#cells.get(field);
      const currency = typeof cell === "string" ? splitCurrency(cell).currency : undefined;
      if (currency !== undefined) return currency;
    }
    return undefined;
  }

  amount(field: "amount" | "openAmount", currency: string | undefined): bigint | undefined {
    const cell = this.#cells.get(field);
    if (cell === undefined || currency === undefined) return undefined;
    try {
      return amountOf(cell, currency, this.#settings.decimal ?? "point");
    } catch (error) {
      if (!(error instanceof AmountError)) throw error;
      this.problem(field, `${error.message}.`);
      return undefined;
    }
  }

  date(field: "dueDate" | "issueDate" | "paidDate"): LocalDate | undefined {
    const cell = this.#cells.get(field);
    if (cell === undefined) return undefined;
    const { dates } = this.#settings;
    const date = parseDate(typeof cell === "object" && "date" in cell ? cell.date : String(cell), dates);
    if (date === undefined) this.problem(field, `is no day of the calendar, read as ${DATE_ORDER[dates]}.`);
    return date;
  }

  yesNo(field: "consent" | "reversed"): boolean | undefined {
    const said = this.text(field);
    if (said === undefined) return undefined;
    const answer = parseYesNo(said);
    if (answer === undefined) this.problem(field, "is neither yes nor no.");
    return answer;
  }

  #at(field: Field, detail: string): RowProblem {
    const column = this.#columns.get(field);
    return {
      field,
      detail: `The ${FIELD_TITLES[field]} ${detail}`,
      // A field that is missing altogether has no place to point at.
      ...(column === undefined || detail.startsWith("is missing") ? {} : { column }),
    };
  }
}

function amountOf(cell: Cell, currency: string, decimal: DecimalStyle): bigint {
  if (typeof cell === "number") return amountOfNumber(cell, currency);
  if (typeof cell !== "string") throw new AmountError("is not an amount");
  const named = splitCurrency(cell).currency;
  if (named !== undefined && named !== currency)
    throw new AmountError(`is in ${named}, the row in ${currency}`);
  return parseAmount(cell, currency, decimal);
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

const DATE_ORDER = { ymd: "year, month, day", dmy: "day, month, year", mdy: "month, day, year" } as const;
