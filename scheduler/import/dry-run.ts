/**
 * What the ledger would answer, without writing: the same pure plans over what is stored now, and over the
 * customers and numbers that earlier rows of the file would have made.
 */

import { findEntry, resolve } from "#scheduler/ledger/entries.ts";
import type { Change, ContactPointInput, DebtorInput } from "#scheduler/ledger/inputs.ts";
import { type BatchNames, knownAmong } from "#scheduler/ledger/known-names.ts";
import type { LedgerInput, LedgerOutcome } from "#scheduler/ledger/ledger.ts";
import { type Outcome, refused } from "#scheduler/ledger/outcome.ts";
import { contactChange, contactPointsOf, findDebtor, tooManyContacts } from "#scheduler/ledger/parties.ts";
import {
  type ContactMove,
  contactsAfter,
  hasTooManyContacts,
  planContacts,
  type StoredContactPoint,
} from "#scheduler/ledger/plan-contacts.ts";
import { planEntry, planReceivable, type StoredReceivable } from "#scheduler/ledger/plan-items.ts";
import { planDebtor, type StoredDebtor } from "#scheduler/ledger/plan-parties.ts";
import {
  caseIsFull,
  countReceivables,
  findReceivable,
  RECEIVABLES_PER_CASE_MAX,
} from "#scheduler/ledger/receivables.ts";
import { planBalance, readBalance } from "#scheduler/ledger/source-balance.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import { together } from "./numbers-given.ts";
import type { Seen } from "./seen.ts";

export interface DryRun {
  /** Undefined when the row must wait until every row was read. */
  (inputs: readonly LedgerInput[]): readonly LedgerOutcome[] | undefined;
  /** Before the rows of a batch, with the names that they will speak of. */
  expect(names: BatchNames): void;
  /** For a row that waited, with all numbers of its customer. */
  afterAllRows(inputs: readonly LedgerInput[]): readonly LedgerOutcome[];
}

export interface DryRunContext {
  readonly db: Database;
  readonly creditor: Creditor;
  readonly change: Change;
  /** What the file has said so far; the row in hand included. */
  readonly seen: Seen;
}

type DryContext = DryRunContext & {
  readonly made: (debtor: string) => boolean;
  readonly refusedDebtors: Set<string>;
  readonly storedDebtor: (externalId: string) => StoredDebtor | undefined;
  readonly storedReceivable: (externalId: string) => StoredReceivable | undefined;
  readonly takePlace: TakePlace;
};

export function createDryRun(asked: DryRunContext): DryRun {
  // A customer that is refused is not there for the rows that follow, whatever the file says.
  const refusedDebtors = new Set<string>();
  const made = (id: string): boolean => asked.seen.hasDebtor(id) && !refusedDebtors.has(id);
  let known = knownAmong(asked.db, asked.creditor.id, { debtors: [], receivables: [] });
  const { db, creditor } = asked;
  const storedDebtor = (name: string) =>
    known.debtors.has(name) ? findDebtor(db, creditor.id, name) : undefined;
  const context: DryContext = {
    ...{ ...asked, made, refusedDebtors, storedDebtor },
    takePlace: createPlaces(db, storedDebtor),
    storedReceivable: (name) =>
      known.receivables.has(name) ? findReceivable(db, creditor.id, name) : undefined,
  };
  return Object.assign((inputs: readonly LedgerInput[]) => answer(context, inputs, "in-its-place"), {
    afterAllRows: (inputs: readonly LedgerInput[]) => answer(context, inputs, "after-all-rows") ?? [],
    expect: (names: BatchNames) => {
      known = knownAmong(db, creditor.id, names);
    },
  });
}

type When = "in-its-place" | "after-all-rows";

function answer(
  context: DryContext,
  inputs: readonly LedgerInput[],
  when: When,
): readonly LedgerOutcome[] | undefined {
  const outcomes: LedgerOutcome[] = [];
  let principal: bigint | undefined;
  let customer: string | undefined;
  const first = inputs[0]?.what === "debtor" && inputs[0].contacts === "replace";
  for (const row of inputs) {
    if (row.what === "receivable") {
      const outcome = dryReceivable(context, row.input, customer, first ? "first-row" : "later-row");
      if (outcome.kind !== "refused") principal = outcome.row.principal;
      outcomes.push(outcome);
    } else if (row.what === "debtor") {
      const outcome =
        row.contacts === "add" ? dryAdd(context, row.input) : dryDebtor(context, row.input, when);
      if (outcome === undefined) return undefined;
      if (outcome.kind !== "refused") customer = row.input.externalId;
      outcomes.push(outcome);
    } else if (row.what === "entry") outcomes.push(dryEntry(context, row.input));
    else outcomes.push(dryBalance(context, row.input, principal));
  }
  return outcomes;
}

/** Undefined when it would take away or change a number: a later row may give that number as well. */
function dryDebtor(context: DryContext, input: DebtorInput, when: When): LedgerOutcome | undefined {
  const { db, creditor, change, seen } = context;
  const stored = context.storedDebtor(input.externalId);
  const outcome = planDebtor(stored, input, creditor, change);
  if (outcome.kind === "refused") context.refusedDebtors.add(input.externalId);
  if (outcome.kind === "refused" || outcome.kind === "stale" || input.contactPoints === undefined)
    return outcome;
  if (stored !== undefined && stored.asOf > change.asOf) return outcome;
  let before = stored === undefined ? [] : contactPointsOf(db, stored.id);
  if (when === "after-all-rows") before = added(context, before, seen.numbersOf(input.externalId).further);
  const moves = planContacts(before, input.contactPoints, change.source, "replace");
  if (when === "in-its-place" && moves.some((move) => move.kind !== "list")) {
    seen.keepNumbers(input.externalId, { ...seen.numbersOf(input.externalId), waits: true });
    return undefined;
  }
  if (hasTooManyContacts(before, moves)) {
    context.refusedDebtors.add(input.externalId);
    return tooManyContacts();
  }
  return outcome.kind === "created" ? outcome : withNumbers(outcome, moves);
}

function added(
  { change }: DryContext,
  before: readonly StoredContactPoint[],
  more: readonly ContactPointInput[],
): StoredContactPoint[] {
  return contactsAfter(before, planContacts(before, more, change.source, "add"), change.source);
}

/** A further row of a customer: only numbers are added. */
function dryAdd(context: DryContext, input: DebtorInput): LedgerOutcome {
  const { db, creditor, change, seen, refusedDebtors } = context;
  const { externalId, contactPoints = [] } = input;
  const stored = context.storedDebtor(externalId);
  const gone = refusedDebtors.has(externalId);
  const outcome: LedgerOutcome =
    stored === undefined && !gone
      ? { kind: "unchanged", row: undefined }
      : planDebtor(stored, input, creditor, change);
  if (outcome.kind === "refused" || (stored !== undefined && stored.asOf > change.asOf)) return outcome;
  const { first, further, waits } = seen.numbersOf(externalId);
  let before = stored === undefined ? [] : contactPointsOf(db, stored.id);
  if (!waits && !gone) before = added(context, before, first);
  before = added(context, before, further);
  const moves = planContacts(before, contactPoints, change.source, "add");
  if (hasTooManyContacts(before, moves)) return tooManyContacts();
  seen.keepNumbers(externalId, { first, further: together(further, contactPoints), waits });
  return withNumbers(outcome, moves);
}

function withNumbers(outcome: LedgerOutcome, moves: readonly ContactMove[]): LedgerOutcome {
  if (moves.length === 0 || outcome.kind === "refused") return outcome;
  const before = outcome.kind === "updated" ? outcome.changes : [];
  return { ...outcome, kind: "updated", changes: [...before, ...moves.map(contactChange)] } as LedgerOutcome;
}

function dryReceivable(
  { creditor, change, made, storedDebtor, storedReceivable, takePlace }: DryContext,
  input: Extract<LedgerInput, { what: "receivable" }>["input"],
  /** Of the same row, and not refused. */
  customer: string | undefined,
  when: "first-row" | "later-row",
) {
  const stored = storedReceivable(input.externalId);
  const outcome = planReceivable(stored, input, creditor.id, change);
  if (outcome.kind !== "created" && outcome.kind !== "updated") return outcome;
  const { debtor: owner, currency } = outcome.row;
  if (owner !== customer && !made(owner) && storedDebtor(owner) === undefined)
    return refused("reference_unknown", "debtor", "There is no debtor of this id. Send the debtor first.");
  const stays = stored?.debtor === owner && stored.currency === currency;
  return stays || takePlace(owner, currency, when) ? outcome : caseIsFull();
}

/** False when the case of this debtor and currency is full. */
type TakePlace = (debtor: string, currency: string, when: "first-row" | "later-row") => boolean;

/**
 * Places in the cases of customers that the list names more than once or that have cases already; the first
 * invoice of a new customer always has one, and remembers nothing.
 */
function createPlaces(db: Database, storedDebtor: DryContext["storedDebtor"]): TakePlace {
  const taken = new Map<string, number>();
  return (owner, currency, when) => {
    const key = `${currency} ${owner}`;
    const stored = taken.has(key) ? undefined : storedDebtor(owner);
    if (stored === undefined && when === "first-row") return true;
    const count = taken.get(key) ?? (stored === undefined ? 1 : countReceivables(db, stored.id, currency));
    if (count >= RECEIVABLES_PER_CASE_MAX) return false;
    taken.set(key, count + 1);
    return true;
  };
}

function dryEntry(
  { db, creditor, change }: DryContext,
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
  { db, creditor, change }: DryContext,
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
