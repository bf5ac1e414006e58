/** A creditor with debtors, one invoice each, and their payments. */
import type { Change } from "#scheduler/ledger/inputs.ts";
import type { Ledger, LedgerInput } from "#scheduler/ledger/ledger.ts";
import { findCreditor } from "#scheduler/ledger/parties.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";

export interface Books {
  readonly db: Database;
  readonly ledger: Ledger;
}

export function changeAt(at: number): Change {
  return { actor: "key:test", at, source: "api", asOf: at };
}

const ACCOUNTS = { EUR: "ES91 2100 0418 4502 0005 1332" };

export async function openBooks(
  books: Books,
  at: number,
  paymentInstructions: Readonly<Record<string, string>> = ACCOUNTS,
): Promise<Creditor> {
  await books.ledger.putCreditor(
    {
      externalId: "acme",
      name: "Acme Water",
      role: "creditor",
      timeZone: "Europe/Madrid",
      jurisdiction: "ES",
      language: "en",
      contact: "900 123 456",
      paymentInstructions,
    },
    changeAt(at),
  );
  return findCreditor(books.db, "acme") as Creditor;
}

export interface NewInvoice {
  readonly name: string;
  readonly number: string;
  readonly dueDate: string;
  readonly principal?: bigint;
  readonly language?: string;
  readonly jurisdiction?: string;
  readonly segment?: string;
}

export async function invoice(books: Books, creditor: Creditor, debt: NewInvoice, at: number): Promise<void> {
  const inputs: LedgerInput[] = [
    {
      what: "debtor",
      contacts: "replace",
      input: {
        externalId: debt.name,
        name: debt.name,
        kind: "consumer",
        segment: debt.segment ?? "",
        language: debt.language ?? "en",
        jurisdiction: debt.jurisdiction ?? "ES",
        contactPoints: [
          {
            channel: "sms",
            number: debt.number,
            country: debt.jurisdiction ?? "ES",
            consent: { state: "given", source: "contract" },
          },
        ],
      },
    },
    {
      what: "receivable",
      input: {
        externalId: `inv-${debt.name}`,
        debtor: debt.name,
        currency: "EUR",
        principal: debt.principal ?? 12_050n,
        dueDate: debt.dueDate,
      },
    },
  ];
  expectAll(await books.ledger.apply(creditor, inputs, changeAt(at)));
}

/** So many debtors with one invoice each, due on the same day. */
export async function invoiceMany(
  books: Books,
  creditor: Creditor,
  count: number,
  dueDate: string,
  at: number,
): Promise<void> {
  for (let i = 0; i < count; i++)
    await invoice(books, creditor, { name: `d${i}`, number: `+3460012${1_000 + i}`, dueDate }, at);
}

export async function pay(
  books: Books,
  creditor: Creditor,
  name: string,
  amount: bigint,
  at: number,
): Promise<void> {
  const date = new Date(at).toISOString().slice(0, 10);
  const input = {
    kind: "payment" as const,
    externalId: `pay-${name}-${at}-${amount}`,
    debtor: name,
    amount,
    date,
  };
  const outcome = await books.ledger.apply(
    creditor,
    [{ what: "entry", input: { ...input, currency: "EUR" } }],
    changeAt(at),
  );
  expectAll(outcome);
}

function expectAll(outcomes: readonly { readonly kind: string; readonly refusal?: unknown }[]): void {
  const refused = outcomes.find(({ kind }) => kind === "refused");
  if (refused !== undefined) throw new Error(`the ledger refused: ${JSON.stringify(refused)}`);
}
