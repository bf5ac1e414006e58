/** Pure: how a list writes its amounts, and what one of them is in minor units. */
import { currencyExponent, isCurrency, MoneyError, parseDecimal } from "#shared/money.ts";

export type DecimalStyle = "comma" | "point";

const SYMBOLS: readonly (readonly [string, string])[] = [
  ["US$", "USD"],
  ["MX$", "MXN"],
  ["R$", "BRL"],
  ["S/", "PEN"],
  ["€", "EUR"],
  ["£", "GBP"],
  ["₹", "INR"],
  ["kr", ""],
  ["$", ""],
];

/** The number without its currency, and the currency where it names one ("$" and "kr" name none). */
export function splitCurrency(text: string): { readonly number: string; readonly currency?: string } {
  const bare = text.replace(/[\s\u00a0\u202f]+/g, " ").trim();
  const code = /^([A-Z]{3}) ?(?=[-+(\d])|(?<=[\d)]) ?([A-Z]{3})$/.exec(bare);
  const named = code?.[1] ?? code?.[2];
  if (named !== undefined && isCurrency(named))
    return { number: bare.replace(named, "").trim(), currency: named };
  for (const [symbol, currency] of SYMBOLS)
    if (bare.startsWith(symbol) || bare.endsWith(symbol)) {
      const number = bare.replace(symbol, "").trim();
      return currency === "" ? { number } : { number, currency };
    }
  return { number: bare };
}

/**
 * Votes of single amounts: "1.234,56" can only be one style, "1.234" could be both. Undefined when the
 * column never says; "both" when it contradicts itself.
 */
export function detectDecimal(texts: Iterable<string>): DecimalStyle | "both" | "unclear" | undefined {
  const votes = { comma: 0, point: 0, unclear: 0 };
  for (const text of texts) {
    const vote = voteOf(splitCurrency(text).number);
    if (vote !== undefined) votes[vote]++;
  }
  if (votes.comma > 0 && votes.point > 0) return "both";
  if (votes.comma > 0) return "comma";
  if (votes.point > 0) return "point";
  return votes.unclear > 0 ? "unclear" : undefined;
}

function voteOf(number: string): DecimalStyle | "unclear" | undefined {
  const comma = number.lastIndexOf(",");
  const point = number.lastIndexOf(".");
  if (comma === -1 && point === -1) return undefined;
  if (comma !== -1 && point !== -1) return comma > point ? "comma" : "point";
  const separator = comma === -1 ? "." : ",";
  const parts = number.split(separator);
  // Only a grouping mark stands more than once: "1.234.567".
  if (parts.length > 2) return separator === "." ? "comma" : "point";
  const decimals = (parts[1] ?? "").replace(/\D/g, "").length;
  const whole = (parts[0] ?? "").replace(/\D/g, "");
  const couldBeGrouping = decimals === 3 && whole.length <= 3 && whole !== "" && whole !== "0";
  if (couldBeGrouping) return "unclear";
  return separator === "," ? "comma" : "point";
}

function shapeOf(group: string, decimal: string): RegExp {
  return new RegExp(`^(\\d{1,3}(?:${group}\\d{3})+|\\d+)(?:${decimal}(\\d*))?$|^${decimal}(\\d+)$`);
}

const SHAPES: Readonly<Record<DecimalStyle, RegExp>> = {
  comma: shapeOf("[.\\s'’]", ","),
  point: shapeOf("[,\\s'’]", "\\."),
};

/** What is not an amount, in words. */
export class AmountError extends Error {
  override name = "AmountError";
}

/** "1.234,56" as `comma` → 123456n. Brackets and a minus on either side mean below zero. @throws AmountError */
export function parseAmount(text: string, currency: string, style: DecimalStyle): bigint {
  const { number } = splitCurrency(text);
  const negative = /^\(.*\)$|^-|-$/.test(number);
  const bare = number.replace(/^[-+(]\s?|\s?[-)]$/g, "");
  const match = SHAPES[style].exec(bare);
  if (!match) throw new AmountError(`is not an amount written with a decimal ${style}`);
  const whole = (match[1] ?? "0").replace(/\D/g, "");
  const fraction = match[2] ?? match[3] ?? "";
  return exact(`${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`, currency);
}

/**
 * A number of a workbook. Spreadsheets keep binary fractions, so 1011.34 may come as 1011.3399999999999:
 * what is nearer to a whole minor unit than a thousandth of one is that unit. @throws AmountError
 */
export function amountOfNumber(value: number, currency: string): bigint {
  const exponent = currencyExponent(currency);
  const scaled = value * 10 ** exponent;
  const nearest = Math.round(scaled);
  if (!Number.isSafeInteger(nearest)) throw new AmountError("is more than this ledger takes");
  if (Math.abs(scaled - nearest) > 0.001)
    throw new AmountError(`has more than the ${exponent} decimal places of ${currency}`);
  return exact(numberText(nearest, exponent), currency);
}

function numberText(minor: number, exponent: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, "0");
  const sign = minor < 0 ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function exact(text: string, currency: string): bigint {
  try {
    return parseDecimal(text, currency);
  } catch (error) {
    if (error instanceof MoneyError)
      throw new AmountError(error.message.replace(/^"[^"]*" (?:[A-Z]{3} )?/, ""));
    throw error;
  }
}
