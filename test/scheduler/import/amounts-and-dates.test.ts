import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  amountOfNumber,
  type DecimalStyle,
  detectDecimal,
  parseAmount,
  splitCurrency,
} from "#scheduler/import/amounts.ts";
import { type DateStyle, detectDateStyle, parseDate } from "#scheduler/import/dates.ts";
import { createNames, parseKind, parseStatus, parseYesNo } from "#scheduler/import/words.ts";
import { currencyExponent, decimalText } from "#shared/money.ts";

describe("amounts", () => {
  const good: readonly [text: string, currency: string, style: DecimalStyle, minor: bigint][] = [
    ["1234.56", "EUR", "point", 123_456n],
    ["1,234.56", "EUR", "point", 123_456n],
    ["1.234,56", "EUR", "comma", 123_456n],
    ["1 234,56", "EUR", "comma", 123_456n],
    ["1\u00a0234,56 €", "EUR", "comma", 123_456n],
    ["1'234.56", "CHF", "point", 123_456n],
    ["€ 7,50", "EUR", "comma", 750n],
    ["7,5", "EUR", "comma", 750n],
    [",50", "EUR", "comma", 50n],
    ["12.000", "EUR", "comma", 1_200_000n],
    ["12.000", "EUR", "point", 1_200n],
    ["-3.00", "USD", "point", -300n],
    ["3.00-", "USD", "point", -300n],
    ["(3.00)", "USD", "point", -300n],
    ["$1,234", "USD", "point", 123_400n],
    ["US$ 5.00", "USD", "point", 500n],
    ["1.500.000", "CLP", "comma", 1_500_000n],
    ["1.234", "KWD", "point", 1_234n],
    ["EUR 12.00", "EUR", "point", 1_200n],
    ["12.00 EUR", "EUR", "point", 1_200n],
  ];
  test.each(good)("%s in %s with a decimal %s", (text, currency, style, minor) => {
    expect(parseAmount(text, currency, style)).toBe(minor);
  });

  const bad: readonly [text: string, currency: string, style: DecimalStyle][] = [
    ["60.00", "EUR", "comma"],
    ["1.23.456", "EUR", "comma"],
    ["12.345,678", "EUR", "comma"],
    ["1.005", "EUR", "point"],
    ["12,50", "CLP", "comma"],
    ["1e5", "EUR", "point"],
    ["12.50.10", "EUR", "point"],
    ["", "EUR", "point"],
    ["twelve", "EUR", "point"],
    ["٣٫٥", "EUR", "point"],
  ];
  test.each(bad)(
    "%s in %s is no amount with a decimal %s, and never a hundred times as much",
    (text, currency, style) => {
      expect(() => parseAmount(text, currency, style)).toThrow();
    },
  );

  const styles: readonly [texts: string[], found: ReturnType<typeof detectDecimal>][] = [
    [["1.234,56", "7"], "comma"],
    [["1,234.56"], "point"],
    [["12,5", "13,75"], "comma"],
    [["1.234", "5.678"], "unclear"],
    [["1.234", "5.67"], "point"],
    [["1.234.567"], "comma"],
    [["0.500"], "point"],
    [["1,5", "1.5"], "both"],
    [["100", "200"], undefined],
  ];
  test.each(styles)("%j are written with %s", (texts, found) => {
    expect(detectDecimal(texts)).toBe(found);
  });

  test("binary fractions of spreadsheets come back to the cent, and real thirds do not", () => {
    expect(amountOfNumber(1011.3399999999999, "EUR")).toBe(101_134n);
    expect(amountOfNumber(0.1 + 0.2, "EUR")).toBe(30n);
    expect(() => amountOfNumber(10.333, "EUR")).toThrow(/2 decimal places/);
    expect(() => amountOfNumber(1e18, "EUR")).toThrow(/more than this ledger takes/);
  });

  test("an amount survives every way of writing it", () => {
    const currency = fc.constantFrom("EUR", "CLP", "KWD");
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 11n),
        currency,
        fc.constantFrom(" ", "'", "", "group"),
        (minor, code, mark) => {
          for (const style of ["comma", "point"] as const) {
            const [whole = "", fraction] = decimalText(minor, code).split(".");
            const group = mark === "group" ? (style === "comma" ? "." : ",") : mark;
            const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
            const text =
              fraction === undefined ? grouped : `${grouped}${style === "comma" ? "," : "."}${fraction}`;
            expect(parseAmount(text, code, style)).toBe(minor);
            expect(amountOfNumber(Number(minor) / 10 ** currencyExponent(code), code)).toBe(minor);
          }
        },
      ),
    );
  });

  test("the currency stands before or behind, as a code or a sign", () => {
    expect(splitCurrency("12,50 €")).toEqual({ number: "12,50", currency: "EUR" });
    expect(splitCurrency("USD 3.00")).toEqual({ number: "3.00", currency: "USD" });
    expect(splitCurrency("$3.00")).toEqual({ number: "3.00" });
    expect(splitCurrency("ABC 3.00")).toEqual({ number: "ABC 3.00" });
  });
});

describe("dates", () => {
  const rows: readonly [text: string, style: DateStyle, date: string | undefined][] = [
    ["2026-01-31", "ymd", "2026-01-31"],
    ["2026-01-31T00:00:00Z", "dmy", "2026-01-31"],
    ["31.01.2026", "dmy", "2026-01-31"],
    ["31.1.26", "dmy", "2026-01-31"],
    ["31/01/2026 12:30", "dmy", "2026-01-31"],
    ["01/31/2026", "mdy", "2026-01-31"],
    ["20260131", "dmy", "2026-01-31"],
    ["46053", "dmy", "2026-01-31"],
    ["31 Jan 2026", "dmy", "2026-01-31"],
    ["Jan 31, 2026", "mdy", "2026-01-31"],
    ["31-ene-26", "dmy", "2026-01-31"],
    ["31 de enero de 2026", "dmy", "2026-01-31"],
    ["1er janvier 2026", "dmy", undefined],
    ["14. März 2026", "dmy", "2026-03-14"],
    ["29.02.2028", "dmy", "2028-02-29"],
    ["29.02.2026", "dmy", undefined],
    ["31.04.2026", "dmy", undefined],
    ["13/13/2026", "mdy", undefined],
    ["soon", "dmy", undefined],
    ["0", "dmy", undefined],
  ];
  test.each(rows)("%s read as %s", (text, style, date) => {
    expect(parseDate(text, style)).toBe(date);
  });

  const styles: readonly [texts: string[], country: string, found: ReturnType<typeof detectDateStyle>][] = [
    [["31.01.2026"], "US", "dmy"],
    [["01/31/2026"], "DE", "mdy"],
    [["01/02/2026"], "US", "mdy"],
    [["01/02/2026"], "ES", "dmy"],
    [["01/02/2026"], "CA", "unclear"],
    [["01.02.2026"], "CA", "dmy"],
    [["31/01/2026", "01/31/2026"], "ES", "both"],
    [["2026-01-31"], "ES", undefined],
  ];
  test.each(styles)("%j in %s: %s", (texts, country, found) => {
    expect(detectDateStyle(texts, country)).toBe(found);
  });
});

describe("words", () => {
  const names = createNames();
  test.each([
    ["Alemania", "DE"],
    ["Deutschland", "DE"],
    ["de", "DE"],
    ["GB", "GB"],
    ["UK", "GB"],
    ["España", "ES"],
    ["Brésil", "BR"],
    ["México", "MX"],
    ["Narnia", undefined],
    ["XX", undefined],
  ])("country %s", (text, code) => {
    expect(names.country(text)).toBe(code);
  });
  test.each([
    ["DE", "de"],
    ["alemán", "de"],
    ["Englisch", "en"],
    ["pt_BR", "pt-BR"],
    ["Português", "pt"],
    ["Klingon", undefined],
  ])("language %s", (text, tag) => {
    expect(names.language(text)).toBe(tag);
  });
  test("yes and no, states and kinds in five languages", () => {
    expect(["Ja", "sí", "OUI", "sim", "x"].map(parseYesNo)).toEqual([true, true, true, true, true]);
    expect(["nein", "não", "0"].map(parseYesNo)).toEqual([false, false, false]);
    expect(parseYesNo("maybe")).toBeUndefined();
    expect(["Bezahlt", "Anulada", "en litige", "Em aberto", "Überfällig"].map(parseStatus)).toEqual([
      "paid",
      "cancelled",
      "disputed",
      "open",
      "open",
    ]);
    expect(["Firma", "particular"].map(parseKind)).toEqual(["business", "consumer"]);
  });
});
