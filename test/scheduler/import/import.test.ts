/** Lists into the ledger: first to look at, then all of it or nothing; the same list twice changes nothing. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileReader } from "#scheduler/import/read-file.ts";
import type { ImportReport } from "#scheduler/import/report.ts";
import { directReader, HEADER, type ImportBench, invoices, openImportBench, refusalOf } from "./support.ts";

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

const DAY = 86_400_000;

/** Everything but the trail and the records of imports. */
function picture(): unknown {
  const tables = ["debtor", "contact_point", "dunning_case", "receivable", "ledger_entry", "posting", "feed"];
  return tables.map((table) => bench.db.sql(`select * from ${table} order by 1, 2`).all());
}

function events(): number {
  return bench.db.sql("select count(*) from event").pluck().get() as number;
}

function list(...rows: string[]): string {
  return bench.write("list.csv", [HEADER, ...rows, ""].join("\n"));
}

describe("a list of invoices", () => {
  test("a dry run says what would happen and writes nothing; applying it does just that", async () => {
    const path = bench.write("list.csv", invoices(30));
    const before = picture();
    const dry = await bench.rows(path, { mode: "dry-run" });
    expect(dry.report.state).toBe("checked");
    expect(picture()).toEqual(before);
    const applied = await bench.rows(path);
    expect(applied.rows).toEqual(dry.rows);
    expect(applied.report.counts).toMatchObject({ rows: 30, created: 30, refused: 0 });
    expect(bench.factsOf("C-3").openTotal).toBe(350n);
    expect(bench.factsOf("C-3").contactPoints[0]?.number).toBe("+491701000002");
  });

  test("the same list twice changes nothing: no row, no event, no case made due", async () => {
    const path = bench.write("list.csv", invoices(30));
    await bench.import(path);
    const [after, trail] = [picture(), events()];
    const again = await bench.import(path);
    expect(again.counts).toMatchObject({ rows: 30, unchanged: 30, created: 0, updated: 0 });
    expect(picture()).toEqual(after);
    // The end of the import itself is told; nothing else is.
    expect(events()).toBe(trail + 1);
  });

  test("one wrong row keeps all of them out, unless it is left out on purpose", async () => {
    const path = list(
      "INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01",
      "INV-2;C-2;Jan;+491701234568;ten;EUR;2026-02-01",
    );
    const refused = await bench.import(path);
    expect(refused).toMatchObject({ state: "refused", refusal: { code: "rows_refused" } });
    expect(bench.db.sql("select count(*) from debtor").pluck().get()).toBe(0);
    const skipped = await bench.import(path, { skipRefused: true });
    expect(skipped).toMatchObject({ state: "applied", counts: { created: 1, refused: 1 } });
  });

  test("what the ledger itself would refuse keeps all rows out as well", async () => {
    await bench.import(list("INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01"));
    const payments = bench.write(
      "paid.csv",
      "Invoice;Customer number;Amount;Currency;Payment date\nINV-1;C-1;4.00;EUR;2026-02-02\nINV-1;C-9;4.00;EUR;2026-02-02\n",
    );
    await bench.import(list("INV-9;C-9;Jan;+491701234569;10.00;EUR;2026-02-01"), { source: "other" });
    const report = await bench.import(payments, { source: "bank" });
    expect(report.state).toBe("refused");
    expect(report.problems[0]).toMatchObject({
      row: 3,
      problems: [{ detail: expect.stringMatching(/another debtor/) }],
    });
    expect(bench.factsOf("C-1").openTotal).toBe(1_000n);
  });

  test("changes are shown with what was and what will be", async () => {
    await bench.import(list("INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01"));
    const { rows } = await bench.rows(list("INV-1;C-1;Eva M;+491701234560;12.50;EUR;2026-02-08"), {
      mode: "dry-run",
    });
    expect(rows[0]).toMatchObject({
      action: "updated",
      what: "receivable INV-1",
      changes: expect.arrayContaining([
        { field: "customer name", from: "Eva", to: "Eva M" },
        { field: "principal", from: "10.00", to: "12.50" },
        { field: "dueDate", from: "2026-02-01", to: "2026-02-08" },
      ]),
    });
    await bench.import(list("INV-1;C-1;Eva M;+491701234560;12.50;EUR;2026-02-08"));
    const facts = bench.factsOf("C-1");
    expect(facts.contactPoints.map((point) => point.number)).toEqual(["+491701234560"]);
    expect(facts.receivables[0]?.dueDateSequence).toBe(1);
  });

  test("an older list overwrites nothing that a newer one has said", async () => {
    const newer = Date.UTC(2026, 0, 10);
    await bench.import(list("INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01"), { asOf: newer });
    const report = await bench.import(list("INV-1;C-1;Eva;+491701234567;99.00;EUR;2026-02-01"), {
      asOf: newer - DAY,
    });
    expect(report.counts.stale).toBe(1);
    expect(bench.factsOf("C-1").openTotal).toBe(1_000n);
  });

  test("copies, totals, blank rows and repeated headers are no invoices", async () => {
    const row = "INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01";
    const { rows, report } = await bench.rows(list(row, "", row, HEADER, ";;;Total;10.00;;", ";;;;;;"));
    expect(rows.map((one) => [one.row, one.action])).toEqual([
      [2, "created"],
      [4, "ignored"],
      [5, "ignored"],
      [6, "ignored"],
    ]);
    expect(report.state).toBe("applied");
  });

  test("a customer's further rows add numbers, and the first word on the rest counts", async () => {
    const { report } = await bench.rows(
      list(
        "INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01",
        "INV-2;C-1;Eva Muster;+491701234568;10.00;EUR;2026-02-01",
      ),
    );
    expect(report.problems[0]?.warnings[0]?.detail).toMatch(/Row 2 says other things/);
    const facts = bench.factsOf("C-1");
    expect(facts.debtor.name).toBe("Eva");
    expect(facts.contactPoints.map((point) => point.number)).toEqual(["+491701234567", "+491701234568"]);
    expect(facts.openTotal).toBe(2_000n);
  });

  test("credit notes stand in lists of open items as negative amounts", async () => {
    await bench.import(
      list(
        "INV-1;C-1;Eva;+491701234567;10.00;EUR;2026-02-01",
        "CN-1;C-1;Eva;+491701234567;-4.00;EUR;2026-02-01",
      ),
    );
    expect(bench.factsOf("C-1").openTotal).toBe(600n);
  });

  test("numbers that a spreadsheet has mangled are put right, or named", async () => {
    const { report } = await bench.rows(
      list(
        "INV-1;C-1;Eva;491701234567;10.00;EUR;2026-02-01",
        "INV-2;C-2;Jan;4.91702E+11;10.00;EUR;2026-02-01",
        "INV-3;C-3;Ana;030 1234567;10.00;EUR;2026-02-01",
        "INV-4;C-4;Tom;0170/1234567 ; 0171 7654321;10.00;EUR;2026-02-01".replace(" ; ", ","),
      ),
    );
    expect(bench.factsOf("C-1").contactPoints[0]?.number).toBe("+491701234567");
    expect(report.problems.map((row) => row.warnings[0]?.detail)).toEqual([
      expect.stringMatching(/shortened by a spreadsheet/),
    ]);
    expect(bench.factsOf("C-3").contactPoints[0]?.channel).toBe("phone");
    expect(bench.factsOf("C-4").contactPoints.map((point) => point.number)).toEqual([
      "+491701234567",
      "+491717654321",
    ]);
  });
});

describe("cancelling", () => {
  test("while checking nothing was written; while applying it can be run again for the rest", async () => {
    const path = bench.write("a.csv", invoices(2_600));
    const checking = new AbortController();
    const early = await bench.import(path, { signal: checking.signal, onProgress: () => checking.abort() });
    expect(early.state).toBe("cancelled");
    expect(bench.db.sql("select count(*) from receivable").pluck().get()).toBe(0);
    const applying = new AbortController();
    const late = await bench.import(path, {
      signal: applying.signal,
      onProgress: ({ phase }) => phase === "applying" && applying.abort(),
    });
    expect(late.state).toBe("cancelled");
    const written = bench.db.sql("select count(*) from receivable").pluck().get() as number;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(2_600);
    expect(bench.db.sql("select count(*) from feed").pluck().get()).toBe(0);
    const rest: ImportReport = await bench.import(path);
    expect(rest.counts).toMatchObject({ created: 2_600 - written, unchanged: written });
  });
});

test("whatever the rows are, applying does what the dry run said, and doing it again does nothing", async () => {
  const cell = (...values: string[]) => fc.constantFrom(...values);
  const row = fc.tuple(
    cell("INV-1", "INV-2", "INV-3", "INV-4", ""),
    cell("C-1", "C-2", "C-3", ""),
    cell("Eva", "Jan", "=1+1"),
    cell("+491701234567", "+34612345678", "+491701234567, +34612345678", "12", ""),
    cell("10.00", "20.50", "0.00", "-5.00", "x"),
    cell("EUR", "USD", "XYZ", ""),
    cell("2026-02-01", "2026-02-15", "2026-02-31", ""),
    cell("yes", "no", ""),
  );
  const lists = fc.array(fc.array(row, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(lists, async (files) => {
      bench.close();
      bench = await openImportBench();
      for (const [i, rows] of files.entries()) {
        const text = [`${HEADER};Consent`, ...rows.map((cells) => cells.join(";")), ""].join("\n");
        const path = bench.write("list.csv", text);
        const asOf = Date.UTC(2026, 0, 10 + i);
        const options = { asOf, skipRefused: true, styles: { decimal: "point" as const } };
        const dry = await bench.rows(path, { ...options, mode: "dry-run" });
        const done = await bench.rows(path, options);
        expect(done.rows).toEqual(dry.rows);
        const after = picture();
        const again = await bench.rows(path, options);
        expect(again.report.counts.created + again.report.counts.updated).toBe(0);
        expect(picture()).toEqual(after);
      }
    }),
    { numRuns: 25 },
  );
});

test("what is written is what was checked, whatever becomes of the file meanwhile", async () => {
  const path = bench.write("a.csv", invoices(20));
  const report = await bench.import(path, {
    onProgress: ({ phase }) => phase === "checking" && bench.write("a.csv", "gone"),
  });
  expect(report).toMatchObject({ state: "applied", counts: { created: 20 } });
});

test("a file that is another one than the one that was looked at is refused", async () => {
  const path = bench.write("a.csv", invoices(20));
  const reader: FileReader = {
    async open(...args) {
      const list = await directReader.open(...args);
      bench.write("a.csv", invoices(21));
      return list;
    },
  };
  const careless = await openImportBench(reader);
  const refusal = await refusalOf(careless.import(path));
  expect(refusal).toMatchObject({ code: "file_changed" });
  expect(careless.db.sql("select count(*) from import_run").pluck().get()).toBe(0);
  careless.close();
});
