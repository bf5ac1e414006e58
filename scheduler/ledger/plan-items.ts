/** Pure: what an input makes of a receivable or a ledger entry. */
import { AMOUNT_MINOR_MAX, isCurrency } from "#shared/money.ts";
import type { Change, EntryInput, ReceivableInput } from "./inputs.ts";
import { type Freshness, type Outcome, refused } from "./outcome.ts";
import { freshnessAfter, freshnessOf, settle } from "./plan-parties.ts";
import type { LedgerEntry, Receivable, RowId } from "./types.ts";

/** `version` is the source's; `asOf` its instant. `debtor` and `listedBy` are what the store resolves ids by. */
export type StoredReceivable = Receivable &
  Freshness & {
    readonly creditorId: RowId;
    /** External id of the debtor. */
    readonly debtor: string;
    readonly listedBy: string;
    readonly episode: number;
  };

export type StoredEntry = Omit<LedgerEntry, "caseId"> &
  Freshness & {
    /** Absent while what it names is unknown. */
    readonly caseId?: RowId;
    readonly creditorId: RowId;
    readonly currency: string;
    readonly debtor?: string;
  };

const RECEIVABLE_FIELDS = [
  "debtor",
  "currency",
  "principal",
  "issueDate",
  "dueDate",
  "description",
  "state",
  "disputed",
] as const;
const ENTRY_FIELDS = ["amount", "currency", "date", "references", "debtor", "reversedAt"] as const;

/** Receivables that one payment may name. */
export const REFERENCES_MAX = 200;

export function planReceivable(
  stored: StoredReceivable | undefined,
  input: ReceivableInput,
  creditorId: RowId,
  change: Change,
): Outcome<StoredReceivable> {
  if (stored === undefined)
    for (const field of ["debtor", "currency", "principal", "dueDate"] as const)
      if (input[field] === undefined && !(field === "principal" && input.principalAtLeast !== undefined))
        return refused(
          "field_missing",
          field,
          `A new receivable needs ${field}. Send it with the first call.`,
        );
  const principal = principalAfter(stored, input);
  const invalid =
    checkAmount(principal, "principal") ??
    checkCurrency(input.currency) ??
    checkSameUnits(stored?.currency, input.currency, input.principal ?? input.principalAtLeast);
  if (invalid !== undefined) return invalid;
  const issueDate = input.issueDate === null ? undefined : (input.issueDate ?? stored?.issueDate);
  const description = input.description === null ? undefined : (input.description ?? stored?.description);
  const dueDate = input.dueDate ?? stored?.dueDate ?? "";
  const moved = stored !== undefined && dueDate !== stored.dueDate;
  const incoming = freshnessOf(input, change);
  const after: StoredReceivable = {
    id: stored?.id ?? 0,
    caseId: stored?.caseId ?? 0,
    creditorId,
    externalId: input.externalId,
    debtor: input.debtor ?? stored?.debtor ?? "",
    currency: input.currency ?? stored?.currency ?? "",
    principal,
    dueDate,
    dueDateSequence: (stored?.dueDateSequence ?? 0) + (moved ? 1 : 0),
    // Whatever a source sends again it knows again, unless it says that it took it back.
    state: cancelledAfter(stored, input) ? "cancelled" : "open",
    firstSeenAt: stored?.firstSeenAt ?? change.at,
    disputed: input.disputed ?? stored?.disputed ?? false,
    listedBy: change.source,
    episode: stored?.episode ?? 1,
    ...(issueDate === undefined ? {} : { issueDate }),
    ...(description === undefined ? {} : { description }),
    ...freshnessAfter(stored, incoming),
  };
  return settle(stored, after, RECEIVABLE_FIELDS, incoming);
}

function principalAfter(stored: StoredReceivable | undefined, input: ReceivableInput): bigint {
  if (input.principal !== undefined) return input.principal;
  const least = input.principalAtLeast ?? 0n;
  return stored !== undefined && stored.principal > least ? stored.principal : least;
}

function cancelledAfter(stored: StoredReceivable | undefined, input: ReceivableInput): boolean {
  return input.cancelled ?? stored?.state === "cancelled";
}

export function planEntry(
  stored: StoredEntry | undefined,
  input: EntryInput,
  creditorId: RowId,
  change: Change,
): Outcome<StoredEntry> {
  const invalid = checkEntry(stored, input);
  if (invalid !== undefined) return invalid;
  const debtor = input.debtor ?? stored?.debtor;
  const reversedAt = stored?.reversedAt ?? (input.reversed === true ? change.at : undefined);
  const incoming = freshnessOf(input, change);
  const after: StoredEntry = {
    id: stored?.id ?? 0,
    creditorId,
    externalId: input.externalId,
    kind: input.kind,
    amount: input.amount ?? stored?.amount ?? 0n,
    currency: input.currency ?? stored?.currency ?? "",
    date: input.date ?? stored?.date ?? "",
    references: input.references ?? stored?.references ?? [],
    recordedAt: stored?.recordedAt ?? change.at,
    ...(debtor === undefined ? {} : { debtor }),
    ...(reversedAt === undefined ? {} : { reversedAt }),
    ...(stored?.caseId === undefined ? {} : { caseId: stored.caseId }),
    ...freshnessAfter(stored, incoming),
  };
  if (after.debtor === undefined && after.references.length === 0)
    return refused("field_missing", "debtor", `A ${input.kind} names a debtor or a receivable.`);
  return settle(stored, after, ENTRY_FIELDS, incoming);
}

function checkEntry(stored: StoredEntry | undefined, input: EntryInput): Outcome<never> | undefined {
  if (stored === undefined)
    for (const field of ["currency", "amount", "date"] as const)
      if (input[field] === undefined)
        return refused(
          "field_missing",
          field,
          `A new ${input.kind} needs ${field}. Send it with the first call.`,
        );
  if (stored?.reversedAt !== undefined && input.reversed === false)
    return refused(
      "change_forbidden",
      "reversed",
      "A reversal is final. Record the new payment under its own id.",
    );
  const references = input.references ?? stored?.references ?? [];
  if (references.length > REFERENCES_MAX)
    return refused(
      "limit_reached",
      "references",
      `A ${input.kind} names at most ${REFERENCES_MAX} receivables.`,
    );
  const ofOneItem = input.kind === "fee" || input.kind === "interest" || input.kind === "write-off";
  if (ofOneItem && references.length !== 1)
    return refused("field_invalid", "references", `A ${input.kind} names exactly one receivable.`);
  return (
    checkAmount(input.amount, "amount") ??
    checkCurrency(input.currency) ??
    checkSameUnits(stored?.currency, input.currency, input.amount)
  );
}

/** Minor units mean something else in another currency, so a new currency comes with its amount. */
function checkSameUnits(
  before: string | undefined,
  currency: string | undefined,
  amount: bigint | undefined,
): Outcome<never> | undefined {
  if (before === undefined || currency === undefined || currency === before || amount !== undefined)
    return undefined;
  return refused("field_missing", "amount", "A change of the currency needs the amount in the new one.");
}

function checkAmount(amount: bigint | undefined, field: string): Outcome<never> | undefined {
  if (amount === undefined || (amount > 0n && amount <= AMOUNT_MINOR_MAX)) return undefined;
  return refused(
    "field_invalid",
    field,
    `An amount is above zero and at most ${AMOUNT_MINOR_MAX} minor units. Send a credit note for a credit.`,
  );
}

function checkCurrency(currency: string | undefined): Outcome<never> | undefined {
  if (currency === undefined || isCurrency(currency)) return undefined;
  return refused("field_invalid", "currency", "A currency is an ISO 4217 code such as EUR.");
}
