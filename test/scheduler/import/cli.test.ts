/** `dunlin import` as a person types it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Database } from "#shared/sqlite.ts";
import { invoices } from "./support.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-import-cli-"));
  writeFileSync(join(folder, "list.csv"), invoices(5));
  utimesSync(join(folder, "list.csv"), 1_770_000_000, 1_770_000_000);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function dunlin(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = resolve("bin/dunlin.js");
  return new Promise((done) => {
    execFile(process.execPath, [program, "import", ...args], { cwd: folder }, (error, out, err) =>
      done({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
  });
}

function count(table: string): number {
  const db = new Database({ path: join(folder, "var", "scheduler.db"), readonly: true });
  const rows = db.connection.prepare(`select count(*) from ${table}`).pluck().get() as number;
  db.close();
  return rows;
}

test("from the first look to the second import", async () => {
  const nobody = await dunlin("list.csv");
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringMatching(/no creditor yet.*--creditor/)]);
  const maker = ["--creditor", "acme", "--name", "Acme GmbH", "--country", "DE", "--pay", "EUR=IBAN DE02"];
  const look = await dunlin("list.csv", ...maker);
  expect(look.code).toBe(0);
  expect(look.out).toMatch(/A +Invoice number +number of the invoice +name/);
  expect(look.out).toMatch(/5 rows: 5 would be created/);
  expect(look.out).toMatch(/Nothing was written/);
  expect(count("creditor")).toBe(0);
  const done = await dunlin("list.csv", ...maker, "--apply", "--report", "rows.csv");
  expect([done.code, done.err]).toEqual([0, ""]);
  expect(done.out).toMatch(/Applied\./);
  expect(count("receivable")).toBe(5);
  expect(readFileSync(join(folder, "rows.csv"), "utf8")).toMatch(/2,created,receivable INV-1/);
  const again = await dunlin("list.csv", "--apply", "--json");
  expect(JSON.parse(again.out)).toMatchObject({
    state: "applied",
    counts: { unchanged: 5 },
    asOf: 1_770_000_000_000,
  });
}, 60_000);

test("a list that is wrong ends with 1, says where, and writes nothing", async () => {
  writeFileSync(join(folder, "bad.csv"), `${invoices(1)}INV-9;C-9;Eva;+491701234567;ten;EUR;2026-02-01\n`);
  const before = count("event");
  const bad = await dunlin("bad.csv", "--apply");
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/row 3 \(receivable INV-9\): \[E\] The amount is not an amount/);
  writeFileSync(join(folder, "nul.csv"), "a;b\n1;\u00002\n");
  const broken = await dunlin("nul.csv", "--apply");
  expect([broken.code, broken.err]).toEqual([1, expect.stringMatching(/nul.csv: Row 2: .*NUL/)]);
  expect((await dunlin("none.csv")).err).toMatch(/no such file/);
  expect((await dunlin("list.csv", "--map", "Amount=sum")).err).toMatch(/the fields are listed/);
  expect(count("event")).toBe(before);
}, 60_000);

test("who collects for others is told what their policy must begin with", async () => {
  const maker = ["--creditor", "hansa", "--name", "Hansa", "--country", "DE", "--role", "collector"];
  const done = await dunlin("list.csv", ...maker, "--apply");
  expect(done.code).toBe(0);
  expect(done.err).toMatch(/Hansa collects for others.*policies assign collection-agency --creditor hansa/);
  expect(count("creditor where role = 'collector'")).toBe(1);
});
