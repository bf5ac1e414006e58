/** The text of a message: what is filled in, what is replaced, what never leaves. */
import { describe, expect, test } from "vitest";
import { type Composed, createComposer, invoiceList } from "#scheduler/decide/compose.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { createCatalogue } from "#scheduler/policy/templates/types.ts";
import { factsOf } from "./facts.ts";
import { catalogue, preset } from "./law.ts";
import { DUE, ladder, messageOf, run } from "./situations.ts";

const composer = createComposer();
const open = factsOf({ items: [{ dueDate: DUE }] });

function composed(facts: CaseFacts, now = "2026-03-07T09:00:00Z", maxSegments = 3): Composed {
  return composer.compose(ladder.catalogue, facts, messageOf(run(facts, now)), maxSegments);
}

function textOf(facts: CaseFacts, now?: string): string {
  const result = composed(facts, now);
  return result.kind === "text" ? result.text : `${result.rule}: ${result.detail}`;
}

const named = (changes: Partial<CaseFacts["creditor"]>, facts = open): CaseFacts => ({
  ...facts,
  creditor: { ...facts.creditor, ...changes },
});

describe("a text", () => {
  test("says who writes, what is open, how to pay and whom to ask, in the debtor's language", () => {
    const facts = { ...open, debtor: { ...open.debtor, language: "es" } };
    expect(textOf(facts)).toBe(
      "Muster GmbH: queda pendiente el pago de 49,00 €, recibo 4711 del 2 mar 2026. Pago: pay.muster.de/r. Si ya ha pagado, gracias. ¿Le ayudamos? 030 123456",
    );
  });

  test("a language of a country takes the text of the language, and the numbers of the country", () => {
    const facts = { ...open, debtor: { ...open.debtor, language: "es-MX" } };
    expect(textOf(facts)).toContain("EUR 49.00");
  });

  test("characters that would make it dear are replaced, and that is told", () => {
    const result = composed(named({ name: "Compañía Eléctrica" }));
    expect(result).toMatchObject({ kind: "text", alphabet: "gsm7", template: "utility.early@1/en" });
    if (result.kind === "text") {
      expect(result.text).toMatch(/^Compañia Eléctrica: /);
      expect(result.replacements.map(({ from, to }) => from + to)).toEqual(["íi"]);
    }
  });

  test("a template that wants its characters as they are keeps them", () => {
    const exact = createCatalogue(
      ["en"].map((language) => ({
        key: "utility.early",
        language,
        version: 2,
        text: "{{ creditor }}",
        state: "approved" as const,
        asksReason: false,
        transliterate: false,
      })),
    );
    const facts = named({ name: "Compañía" });
    expect(composer.compose(exact, facts, messageOf(run(open, "2026-03-07T09:00:00Z")), 3)).toMatchObject({
      text: "Compañía",
      alphabet: "ucs2",
    });
  });

  test("the law's words stand at its end", () => {
    const facts = factsOf({
      items: [{ dueDate: DUE, currency: "USD" }],
      role: "collector",
      jurisdiction: "US",
      currency: "USD",
      zones: ["America/New_York"],
    });
    const agency = preset("collection-agency");
    const message = messageOf(run(facts, "2026-03-09T15:00:00Z", agency));
    expect(composer.compose(agency.catalogue, facts, message, 3)).toMatchObject({
      text: expect.stringMatching(/ Reply STOP to opt out\. This is from a debt collector\.$/),
    });
  });

  test.each([
    ["control characters", "A\u0000\u001b[31m\r\nB", "A [31m B"],
    ["marks of direction", "A\u202eB\u200f", "AB"],
    ["no-break spaces", "A\u00a0\u202fB", "A B"],
    ["Liquid in a name", "{{ debtor }}{% if %}", "{{ debtor }}{% if %}"],
  ])("%s in a name do not shape it", (_, name, shown) => {
    expect(textOf(named({ name }))).toContain(`${shown}: `);
  });

  test("half a surrogate pair is refused, not sent", () => {
    expect(composed(named({ name: "A\ud83d" }))).toMatchObject({ kind: "blocked", rule: "template.text" });
  });

  test("more segments than the policy allows are refused", () => {
    const result = composed(named({ name: "A".repeat(200) }), undefined, 1);
    expect(result).toMatchObject({ kind: "blocked", rule: "policy.max-segments" });
  });

  test("a name of any length is cut, the rest of the text is not", () => {
    const text = textOf(named({ name: "Ab".repeat(1_000) }));
    expect(text).toContain("...: €49.00");
    expect(text).toContain("030 123456");
  });

  test("a text that is gone is refused", () => {
    const message = messageOf(run(open, "2026-03-07T09:00:00Z"));
    expect(composer.compose(createCatalogue([]), open, message, 3)).toMatchObject({
      rule: "template.language",
    });
    expect(catalogue.languagesOf("utility.early")).toEqual(["de", "en", "es", "fr", "pt"]);
  });
});

test("long lists of invoices end in a number", () => {
  expect(invoiceList(["1", "2", "3"])).toBe("1, 2, 3");
  expect(invoiceList(["1", "2", "3", "4", "5"])).toBe("1, 2, 3 +2");
});

test("two due dates before they come are a span, after they have gone the older one", () => {
  const facts = factsOf({ items: [{ dueDate: "2026-03-06" }, { dueDate: "2026-03-07" }] });
  expect(textOf(facts, "2026-03-04T09:00:00Z")).toContain("6 Mar 2026 - 7 Mar 2026");
  expect(textOf(facts, "2026-03-12T09:00:00Z")).toContain("due 6 Mar 2026,");
});
