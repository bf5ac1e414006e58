/** A customer with more invoices than a case holds is told before anything is written. */
import { expect, test } from "vitest";
import { RECEIVABLES_PER_CASE_MAX } from "#scheduler/ledger/receivables.ts";
import { receivable } from "#test/scheduler/ledger/support.ts";
import { HEADER, openImportBench } from "./support.ts";

test("the look at the list knows what the case holds already and what the list adds", async () => {
  const bench = await openImportBench();
  try {
    const before = Array.from({ length: 3 }, (_, i) => receivable(`OLD-${i}`, "C-1", 100n));
    await bench.import(bench.write("first.csv", `${HEADER}\nINV-0;C-1;Eva;;1.00;EUR;2026-02-01\n`));
    await bench.put(...before);
    const rows = Array.from(
      { length: RECEIVABLES_PER_CASE_MAX },
      (_, i) => `INV-${i};C-1;Eva;;1.00;EUR;2026-02-01`,
    );
    const path = bench.write(
      "many.csv",
      [HEADER, ...rows, "OTHER;C-2;Jan;;1.00;EUR;2026-02-01", ""].join("\n"),
    );
    const report = await bench.import(path);
    expect(report.state).toBe("refused");
    expect(report.counts).toMatchObject({ unchanged: 1, created: RECEIVABLES_PER_CASE_MAX - 3, refused: 3 });
    expect(report.problems[0]?.problems[0]?.detail).toMatch(/A case holds at most/);
    expect(bench.db.sql("select count(*) from receivable").pluck().get()).toBe(4);
  } finally {
    bench.close();
  }
});
