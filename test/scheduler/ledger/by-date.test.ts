/** Fees, interest and write-offs hold from their date on, as a bookkeeper posts them. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EntryInput } from "#scheduler/ledger/inputs.ts";
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import { type Bench, debtor, openBench, payment, receivable } from "./support.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench.db.close());

type Over = Partial<EntryInput>;
const bill = (name: string, issueDate: string, dueDate: string, disputed = false): LedgerInput =>
  receivable(name, "C1", 100n, { issueDate, dueDate, disputed });
const paid = (amount: bigint, date: string, references: string[] = [], over: Over = {}): LedgerInput =>
  payment(`P${date}`, amount, { debtor: "C1", date, references, ...over });
const posted =
  (kind: EntryInput["kind"]) =>
  (amount: bigint, date: string, on = "1", over: Over = {}): LedgerInput =>
    payment(`${kind} ${date}`, amount, { kind, date, references: [on], ...over });
const [fee, interest, writeOff] = [posted("fee"), posted("interest"), posted("write-off")];
const first = bill("1", "2026-01-01", "2026-01-10");
const second = bill("2", "2026-01-05", "2026-02-20");

type Row = [string, readonly LedgerInput[], Record<string, bigint>, bigint?];

const fees: readonly Row[] = [
  [
    "on a bill that was paid opens that bill by the fee, and no other",
    [first, second, paid(200n, "2026-01-20"), fee(10n, "2026-03-10")],
    { "1": 10n },
  ],
  [
    "that is told before the payment of an earlier day changes nothing of that",
    [first, second, fee(10n, "2026-03-10"), paid(200n, "2026-01-20")],
    { "1": 10n },
  ],
  [
    "that was there is paid with its bill, before the younger one",
    [first, second, fee(10n, "2026-01-15"), paid(200n, "2026-01-20")],
    { "2": 10n },
  ],
  [
    "of the payment's day was there",
    [first, second, fee(10n, "2026-01-20"), paid(200n, "2026-01-20")],
    { "2": 10n },
  ],
  [
    "is paid on its day by what had been paid too much",
    [first, second, paid(206n, "2026-01-20"), fee(10n, "2026-03-10")],
    { "1": 4n },
  ],
  [
    "that was there is paid by money that names its bill, though that is not the oldest",
    [first, second, fee(10n, "2026-01-15", "2"), paid(110n, "2026-01-20", ["2"])],
    { "1": 100n },
  ],
  [
    "that was not there leaves the rest of such money to the other bill",
    [first, second, paid(110n, "2026-01-20", ["1"]), fee(10n, "2026-03-10")],
    { "1": 10n, "2": 90n },
  ],
  [
    "dated before its bill was issued comes with the bill",
    [first, paid(110n, "2026-01-03"), second, fee(10n, "2026-01-02", "2"), fee(5n, "2026-01-01", "2")],
    { "2": 105n },
  ],
  [
    "that is taken back gives its money to the next bill",
    [
      first,
      second,
      fee(10n, "2026-01-15"),
      paid(200n, "2026-01-20"),
      fee(10n, "2026-01-15", "1", { reversed: true }),
    ],
    {},
  ],
];

const interests: readonly Row[] = [
  [
    "reckoned after the payment opens its bill by the interest alone",
    [first, second, paid(200n, "2026-01-20"), interest(3n, "2026-01-31")],
    { "1": 3n },
  ],
  [
    "of a month that was over is paid with its bill",
    [first, second, interest(3n, "2026-01-15"), paid(200n, "2026-01-20")],
    { "2": 3n },
  ],
  [
    "month by month adds up over part payments",
    [first, interest(2n, "2026-01-31"), paid(50n, "2026-02-05"), interest(1n, "2026-02-28")],
    { "1": 53n },
  ],
  [
    "on a disputed bill waits as the bill does",
    [
      bill("1", "2026-01-01", "2026-01-10", true),
      second,
      interest(3n, "2026-01-15"),
      paid(101n, "2026-01-20"),
    ],
    { "1": 102n },
  ],
  [
    "and a fee are one sum with their bill: no order among them changes it",
    [
      first,
      second,
      fee(10n, "2026-01-12"),
      interest(3n, "2026-01-15"),
      paid(13n, "2026-01-20", ["1"]),
      paid(100n, "2026-01-21"),
    ],
    { "2": 100n },
  ],
];

const writeOffs: readonly Row[] = [
  [
    "of a bill that was paid takes nothing, and frees no money for another",
    [first, second, paid(100n, "2026-01-20"), writeOff(100n, "2026-03-01")],
    { "2": 100n },
  ],
  ["takes what is left, and never more", [first, paid(60n, "2026-01-20"), writeOff(100n, "2026-03-01")], {}],
  [
    "leaves money that names nothing to the other bill from then on",
    [first, second, writeOff(100n, "2026-01-15"), paid(100n, "2026-01-20")],
    {},
  ],
  [
    "is taken back by money that names its bill: the debtor paid what he owed",
    [first, second, writeOff(100n, "2026-01-15"), paid(100n, "2026-01-20", ["1"])],
    { "2": 100n },
  ],
  [
    "is taken back with the fees in it, and the rest pays on",
    [first, second, fee(10n, "2026-01-12"), writeOff(110n, "2026-01-15"), paid(130n, "2026-01-20", ["1"])],
    { "2": 80n },
  ],
  [
    "takes on its day what the money of the day left",
    [first, second, paid(60n, "2026-01-20"), writeOff(100n, "2026-01-20")],
    { "2": 100n },
  ],
  [
    "of a part leaves the other part to be paid",
    [first, second, writeOff(40n, "2026-01-15"), paid(100n, "2026-01-20")],
    { "2": 60n },
  ],
  [
    "does not take what is charged later",
    [first, writeOff(5_000n, "2026-01-15"), interest(3n, "2026-01-31")],
    { "1": 3n },
  ],
];

async function holds(
  inputs: readonly LedgerInput[],
  open: Record<string, bigint>,
  credit = 0n,
): Promise<void> {
  await bench.put(debtor("C1"));
  for (const input of inputs) await bench.put(input);
  const facts = bench.factsOf("C1");
  expect(Object.fromEntries(facts.receivables.map((item) => [item.externalId, item.open]))).toEqual(open);
  expect(facts.unallocatedCredit).toBe(credit);
}

describe("a fee", () => test.each(fees)("%s", (_name, inputs, open, credit) => holds(inputs, open, credit)));
describe("interest", () =>
  test.each(interests)("%s", (_name, inputs, open, credit) => holds(inputs, open, credit)));
describe("a write-off", () =>
  test.each(writeOffs)("%s", (_name, inputs, open, credit) => holds(inputs, open, credit)));

test("a bill that was written off and paid after all stands in the ledger as paid", async () => {
  await bench.put(debtor("C1"), first, writeOff(100n, "2026-01-15"));
  expect(bench.factsOf("C1").case.settledAs).toBe("written-off");
  await bench.put(paid(100n, "2026-01-20", ["1"]));
  const postings = bench.db.sql("select kind, amount from posting").all();
  expect(postings).toEqual([{ kind: "payment", amount: -100 }]);
  expect(bench.factsOf("C1").case.settledAs).toBe("paid");
});
