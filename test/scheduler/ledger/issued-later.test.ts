/** A payment discharges what is owed on the day it is made; a later invoice takes nothing back. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import { type Bench, debtor, openBench, payment, receivable } from "./support.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench.db.close());

const bill = (name: string, issueDate: string | null, dueDate: string, disputed = false): LedgerInput =>
  receivable(name, "C1", 100n, { issueDate, dueDate, disputed });
const paid = (name: string, amount: bigint, date: string, references: string[] = []): LedgerInput =>
  payment(name, amount, { debtor: "C1", date, references });
const first = bill("1", "2026-01-01", "2026-01-10");
const second = bill("2", "2026-01-05", "2026-02-20");
const early = bill("3", "2026-01-21", "2026-02-01");

const tables: readonly [string, readonly LedgerInput[], Record<string, bigint>, bigint?][] = [
  [
    "a bill issued after the payment, with an earlier due date, stays open",
    [first, second, paid("P", 200n, "2026-01-20"), early],
    { "3": 100n },
  ],
  [
    "so does one that is told before the payment is",
    [early, second, first, paid("P", 200n, "2026-01-20")],
    { "3": 100n },
  ],
  [
    "a bill of the payment's day exists",
    [first, second, bill("3", "2026-01-20", "2026-02-01"), paid("P", 200n, "2026-01-20")],
    { "2": 100n },
  ],
  [
    "what was paid too much is taken by the later bill, and only that",
    [first, second, paid("P", 230n, "2026-01-20"), early],
    { "3": 70n },
  ],
  [
    "what is left of a payment with a reference pays what was there first",
    [first, second, paid("P", 230n, "2026-01-20", ["1"]), early],
    { "3": 70n },
  ],
  [
    "a later bill that an overpayment paid stays paid when another comes",
    [
      first,
      paid("P", 200n, "2026-01-20"),
      bill("4", "2026-01-21", "2026-03-01"),
      bill("5", "2026-01-22", "2026-01-25"),
    ],
    { "5": 100n },
  ],
  [
    "money still left after all bills stays on the case",
    [first, second, paid("P", 350n, "2026-01-20"), early],
    {},
    50n,
  ],
  [
    "a reversal opens what the payment had paid, and nothing of the other payment",
    [
      first,
      second,
      paid("P", 200n, "2026-01-20"),
      early,
      paid("Q", 100n, "2026-01-25", ["3"]),
      payment("P", 200n, { debtor: "C1", date: "2026-01-20", references: [], reversed: true }),
    ],
    { "1": 100n, "2": 100n },
  ],
  [
    "a reversed overpayment is taken from the later bill too",
    [
      first,
      paid("P", 200n, "2026-01-20"),
      early,
      payment("P", 200n, { debtor: "C1", date: "2026-01-20", references: [], reversed: true }),
    ],
    { "1": 100n, "3": 100n },
  ],
  [
    "a disputed bill that was there goes before an undisputed one that was not",
    [bill("1", "2026-01-01", "2026-01-10", true), paid("P", 100n, "2026-01-20"), early],
    { "3": 100n },
  ],
  [
    "without issue dates the oldest due date is paid",
    [
      bill("1", null, "2026-01-10"),
      bill("2", null, "2026-02-20"),
      paid("P", 200n, "2026-01-20"),
      bill("3", null, "2026-02-01"),
    ],
    { "2": 100n },
  ],
  [
    "a bill without an issue date counts as there before all others",
    [second, paid("P", 100n, "2026-01-20"), bill("3", null, "2026-02-01")],
    { "2": 100n },
  ],
];

test.each(tables)("%s", async (_name, inputs, open, credit = 0n) => {
  await bench.put(debtor("C1"));
  for (const input of inputs) await bench.put(input);
  const facts = bench.factsOf("C1");
  expect(Object.fromEntries(facts.receivables.map((item) => [item.externalId, item.open]))).toEqual(open);
  expect(facts.unallocatedCredit).toBe(credit);
});
