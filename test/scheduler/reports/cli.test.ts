/** `dunlin explain`, `run --dry-run`, `report` and `forecast` on a database that a service left behind. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { runSchedulerCli } from "#test/support/scheduler-cli.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

/** Before the contact hours of a Tuesday in Madrid. */
const NOW = Date.UTC(2026, 2, 3, 6, 0);
const OPEN = "2026-03-03T10:00:00Z";
let folder: string;
let code: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-look-"));
  mkdirSync(join(folder, "var"));
  writeFileSync(join(folder, "s.toml"), `dataDir = "${join(folder, "var")}"\n[cost]\nsegment = "0.06"\n`);
  const settings = SchedulerSettings.parse({
    dataDir: join(folder, "var"),
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  const clock = new SimulatedClock(NOW);
  const scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
  const creditor = await openBooks(scheduler, NOW);
  await invoice(scheduler, creditor, { name: "ana", number: "+34600123450", dueDate: "2026-03-06" }, NOW);
  await invoice(scheduler, creditor, { name: "eva", number: "+34600123451", dueDate: "2026-06-30" }, NOW);
  await scheduler.engine.runner.tick();
  code = scheduler.db.sql("select code from dunning_case order by id").pluck().get() as string;
  await scheduler.stop();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dunlin = (name: string, ...args: string[]) =>
  runSchedulerCli(name, "--config", join(folder, "s.toml"), ...args);

describe("explain", () => {
  test("a day: what was decided, with the rule that moved it", async () => {
    const { code: exit, out } = await dunlin("explain", code, "--day", "2026-03-03");
    expect([exit, out]).toEqual([0, expect.stringMatching(/2026-03-03\) {2}wait: contact hours open at/)]);
    expect(out).toMatch(/passed {3}step\.preventive[\s\S]*blocked {2}(house|policy)\.hours/);
  });

  test("a later day: what held as it began; an earlier one: nothing", async () => {
    expect((await dunlin("explain", code, "--day", "2026-03-04")).out).toMatch(/wait: contact hours/);
    expect((await dunlin("explain", code, "--day", "2026-03-01")).out).toMatch(/Nothing was decided/);
  });

  test("by the number of the customer or of the invoice, as an office knows them", async () => {
    for (const name of ["ana", "inv-ana"])
      expect((await dunlin("explain", name, "--day", "2026-03-03")).out).toContain(`Case ${code}, stage`);
  });

  test("no such case, and no such day", async () => {
    expect(await dunlin("explain", "0000-0000")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^There is no case 0000-0000, and no customer/),
    });
    expect((await dunlin("explain", code, "--day", "3.3.2026")).err).toMatch(/YYYY-MM-DD/);
  });
});

describe("run", () => {
  test("--at TIME --dry-run shows what would leave, and sends nothing", async () => {
    const { code: exit, out } = await dunlin("run", "--at", OPEN, "--dry-run");
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`${code} +preventive +1 +"preventive" speaks now`));
    expect(out).toMatch(/At 2026-03-03T10:00:00\.000Z: send 1, wait 1\. Nothing was sent\./);
    const before = await dunlin("run", "--at", "2026-03-03T06:00:00Z", "--dry-run", "--json");
    expect(JSON.parse(before.out)).toMatchObject({ counts: { wait: 2 }, send: [] });
  });

  test("without --dry-run it says who sends", async () => {
    expect(await dunlin("run")).toMatchObject({ code: 1, err: expect.stringMatching(/Add --dry-run/) });
  });
});

test("reports and forecasts come as tables, JSON and CSV", async () => {
  const span = ["--from", "2026-03-01", "--until", "2026-03-31"];
  expect((await dunlin("report", "aging", ...span)).out).toMatch(/acme +EUR +1-30 +no +1 +120\.50/);
  const { rows } = JSON.parse((await dunlin("report", "aging", ...span, "--json")).out);
  expect(rows).toHaveLength(2);
  expect((await dunlin("report", "cost", ...span, "--csv")).out).toMatch(/^\ufeffcurrency,messages,/);
  expect((await dunlin("report", "aging", "--from", "March")).err).toMatch(/YYYY-MM-DD/);
  const forecast = JSON.parse((await dunlin("forecast", "--days", "3", "--json")).out);
  expect(forecast.cases).toBe(2);
  expect((await dunlin("forecast", "--days", "3", "--per-case", "--csv")).out).toMatch(
    /^\ufeffat,day,case,debtor,step/,
  );
});
