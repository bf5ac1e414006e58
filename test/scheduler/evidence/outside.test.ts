/** What a person sees of the evidence: at the terminal, over HTTP, and in a file that goes elsewhere. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { createEvidence, headOf } from "#scheduler/evidence/store.ts";
import { startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";
import { runSchedulerCli } from "#test/support/scheduler-cli.ts";
import { MIGRATIONS } from "#test/support/scheduler-rig.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const NOW = Date.UTC(2026, 2, 3, 6, 0);
let folder: string;
let ana: string;
let eva: string;

const settings = () =>
  SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
const start = () =>
  startScheduler(settings(), { clock: new SimulatedClock(NOW), random: seededRandom(3), log: silentLogger });
const dunlin = (...args: string[]) =>
  runSchedulerCli("evidence", "--config", join(folder, "s.toml"), ...args);

/** Two debtors in turn: said of the one, of the other, of the one. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-evidence-"));
  writeFileSync(join(folder, "s.toml"), `dataDir = "${folder}"\n`);
  const scheduler = await start();
  const creditor = await openBooks(scheduler, NOW);
  for (const [i, name] of ["ana", "eva"].entries())
    await invoice(scheduler, creditor, { name, number: `+3460012345${i}`, dueDate: "2026-03-06" }, NOW);
  const { db } = scheduler;
  [ana, eva] = db.sql("select code from dunning_case order by id").pluck().all() as [string, string];
  const evidence = createEvidence(db, seededRandom(5));
  await db.write(() => {
    for (const [caseCode, text] of [
      [eva, "¡Hola, Eva!"],
      [ana, "Hola, Ana €"],
      [eva, "Adiós, Eva"],
      [ana, "Adiós, Ana"],
    ] as const)
      evidence.witness({ kind: "message.decided", caseCode, occurrenceKey: "occ_1", details: { text } }, NOW);
  });
  await scheduler.stop();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function withDatabase<T>(work: (db: Database) => T): T {
  const db = new Database({ path: join(folder, "scheduler.db"), migrations: MIGRATIONS });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

describe("a file", () => {
  async function exported(): Promise<{ path: string; text: string }> {
    const path = join(folder, "ana.json");
    expect(await dunlin("export", ana.toLowerCase(), "--out", path)).toMatchObject({ code: 0, err: "" });
    return { path, text: readFileSync(path, "utf8") };
  }

  test("holds by itself, and shows of others nothing but seals", async () => {
    const { path, text } = await exported();
    expect(text).toContain("Adiós, Ana");
    expect(text).toMatch(/not a qualified electronic registered delivery service/);
    for (const secret of ["Eva", eva]) expect(text).not.toContain(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(join(folder, "scheduler.db"));
    const said = await dunlin("verify", path);
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toMatch(/3 events.*shows 2 of them/);
  });

  test.each([
    ["a text", (text: string) => text.replace("Adiós, Ana", "Adiós, ana"), "event 4 is altered"],
    [
      "the time of an event",
      (text: string) => text.replace(/06:00(.*message")/, "06:01$1"),
      "event 2 is altered",
    ],
    ["another seal", (text: string) => text.replace(/("seal":")\w{4}/, "$1dead"), "event 3 is altered"],
    ["what is no seal", (text: string) => text.replace(/"seal":"./, '"seal":"g'), "no exported evidence"],
    ["a line taken out", (text: string) => text.replace(/\n.*"seal".*/, ""), "event 3 is missing"],
    [
      "the last line taken out",
      (text: string) => text.replace(/,\n[^\n]*\n {2}\]/, "\n  ]"),
      "event 4 is truncated",
    ],
    ["the salt", (text: string) => text.replace(/,"salt":"\w+"/, ""), "event 2 is altered"],
  ])("changed (%s) is told with the place, and exit code 1", async (_name, change, wanted) => {
    const { path, text } = await exported();
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(path, changed);
    expect(await dunlin("verify", path)).toMatchObject({ code: 1, err: expect.stringContaining(wanted) });
  });

  test("is not written over, and none is made of a case without evidence", async () => {
    const { path, text } = await exported();
    expect(await dunlin("export", eva, "--out", path)).toMatchObject({ code: 1 });
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(await dunlin("export", "AAAA-0000", "--out", join(folder, "no.json"))).toMatchObject({ code: 1 });
    expect(existsSync(join(folder, "no.json"))).toBe(false);
  });
});

describe("the terminal", () => {
  test("shows when, what and the digest", async () => {
    const { out, code } = await dunlin("show", ana);
    expect(code).toBe(0);
    expect(out).toMatch(/2026-03-03T06:00:00\.000Z {2}message\.decided {2}[0-9a-f]{64} {2}kept/);
    expect(JSON.parse((await dunlin("show", ana, "--json")).out)).toHaveLength(2);
    expect(await dunlin("show", "AAAA-0000")).toMatchObject({ code: 1 });
  });

  test("verifies the database's chain, also against a head that was kept", async () => {
    const { out, code } = await dunlin("verify");
    expect([code, out]).toEqual([0, expect.stringMatching(/4 events, the details of 0 are erased/)]);
    const [head] = /4:[0-9a-f]{64}/.exec(out) ?? [];
    expect((await dunlin("verify", "--head", String(head))).code).toBe(0);
    const other = `4:${"0".repeat(64)}`;
    expect(await dunlin("verify", "--head", other)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/event 4 is altered/),
    });
    const longer = `9:${"0".repeat(64)}`;
    expect(await dunlin("verify", "--head", longer)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/event 5 is truncated/),
    });
    withDatabase(({ connection }) => {
      connection.exec(
        "drop trigger evidence_event_fixed; update evidence_event set at = 1 where sequence = 3",
      );
    });
    expect(await dunlin("verify")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/event 3 is altered/),
    });
  });

  test("erases a debtor after a yes, and the octets are gone from the file", async () => {
    expect(await dunlin("erase", "ana")).toMatchObject({ code: 1, out: expect.stringContaining("--yes") });
    expect((await dunlin("verify")).out).toContain("details of 0 are erased");
    expect(await dunlin("erase", "nobody", "--yes")).toMatchObject({ code: 1 });
    expect(await dunlin("erase", "ana", "--yes")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/details of 2 events/),
    });
    expect((await dunlin("verify")).out).toMatch(/5 events, the details of 2 are erased/);
    const octets = readFileSync(join(folder, "scheduler.db")).toString("latin1");
    expect(octets).not.toContain(Buffer.from("Adiós, Ana").toString("latin1"));
    expect(octets).toContain(Buffer.from("Adiós, Eva").toString("latin1"));
  });
});

test("over HTTP: a case with its head, and the head alone", async () => {
  const scheduler = await start();
  try {
    const key = (await scheduler.createKey("reader", ["run:read"])).text;
    const call = async (path: string): Promise<[number, unknown]> => {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await fetch(new URL(path, scheduler.address), { headers });
      return [answer.status, await answer.json()];
    };
    const head = headOf(scheduler.db);
    expect(await call("/v1/evidence/head")).toEqual([200, head]);
    const [status, told] = await call(`/v1/evidence/${ana}`);
    expect(status).toBe(200);
    expect(told).toMatchObject({
      case: ana,
      head,
      events: [{ sequence: 2 }, { details: { text: "Adiós, Ana" } }],
    });
    expect((await call("/v1/evidence/AAAA-0000"))[0]).toBe(404);
  } finally {
    await scheduler.stop();
  }
});
