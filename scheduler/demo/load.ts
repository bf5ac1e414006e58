/** The demo's files: who owes what, and who does what when. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { type ImportDeps, runImport } from "#scheduler/import/run.ts";
import type { Change } from "#scheduler/ledger/inputs.ts";
import type { Ledger } from "#scheduler/ledger/ledger.ts";
import { findCreditor } from "#scheduler/ledger/parties.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import { parseDecimal } from "#shared/money.ts";

/** Monday, 2 March 2026, 06:00 UTC: the day on which the demo begins. */
export const DEMO_START = Date.UTC(2026, 2, 2, 6, 0);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export const INVOICES_FILE = fileURLToPath(new URL("./invoices.csv", import.meta.url));
const STORY_FILE = fileURLToPath(new URL("./story.csv", import.meta.url));

export interface DemoInvoice {
  readonly customer: string;
  readonly phone: string;
  readonly currency: string;
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
    phone: row.Mobile ?? "",
    currency: row.Currency ?? "",
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

/** Opens the creditor's books and imports the file into them, as an office worker would. */
export async function loadInvoices(deps: ImportDeps): Promise<Creditor> {
  const { db, ledger } = deps;
  const now = deps.clock.now();
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
  const report = await runImport(deps, {
    path: INVOICES_FILE,
    creditor,
    source: "demo",
    actor: "cli:demo",
    mode: "apply",
    asOf: now,
  });
  if (report.state !== "applied")
    throw new Error(`the demo's file was not applied: ${JSON.stringify(report.problems)}`);
  return creditor;
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
