/**
 * Money is a bigint of minor units with its currency (house rule 17). What a minor unit is worth comes
 * from ISO 4217 and from nowhere else: CLDR and `Intl` answer differently for COP, HUF or ISK, because
 * they say what people write and not what banks book.
 */

/** Largest amount that is taken, in minor units: sums of nine thousand of them still fit a double exactly. */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000n;

/** ISO 4217 list one, amendment 177, without metals, funds and test codes. */
const ACTIVE = new Set(
  `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
  CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
  GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
  LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
  PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
  TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
  ZWG`.split(/\s+/),
);

/** ISO 4217 list one, column "minor unit", where it is not 2. */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
};

export class MoneyError extends Error {
  override name = "MoneyError";
}

export function isCurrency(code: string): boolean {
  return ACTIVE.has(code);
}

/** @throws MoneyError when `currency` is not an active ISO 4217 code. */
export function currencyExponent(currency: string): number {
  if (!ACTIVE.has(currency))
    throw new MoneyError(`"${currency}" is not an ISO 4217 currency code such as EUR or USD`);
  return EXPONENTS[currency] ?? 2;
}

/**
 * "1234.5" EUR → 123450n. Only digits, one point and a leading minus: no grouping, no spaces, no exponent.
 * Zeros beyond the exponent are harmless ("7.000" EUR), other digits there are an error, never rounded.
 * @throws MoneyError
 */
export function parseDecimal(text: string, currency: string): bigint {
  const exponent = currencyExponent(currency);
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/.exec(text);
  if (!match) throw new MoneyError(`"${text.slice(0, 40)}" is not an amount such as 1234.56`);
  const [, sign = "", whole = "", fraction = ""] = match;
  if (/[1-9]/.test(fraction.slice(exponent)))
    throw new MoneyError(`"${text}" has more than the ${exponent} decimal places of ${currency}`);
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, "0"));
  if (minor > AMOUNT_MINOR_MAX) throw new MoneyError(`"${text}" ${currency} is more than this ledger takes`);
  return sign === "-" ? -minor : minor;
}

/** 123450n EUR → "1234.50"; always all decimal places of the currency, never grouped. */
export function decimalText(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  return minor < 0n ? `-${text}` : text;
}
