/**
 * Which item a payment or credit note pays, and what fees, interest and write-offs do to it. A pure rule over
 * all items and entries of a case, applied anew with every change: the order in which facts arrive leaves no
 * trace in the result. It goes by their dates, as a bookkeeper posts them, so what comes later in time never
 * opens again what had been paid:
 *
 * 1. A credit goes to the items that it names, in its own order, as far as they have room. For their
 *    principal that holds whatever the dates: who names a bill means that bill.
 * 2. A fee or interest belongs to the one item that it names, from its date on. Money that came before pays
 *    it only if there is some left: a fee on a paid bill opens that bill by the fee, and no other bill.
 * 3. What is left of a credit goes to the items that had been issued on or before its value date, with what
 *    was charged on them by then: undisputed ones first, because a debtor pays what he accepts, then the
 *    oldest due date. A payment discharges debts that exist when it is made (BGB 366).
 * 4. What is left then waits as unallocated credit, and pays later items and charges on the day they come.
 * 5. A write-off takes what is open of its item at the end of its date, and never more: what had been paid
 *    by then stays paid, what is charged later is open. A payment that names the item later takes the
 *    write-off back as far as it reaches: the debt was given up in the books, not forgiven.
 *
 * On one day, items come first, then charges, credits and write-offs. Within an item nothing is said of
 * costs, interest and principal (BGB 367): a case asks for the sum, which no order changes.
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
  const credits: Credit[] = ordered
    .filter((entry) => isCredit(entry.kind))
    .map((entry) => ({ entry, left: entry.amount }));
  book.letAbsentAbsorb(credits);
  for (const credit of credits) book.payNamed(credit);
  for (const day of daysOf(items, ordered, credits)) book.live(day);
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

interface Charge {
  readonly item: AllocationItem;
  readonly entry: AllocationEntry;
}

/** What comes on one day, of open items. */
interface Day {
  readonly issued: AllocationItem[];
  /** Fees and interest. */
  readonly charges: Charge[];
  readonly credits: Credit[];
  readonly writeOffs: Charge[];
}

/** In order of time. What is dated before its item was issued comes with the item. */
function daysOf(
  items: readonly AllocationItem[],
  entries: readonly AllocationEntry[],
  credits: readonly Credit[],
): Day[] {
  const days = new Map<LocalDate, Day>();
  const on = (date: LocalDate): Day => {
    const day = days.get(date) ?? { issued: [], charges: [], credits: [], writeOffs: [] };
    days.set(date, day);
    return day;
  };
  const open = new Map(items.filter(({ state }) => state === "open").map((item) => [item.externalId, item]));
  for (const item of open.values()) on(issuedOn(item)).issued.push(item);
  for (const credit of credits) on(credit.entry.date).credits.push(credit);
  for (const entry of entries) {
    const item = isCredit(entry.kind) ? undefined : open.get(entry.references[0] ?? "");
    if (item === undefined) continue;
    const day = on(entry.date > issuedOn(item) ? entry.date : issuedOn(item));
    (entry.kind === "write-off" ? day.writeOffs : day.charges).push({ item, entry });
  }
  return [...days].sort(([a], [b]) => compare(a, b)).map(([, day]) => day);
}

/** The room that is left on each item while postings are made. */
class Book {
  readonly postings = new Map<string, Posting>();
  readonly #items: readonly AllocationItem[];
  readonly #byName: ReadonlyMap<string, AllocationItem>;
  readonly #room = new Map<RowId, bigint>();
  /** What there is to pay, in the order in which it is paid; some of it may have no room. */
  #line: AllocationItem[] = [];
  /** What is left of the credits until now. */
  #purse: Credit[] = [];
  readonly #writtenOff = new Map<RowId, AllocationEntry[]>();

  constructor(items: readonly AllocationItem[]) {
    this.#items = items;
    this.#byName = new Map(items.map((item) => [item.externalId, item]));
    for (const item of items) this.#room.set(item.id, item.state === "open" ? item.principal : 0n);
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
      if (item === undefined) continue;
      this.#pay(credit, item);
      this.#takeBackWriteOffs(credit, item);
    }
  }

  /**
   * After each day either the line or the purse is used up, so both run out from the front, however long
   * the history is.
   */
  live({ issued, charges, credits, writeOffs }: Day): void {
    for (const { item, entry } of charges) this.#post(item, entry, entry.amount);
    this.#lineUp([...issued, ...charges.map(({ item }) => item)]);
    for (const credit of credits) this.payNamed(credit);
    this.#purse.push(...credits);
    this.#payInTurn();
    for (const { item, entry } of writeOffs) this.#writeOff(item, entry);
  }

  open(): Map<RowId, bigint> {
    return new Map(this.#items.map((item) => [item.id, item.state === "open" ? this.#roomOf(item) : 0n]));
  }

  #lineUp(items: readonly AllocationItem[]): void {
    if (items.length > 0) this.#line = [...new Set([...this.#line, ...items])].sort(byDue);
  }

  /** Takes from the front of line and purse what is used up. */
  #payInTurn(): void {
    let used = 0;
    let paid = 0;
    for (let credit = this.#purse[used]; credit !== undefined; credit = this.#purse[used]) {
      for (let item = this.#line[paid]; item !== undefined && credit.left > 0n; item = this.#line[paid]) {
        this.#pay(credit, item);
        if (this.#roomOf(item) === 0n) paid++;
      }
      if (credit.left > 0n) break;
      used++;
    }
    this.#purse.splice(0, used);
    this.#line.splice(0, paid);
  }

  #pay(credit: Credit, item: AllocationItem): void {
    const part = least(this.#roomOf(item), credit.left);
    if (part <= 0n) return;
    credit.left -= part;
    this.#post(item, credit.entry, -part);
  }

  #writeOff(item: AllocationItem, entry: AllocationEntry): void {
    const part = least(this.#roomOf(item), entry.amount);
    if (part <= 0n) return;
    this.#post(item, entry, -part);
    this.#writtenOff.set(item.id, [...(this.#writtenOff.get(item.id) ?? []), entry]);
  }

  #takeBackWriteOffs(credit: Credit, item: AllocationItem): void {
    for (const entry of this.#writtenOff.get(item.id) ?? []) {
      const part = least(-(this.postings.get(keyOf(item, entry))?.amount ?? 0n), credit.left);
      if (part <= 0n) continue;
      this.#post(item, entry, part);
      this.#pay(credit, item);
    }
  }

  /** A credit may reach one item twice, by its name and as the oldest: one row holds both. */
  #post(item: AllocationItem, entry: AllocationEntry, change: bigint): void {
    const key = keyOf(item, entry);
    const amount = (this.postings.get(key)?.amount ?? 0n) + change;
    if (amount === 0n) this.postings.delete(key);
    else this.postings.set(key, { receivableId: item.id, entryId: entry.id, kind: entry.kind, amount });
    this.#room.set(item.id, this.#roomOf(item) + change);
  }

  #roomOf(item: AllocationItem): bigint {
    return this.#room.get(item.id) ?? 0n;
  }
}

function keyOf(item: AllocationItem, entry: AllocationEntry): string {
  return `${item.id}/${entry.id}`;
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
