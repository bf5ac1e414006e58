/** The demo's files are in order: the importer takes them, and the story speaks of customers that exist. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEMO_START, loadInvoices, readInvoices, readStory } from "#scheduler/demo/load.ts";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { createLedger } from "#scheduler/ledger/ledger.ts";
import { systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";
import { MIGRATIONS } from "#test/support/scheduler-rig.ts";

test("200 debtors in four countries, one disputed, each with a number and a case", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-demo-files-"));
  const db = new Database({ path: join(folder, "scheduler.db"), migrations: MIGRATIONS });
  try {
    const clock = new SimulatedClock(DEMO_START);
    const ids = createIds(clock, seededRandom(1));
    const ledger = createLedger({ db, random: seededRandom(2), ids });
    await loadInvoices({
      db,
      ledger,
      clock,
      zones: createZones(),
      ids,
      reader: createGuardedReader(systemClock),
    });
    const count = (sql: string): unknown => db.sql(sql).pluck().get();
    expect(count("select count(*) from dunning_case")).toBe(200);
    expect(count("select count(*) from contact_point where channel = 'sms'")).toBe(200);
    expect(db.sql("select distinct jurisdiction from debtor order by 1").pluck().all()).toEqual([
      "DE",
      "ES",
      "FR",
      "GB",
    ]);
    expect(count("select count(*) from receivable where disputed = 1")).toBe(1);
    const known = new Set(readInvoices().map(({ customer }) => customer));
    const story = readStory();
    expect(story.filter(({ customer }) => !known.has(customer))).toEqual([]);
    expect(new Set(story.map(({ what }) => what))).toEqual(new Set(["pay", "reply", "dead"]));
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
