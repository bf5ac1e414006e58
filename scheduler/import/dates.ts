/** Pure: how a list writes its dates, and which day one of them is. */
import { type LocalDate, localDate } from "#shared/local-date.ts";

/** Order of day, month and year where the writing itself does not tell. */
export type DateStyle = "ymd" | "dmy" | "mdy";

/** Countries that write the month first; some write both ways, and there a list must tell by itself. */
const MONTH_FIRST: readonly string[] = ["US"];
/** No country: its custom tells nothing. */
const NOWHERE = "";
const BOTH_WAYS: readonly string[] = ["CA", "PH", "ZA", "KE", "GH", "PA", "PR"];
const MS_PER_DAY = 86_400_000;
/** Days since 1899-12-30 as a number without a format: 1954 to 2119. */
const SERIAL = /^(?:2|3|4|5|6|7)\d{4}$/;

const MONTHS: ReadonlyMap<string, number> = monthNames();

function monthNames(): Map<string, number> {
  const names = new Map<string, number>();
  for (const language of ["en", "de", "es", "fr", "pt"])
    for (let month = 0; month < 12; month++)
      for (const style of ["long", "short"] as const) {
        const name = new Intl.DateTimeFormat(language, { month: style, timeZone: "UTC" }).format(
          Date.UTC(2026, month, 15),
        );
        names.set(bareName(name), month + 1);
        names.set(bareName(name).slice(0, 3), month + 1);
      }
  // "mar" is March everywhere; "jui" could be juin or juillet, and is neither.
  names.delete("jui");
  names.set("set", 9).set("sept", 9);
  return names;
}

function bareName(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[^a-zA-Z]/g, "")
    .toLowerCase();
}

interface Parts {
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

/** "31.01.2026", "31/1/26", "2026-01-31"; a time behind it is left off. */
function split(text: string): Parts | undefined {
  const match = /^(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{2}|\d{4})(?:[T ,].*)?$/.exec(text.trim());
  return match ? { first: Number(match[1]), second: Number(match[2]), third: Number(match[3]) } : undefined;
}

/**
 * The style that fits every date of the column. Where days and months are all twelve at most, dots mean
 * day first, and slashes what the country does; "unclear" when that does not settle it, "both" when the
 * column contradicts itself, undefined when no date needs an order.
 */
export function detectDateStyle(
  texts: Iterable<string>,
  country: string,
): DateStyle | "both" | "unclear" | undefined {
  let dayFirst = false;
  let monthFirst = false;
  let open = false;
  let dots = false;
  for (const text of texts) {
    const parts = split(text);
    if (parts === undefined || parts.first > 31) continue;
    if (parts.first > 12) dayFirst = true;
    else if (parts.second > 12) monthFirst = true;
    else open = true;
    if (text.includes(".")) dots = true;
  }
  if (dayFirst && monthFirst) return "both";
  if (dayFirst) return "dmy";
  if (monthFirst) return "mdy";
  if (!open) return undefined;
  return dots ? "dmy" : customOf(country);
}

function customOf(country: string): DateStyle | "unclear" {
  if (MONTH_FIRST.includes(country)) return "mdy";
  return country === NOWHERE || BOTH_WAYS.includes(country) ? "unclear" : "dmy";
}

/** Whether the dates themselves need an order and do not show it: only a custom or an earlier list can tell. */
export function leavesOrderOpen(texts: Iterable<string>): boolean {
  return detectDateStyle(texts, NOWHERE) === "unclear";
}

/** The day, or undefined when it is none. */
export function parseDate(text: string, style: DateStyle): LocalDate | undefined {
  const bare = text.trim();
  const parts = split(bare);
  if (parts !== undefined) {
    const { first, second, third } = parts;
    if (first > 999) return localDate(first, second, third);
    const year = third < 100 ? 2_000 + third : third;
    if (style === "ymd") return localDate(2_000 + first, second, third);
    return style === "dmy" ? localDate(year, second, first) : localDate(year, first, second);
  }
  const packed = /^(\d{4})(\d{2})(\d{2})$/.exec(bare);
  if (packed) return localDate(Number(packed[1]), Number(packed[2]), Number(packed[3]));
  if (SERIAL.test(bare))
    return new Date(Date.UTC(1899, 11, 30) + Number(bare) * MS_PER_DAY).toISOString().slice(0, 10);
  return withMonthName(bare);
}

/** "31 Jan 2026", "31 de enero de 2026", "Jan 31, 2026". */
function withMonthName(text: string): LocalDate | undefined {
  const words = text.split(/[\s,.\-/]+/).filter((word) => word !== "" && word.toLowerCase() !== "de");
  if (words.length !== 3) return undefined;
  const monthAt = words.findIndex((word) => /^\p{L}/u.test(word));
  const month = MONTHS.get(bareName(words[monthAt] ?? ""));
  const [day, year] = words.filter((_, index) => index !== monthAt).map(Number);
  if (month === undefined || day === undefined || year === undefined || monthAt > 1) return undefined;
  return localDate(year < 100 ? 2_000 + year : year, month, day);
}
