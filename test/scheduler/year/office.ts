/** What the creditor's office does in a simulated year. Each act enters the world's book once it is committed. */
import type { Change, EntryInput, HoldInput } from "#scheduler/ledger/inputs.ts";
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import { recordPromise } from "#scheduler/ledger/promises.ts";
import { type Bill, openOf, type Person } from "./book.ts";
import { billInput, inputsOf } from "./people.ts";
import { DAY_MS, type YearWorld } from "./world.ts";

export class Office {
  readonly #year: YearWorld;
  /** The day of the last payment that named no bill, by person and by the office's calendar. */
  readonly #paidOn = new Map<Person, string>();
  #payments = 0;

  readonly #firstMs: number;

  constructor(year: YearWorld) {
    this.#year = year;
    this.#firstMs = year.clock.now() - year.clock.monotonic();
  }

  async #apply(inputs: readonly LedgerInput[], source = "api"): Promise<void> {
    const { life } = this.#year;
    const outcomes = await life.ledger.apply(this.#year.creditor(), inputs, this.#change(source));
    const refused = outcomes.find(({ kind }) => kind === "refused");
    if (refused !== undefined) throw new Error(`the ledger refused: ${JSON.stringify(refused)}`);
  }

  #change(source = "api"): Change {
    const at = this.#year.clock.now();
    return { actor: "key:office", at, source, asOf: at };
  }

  #day(at: number): string {
    return new Date(at).toISOString().slice(0, 10);
  }

  /** The office's own calendar: the clock that jumps is the gateway's. */
  #today(): string {
    return this.#day(this.#firstMs + this.#year.clock.monotonic());
  }

  /**
   * Payments carry a day and no hour, and for the ledger a bill of the same day exists when one is made. So
   * what the office writes after such a payment it dates on the next day.
   */
  #issueDay(person: Person): string {
    const today = this.#today();
    if (this.#paidOn.get(person) !== today) return today;
    return this.#day(this.#firstMs + this.#year.clock.monotonic() + DAY_MS);
  }

  #when(): { order: number; at: number } {
    return { order: this.#year.book.next(), at: this.#year.clock.monotonic() };
  }

  async bill(person: Person, dueDays: number, principal: bigint, currency = "EUR"): Promise<void> {
    const { book, clock } = this.#year;
    const due = this.#day(clock.now() + dueDays * DAY_MS);
    const bill: Bill = {
      id: `inv-${person.name}-${person.bills.length + 1}`,
      currency,
      principal,
      bookedAt: book.now(),
      issued: this.#issueDay(person),
      dues: [{ from: book.now(), date: due }],
      money: [],
      disputed: [],
      held: [],
    };
    person.bills.push(bill);
    person.since ??= clock.monotonic();
    await this.#apply(inputsOf(person, book.now()));
  }

  /** @param amount of one bill; absent: all that is open of it */
  async pay(person: Person, bill: Bill, amount?: bigint): Promise<EntryInput | undefined> {
    const open = openOf(bill, this.#year.book.now());
    const paid = amount === undefined || amount > open ? open : amount;
    return paid === 0n ? undefined : this.#credit("payment", person, bill, paid);
  }

  /** All bills of a currency in one sum, and perhaps some more, without saying which. */
  async payAll(person: Person, currency: string, extra = 0n): Promise<void> {
    const now = this.#year.book.now();
    const bills = person.bills.filter((bill) => bill.currency === currency && openOf(bill, now) > 0n);
    const sums = bills.map((bill) => [bill, openOf(bill, now)] as const);
    const total = sums.reduce((sum, [, open]) => sum + open, extra);
    if (bills.length === 0) return;
    const input = this.#entry("payment", person, currency, total);
    await this.#apply([{ what: "entry", input }]);
    this.#paidOn.set(person, this.#today());
    const when = this.#when();
    for (const [bill, open] of sums) bill.money.push({ ...when, amount: -open });
    for (const promise of person.promises) promise.paidAt ??= this.#year.clock.now();
  }

  async #credit(kind: "payment" | "credit-note" | "write-off", person: Person, bill: Bill, amount: bigint) {
    const input = { ...this.#entry(kind, person, bill.currency, amount), references: [bill.id] };
    await this.#apply([{ what: "entry", input }]);
    bill.money.push({ ...this.#when(), amount: -amount });
    return input;
  }

  #entry(kind: EntryInput["kind"], person: Person, currency: string, amount: bigint): EntryInput {
    const externalId = `${kind}-${++this.#payments}`;
    return { kind, externalId, debtor: person.name, currency, amount, date: this.#today() };
  }

  credit(person: Person, bill: Bill, amount: bigint) {
    const open = openOf(bill, this.#year.book.now());
    return open === 0n ? undefined : this.#credit("credit-note", person, bill, amount > open ? open : amount);
  }

  writeOff(person: Person, bill: Bill) {
    const open = openOf(bill, this.#year.book.now());
    return open === 0n ? undefined : this.#credit("write-off", person, bill, open);
  }

  /** The bank took it back. */
  async bounce(bill: Bill, paid: EntryInput): Promise<void> {
    await this.#apply([{ what: "entry", input: { ...paid, reversed: true } }]);
    bill.money.push({ ...this.#when(), amount: paid.amount ?? 0n });
  }

  async redate(person: Person, bill: Bill, days: number): Promise<void> {
    const { book, clock } = this.#year;
    const due = { from: book.now(), date: this.#day(clock.now() + days * DAY_MS) };
    bill.dues.push(due);
    await this.#apply([billInput(person, bill, book.now())]);
  }

  async dispute(person: Person, bill: Bill, disputed: boolean): Promise<void> {
    const { book } = this.#year;
    const input = billInput(person, bill, book.now());
    if (input.what !== "receivable") return;
    // The end is taken at once, the beginning only once it is committed.
    if (!disputed) for (const span of bill.disputed) span.until ??= book.next();
    await this.#apply([{ ...input, input: { ...input.input, disputed } }]);
    if (disputed) bill.disputed.push({ from: book.next() });
  }

  async withdraw(bill: Bill, how: "cancelled" | "absent", person: Person): Promise<void> {
    const { life, book } = this.#year;
    if (how === "cancelled")
      await this.#apply([
        { what: "receivable", input: { externalId: bill.id, debtor: person.name, cancelled: true } },
      ]);
    else {
      const id = life.db
        .sql("select id from receivable where external_id = ?")
        .pluck()
        .get(bill.id) as number;
      await life.ledger.markAbsent([id], this.#change("list"));
    }
    bill.goneAt = book.next();
  }

  /** Answers how to end it. */
  async hold(
    person: Person,
    input: Omit<HoldInput, "debtor" | "reason">,
    bill?: Bill,
  ): Promise<() => Promise<void>> {
    const { life, book } = this.#year;
    const whole = { ...input, debtor: person.name, reason: "as the debtor asked" };
    const placed = await life.ledger.placeHold(this.#year.creditor().id, whole, this.#change());
    if (placed.kind === "refused") throw new Error(`the hold was refused: ${JSON.stringify(placed)}`);
    const span = {
      from: book.next(),
      ...(input.until === undefined ? {} : { lastDay: input.until }),
      ...(input.currency === undefined ? {} : { currency: input.currency }),
    };
    (bill?.held ?? person.held).push(span);
    return async () => {
      Object.assign(span, { until: book.next() });
      await this.#year.life.ledger.endHold(placed.row.id, this.#change());
    };
  }

  /** On the phone: all that is open of the first bill. */
  async promise(person: Person, days: number): Promise<void> {
    const { life, book, clock } = this.#year;
    const [bill] = person.bills;
    const amount = bill === undefined ? 0n : openOf(bill, book.now());
    if (bill === undefined || amount === 0n) return;
    const { currency } = bill;
    const caseId = life.db
      .sql(
        "select c.id from dunning_case c join debtor d on d.id = c.debtor_id where d.external_id = ? and currency = ?",
      )
      .pluck()
      .get(person.name, currency) as number;
    const promise = { id: `prom_${person.name}`, amount, date: this.#day(clock.now() + days * DAY_MS) };
    const made = { caseId, amount, dueDate: promise.date, state: "confirmed" } as const;
    const by = { actor: "key:office", at: clock.now() } as const;
    await life.db.write(() => recordPromise(life.db, promise.id, made, by));
    person.promises.push({ from: book.next(), currency, ...promise });
  }

  /** Another home: the old one holds for what is under way until the new one is committed, and then on. */
  async move(person: Person, place: string, zone: string | undefined): Promise<void> {
    const { book } = this.#year;
    person.homes.push({ from: book.now(), place, ...(zone === undefined ? {} : { zone }) });
    await this.#apply(inputsOf(person, book.now()));
    const home = person.homes.pop();
    if (home !== undefined) person.homes.push({ ...home, from: book.next() });
  }

  async newNumber(person: Person, number: string, country: string): Promise<void> {
    const { book } = this.#year;
    person.lines.push({ from: book.now(), number, country });
    await this.#apply(inputsOf(person, book.now()));
    const line = person.lines.pop();
    if (line !== undefined) person.lines.push({ ...line, from: book.next() });
  }

  /** The whole list of the creditor's system once more: nothing may change by it. */
  async sendListAgain(): Promise<void> {
    const { people, book } = this.#year;
    const known = people.filter(({ bills }) => bills.length > 0);
    await this.#apply(known.flatMap((person) => inputsOf(person, book.now())));
  }

  async feed(): Promise<void> {
    const change = this.#change("bank");
    this.#year.book.feed.push({ order: this.#year.book.now(), asOf: change.asOf });
    await this.#year.life.ledger.recordFeed(this.#year.creditor().id, "payments", change);
  }
}
