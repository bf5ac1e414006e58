/**
 * What the ledger would answer, without writing: the same pure plans over what is stored now, and over the
 * customers that earlier rows of the file would have made.
 */

import { findEntry, resolve } from "#scheduler/ledger/entries.ts";
import type { Change, DebtorInput } from "#scheduler/ledger/inputs.ts";
import type { LedgerInput, LedgerOutcome } from "#scheduler/ledger/ledger.ts";
import { type Outcome, refused } from "#scheduler/ledger/outcome.ts";
import { contactChange, contactPointsOf, findDebtor } from "#scheduler/ledger/parties.ts";
import { planContacts } from "#scheduler/ledger/plan-contacts.ts";
import { planEntry, planReceivable } from "#scheduler/ledger/plan-items.ts";
import { planDebtor } from "#scheduler/ledger/plan-parties.ts";
import { findReceivable } from "#scheduler/ledger/receivables.ts";
import { planBalance, readBalance } from "#scheduler/ledger/source-balance.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";

export type DryRun = (inputs: readonly LedgerInput[]) => readonly LedgerOutcome[];

export interface DryRunContext {
  readonly db: Database;
  readonly creditor: Creditor;
  readonly change: Change;
  /** Customers that the file itself has made so far. */
  readonly madeByFile: (externalId: string) => boolean;
}

export function createDryRun(context: DryRunContext): DryRun {
  // A customer that is refused is not there for the rows that follow, whatever the file says.
  const refusedDebtors = new Set<string>();
  const made = (id: string): boolean => context.madeByFile(id) && !refusedDebtors.has(id);
  return (inputs) => {
    const outcomes: LedgerOutcome[] = [];
    let principal: bigint | undefined;
    for (const row of inputs) {
      if (row.what === "receivable") {
        const outcome = dryReceivable(context, row.input, made);
        if (outcome.kind !== "refused") principal = outcome.row.principal;
        outcomes.push(outcome);
      } else if (row.what === "debtor") {
        const outcome = dryDebtor(context, row.input, row.contacts);
        if (outcome.kind === "refused") refusedDebtors.add(row.input.externalId);
        outcomes.push(outcome);
      } else if (row.what === "entry") outcomes.push(dryEntry(context, row.input));
      else outcomes.push(dryBalance(context, row.input, principal));
    }
    return outcomes;
  };
}

function dryDebtor(
  { db, creditor, change }: DryRunContext,
  input: DebtorInput,
  contacts: "replace" | "add",
): LedgerOutcome {
  const stored = findDebtor(db, creditor.id, input.externalId);
  // A further row of a customer that the file itself makes: only numbers are added.
  if (stored === undefined && contacts === "add")
    return { kind: "updated", row: undefined, changes: [{ field: "contact points", to: "added" }] };
  const outcome = planDebtor(stored, input, creditor, change);
  if (stored === undefined || input.contactPoints === undefined) return outcome;
  if (outcome.kind === "refused" || outcome.kind === "stale" || outcome.kind === "created") return outcome;
  if (stored.asOf > change.asOf) return outcome;
  const moves = planContacts(contactPointsOf(db, stored.id), input.contactPoints, change.source, contacts);
  const changes = [...(outcome.kind === "updated" ? outcome.changes : []), ...moves.map(contactChange)];
  return changes.length === 0
    ? { kind: "unchanged", row: stored }
    : { kind: "updated", row: stored, changes };
}

function dryReceivable(
  { db, creditor, change }: DryRunContext,
  input: Extract<LedgerInput, { what: "receivable" }>["input"],
  made: (debtor: string) => boolean,
) {
  const outcome = planReceivable(
    findReceivable(db, creditor.id, input.externalId),
    input,
    creditor.id,
    change,
  );
  if (outcome.kind !== "created" && outcome.kind !== "updated") return outcome;
  const owner = outcome.row.debtor;
  if (made(owner) || findDebtor(db, creditor.id, owner) !== undefined) return outcome;
  return refused("reference_unknown", "debtor", "There is no debtor of this id. Send the debtor first.");
}

function dryEntry(
  { db, creditor, change }: DryRunContext,
  input: Extract<LedgerInput, { what: "entry" }>["input"],
): LedgerOutcome {
  const outcome = planEntry(
    findEntry(db, creditor.id, input.kind, input.externalId),
    input,
    creditor.id,
    change,
  );
  if (outcome.kind !== "created" && outcome.kind !== "updated") return outcome;
  const target = resolve(db, outcome.row);
  return "kind" in target ? target : outcome;
}

function dryBalance(
  { db, creditor, change }: DryRunContext,
  input: Extract<LedgerInput, { what: "balance" }>["input"],
  principal: bigint | undefined,
): Outcome<undefined> {
  if (principal === undefined)
    return refused("reference_unknown", "receivable", "There is no such receivable.");
  const item = findReceivable(db, creditor.id, input.receivable);
  if (item !== undefined && item.asOf > change.asOf) return { kind: "unchanged", row: undefined };
  const facts =
    item === undefined
      ? { openWithoutEntry: principal, nextId: "" }
      : readBalance(db, creditor.id, { ...item, principal });
  if (planBalance(facts, input.open) === undefined) return { kind: "unchanged", row: undefined };
  return { kind: "updated", row: undefined, changes: [] };
}
