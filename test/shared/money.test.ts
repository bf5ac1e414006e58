import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AMOUNT_MINOR_MAX, currencyExponent, decimalText, isCurrency, parseDecimal } from "#shared/money.ts";

describe("exponents are those of ISO 4217, whatever CLDR says", () => {
  test.each([
    ["EUR", 2],
    ["JPY", 0],
    ["CLP", 0],
    ["COP", 2],
    ["HUF", 2],
    ["ISK", 0],
    ["KWD", 3],
    ["CLF", 4],
  ])("%s has %i", (currency, exponent) => {
    expect(currencyExponent(currency)).toBe(exponent);
  });
  test("what is no currency is refused", () => {
    for (const code of ["", "eur", "XTS", "DEM", "EURO"]) {
      expect(isCurrency(code)).toBe(false);
      expect(() => currencyExponent(code)).toThrow(/ISO 4217/);
    }
  });
});

test.each([
  ["1234.5", "EUR", 123_450n],
  ["0.01", "EUR", 1n],
  ["-3", "EUR", -300n],
  ["7.000", "EUR", 700n],
  ["500", "JPY", 500n],
  ["1.234", "KWD", 1_234n],
])("%s %s", (text, currency, minor) => {
  expect(parseDecimal(text, currency)).toBe(minor);
});

test.each([
  ["1,50", "EUR"],
  ["1.005", "EUR"],
  ["1.5", "JPY"],
  ["1e3", "EUR"],
  [" 1", "EUR"],
  ["+1", "EUR"],
  [".5", "EUR"],
  ["10000000000.01", "EUR"],
  ["99999999999999999999", "EUR"],
])("%s %s is refused, never rounded", (text, currency) => {
  expect(() => parseDecimal(text, currency)).toThrow();
});

test("writing and reading give the same amount", () => {
  const currency = fc.constantFrom("EUR", "JPY", "KWD", "CLF");
  fc.assert(
    fc.property(fc.bigInt(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX), currency, (minor, code) => {
      expect(parseDecimal(decimalText(minor, code), code)).toBe(minor);
    }),
  );
});
