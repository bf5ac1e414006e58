/**
 * Money and dates as CLDR writes them in the debtor's language, made safe for SMS. `Intl` separates with
 * U+00A0 and U+202F and uses signs such as U+20B9; one of them makes the whole text UCS-2, 70 characters
 * a segment instead of 160 (measured for es-ES, de-DE, fr-FR, es-CO, de-CH, pl-PL).
 */
import { dayNumber, type LocalDate } from "#shared/local-date.ts";
import { currencyExponent, decimalText } from "#shared/money.ts";
import { segmentText } from "#shared/sms-text.ts";

export interface Formats {
  /** @param locale BCP 47 with the debtor's country where known: "es-CO" and "es-ES" group differently. */
  money(minor: bigint, currency: string, locale: string): string;
  date(date: LocalDate, locale: string): string;
  /** "one", "other", … (CLDR plural rules). */
  plural(count: number, locale: string): Intl.LDMLPluralRule;
}

const MS_PER_DAY = 86_400_000;
/** Formatters cost far more than what they format, so they are kept; this many locales and currencies. */
const FORMATTERS_MAX = 500;

export function createFormats(): Formats {
  const kept = new Map<string, unknown>();
  const keep = <T>(key: string, make: () => T): T => {
    let value = kept.get(key) as T | undefined;
    if (value === undefined) {
      if (kept.size >= FORMATTERS_MAX) kept.clear();
      value = make();
      kept.set(key, value);
    }
    return value;
  };
  return {
    money: (minor, currency, locale) => {
      const format = keep(`money ${locale} ${currency}`, () => moneyFormat(locale, currency));
      const text = decimalText(minor, currency);
      return format(text);
    },
    date: (date, locale) => keep(`date ${locale}`, () => dateFormat(locale))(dayNumber(date) * MS_PER_DAY),
    plural: (count, locale) => keep(`plural ${locale}`, () => new Intl.PluralRules(locale)).select(count),
  };
}

/** BCP 47 of the debtor's language in the debtor's country; a language with a country of its own keeps it. */
export function localeOf(language: string, jurisdiction: string): string {
  const country = jurisdiction.split("-")[0] ?? "";
  return language.includes("-") || !/^[A-Z]{2}$/.test(country) ? language : `${language}-${country}`;
}

/** Narrow and no-break spaces become spaces; marks of direction and typographic signs their plain form. */
export function smsSafe(text: string): string {
  return text
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, " ")
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u2018\u2019\u02bc]/g, "'");
}

/** Whether every character has a place in the 7-bit alphabet and its extension (3GPP TS 23.038 6.2.1). */
export function isGsm7(text: string): boolean {
  return segmentText(text).alphabet === "gsm7";
}

function moneyFormat(locale: string, currency: string): (decimal: string) => string {
  const digits = currencyExponent(currency);
  const make = (display: "symbol" | "code"): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      currencyDisplay: display,
      numberingSystem: "latn",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  // The rupee, peso or guarani sign would turn the text to UCS-2: then the ISO code stands in its place.
  const symbol = make("symbol");
  const format = isGsm7(smsSafe(symbol.format(1))) ? symbol : make("code");
  // A decimal as text: a number would lose minor units above 2^53. Whole amounts of a currency that people
  // write without decimals (COP) go without them.
  const whole = wholeOnly(locale, currency, format);
  return (decimal) =>
    smsSafe((whole && /\.0+$/.test(decimal) ? whole : format).format(decimal as unknown as number));
}

/** A formatter without decimals, where CLDR writes the currency so (COP, while ISO 4217 has cents). */
function wholeOnly(locale: string, currency: string, like: Intl.NumberFormat): Intl.NumberFormat | undefined {
  const usual = new Intl.NumberFormat(locale, { style: "currency", currency }).resolvedOptions();
  if (usual.maximumFractionDigits !== 0 || currencyExponent(currency) === 0) return undefined;
  const { currencyDisplay } = like.resolvedOptions();
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: currencyDisplay ?? "code",
    numberingSystem: "latn",
    maximumFractionDigits: 0,
  });
}

function dateFormat(locale: string): (ms: number) => string {
  const plain = { timeZone: "UTC", numberingSystem: "latn", calendar: "gregory" } as const;
  const medium = new Intl.DateTimeFormat(locale, { ...plain, dateStyle: "medium" });
  const digits = new Intl.DateTimeFormat(locale, {
    ...plain,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
  });
  return (ms) => {
    const text = smsSafe(medium.format(ms));
    // French August is "août", and û is in no 7-bit alphabet: then the date goes in figures.
    return isGsm7(text) ? text : smsSafe(digits.format(ms));
  };
}
