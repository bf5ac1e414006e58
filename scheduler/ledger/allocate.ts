/**
 * Which item a payment or credit note pays. A pure rule over all items and entries of a case, applied anew
 * with every change: the order in which facts arrive leaves no trace in the result.
 *
 * 1. Fees, interest and write-offs belong to the one item that they name.
 * 2. A credit goes to the items that it names, in its own order, as far as they have room.
 * 3. What is left goes to the oldest due date; undisputed items first, because a debtor pays what he
 *    accepts. What is left then stays on the case as unallocated credit.
 *
 * Credits are taken by value date, then external id. A cancelled item claims nothing. An absent one (paid
 * somewhere else) keeps what names it, so that such a payment does not also pay a neighbour.
 */
import type { LocalDate } from "#shared/local-date.ts";
import type { EntryKind, ReceivableState, RowId } from "./types.ts";

export interface AllocationItem {
  readonly id: RowId;
  readonly externalId: string;
  readonly dueDate: LocalDate;
  readonly principal: bigint;
  readonly state: ReceivableState;
  readonly disputed: boolean;
}

export interface AllocationEntry {
  readonly id: RowId;
  readonly externalId: string;
  readonly kind: EntryKind;
  readonly amount: bigint;
  readonly date: LocalDate;
  readonly references: readonly string[];
}

export interface Posting {
  readonly receivableId: RowId;
  readonly entryId: RowId;
  readonly kind: EntryKind;
  /** Fee and interest above zero, the others below. */
  readonly amount: bigint;
}

export interface Allocation {
  readonly postings: readonly Posting[];
  /** What each item still claims; zero when it is closed. */
  readonly open: ReadonlyMap<RowId, bigint>;
  readonly unallocated: bigint;
}

/** `entries` without reversed ones. */
export function allocate(items: readonly AllocationItem[], entries: readonly AllocationEntry[]): Allocation {
  const book = new Book(items);
  const ordered = [...entries].sort(byDate);
  for (const entry of ordered) if (!isCredit(entry.kind) && entry.kind !== "write-off") book.charge(entry);
  for (const entry of ordered) if (entry.kind === "write-off") book.writeOff(entry);
  const credits: Credit[] = ordered
    .filter((entry) => isCredit(entry.kind))
    .map((entry) => ({ entry, left: entry.amount }));
  book.letAbsentAbsorb(credits);
  for (const credit of credits) book.payNamed(credit);
  book.payOldest(credits);
  return {
    postings: [...book.postings.values()],
    open: book.open(),
    unallocated: credits.reduce((sum, credit) => sum + credit.left, 0n),
  };
}

export function isCredit(kind: EntryKind): boolean {
  return kind === "payment" || kind === "credit-note";
}

interface Credit {
  readonly entry: AllocationEntry;
  left: bigint;
}

/** The room that is left on each item while postings are made. */
class Book {
  readonly postings = new Map<string, Posting>();
  readonly #items: readonly AllocationItem[];
  readonly #byName: ReadonlyMap<string, AllocationItem>;
  readonly #room = new Map<RowId, bigint>();

  constructor(items: readonly AllocationItem[]) {
    this.#items = items;
    this.#byName = new Map(items.map((item) => [item.externalId, item]));
    for (const item of items) this.#room.set(item.id, item.state === "open" ? item.principal : 0n);
  }

  charge(entry: AllocationEntry): void {
    const item = this.#openItem(entry);
    if (item !== undefined) this.#post(item, entry, entry.amount);
  }

  writeOff(entry: AllocationEntry): void {
    const item = this.#openItem(entry);
    const part = item === undefined ? 0n : least(this.#roomOf(item), entry.amount);
    if (item !== undefined && part > 0n) this.#post(item, entry, -part);
  }

  letAbsentAbsorb(credits: readonly Credit[]): void {
    const named = new Map<string, bigint>();
    for (const { entry } of credits)
      for (const name of new Set(entry.references)) named.set(name, (named.get(name) ?? 0n) + entry.amount);
    for (const item of this.#items)
      if (item.state === "absent")
        this.#room.set(item.id, least(named.get(item.externalId) ?? 0n, item.principal));
  }

  payNamed(credit: Credit): void {
    for (const name of new Set(credit.entry.references)) {
      const item = this.#byName.get(name);
      if (item !== undefined) this.#pay(credit, item);
    }
  }

  /** Credits and items both run out from the front: one walk, however long the history is. */
  payOldest(credits: readonly Credit[]): void {
    const items = this.#items.filter((item) => item.state === "open").sort(byDue);
    let next = 0;
    for (const credit of credits)
      for (let item = items[next]; item !== undefined && credit.left > 0n; item = items[next]) {
        this.#pay(credit, item);
        if (this.#roomOf(item) === 0n) next++;
      }
  }

  open(): Map<RowId, bigint> {
    return new Map(this.#items.map((item) => [item.id, item.state === "open" ? this.#roomOf(item) : 0n]));
  }

  #pay(credit: Credit, item: AllocationItem): void {
    const part = least(this.#roomOf(item), credit.left);
    if (part <= 0n) return;
    credit.left -= part;
    this.#post(item, credit.entry, -part);
  }

  /** A credit may reach one item twice, by its name and as the oldest: one row holds both. */
  #post(item: AllocationItem, entry: AllocationEntry, amount: bigint): void {
    const key = `${item.id}/${entry.id}`;
    const before = this.postings.get(key)?.amount ?? 0n;
    this.postings.set(key, {
      receivableId: item.id,
      entryId: entry.id,
      kind: entry.kind,
      amount: before + amount,
    });
    this.#room.set(item.id, this.#roomOf(item) + amount);
  }

  #openItem(entry: AllocationEntry): AllocationItem | undefined {
    const item = this.#byName.get(entry.references[0] ?? "");
    return item?.state === "open" ? item : undefined;
  }

  #roomOf(item: AllocationItem): bigint {
    return this.#room.get(item.id) ?? 0n;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function byDate(a: AllocationEntry, b: AllocationEntry): number {
  return compare(a.date, b.date) || compare(a.kind, b.kind) || compare(a.externalId, b.externalId);
}

function byDue(a: AllocationItem, b: AllocationItem): number {
  return (
    Number(a.disputed) - Number(b.disputed) ||
    compare(a.dueDate, b.dueDate) ||
    compare(a.externalId, b.externalId)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
