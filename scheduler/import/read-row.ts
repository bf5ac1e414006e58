/** Turns raw rows into inputs of the ledger. Runs in the reading thread; knows nothing of what is stored. */
import { createHash } from "node:crypto";
import type { DebtorInput, EntryInput } from "#scheduler/ledger/inputs.ts";
import { isCurrency } from "#shared/money.ts";
import { cellText, type RawRow } from "./cell.ts";
import { contactPointsOf } from "./numbers.ts";
import type { ReadingSettings, ReadRow } from "./record.ts";
import { isBlankRow } from "./source.ts";
import { RowValues } from "./values.ts";
import { type Names, parseKind, parseStatus } from "./words.ts";

/** External ids are kept whole and indexed. */
const ID_CHARS_MAX = 120;
const NAME_CHARS_MAX = 200;
const DESCRIPTION_CHARS_MAX = 500;

/** Answers undefined for what is no row of the list: above the header, or blank. */
export type RowReader = (raw: RawRow) => ReadRow | undefined;

export function createRowReader(settings: ReadingSettings, names: Names): RowReader {
  const values = new RowValues(settings);
  return (raw) => {
    if (raw.row <= settings.headerRow || isBlankRow(raw)) return undefined;
    if (repeatsHeader(raw, settings)) return { kind: "ignored", row: raw.row, why: "It repeats the header." };
    values.load(raw);
    return settings.carries === "payments"
      ? readPayment(raw, values, settings)
      : readReceivable(raw, values, settings, names);
  };
}

function repeatsHeader(raw: RawRow, settings: ReadingSettings): boolean {
  const { headerTexts } = settings;
  return headerTexts.length > 1 && headerTexts.every((text, i) => text === cellText(raw.cells[i]));
}

function readReceivable(raw: RawRow, values: RowValues, settings: ReadingSettings, names: Names): ReadRow {
  const invoice = idOf(values, "invoice");
  const hasDue = values.text("dueDate") !== undefined;
  if (invoice === undefined && !hasDue && values.problems.length === 0)
    return {
      kind: "ignored",
      row: raw.row,
      why: "It has no invoice and no due date; taken for a total or a note.",
    };
  if (invoice === undefined) values.problem("invoice", "is missing.");
  const currency = currencyOf(values, settings);
  const debtor = readDebtor(values, settings, names);
  const dueDate = values.date("dueDate");
  if (dueDate === undefined && !hasDue) values.problem("dueDate", "is missing.");
  const issueDate = values.date("issueDate");
  const amount = values.amount("amount", currency);
  let open = values.amount("openAmount", currency);
  const status = statusOf(values);
  if (status === "paid") open = 0n;
  if (amount === undefined && open === undefined && values.problems.length === 0)
    values.problem(values.text("amount") === undefined ? "amount" : "openAmount", "is missing.");
  if (amount !== undefined && amount < 0n)
    return readCreditNote(raw, values, { invoice, currency, debtor, amount, date: issueDate ?? dueDate });
  if (amount === 0n) values.problem("amount", "is zero; nothing is claimed.");
  if (open !== undefined && open < 0n)
    values.problem("openAmount", "is below zero. Send the credit as a payment or credit note.");
  if (amount !== undefined && open !== undefined && open > amount)
    values.problem("openAmount", "is more than the amount of the invoice.");
  if (
    values.problems.length > 0 ||
    invoice === undefined ||
    debtor === undefined ||
    currency === undefined ||
    dueDate === undefined
  )
    return {
      kind: "refused",
      row: raw.row,
      problems: values.problems,
      ...(invoice === undefined ? {} : { invoice }),
    };
  const description = values.text("description")?.slice(0, DESCRIPTION_CHARS_MAX);
  const version = versionOf(values);
  return {
    kind: "receivable",
    row: raw.row,
    debtor,
    receivable: {
      externalId: invoice,
      debtor: debtor.externalId,
      currency,
      dueDate,
      ...(amount === undefined ? { principalAtLeast: open ?? 0n } : { principal: amount }),
      ...(issueDate === undefined ? {} : { issueDate }),
      ...(description === undefined ? {} : { description }),
      ...(version === undefined ? {} : { version }),
      ...(status === undefined ? {} : { cancelled: status === "cancelled", disputed: status === "disputed" }),
    },
    ...(open === undefined ? {} : { open }),
    warnings: values.warnings,
  };
}

/** Lists of open items carry credit notes as negative rows. */
function readCreditNote(
  raw: RawRow,
  values: RowValues,
  row: {
    readonly invoice: string | undefined;
    readonly currency: string | undefined;
    readonly debtor: DebtorInput | undefined;
    readonly amount: bigint;
    readonly date: string | undefined;
  },
): ReadRow {
  const { invoice, currency, debtor, date } = row;
  if (
    values.problems.length > 0 ||
    invoice === undefined ||
    currency === undefined ||
    debtor === undefined ||
    date === undefined
  )
    return { kind: "refused", row: raw.row, problems: values.problems };
  const entry: EntryInput = {
    kind: "credit-note",
    externalId: invoice,
    debtor: debtor.externalId,
    currency,
    amount: -row.amount,
    date,
  };
  return { kind: "entry", row: raw.row, entry, anonymous: false, warnings: values.warnings };
}

function readPayment(raw: RawRow, values: RowValues, settings: ReadingSettings): ReadRow {
  const currency = currencyOf(values, settings);
  const amount = values.amount("amount", currency);
  const date = values.date("paidDate");
  const invoice = idOf(values, "invoice");
  const debtor = idOf(values, "debtor");
  const own = idOf(values, "payment");
  if (
    values.text("paidDate") === undefined &&
    values.text("amount") === undefined &&
    values.problems.length === 0
  )
    return { kind: "ignored", row: raw.row, why: "It has no date and no amount; taken for a note." };
  if (values.text("amount") === undefined) values.problem("amount", "is missing.");
  if (values.text("paidDate") === undefined) values.problem("paidDate", "is missing.");
  if (invoice === undefined && debtor === undefined)
    values.problem("invoice", "and the number of the customer are missing.");
  if (amount !== undefined && amount <= 0n)
    values.problem(
      "amount",
      "is not above zero. A payment that came back is its own row with a column 'reversed'.",
    );
  const reversed = values.yesNo("reversed");
  if (values.problems.length > 0 || amount === undefined || date === undefined || currency === undefined)
    return { kind: "refused", row: raw.row, problems: values.problems };
  const version = versionOf(values);
  const entry: EntryInput = {
    kind: "payment",
    externalId: own ?? anonymousId([date, amount, currency, invoice, debtor]),
    amount,
    currency,
    date,
    references: invoice === undefined ? [] : [invoice],
    ...(debtor === undefined ? {} : { debtor }),
    ...(reversed === undefined ? {} : { reversed }),
    ...(version === undefined ? {} : { version }),
  };
  return { kind: "entry", row: raw.row, entry, anonymous: own === undefined, warnings: values.warnings };
}

/** A row without a number of its own is known again by what it says. */
function anonymousId(parts: readonly unknown[]): string {
  return `row:${createHash("sha256").update(parts.map(String).join("\u0000")).digest("hex").slice(0, 24)}`;
}

function readDebtor(values: RowValues, settings: ReadingSettings, names: Names): DebtorInput | undefined {
  const jurisdiction = jurisdictionOf(values, names);
  const country = jurisdiction?.slice(0, 2) ?? settings.homeCountry;
  const contactPoints = contactPointsOf(values, country, settings.source);
  const number = contactPoints.find((point) => point.channel === "sms")?.number;
  const id = idOf(values, "debtor") ?? (number === undefined ? undefined : `tel:${number}`);
  if (id === undefined)
    values.problem("debtor", "is missing, and there is no mobile number to know the customer by.");
  const language = wordOf(
    values,
    "language",
    names.language,
    "is no language that is known. Write it as es or Spanish.",
  );
  const kind = wordOf(values, "kind", parseKind, "is neither consumer nor business.");
  const timeZone = values.text("timeZone");
  const segment = values.text("segment")?.slice(0, ID_CHARS_MAX);
  if (id === undefined) return undefined;
  const name = (values.text("debtorName") ?? id).slice(0, NAME_CHARS_MAX);
  const listsNumbers = settings.columns.some(
    ({ field }) => field === "phone" || field === "phone2" || field === "email",
  );
  return {
    externalId: id,
    name,
    ...(listsNumbers ? { contactPoints } : {}),
    ...(jurisdiction === undefined ? {} : { jurisdiction }),
    ...(language === undefined ? {} : { language }),
    ...(kind === undefined ? {} : { kind }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(segment === undefined ? {} : { segment }),
  };
}

function jurisdictionOf(values: RowValues, names: Names): string | undefined {
  const country = wordOf(
    values,
    "country",
    names.country,
    "is no country that is known. Write it as ES or Spain.",
  );
  const region = values
    .text("region")
    ?.toUpperCase()
    .replace(/^[A-Z]{2}-/, "");
  if (country === undefined || region === undefined) return country;
  if (/^[A-Z0-9]{1,3}$/.test(region)) return `${country}-${region}`;
  values.warn("region", "is not used: write its ISO 3166-2 code, such as CA or CN.");
  return country;
}

function wordOf<T>(
  values: RowValues,
  field: "language" | "kind" | "country",
  parse: (text: string) => T | undefined,
  wrong: string,
): T | undefined {
  const text = values.text(field);
  if (text === undefined) return undefined;
  const word = parse(text);
  if (word === undefined) values.problem(field, wrong);
  return word;
}

function statusOf(values: RowValues) {
  const text = values.text("status");
  const status = text === undefined ? undefined : parseStatus(text);
  if (text !== undefined && status === undefined)
    values.problem(
      "status",
      "is not known. Write open, paid, cancelled or disputed, or leave the column out.",
    );
  return status;
}

function currencyOf(values: RowValues, settings: ReadingSettings): string | undefined {
  const said = values.text("currency")?.toUpperCase();
  const currency = said ?? values.currencyOfAmounts() ?? settings.currency;
  if (currency === undefined) values.problem("currency", "is missing. Add a column, or say --currency EUR.");
  else if (!isCurrency(currency)) {
    values.problem("currency", "is no ISO 4217 code such as EUR.");
    return undefined;
  }
  return currency;
}

function versionOf(values: RowValues): number | undefined {
  const text = values.text("version");
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  values.problem("version", "is not a whole number.");
  return undefined;
}

function idOf(values: RowValues, field: "invoice" | "debtor" | "payment"): string | undefined {
  const text = values.text(field);
  if (text === undefined || text.length <= ID_CHARS_MAX) return text;
  values.problem(field, `has more than ${ID_CHARS_MAX} characters.`);
  return undefined;
}
