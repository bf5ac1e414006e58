/** Lists of open items: what is left of an invoice, and what a full list has no more. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HEADER, type ImportBench, invoices, openImportBench } from "./support.ts";

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

const DAY = 86_400_000;

function list(...rows: string[]): string {
  return bench.write("list.csv", [HEADER, ...rows, ""].join("\n"));
}

describe("lists that know what is open", () => {
  const OPEN = "Invoice number;Customer number;Customer name;Mobile;Amount;Open amount;Currency;Due date";
  const open = (rest: string): string =>
    bench.write("open.csv", `${OPEN}\nINV-1;C-1;Eva;+491701234567;100.00;${rest};EUR;2026-02-01\n`);

  test("the open amount goes down, up and to nothing as the list says", async () => {
    await bench.import(open("100.00"));
    expect(bench.factsOf("C-1").openTotal).toBe(10_000n);
    for (const [rest, minor] of [
      ["60.00", 6_000n],
      ["60.00", 6_000n],
      ["75.00", 7_500n],
      ["100.00", 10_000n],
      ["40.00", 4_000n],
      ["0.00", 0n],
    ] as const) {
      await bench.import(open(rest), { asOf: Date.UTC(2026, 0, 20) });
      expect(bench.factsOf("C-1").openTotal).toBe(minor);
    }
    expect(bench.factsOf("C-1").case.settledAs).toBe("paid");
  });

  test("a payment that comes by itself as well is not counted twice", async () => {
    await bench.import(open("60.00"));
    const paid = "Payment id;Invoice;Amount;Currency;Payment date\nP1;INV-1;40.00;EUR;2026-01-05\n";
    await bench.import(bench.write("paid.csv", paid), { source: "bank" });
    await bench.import(open("60.00"), { asOf: Date.UTC(2026, 0, 20) });
    expect(bench.factsOf("C-1").openTotal).toBe(6_000n);
    expect(bench.factsOf("C-1").unallocatedCredit).toBe(0n);
  });

  test("without the amount itself, what is open at first is the amount", async () => {
    const header = "Rechnungsnummer;Kundennummer;Handy;Offener Betrag;Währung;Fällig am";
    const at = (rest: string) =>
      bench.write("o.csv", `${header}\nR1;C-1;0170 1234567;${rest};EUR;01.02.2026\n`);
    await bench.import(at("80,00"));
    await bench.import(at("30,00"), { asOf: Date.UTC(2026, 0, 20) });
    const [item] = bench.factsOf("C-1").receivables;
    expect([item?.principal, item?.open]).toEqual([8_000n, 3_000n]);
    const { rows } = await bench.rows(
      bench.write(
        "o.csv",
        `${header}\nR1;C-1;0170 1234567;30,00;EUR;01.02.2026\nR9;C-1;0170 1234567;0,00;EUR;01.02.2026\n`,
      ),
    );
    expect(rows.map((row) => row.action)).toEqual(["unchanged", "ignored"]);
  });

  test("a column of states closes, disputes and reopens", async () => {
    const header = `${HEADER};Status`;
    const at = (state: string) =>
      bench.write("s.csv", `${header}\nINV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01;${state}\n`);
    const asOf = (day: number) => ({ asOf: Date.UTC(2026, 0, day) });
    await bench.import(at("open"), asOf(10));
    await bench.import(at("disputed"), asOf(11));
    expect(bench.factsOf("C-1").receivables[0]?.disputed).toBe(true);
    await bench.import(at("paid"), asOf(12));
    expect(bench.factsOf("C-1").case.settledAs).toBe("paid");
    await bench.import(at("open"), asOf(13));
    expect(bench.factsOf("C-1").openTotal).toBe(0n);
    await bench.import(at("cancelled"), asOf(14));
    expect(bench.factsOf("C-1").case.settledAt).toBeDefined();
  });
});

describe("full lists", () => {
  test("close what they lack, only when asked, only of their own source", async () => {
    await bench.import(bench.write("a.csv", invoices(20)));
    await bench.import(list("OTHER;C-1;Eva;+491701000000;5.00;EUR;2026-02-01"), { source: "second" });
    const short = bench.write("b.csv", invoices(18));
    const asOf = Date.UTC(2026, 0, 20);
    expect((await bench.import(short, { asOf })).closing).toBeUndefined();
    expect(bench.factsOf("C-20").openTotal).toBe(2_050n);
    const closed = await bench.import(short, { asOf, fullList: true });
    expect(closed.closing).toEqual({ listed: 20, missing: 2, closed: 2 });
    expect(bench.factsOf("C-20").openTotal).toBe(0n);
    expect(bench.factsOf("C-1").openTotal).toBe(650n);
    // It is on the list again: it was never paid.
    await bench.import(bench.write("a.csv", invoices(20)), { asOf: asOf + DAY });
    expect(bench.factsOf("C-20").openTotal).toBe(2_050n);
  });

  test("refuse to close many at once, unless the very number is confirmed", async () => {
    await bench.import(bench.write("a.csv", invoices(60)));
    const asOf = Date.UTC(2026, 0, 20);
    const half = bench.write("b.csv", invoices(30));
    const refused = await bench.import(half, { asOf, fullList: true });
    expect(refused).toMatchObject({ state: "refused", refusal: { code: "list_closes_too_many" } });
    expect(refused.refusal?.detail).toMatch(/--confirm-closing 30/);
    expect(bench.factsOf("C-60").openTotal).toBe(6_050n);
    expect(await bench.import(half, { asOf, fullList: true, confirmClosing: 29 })).toMatchObject({
      state: "refused",
    });
    const done = await bench.import(half, { asOf, fullList: true, confirmClosing: 30 });
    expect(done.closing?.closed).toBe(30);
  });

  test("refuse when the list is older than one that was applied, or a number cannot be read", async () => {
    await bench.import(bench.write("a.csv", invoices(20)), { asOf: Date.UTC(2026, 0, 20) });
    const older = await bench.import(bench.write("b.csv", invoices(19)), {
      asOf: Date.UTC(2026, 0, 19),
      fullList: true,
    });
    expect(older.refusal?.code).toBe("feed_older");
    const unreadable = bench.write("c.csv", `${invoices(19)};C-20;Eva;+491701234567;1.00;EUR;2026-02-01\n`);
    const refused = await bench.import(unreadable, {
      asOf: Date.UTC(2026, 0, 21),
      fullList: true,
      skipRefused: true,
    });
    expect(refused.refusal?.code).toBe("list_incomplete");
    expect(bench.db.sql("select count(*) from receivable where state = 'absent'").pluck().get()).toBe(0);
  });
});
