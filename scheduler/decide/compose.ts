/** The text of a planned message: variables filled from the facts, made safe for SMS, counted. Pure. */
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import {
  createTemplateEngine,
  TemplateError,
  type TemplateValues,
} from "#scheduler/policy/templates/engine.ts";
import { createFormats, type Formats, localeOf, smsSafe } from "#scheduler/policy/templates/format.ts";
import type { TemplateCatalogue, TemplateVersion } from "#scheduler/policy/templates/types.ts";
import { type Segmentation, SmsTextError, segmentText } from "#shared/sms-text.ts";
import { NOTICE_TEMPLATES } from "./speaker.ts";
import type { PlannedMessage } from "./types.ts";

export type Composed =
  | {
      readonly kind: "text";
      /** As it leaves: after replacements, so that the gateway counts what was counted here. */
      readonly text: string;
      readonly segments: number;
      readonly alphabet: "gsm7" | "ucs2";
      readonly units: number;
      readonly replacements: Segmentation["replacements"];
      /** `KEY@VERSION/LANGUAGE` */
      readonly template: string;
    }
  | { readonly kind: "blocked"; readonly rule: string; readonly detail: string };

export interface Composer {
  /** @param maxSegments of the policy: a longer text does not leave */
  compose(
    catalogue: TemplateCatalogue,
    facts: CaseFacts,
    message: PlannedMessage,
    maxSegments: number,
  ): Composed;
}

/** Invoice numbers that are listed; the rest is a number. */
const INVOICES_LISTED_MAX = 3;

export function createComposer(): Composer {
  const engine = createTemplateEngine();
  const formats = withKeptDates(createFormats());
  const fill = (template: TemplateVersion, values: TemplateValues, locale: string): string =>
    tidyText(engine.render(template.text, values, (count) => formats.plural(count, locale)));
  return {
    compose: (catalogue, facts, message, maxSegments) => {
      const locale = localeOf(facts.debtor.language, facts.debtor.jurisdiction);
      const template = catalogue.find(message.templateKey, facts.debtor.language);
      if (template === undefined)
        return blocked(
          "template.language",
          `"${message.templateKey}" has no text in ${facts.debtor.language}`,
        );
      try {
        const notices = noticesOf(catalogue, facts, message);
        const text = fill(template, valuesOf(formats, facts, message, locale, notices), locale);
        return counted(text, template, maxSegments);
      } catch (error) {
        if (error instanceof TemplateError)
          return blocked("template.render", `"${template.key}": ${error.message}`);
        if (error instanceof SmsTextError)
          return blocked("template.text", `"${template.key}": ${error.message}`);
        throw error;
      }
    },
  };
}

/** Days written out that are kept: a forecast of many cases speaks of the same few hundred. */
const DATES_KEPT_MAX = 5_000;

function withKeptDates(formats: Formats): Formats {
  const kept = new Map<string, string>();
  return {
    ...formats,
    date: (date, locale) => {
      const key = `${date} ${locale}`;
      let text = kept.get(key);
      if (text === undefined) {
        if (kept.size >= DATES_KEPT_MAX) kept.clear();
        text = formats.date(date, locale);
        kept.set(key, text);
      }
      return text;
    },
  };
}

function blocked(rule: string, detail: string): Composed {
  return { kind: "blocked", rule, detail };
}

function counted(text: string, template: TemplateVersion, maxSegments: number): Composed {
  if (text === "") return blocked("template.empty", `"${template.key}" is empty for this case`);
  const segmentation = segmentText(text, { transliterate: template.transliterate });
  const segments = segmentation.segments.length;
  if (segments > maxSegments)
    return blocked(
      "policy.max-segments",
      `"${template.key}" takes ${segments} segments, the policy allows ${maxSegments}`,
    );
  return {
    kind: "text",
    text: segmentation.text,
    segments,
    alphabet: segmentation.alphabet,
    units: segmentation.units,
    replacements: segmentation.replacements,
    template: `${template.key}@${template.version}/${template.language}`,
  };
}

/** Every notice that the decision asked for, in the debtor's language. @throws TemplateError when one is missing */
function noticesOf(catalogue: TemplateCatalogue, facts: CaseFacts, message: PlannedMessage): string {
  return message.notices
    .map(({ kind, rule }) => {
      const template = catalogue.find(NOTICE_TEMPLATES[kind], facts.debtor.language);
      if (template === undefined) throw new TemplateError(`the notice that ${rule} wants has no text`);
      return template.text.trim();
    })
    .join(" ");
}

/** Only what is known goes in: a template that names something else fails instead of leaving a hole. */
export function valuesOf(
  formats: Formats,
  facts: CaseFacts,
  message: PlannedMessage,
  locale: string,
  notices: string,
): TemplateValues {
  const { creditor, debtor, case: ours } = facts;
  const values: TemplateValues = {
    creditor: valueText(creditor.name),
    debtor: valueText(debtor.name),
    case_code: ours.code,
    notices,
  };
  if (creditor.contact !== undefined) values.contact = valueText(creditor.contact);
  const payment = creditor.paymentInstructions[ours.currency];
  if (payment !== undefined) values.payment = valueText(payment);
  const amount = formats.money(message.amount, ours.currency, locale);
  if (message.class === "thanks") return { ...values, paid_amount: amount };
  const finalDate = message.finalDate && formats.date(message.finalDate, locale);
  if (message.class === "promise")
    return { ...values, promise_amount: amount, ...(finalDate ? { promise_date: finalDate } : {}) };
  const listed = new Set(message.receivableIds);
  const numbers = facts.receivables.filter(({ id }) => listed.has(id)).map(({ externalId }) => externalId);
  return {
    ...values,
    open_amount: amount,
    ...dueDateOf(formats, message, locale),
    ...(finalDate ? { final_date: finalDate } : {}),
    invoice_list: invoiceList(numbers),
    invoice_count: numbers.length,
  };
}

/** Before the due date from the first to the last of them; after it the oldest, since when something is late. */
function dueDateOf(formats: Formats, message: PlannedMessage, locale: string): TemplateValues {
  const { dueDate, latestDueDate, finalDate } = message;
  if (dueDate === undefined) return {};
  const first = formats.date(dueDate, locale);
  if (finalDate !== undefined || latestDueDate === undefined || latestDueDate === dueDate)
    return { due_date: first };
  return { due_date: `${first} - ${formats.date(latestDueDate, locale)}` };
}

export function invoiceList(numbers: readonly string[]): string {
  const shown = numbers.slice(0, INVOICES_LISTED_MAX).map(valueText).join(", ");
  const more = numbers.length - INVOICES_LISTED_MAX;
  return more > 0 ? `${shown} +${more}` : shown;
}

/** Longest value of a name or an instruction; more is cut, never the rest of the text. */
const VALUE_LENGTH_MAX = 160;

/** Most values are words of printable ASCII with single spaces: nothing of theirs has to be made safe. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** One line, no control characters, no invisible marks: what a file brought in must not shape the text. */
function valueText(value: string): string {
  if (value.length <= VALUE_LENGTH_MAX && PLAIN.test(value)) return value;
  const plain = smsSafe(value)
    .replace(/\p{Cc}+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return plain.length <= VALUE_LENGTH_MAX
    ? plain
    : [...plain]
        .slice(0, VALUE_LENGTH_MAX - 3)
        .join("")
        .concat("...");
}

/** Empty variables leave no double spaces and no space before a full stop. */
function tidyText(text: string): string {
  return smsSafe(text)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/ ([.,])(?= |$)/g, "$1")
    .trim();
}
