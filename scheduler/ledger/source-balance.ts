/**
 * Lists of open items say what is left of an invoice, not who paid when. The difference to what the ledger
 * knows becomes one payment entry of its own, `balance:INVOICE`, that follows the list up and down. When
 * the payments themselves come as well, the difference shrinks to nothing and the entry is reversed.
 */
import type { LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { type EntryContext, findEntry, putEntry } from "./entries.ts";
import type { Change, EntryInput } from "./inputs.ts";
import { type Outcome, refused } from "./outcome.ts";
import type { StoredEntry } from "./plan-items.ts";
import { findReceivable } from "./receivables.ts";
import type { RowId } from "./types.ts";

export interface BalanceInput {
  /** External id of the receivable. */
  readonly receivable: string;
  /** What the source says is still open of it; not below zero. */
  readonly open: bigint;
  /** Day of which the source speaks. */
  readonly date: LocalDate;
}

/** Fees and write-offs are made here: the source's list knows nothing of them. */
const POSTED_CREDITS = `select coalesce(sum(amount), 0) from posting
  where receivable_id = ? and entry_id <> ? and kind in ('payment', 'credit-note')`;

export interface BalanceFacts {
  /** Principal less payments and credit notes, but for the balance entry. */
  readonly openWithoutEntry: bigint;
  /** The entry in force, reversed ones left aside. */
  readonly entry?: { readonly externalId: string; readonly amount: bigint };
  /** External id for a new entry. */
  readonly nextId: string;
}

/** A reversal is final, so an entry that is needed again gets the next number. */
const NUMBERS_MAX = 1_000;

/** Pure: what the entry must become, or undefined when it is right. */
export function planBalance(
  facts: BalanceFacts,
  open: bigint,
): { readonly externalId: string; readonly amount: bigint } | "reverse" | undefined {
  const wanted = facts.openWithoutEntry - open;
  if (wanted <= 0n) return facts.entry === undefined ? undefined : "reverse";
  if (facts.entry?.amount === wanted) return undefined;
  return { externalId: facts.entry?.externalId ?? facts.nextId, amount: wanted };
}

export function readBalance(
  db: Database,
  creditorId: RowId,
  receivable: { readonly id: RowId; readonly externalId: string; readonly principal: bigint },
): BalanceFacts {
  const posted = (entryId: RowId | undefined): bigint =>
    BigInt(
      db
        .sql(POSTED_CREDITS)
        .pluck()
        .get(receivable.id, entryId ?? 0) as number,
    );
  for (let number = 1; number <= NUMBERS_MAX; number++) {
    const nextId = `balance:${receivable.externalId}${number === 1 ? "" : `#${number}`}`;
    const stored = findEntry(db, creditorId, "payment", nextId);
    if (stored === undefined) return { openWithoutEntry: receivable.principal + posted(undefined), nextId };
    if (stored.reversedAt === undefined) {
      const { externalId, amount } = stored;
      return {
        openWithoutEntry: receivable.principal + posted(stored.id),
        entry: { externalId, amount },
        nextId,
      };
    }
  }
  throw new Error(`the balance of one receivable was reversed ${NUMBERS_MAX} times`);
}

export function putBalance(
  db: Database,
  input: BalanceInput,
  context: EntryContext,
  change: Change,
): Outcome<StoredEntry | undefined> {
  const item = findReceivable(db, context.creditorId, input.receivable);
  if (item === undefined) return refused("reference_unknown", "receivable", "There is no such receivable.");
  // A list that is older than what the ledger knows of the item says nothing about it.
  if (item.state !== "open" || item.asOf > change.asOf) return { kind: "unchanged", row: undefined };
  const facts = readBalance(db, context.creditorId, item);
  const plan = planBalance(facts, input.open);
  if (plan === undefined) return { kind: "unchanged", row: undefined };
  const entry: EntryInput =
    plan === "reverse"
      ? { kind: "payment", externalId: facts.entry?.externalId ?? "", reversed: true }
      : {
          kind: "payment",
          externalId: plan.externalId,
          amount: plan.amount,
          currency: item.currency,
          date: input.date,
          references: [item.externalId],
        };
  return putEntry(db, entry, context, change);
}
