/** Lists of payments, and how the columns of any list are understood. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HEADER, type ImportBench, invoices, openImportBench } from "./support.ts";

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

describe("lists of payments", () => {
  const header = "Invoice;Customer number;Amount;Currency;Payment date";
  const payments = (...rows: string[]) => bench.write("paid.csv", [header, ...rows, ""].join("\n"));

  beforeEach(() => bench.import(bench.write("a.csv", invoices(3))));

  test("rows without a number of their own are known again; two equal ones are two payments", async () => {
    const path = payments(
      "INV-2;;1.00;EUR;2026-02-01",
      "INV-2;;1.00;EUR;2026-02-01",
      ";C-3;0.50;EUR;2026-02-01",
    );
    const dry = await bench.rows(path, { source: "bank", mode: "dry-run" });
    const first = await bench.rows(path, { source: "bank" });
    expect(first.rows).toEqual(dry.rows);
    expect(first.report.header.carries).toBe("payments");
    expect(bench.factsOf("C-2").openTotal).toBe(50n);
    expect(bench.factsOf("C-3").openTotal).toBe(300n);
    const again = await bench.import(path, { source: "bank" });
    expect(again.counts).toMatchObject({ unchanged: 3 });
    expect(bench.factsOf("C-2").openTotal).toBe(50n);
  });

  test("a reversed payment counts nothing", async () => {
    const own = "Payment id;Invoice;Amount;Currency;Payment date;Reversed";
    const at = (reversed: string) =>
      bench.write("p.csv", `${own}\nP1;INV-2;2.50;EUR;2026-02-01;${reversed}\n`);
    await bench.import(at("no"), { source: "bank" });
    expect(bench.factsOf("C-2").case.settledAs).toBe("paid");
    await bench.import(at("yes"), { source: "bank", asOf: Date.UTC(2026, 0, 20) });
    expect(bench.factsOf("C-2").openTotal).toBe(250n);
  });

  test("how far the feed reaches is known once the list is applied", async () => {
    const asOf = Date.UTC(2026, 0, 15, 18);
    await bench.import(payments("INV-1;;0.10;EUR;2026-01-15"), { source: "bank", asOf });
    expect(bench.factsOf("C-1").feeds).toEqual(
      expect.arrayContaining([expect.objectContaining({ source: "bank", carries: "payments", asOf })]),
    );
  });
});

test("a list with rows left out does not say that all payments are known", async () => {
  await bench.import(bench.write("a.csv", invoices(3)));
  const text = "Invoice;Amount;Currency;Payment date\nINV-1;0.10;EUR;2026-01-15\nINV-2;x;EUR;2026-01-15\n";
  const report = await bench.import(bench.write("p.csv", text), { source: "bank", skipRefused: true });
  expect(report).toMatchObject({ state: "applied", counts: { created: 1, refused: 1 } });
  expect(bench.factsOf("C-1").feeds.some((feed) => feed.carries === "payments")).toBe(false);
});

describe("mapping", () => {
  const odd = (column: string) =>
    bench.write("odd.csv", `Belegchen;${column};Amount;Currency;Due date\nX1;C-1;12.00;EUR;2026-02-01\n`);

  test("what was said by hand is remembered for the source, once it was applied", async () => {
    const map = { Belegchen: "invoice", Who: "debtor" };
    await expect(bench.import(odd("Who"))).rejects.toMatchObject({ code: "column_missing" });
    await bench.import(odd("Who"), { map, mode: "dry-run" });
    await expect(bench.import(odd("Who"))).rejects.toMatchObject({ code: "column_missing" });
    await bench.import(odd("Who"), { map });
    const again = await bench.import(odd("Who"));
    expect(again.counts.unchanged).toBe(1);
    expect(again.header.columns[0]).toMatchObject({ field: "invoice", by: "remembered" });
    await expect(bench.import(odd("Who"), { source: "another" })).rejects.toMatchObject({
      code: "column_missing",
    });
  });

  test("amounts that could be either are refused until somebody says it, and then remembered", async () => {
    const either = bench.write("e.csv", `${HEADER}\nINV-1;C-1;Eva;+491701234567;1.234;EUR;2026-02-01\n`);
    await expect(bench.import(either)).rejects.toMatchObject({ code: "style_unclear" });
    await bench.import(either, { styles: { decimal: "comma" } });
    expect(bench.factsOf("C-1").openTotal).toBe(123_400n);
    expect((await bench.import(either)).counts.unchanged).toBe(1);
  });

  test("a currency that was said once holds for every later list of the source", async () => {
    const list = "Invoice;Customer number;Amount;Due date\nP1;C-1;12.50;2026-02-01\n";
    const plain = bench.write("p.csv", list);
    await bench.import(plain, { styles: { currency: "USD" } });
    expect((await bench.import(plain)).counts).toMatchObject({ unchanged: 1, updated: 0 });
    expect((await bench.import(plain)).counts).toMatchObject({ unchanged: 1, updated: 0 });
    expect(bench.factsOf("C-1", "USD").openTotal).toBe(1_250n);
  });

  const day = (text: string) =>
    bench.write("d.csv", `${HEADER}\nINV-1;C-1;Eva;+491701234567;1.00;EUR;${text}\n`);

  test("days that leave no doubt teach nothing about days that do", async () => {
    // Canada writes both ways.
    const creditor = { ...bench.creditor, jurisdiction: "CA" };
    await bench.import(day("2026-02-01"), { creditor });
    await expect(bench.import(day("03/04/2026"), { creditor })).rejects.toMatchObject({
      code: "style_unclear",
    });
    await bench.import(day("03/04/2026"), { creditor, styles: { dates: "mdy" } });
    await bench.import(day("2026-02-01"), { creditor });
    await bench.import(day("05/04/2026"), { creditor });
    expect(bench.factsOf("C-1").receivables[0]?.dueDate).toBe("2026-05-04");
  });

  test("how a source writes its days weighs more than how its country does; the days themselves most", async () => {
    await bench.import(day("03/04/2026"));
    expect(bench.factsOf("C-1").receivables[0]?.dueDate).toBe("2026-04-03");
    await bench.import(day("03/25/2026"));
    await bench.import(day("03/04/2026"));
    expect(bench.factsOf("C-1").receivables[0]?.dueDate).toBe("2026-03-04");
    await bench.import(day("25/03/2026"));
    expect(bench.factsOf("C-1").receivables[0]?.dueDate).toBe("2026-03-25");
  });
});
