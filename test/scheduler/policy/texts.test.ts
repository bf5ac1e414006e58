/** The texts that ship: every preset, step and language; short, complete, polite, cheap. */
import { describe, expect, test } from "vitest";
import { checkPolicy } from "#scheduler/policy/check.ts";
import { shippedPolicies } from "#scheduler/policy/read.ts";
import { createTemplateEngine, TemplateError } from "#scheduler/policy/templates/engine.ts";
import { createFormats, localeOf } from "#scheduler/policy/templates/format.ts";
import { createLinter, type LintInput } from "#scheduler/policy/templates/lint.ts";
import { sampleRows } from "#scheduler/policy/templates/samples.ts";
import { shippedTexts } from "#scheduler/policy/templates/shipped.ts";
import { segmentText } from "#shared/sms-text.ts";
import { catalogue } from "#test/scheduler/decide/law.ts";

const LANGUAGES = ["en", "es", "de", "fr", "pt"];
const formats = createFormats();
const engine = createTemplateEngine();

describe("presets", () => {
  test("are the six that were promised", () => {
    expect(shippedPolicies().map(({ name }) => name)).toEqual([
      "bank-card",
      "collection-agency",
      "friendly-small-business",
      "insurer",
      "school",
      "utility",
    ]);
  });

  test.each(shippedPolicies().map((document) => [document.name, document] as const))(
    "%s has every text in five languages, and none of them has a finding",
    (_, document) => {
      expect(document.languages).toEqual(LANGUAGES);
      const check = checkPolicy(document, catalogue);
      expect(check.problems).toEqual([]);
      expect(
        check.texts.flatMap(({ key, language, report }) =>
          report.findings.map(({ rule }) => [key, language, rule]),
        ),
      ).toEqual([]);
      expect(document.thanks).toBeDefined();
    },
  );
});

describe("shipped texts", () => {
  const texts = shippedTexts().map((text) => [`${text.key} ${text.language}`, text] as const);

  test.each(texts)("%s is 7-bit, at most two segments with ordinary values", (_, { text, language }) => {
    const [row] = sampleRows(formats, language);
    if (row === undefined) throw new Error("no sample");
    const rendered = engine.render(text, row.values, (count) => formats.plural(count, language)).trim();
    const { alphabet, segments } = segmentText(rendered);
    expect([alphabet, segments.length <= 2]).toEqual(["gsm7", true]);
    expect(rendered).not.toMatch(/ {2}|[{}]/);
  });

  test("every key has all five languages", () => {
    const byKey = new Map<string, string[]>();
    for (const { key, language } of shippedTexts()) byKey.set(key, [...(byKey.get(key) ?? []), language]);
    for (const [key, languages] of byKey) expect(languages.sort(), key).toEqual([...LANGUAGES].sort());
  });

  test("due-day and thank-you texts fit one segment", () => {
    for (const { key, language, text } of shippedTexts()) {
      if (!/\.(due-day|thanks)$/.test(key)) continue;
      const [row] = sampleRows(formats, language);
      const rendered = engine
        .render(text, row?.values ?? {}, (count) => formats.plural(count, language))
        .trim();
      expect(segmentText(rendered).segments.length, `${key} ${language}`).toBe(1);
    }
  });
});

describe("lint", () => {
  const linter = createLinter();
  const good =
    "{{ creditor }}: {{ open_amount }} for {{ invoice_list }}, due {{ due_date }}. {{ payment }}. {{ contact }} {{ notices }}";
  const lint = (text: string, changes: Partial<LintInput> = {}): string[] =>
    linter
      .lint({
        text,
        language: "en",
        purpose: "arrears",
        maxSegments: 3,
        transliterate: false,
        asksReason: false,
        ...changes,
      })
      .findings.map(({ rule }) => rule);

  test.each([
    ["a good text", good, []],
    ["no name of the creditor", good.replace("{{ creditor }}", "We"), ["template.missing-part"]],
    ["nobody to ask", good.replace("{{ contact }}", ""), ["template.missing-part"]],
    ["no place for the law's words", good.replace("{{ notices }}", ""), ["template.missing-part"]],
    ["a variable of another kind of text", `${good} {{ paid_amount }}`, ["template.unfilled"]],
    ["a variable that does not exist", `${good} {{ amount }}`, ["template.syntax"]],
    ["a tag that is not allowed", `${good} {% include "x" %}`, ["template.syntax"]],
    ["capitals", `${good} PAY IMMEDIATELY`, ["template.shouting"]],
    ["two exclamation marks", `${good} Pay!!`, ["template.shouting"]],
    ["STOP is no shout", `${good} Reply STOP or call. IBAN, SEPA.`, []],
    ["a threat", `${good} We will see you in court.`, ["template.threat"]],
    ["a question that some laws forbid", `${good} ¿Por qué no paga?`, ["template.asks-why"]],
    ["a public shortener", `${good} bit.ly/abc`, ["template.shortener"]],
    ["a dear character", `${good} Número`, ["template.ucs2"]],
    ["too long", `${good} ${"All the best to you and yours. ".repeat(14)}`, ["template.too-long"]],
  ])("%s", (_, text, rules) => {
    expect(lint(text)).toEqual(rules);
  });

  test("names the worst row and what makes it dear", () => {
    const report = linter.lint({
      text: "{{ creditor }}: aquí {{ open_amount }}",
      language: "es",
      purpose: "legal-words",
      maxSegments: 3,
      transliterate: false,
      asksReason: false,
      rows: [
        { of: "creditor luz", values: { creditor: "Luz", open_amount: "1 €" } },
        {
          of: "creditor sur",
          values: {
            creditor: "Compañía Eléctrica del Sur de Andalucía Sociedad Anónima Unipersonal",
            open_amount: "1 €",
          },
        },
      ],
    });
    expect(report.worst).toMatchObject({ row: 1, of: "creditor sur", alphabet: "ucs2", segments: 2 });
    expect(report.forcingUcs2).toEqual(
      expect.arrayContaining([
        { character: "í", from: "text" },
        { character: "ó", from: "value" },
      ]),
    );
  });

  test("a row without a value is an unfilled variable", () => {
    expect(lint(good, { rows: [{ of: "creditor a", values: { creditor: "A" } }] })).toContain(
      "template.unfilled",
    );
  });
});

describe("the engine", () => {
  test.each([
    ["{{ creditor.constructor }}"],
    ["{{ creditor | date: '%Y' }}"],
    ["{% for i in (1..100000000) %}x{% endfor %}"],
    ["{% assign x = 1 %}"],
    ["{{ creditor"],
    ["x".repeat(2_001)],
  ])("%s is refused", (text) => {
    expect(() => engine.render(text, { creditor: "A" }, () => "one")).toThrow(TemplateError);
  });

  test("a value is never read as a template", () => {
    expect(engine.render("{{ creditor }}", { creditor: "{{ debtor }}{% if %}" }, () => "one")).toBe(
      "{{ debtor }}{% if %}",
    );
  });
});

describe("money and dates by CLDR, safe for SMS", () => {
  test.each([
    ["es", "ES", "EUR", 123_456_789n, "1.234.567,89 €"],
    ["de", "DE", "EUR", 4_900n, "49,00 €"],
    ["de", "CH", "CHF", 123_456_700n, "CHF 1'234'567.00"],
    ["fr", "FR", "EUR", 123_456_789n, "1 234 567,89 €"],
    ["en", "GB", "GBP", 4_900n, "£49.00"],
    ["en", "IN", "INR", 123_456_789n, "INR 12,34,567.89"],
    ["es", "CO", "COP", 15_000_000n, "$ 150.000"],
    ["es", "CO", "COP", 15_000_050n, "$ 150.000,50"],
    ["es", "CL", "CLP", 15_000n, "$15.000"],
    ["es", "MX", "MXN", 123_456_789n, "$1,234,567.89"],
    ["pt", "BR", "BRL", 4_900n, "R$ 49,00"],
    ["pt-BR", "PT", "EUR", 4_900n, "€ 49,00"],
    ["en", "KW", "KWD", 1_234n, "KWD 1.234"],
    ["de", "DE", "EUR", 9_007_199_254_740_993_01n, "9.007.199.254.740.993,01 €"],
  ])("%s in %s: %s %i is %s", (language, country, currency, minor, text) => {
    const formatted = formats.money(minor, currency, localeOf(language, country));
    expect(formatted).toBe(text);
    expect(segmentText(formatted).alphabet).toBe("gsm7");
  });

  test.each([
    ["de", "DE", "02.03.2026"],
    ["en", "US", "Mar 2, 2026"],
    ["en", "GB", "2 Mar 2026"],
    ["es", "ES", "2 mar 2026"],
    ["fr", "FR", "2 mars 2026"],
    ["pt", "PT", "02/03/2026"],
  ])("2 March 2026 in %s of %s is %s", (language, country, text) => {
    expect(formats.date("2026-03-02", localeOf(language, country))).toBe(text);
  });

  test("no month of any shipped language needs UCS-2: août is written in figures", () => {
    expect(formats.date("2026-08-03", "fr-FR")).toBe("03/08/2026");
    for (const language of LANGUAGES)
      for (let month = 1; month <= 12; month++) {
        const text = formats.date(`2026-${String(month).padStart(2, "0")}-03`, language);
        expect(segmentText(text).alphabet, `${language} ${text}`).toBe("gsm7");
      }
  });
});
