import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, debtor, openBench, payment, receivable } from "./support.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench.db.close());

describe("open amounts", () => {
  test("a new receivable opens a case that is due at once", async () => {
    await bench.put(debtor("C1"), receivable("INV-1", "C1", 12_345n));
    const facts = bench.factsOf("C1");
    expect(facts.openTotal).toBe(12_345n);
    expect(facts.receivables.map((item) => [item.externalId, item.open])).toEqual([["INV-1", 12_345n]]);
    expect(facts.case.episode).toBe(1);
    expect(facts.case.stage).toBe("watching");
    expect(facts.case.settledAt).toBeUndefined();
    expect(facts.case.nextActionAt).toBeLessThanOrEqual(facts.readAt);
    expect(facts.case.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test("a part payment lowers what is open, the rest settles the case as paid", async () => {
    await bench.put(debtor("C1"), receivable("INV-1", "C1", 10_000n));
    await bench.put(payment("P1", 4_000n, { references: ["INV-1"] }));
    expect(bench.factsOf("C1").openTotal).toBe(6_000n);
    expect(bench.factsOf("C1").receivables[0]?.credited).toBe(4_000n);
    await bench.put(payment("P2", 6_000n, { references: ["INV-1"] }));
    const facts = bench.factsOf("C1");
    expect(facts.receivables).toEqual([]);
    expect(facts.case.settledAs).toBe("paid");
    expect(facts.case.stage).toBe("closed");
    expect(facts.lastPayment?.amount).toBe(6_000n);
  });

  test("a payment without a reference pays the oldest undisputed item first", async () => {
    await bench.put(
      debtor("C1"),
      receivable("NEW", "C1", 500n, { dueDate: "2026-03-01" }),
      receivable("CONTESTED", "C1", 500n, { dueDate: "2026-01-01", disputed: true }),
      receivable("OLD", "C1", 500n, { dueDate: "2026-02-01" }),
    );
    await bench.put(payment("P1", 700n, { debtor: "C1" }));
    const open = Object.fromEntries(
      bench.factsOf("C1").receivables.map((item) => [item.externalId, item.open]),
    );
    expect(open).toEqual({ CONTESTED: 500n, NEW: 300n });
  });

  test("what is paid too much stays on the case and pays the next invoice", async () => {
    await bench.put(debtor("C1"), receivable("INV-1", "C1", 1_000n));
    await bench.put(payment("P1", 1_500n, { references: ["INV-1"] }));
    expect(bench.factsOf("C1").unallocatedCredit).toBe(500n);
    expect(bench.factsOf("C1").openTotal).toBe(0n);
    await bench.put(receivable("INV-2", "C1", 800n));
    const facts = bench.factsOf("C1");
    expect(facts.openTotal).toBe(300n);
    expect(facts.unallocatedCredit).toBe(0n);
    expect(facts.case.episode).toBe(2);
  });

  test("a reversed payment counts nothing and reopens the case", async () => {
    await bench.put(debtor("C1"), receivable("INV-1", "C1", 1_000n));
    await bench.put(payment("P1", 1_000n, { references: ["INV-1"] }));
    const [outcome] = await bench.put(payment("P1", 1_000n, { references: ["INV-1"], reversed: true }));
    expect(outcome?.kind).toBe("updated");
    const facts = bench.factsOf("C1");
    expect(facts.openTotal).toBe(1_000n);
    expect(facts.case.settledAt).toBeUndefined();
    const [again] = await bench.put(payment("P1", 1_000n, { references: ["INV-1"], reversed: false }));
    expect(again).toMatchObject({ kind: "refused", refusal: { code: "change_forbidden" } });
  });

  test("fees and interest add, a write-off takes away and never more than is open", async () => {
    await bench.put(debtor("C1"), receivable("INV-1", "C1", 1_000n));
    await bench.put(
      { ...payment("F1", 50n, { references: ["INV-1"], kind: "fee" }) },
      { ...payment("I1", 7n, { references: ["INV-1"], kind: "interest" }) },
    );
    const item = bench.factsOf("C1").receivables[0];
    expect([item?.open, item?.fees, item?.interest, item?.credited]).toEqual([1_057n, 50n, 7n, 0n]);
    await bench.put(payment("W1", 5_000n, { references: ["INV-1"], kind: "write-off" }));
    const facts = bench.factsOf("C1");
    expect(facts.openTotal).toBe(0n);
    expect(facts.unallocatedCredit).toBe(0n);
    expect(facts.case.settledAs).toBe("written-off");
  });

  test("a payment that comes before its receivable or debtor waits for it", async () => {
    await bench.put(payment("P1", 400n, { references: ["INV-1"] }), payment("P2", 100n, { debtor: "C1" }));
    await bench.put(debtor("C1"));
    expect(bench.factsOf("C1").unallocatedCredit).toBe(100n);
    await bench.put(receivable("INV-1", "C1", 1_000n));
    expect(bench.factsOf("C1").openTotal).toBe(500n);
    expect(bench.db.sql("select count(*) from waiting_reference").pluck().get()).toBe(0);
  });

  test("a receivable that is paid before it comes is settled as paid, as in the other order", async () => {
    await bench.put(payment("P1", 400n, { references: ["INV-1"] }));
    await bench.put(debtor("C1"), receivable("INV-1", "C1", 400n));
    const { case: settled } = bench.factsOf("C1");
    expect([settled.settledAs, settled.episode]).toEqual(["paid", 1]);
  });

  test("currencies are cases of their own and never pay each other", async () => {
    await bench.put(
      debtor("C1"),
      receivable("E", "C1", 1_000n),
      receivable("U", "C1", 1_000n, { currency: "USD" }),
    );
    const [mixed] = await bench.put(payment("P1", 1_000n, { references: ["U"] }));
    expect(mixed).toMatchObject({ kind: "refused", refusal: { code: "reference_mixed", field: "currency" } });
    await bench.put(payment("P2", 1_000n, { references: ["U"], currency: "USD" }));
    expect(bench.factsOf("C1").openTotal).toBe(1_000n);
    expect(bench.factsOf("C1", "USD").openTotal).toBe(0n);
  });

  test("a receivable that moves to another debtor takes its payments' effect with it", async () => {
    await bench.put(
      debtor("C1"),
      debtor("C2"),
      receivable("INV-1", "C1", 1_000n),
      receivable("INV-2", "C1", 300n),
    );
    await bench.put(payment("P1", 1_000n, { references: ["INV-1"] }));
    await bench.put(receivable("INV-1", "C2", 1_000n));
    expect(bench.factsOf("C2").openTotal).toBe(1_000n);
    // The money is the first debtor's: it pays what he still owes, and the rest is his credit.
    expect(bench.factsOf("C1").receivables).toEqual([]);
    expect(bench.factsOf("C1").unallocatedCredit).toBe(700n);
  });
});

describe("closing without money", () => {
  test("a cancelled receivable frees what was paid on it", async () => {
    await bench.put(debtor("C1"), receivable("A", "C1", 1_000n), receivable("B", "C1", 600n));
    await bench.put(payment("P1", 400n, { references: ["A"] }));
    await bench.put(receivable("A", "C1", 1_000n, { cancelled: true }));
    expect(bench.factsOf("C1").openTotal).toBe(200n);
    await bench.put(receivable("A", "C1", 1_000n, { cancelled: false }));
    expect(bench.factsOf("C1").openTotal).toBe(1_200n);
  });

  test("an absent receivable keeps what names it, and comes back when it is sent again", async () => {
    await bench.put(debtor("C1"), receivable("A", "C1", 1_000n), receivable("B", "C1", 600n));
    await bench.put(payment("P1", 400n, { references: ["A"] }));
    const a = bench.factsOf("C1").receivables.find((item) => item.externalId === "A");
    expect(await bench.ledger.markAbsent([a?.id ?? 0], bench.change())).toBe(1);
    expect(bench.factsOf("C1").openTotal).toBe(600n);
    await bench.put(payment("P2", 600n, { references: ["A"] }));
    expect(bench.factsOf("C1").openTotal).toBe(600n);
    await bench.put(receivable("A", "C1", 1_100n));
    expect(bench.factsOf("C1").openTotal).toBe(700n);
  });
});
