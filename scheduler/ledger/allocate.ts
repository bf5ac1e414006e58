/**
 * Which item a payment or credit note pays. A pure rule over all items and entries of a case, applied anew
 * with every change: the order in which facts arrive leaves no trace in the result.
 *
 * 1. Fees, interest and write-offs belong to the one item that they name.
 * 2. A credit goes to the items that it names, in its own order, as far as they have room.
 * 3. What is left goes to the items that had been issued on or before its value date: undisputed ones
 *    first, because a debtor pays what he accepts, then the oldest due date.
 * 4. What is left then waits as unallocated credit, and pays later items on the day they are issued. So an
 *    invoice that was paid in full stays paid when a later one comes with an earlier due date: a payment
 *    discharges debts that exist when it is made (BGB 366).
 *
 * An item without an issue date counts as there from the beginning. The day on which we first saw it would
 * make the result depend on the order of arrival, and its due date would let money that comes before that
 * day pass over an invoice the debtor already has. Where no item has an issue date, only due dates decide.
 *
 * Credits are taken by value date, then external id. A cancelled item claims nothing. An absent one (paid
 * somewhere else) keeps what names it, so that such a payment does not also pay a neighbour.
 */
import type { LocalDate } from "#shared/local-date.ts";
import type { EntryKind, ReceivableState, RowId } from "./types.ts";

export interface AllocationItem {
  readonly id: RowId;
  readonly externalId: string;
  /** Absent: there from the beginning. */
  readonly issueDate?: LocalDate;
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
  book.payDayByDay(credits);
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

  /**
   * Through the days on which an item or a credit came, items of a day before its credits. After each day
   * either no item or no credit is left, so both run out from the front, however long the history is.
   */
  payDayByDay(credits: readonly Credit[]): void {
    const items = this.#items.filter((item) => item.state === "open").sort(byIssue);
    const days = new Set([...items.map(issuedOn), ...credits.map(({ entry }) => entry.date)]);
    const there: AllocationItem[] = [];
    const purse: Credit[] = [];
    let nextItem = 0;
    let nextCredit = 0;
    for (const day of [...days].sort(compare)) {
      const before = nextItem;
      for (let item = items[nextItem]; item && issuedOn(item) <= day; item = items[++nextItem])
        there.push(item);
      if (nextItem > before) there.sort(byDue);
      for (
        let credit = credits[nextCredit];
        credit && credit.entry.date <= day;
        credit = credits[++nextCredit]
      )
        purse.push(credit);
      this.#payInTurn(purse, there);
    }
  }

  /** Takes from the front of both lists what is used up. */
  #payInTurn(purse: Credit[], items: AllocationItem[]): void {
    let used = 0;
    let paid = 0;
    for (let credit = purse[used]; credit !== undefined; credit = purse[used]) {
      for (let item = items[paid]; item !== undefined && credit.left > 0n; item = items[paid]) {
        this.#pay(credit, item);
        if (this.#roomOf(item) === 0n) paid++;
      }
      if (credit.left > 0n) break;
      used++;
    }
    purse.splice(0, used);
    items.splice(0, paid);
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

/** The empty text stands before every date. */
function issuedOn(item: AllocationItem): LocalDate {
  return item.issueDate ?? "";
}

function byIssue(a: AllocationItem, b: AllocationItem): number {
  return compare(issuedOn(a), issuedOn(b));
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
