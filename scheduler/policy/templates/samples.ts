/** Rows that a text is tried on when there is no portfolio yet: an ordinary one, and one of long values. */
import type { TemplateValues } from "./engine.ts";
import { type Formats, localeOf } from "./format.ts";
import type { LintRow } from "./lint-types.ts";

/** Where the money of a language's samples is from, when the language names no country. */
const HOME: Readonly<Record<string, readonly [country: string, currency: string]>> = {
  en: ["GB", "GBP"],
  es: ["ES", "EUR"],
  de: ["DE", "EUR"],
  fr: ["FR", "EUR"],
  pt: ["PT", "EUR"],
};

export function sampleRows(formats: Formats, language: string): LintRow[] {
  const [country, currency] = HOME[language.split("-")[0] ?? ""] ?? ["DE", "EUR"];
  const locale = localeOf(language, country);
  const money = (minor: bigint): string => formats.money(minor, currency, locale);
  const ordinary: TemplateValues = {
    creditor: "Muster GmbH",
    debtor: "Ana Gil",
    contact: "030 123456",
    case_code: "4T7K-93QX",
    open_amount: money(4_900n),
    due_date: formats.date("2026-03-02", locale),
    final_date: formats.date("2026-03-20", locale),
    invoice_list: "4711",
    invoice_count: 1,
    payment: "pay.muster.de/r",
    paid_amount: money(4_900n),
    promise_amount: money(2_000n),
    promise_date: formats.date("2026-03-25", locale),
    notices: "",
  };
  const long: TemplateValues = {
    ...ordinary,
    creditor: "Stadtwerke Neustadt am Fluss",
    debtor: "Wolfgang Alexander Bergmann",
    contact: "0800 1234567, hilfe@example.com",
    open_amount: money(123_456_789n),
    due_date: formats.date("2026-12-28", locale),
    final_date: formats.date("2026-12-30", locale),
    invoice_list: "RE-2026-004711, RE-2026-004712, RE-2026-004713 +9",
    invoice_count: 12,
    payment: "IBAN DE02 1203 0000 0000 2020 51",
    paid_amount: money(123_456_789n),
    promise_amount: money(123_456_789n),
    promise_date: formats.date("2026-12-31", locale),
  };
  return [
    { of: "sample", values: ordinary },
    { of: "sample", values: long },
  ];
}
