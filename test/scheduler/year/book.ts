/**
 * The world's own account of what happened, in its own order: who owed and paid what, lived where, was held,
 * said stop. The judge reads this and the network's ledger, never what the scheduler believes of them.
 */

/** A count of everything that happened, not a time: two clocks disagree, an order does not. */
export type Order = number;

export interface Span {
  readonly from: Order;
  /** Absent while it lasts. */
  until?: Order;
  /** The last local day on which it is in force. */
  readonly lastDay?: string;
  /** Only the case in this currency. */
  readonly currency?: string;
}

export interface Home {
  readonly from: Order;
  readonly place: string;
  /** Stated by the debtor; absent: anywhere in the place. */
  readonly zone?: string;
}

export interface Line {
  readonly from: Order;
  readonly number: string;
  readonly country: string;
}

export interface Money {
  readonly order: Order;
  /** By the monotonic clock. */
  readonly at: number;
  readonly amount: bigint;
}

export interface Bill {
  readonly id: string;
  readonly currency: string;
  readonly principal: bigint;
  readonly bookedAt: Order;
  /** Local date on the paper. */
  readonly issued: string;
  readonly dues: { readonly from: Order; readonly date: string }[];
  /** Below zero what was paid, above it what came back. */
  readonly money: Money[];
  readonly disputed: Span[];
  readonly held: Span[];
  /** Withdrawn, or missing from a full list. */
  goneAt?: Order;
}

export interface Promised {
  /** Once it was committed. */
  readonly from: Order;
  readonly id: string;
  readonly currency: string;
  readonly amount: bigint;
  /** Local date. */
  readonly date: string;
  /** By the wall clock: everything was paid. */
  paidAt?: number;
}

export interface Person {
  readonly name: string;
  readonly language: string;
  /** Names the policy. */
  readonly segment: string;
  readonly behaviour: string;
  readonly homes: Home[];
  readonly lines: Line[];
  readonly bills: Bill[];
  readonly held: Span[];
  readonly promises: Promised[];
  /** By the monotonic clock: the first bill was booked. */
  since?: number;
}

export type Word = "stop" | "start" | "wrong" | "talk";

export class Book {
  #order: Order = 0;
  /** When the scheduler had taken in what was written from a number. */
  readonly heard: { readonly order: Order; readonly number: string; readonly word: Word }[] = [];
  readonly feed: { readonly order: Order; readonly asOf: number }[] = [];

  next(): Order {
    return ++this.#order;
  }

  now(): Order {
    return this.#order;
  }
}

export function openOf(bill: Bill, at: Order): bigint {
  if (bill.bookedAt > at || (bill.goneAt !== undefined && bill.goneAt <= at)) return 0n;
  const open = bill.money.reduce(
    (sum, { order, amount }) => (order <= at ? sum + amount : sum),
    bill.principal,
  );
  return open > 0n ? open : 0n;
}

/** The last that began at or before `at`. */
export function atTime<Row extends { readonly from: Order }>(
  rows: readonly Row[],
  at: Order,
): Row | undefined {
  return rows.findLast(({ from }) => from <= at);
}

export function inside(spans: readonly Span[], at: Order): boolean {
  return spans.some(({ from, until }) => from <= at && (until === undefined || at < until));
}
