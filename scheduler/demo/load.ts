/** The demo's files: who owes what, and who does what when. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import type { Change } from "#scheduler/ledger/inputs.ts";
import type { Ledger, LedgerInput } from "#scheduler/ledger/ledger.ts";
import { findCreditor } from "#scheduler/ledger/parties.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import { parseDecimal } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";

/** Monday, 2 March 2026, 06:00 UTC: the day on which the demo begins. */
export const DEMO_START = Date.UTC(2026, 2, 2, 6, 0);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export const INVOICES_FILE = fileURLToPath(new URL("./invoices.csv", import.meta.url));
const STORY_FILE = fileURLToPath(new URL("./story.csv", import.meta.url));

export interface DemoInvoice {
  readonly customer: string;
  readonly name: string;
  readonly phone: string;
  readonly country: string;
  readonly language: string;
  readonly kind: "consumer" | "business";
  readonly invoice: string;
  readonly amount: string;
  readonly currency: string;
  readonly dueDate: string;
  readonly description: string;
  readonly disputed: boolean;
}

export interface StoryEvent {
  readonly at: number;
  readonly customer: string;
  readonly what: "pay" | "reply" | "dead";
  /** An amount, a text, or nothing. */
  readonly value: string;
}

type Row = Readonly<Record<string, string>>;

function rows(path: string, delimiter: string): Row[] {
  return parse(readFileSync(path), { bom: true, columns: true, delimiter, skip_empty_lines: true }) as Row[];
}

export function readInvoices(): DemoInvoice[] {
  return rows(INVOICES_FILE, ";").map((row) => ({
    customer: row["Customer number"] ?? "",
    name: row["Customer name"] ?? "",
    phone: row.Mobile ?? "",
    country: row.Country ?? "",
    language: row.Language ?? "",
    kind: row.Kind === "business" ? "business" : "consumer",
    invoice: row["Invoice number"] ?? "",
    amount: row.Amount ?? "",
    currency: row.Currency ?? "",
    dueDate: row["Due date"] ?? "",
    description: row.Description ?? "",
    disputed: row.Status === "disputed",
  }));
}

export function readStory(): StoryEvent[] {
  return rows(STORY_FILE, ",").map((row) => ({
    at: DEMO_START - 6 * HOUR_MS + Number(row.day) * DAY_MS + Number(row.hour) * HOUR_MS,
    customer: row.customer ?? "",
    what: row.what as StoryEvent["what"],
    value: row.value ?? "",
  }));
}

function changeAt(at: number): Change {
  return { actor: "cli:demo", at, source: "demo", asOf: at };
}

/** Opens the creditor's books and puts every invoice into them. */
export async function loadInvoices(ledger: Ledger, db: Database, now: number): Promise<Creditor> {
  await ledger.putCreditor(
    {
      externalId: "aqua",
      name: "Aqua Water",
      role: "creditor",
      timeZone: "Europe/Madrid",
      jurisdiction: "ES",
      language: "en",
      contact: "+34 900 123 456",
      paymentInstructions: {
        EUR: "IBAN ES91 2100 0418 4502 0005 1332",
        GBP: "sort 20-00-00 account 55779911",
      },
    },
    changeAt(now),
  );
  const creditor = findCreditor(db, "aqua");
  if (creditor === undefined) throw new Error("the demo's creditor was not stored");
  const outcomes = await ledger.apply(creditor, readInvoices().flatMap(inputsOf), changeAt(now));
  const refused = outcomes.find(({ kind }) => kind === "refused");
  if (refused !== undefined) throw new Error(`the demo's file is not in order: ${JSON.stringify(refused)}`);
  return creditor;
}

function inputsOf(row: DemoInvoice): LedgerInput[] {
  return [
    {
      what: "debtor",
      contacts: "replace",
      input: {
        externalId: row.customer,
        name: row.name,
        kind: row.kind,
        language: row.language,
        jurisdiction: row.country,
        contactPoints: [
          {
            channel: "sms",
            number: row.phone,
            country: row.country,
            consent: { state: "given", source: "contract" },
          },
        ],
      },
    },
    {
      what: "receivable",
      input: {
        externalId: row.invoice,
        debtor: row.customer,
        currency: row.currency,
        principal: parseDecimal(row.amount, row.currency),
        dueDate: row.dueDate,
        description: row.description,
        disputed: row.disputed,
      },
    },
  ];
}

export async function recordPayment(
  ledger: Ledger,
  creditor: Creditor,
  event: StoryEvent,
  currency: string,
): Promise<void> {
  const input = {
    kind: "payment" as const,
    externalId: `${event.customer}-${event.at}`,
    debtor: event.customer,
    currency,
    amount: parseDecimal(event.value, currency),
    date: new Date(event.at).toISOString().slice(0, 10),
  };
  await ledger.apply(creditor, [{ what: "entry", input }], changeAt(event.at));
}
