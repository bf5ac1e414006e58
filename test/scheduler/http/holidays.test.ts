/** The table of holidays over HTTP: what is in it decides, at once, and it is people's to edit. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const NOW = Date.UTC(2026, 2, 3, 9, 0);
let folder: string;
let scheduler: RunningScheduler;
let key: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-holidays-"));
  const settings = SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  const clock = new SimulatedClock(NOW);
  scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
  key = (await scheduler.createKey("office", ["admin"])).text;
});

afterAll(async () => {
  await scheduler.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Table {
  readonly onFile: boolean;
  readonly days: { readonly date: string; readonly name: string; readonly source: string }[];
  readonly removed: { readonly date: string; readonly source: string }[];
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(new URL(`/v1/holidays/${path}`, scheduler.address), { method, headers, ...sent });
}

async function table(method: string, path: string, body?: unknown): Promise<Table> {
  const answer = await call(method, path, body);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Table;
}

const datesOf = (days: readonly { readonly date: string }[]): string[] => days.map(({ date }) => date);

test("this year is seeded before the first decision", async () => {
  const { onFile, days } = await table("GET", "ES/2026");
  expect(onFile).toBe(true);
  expect(days).toContainEqual(expect.objectContaining({ date: "2026-12-25", source: "seed" }));
});

test("a day is added, named anew and taken out; each says who did it", async () => {
  const added = await table("PUT", "ES/2026/06-10", { name: "Fiesta local" });
  expect(added.days).toContainEqual(
    expect.objectContaining({ date: "2026-06-10", name: "Fiesta local", source: "key:office" }),
  );
  const again = await table("PUT", "ES/2026/06-10", { name: "Fiesta local" });
  expect(again).toEqual(added);
  const removed = await table("DELETE", "ES/2026/06-10");
  expect(datesOf(removed.days)).not.toContain("2026-06-10");
  expect(removed.removed).toEqual([expect.objectContaining({ date: "2026-06-10", source: "key:office" })]);
  expect((await call("DELETE", "ES/2026/06-10")).status).toBe(404);
});

test("a year that nobody knows is filled in as a whole", async () => {
  expect(await table("GET", "AQ/2026")).toMatchObject({ onFile: false, days: [] });
  const days = [{ date: "2026-06-21", name: "Midwinter" }];
  expect(await table("PUT", "AQ/2026", { days })).toMatchObject({ onFile: true, days });
  const emptied = await table("PUT", "AQ/2026", { days: [] });
  expect([emptied.onFile, emptied.days, datesOf(emptied.removed)]).toEqual([true, [], ["2026-06-21"]]);
});

test("an edit holds at once: a text that was for today is not for today any more", async () => {
  const creditor = await openBooks(scheduler, NOW);
  await invoice(scheduler, creditor, { name: "eva", number: "+34600123451", dueDate: "2026-02-20" }, NOW);
  const id = scheduler.db.sql("select max(id) from dunning_case").pluck().get() as number;
  const decided = () => {
    const facts = scheduler.brain.facts(id, NOW);
    if (facts === undefined) throw new Error("the case is gone");
    return scheduler.brain.decide(facts, NOW);
  };
  expect(decided().kind).toBe("send");
  await table("PUT", "ES/2026/03-03", { name: "Today" });
  const decision = decided();
  expect(decision.kind).toBe("wait");
  expect(JSON.stringify(decision.explanation)).toMatch(/holiday|hours/);
  await table("DELETE", "ES/2026/03-03");
  expect(decided().kind).toBe("send");
});

test.each([
  ["a place in words", "GET", "Spain/2026", undefined, /ISO 3166/],
  ["a day that is none", "PUT", "ES/2026/02-30", { name: "x" }, /There is no 2026-02-30/],
  ["another year's day", "PUT", "ES/2026", { days: [{ date: "2027-01-01", name: "x" }] }, /no day of 2026/],
  [
    "a day that stands there twice",
    "PUT",
    "ES/2026",
    {
      days: [
        { date: "2026-01-01", name: "x" },
        { date: "2026-01-01", name: "y" },
      ],
    },
    /twice/,
  ],
])("%s is refused", async (_what, method, path, body, why) => {
  const answer = await call(method, path, body);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toMatch(why);
});
