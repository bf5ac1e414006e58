/** Pure: from the first rows and what is known of the source, how the whole list is to be read. */
import { type DecimalStyle, detectDecimal, splitCurrency } from "./amounts.ts";
import { cellText, type RawRow } from "./cell.ts";
import { type DateStyle, detectDateStyle, leavesOrderOpen } from "./dates.ts";
import type { Field } from "./fields.ts";
import type { Header } from "./header.ts";
import type { ReadingSettings } from "./record.ts";
import { FileRefused } from "./refused.ts";
import { isBlankRow, textsOf } from "./source.ts";

export interface AskedStyles {
  readonly decimal?: DecimalStyle;
  readonly dates?: DateStyle;
  readonly currency?: string;
}

export interface KnownOfCreditor {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The only currency that the creditor has payment instructions for, if there is one only. */
  readonly currency?: string;
}

/** The settings, and in words how each was found. */
export interface SettledSettings {
  readonly settings: ReadingSettings;
  readonly because: { readonly decimal?: string; readonly dates?: string };
  /** What the next list of the source may rely on: styles that this one showed or that somebody named. */
  readonly shown: AskedStyles;
}

const AMOUNT_FIELDS: readonly Field[] = ["amount", "openAmount"];
const DATE_FIELDS: readonly Field[] = ["dueDate", "issueDate", "paidDate"];

/** `remembered` styles serve where the first rows do not tell. @throws FileRefused when nothing tells. */
export function settleSettings(
  header: Header,
  rows: readonly RawRow[],
  source: string,
  creditor: KnownOfCreditor,
  asked: AskedStyles,
  remembered: AskedStyles,
): SettledSettings {
  const data = rows.filter((row) => row.row > header.row && !isBlankRow(row));
  const headerRow = rows.find((row) => row.row === header.row);
  const texts = (fields: readonly Field[]): string[] =>
    header.columns
      .filter(({ field }) => field !== undefined && fields.includes(field))
      .flatMap(({ index }) => data.map((row) => row.cells[index]))
      .filter((cell) => typeof cell === "string")
      .map((cell) => cellText(cell))
      .filter((text) => text !== "");
  const decimal = settleDecimal(texts(AMOUNT_FIELDS), asked.decimal, remembered.decimal);
  const dates = settleDates(texts(DATE_FIELDS), creditor.country, asked.dates, remembered.dates);
  const said = asked.currency ?? remembered.currency;
  const currency = said ?? headerCurrency(header) ?? creditor.currency;
  return {
    settings: {
      carries: header.carries,
      headerRow: header.row,
      headerTexts: headerRow === undefined ? [] : textsOf(headerRow),
      columns: header.columns.flatMap(({ index, column, header: text, field }) =>
        field === undefined ? [] : [{ index, column, header: text, field }],
      ),
      dates: dates.style,
      homeCountry: creditor.country,
      source,
      ...(decimal.style === undefined ? {} : { decimal: decimal.style }),
      ...(currency === undefined ? {} : { currency }),
    },
    shown: {
      ...(decimal.style === undefined ? {} : { decimal: decimal.style }),
      ...(dates.shown === undefined ? {} : { dates: dates.shown }),
      ...(said === undefined ? {} : { currency: said }),
    },
    because: {
      ...(decimal.because === undefined ? {} : { decimal: decimal.because }),
      dates: dates.because,
    },
  };
}

/** "Betrag (EUR)", "Amount in USD". */
function headerCurrency(header: Header): string | undefined {
  for (const { field, header: text } of header.columns) {
    if (field === undefined || !AMOUNT_FIELDS.includes(field)) continue;
    const code = /(?:^|[^A-Za-z])([A-Z]{3})(?:$|[^A-Za-z])/.exec(text)?.[1];
    const currency = code ?? splitCurrency(`${text} 1`.replace(/^.*?([€£₹]).*$/, "$1 1")).currency;
    if (currency !== undefined) return currency;
  }
  return undefined;
}

function settleDecimal(
  texts: readonly string[],
  asked: DecimalStyle | undefined,
  remembered: DecimalStyle | undefined,
): { readonly style?: DecimalStyle; readonly because?: string } {
  if (asked !== undefined) return { style: asked, because: "it was asked for" };
  const told = detectDecimal(texts);
  if (told === "comma" || told === "point") return { style: told, because: "the amounts themselves tell" };
  if (told === "both")
    throw new FileRefused(
      "style_unclear",
      "Some amounts have a decimal comma and others a decimal point. Export the list in one style.",
    );
  if (told === undefined) return remembered === undefined ? {} : { style: remembered };
  if (remembered !== undefined) return { style: remembered, because: "the last list of this source had it" };
  throw new FileRefused(
    "style_unclear",
    'Every amount is written like "1.234": this could be a thousand or a bit more than one. Say --decimal comma or --decimal point.',
  );
}

function settleDates(
  texts: readonly string[],
  country: string,
  asked: DateStyle | undefined,
  remembered: DateStyle | undefined,
): { readonly style: DateStyle; readonly because: string; readonly shown?: DateStyle } {
  if (asked !== undefined) return { style: asked, because: "it was asked for", shown: asked };
  // How this source wrote its dates before weighs more than how its country writes them.
  if (remembered !== undefined && remembered !== "ymd" && leavesOrderOpen(texts))
    return { style: remembered, because: "the last list of this source had it", shown: remembered };
  const told = detectDateStyle(texts, country);
  if (told === "both")
    throw new FileRefused(
      "style_unclear",
      "Some dates have the day first and others the month. Export the list with dates such as 2026-01-31.",
    );
  const before = remembered === undefined ? {} : { shown: remembered };
  // Days written as 2026-01-31 say nothing of how the source writes the others.
  if (told === undefined)
    return { style: remembered ?? "ymd", because: "the dates leave no doubt", ...before };
  if (told !== "unclear")
    return { style: told, because: `the dates, or the custom in ${country}, tell`, shown: told };
  throw new FileRefused(
    "style_unclear",
    "The dates could have the day or the month first. Say --dates dmy or --dates mdy.",
  );
}
