/** A ledger in memory with one creditor, for the tests of this folder. */

import { casesOfDebtor } from "#scheduler/ledger/due.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { Change, DebtorInput, EntryInput, ReceivableInput } from "#scheduler/ledger/inputs.ts";
import { createLedger, type Ledger, type LedgerInput, type LedgerOutcome } from "#scheduler/ledger/ledger.ts";
import { findDebtor } from "#scheduler/ledger/parties.ts";
import { createFactsReader, type FactsReader } from "#scheduler/ledger/read-facts.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import { createZoneCandidates } from "#scheduler/ledger/zones.ts";
import { createIds } from "#shared/ids.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";

export const MIGRATIONS = "scheduler/migrations";
export const START = Date.UTC(2026, 0, 5, 9);

export interface Bench {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly creditor: Creditor;
  readonly facts: FactsReader;
  change(over?: Partial<Change>): Change;
  put(...inputs: LedgerInput[]): Promise<readonly LedgerOutcome[]>;
  /** Facts of the debtor's case in EUR. */
  factsOf(debtor: string, currency?: string): CaseFacts;
}

export async function openBench(path = ":memory:"): Promise<Bench> {
  const db = new Database({ path, migrations: MIGRATIONS });
  const random = seededRandom(7);
  const ledger = createLedger({ db, random, ids: createIds(new SimulatedClock(START), random) });
  let at = START;
  const change = (over: Partial<Change> = {}): Change => {
    at += 1_000;
    return { actor: "key:test", at, source: "api", asOf: at, ...over };
  };
  const outcome = await ledger.putCreditor(
    {
      externalId: "acme",
      name: "Acme GmbH",
      timeZone: "Europe/Berlin",
      jurisdiction: "DE",
      language: "de",
      paymentInstructions: { EUR: "IBAN DE02 1203 0000 0000 2020 51" },
    },
    change(),
  );
  if (outcome.kind !== "created") throw new Error("the creditor was not created");
  const creditor = outcome.row;
  const facts = createFactsReader(db, createZoneCandidates());
  return {
    db,
    ledger,
    creditor,
    facts,
    change,
    put: (...inputs) => ledger.apply(creditor, inputs, change()),
    factsOf(debtor, currency = "EUR") {
      const id = findDebtor(db, creditor.id, debtor)?.id ?? 0;
      const found = casesOfDebtor(db, id).find((row) => row.currency === currency);
      const read = found && facts(found.id, at);
      if (read === undefined) throw new Error(`there is no case of ${debtor} in ${currency}`);
      return read;
    },
  };
}

export function debtor(externalId: string, over: Partial<DebtorInput> = {}): LedgerInput {
  const contactPoints = [{ channel: "sms" as const, number: "+491701234567", country: "DE" }];
  return {
    what: "debtor",
    contacts: "replace",
    input: { externalId, name: "Eva Muster", contactPoints, ...over },
  };
}

export function receivable(
  externalId: string,
  owner: string,
  principal: bigint,
  over: Partial<ReceivableInput> = {},
): LedgerInput {
  const input = { externalId, debtor: owner, currency: "EUR", principal, dueDate: "2026-01-31", ...over };
  return { what: "receivable", input };
}

export function payment(externalId: string, amount: bigint, over: Partial<EntryInput> = {}): LedgerInput {
  return {
    what: "entry",
    input: { kind: "payment", externalId, currency: "EUR", amount, date: "2026-02-01", ...over },
  };
}
