/** After days of downtime nothing leaves without a yes; it is given at the terminal, and the service goes on. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tasksCommand } from "#scheduler/cli/tasks.ts";
import { SchedulerSettings } from "#scheduler/config.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { runSchedulerCli } from "#test/support/scheduler-cli.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";
import { untilTrue } from "#test/support/until-true.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Before the contact hours of a Tuesday in Madrid. */
const NOW = Date.UTC(2026, 2, 3, 6, 0);
/** Ten days on, in the contact hours. */
const LATER = NOW + 10 * DAY_MS + 4 * HOUR_MS;
/** Enough to be a storm when all are due at once. */
const DEBTORS = 25;
let folder: string;
let scheduler: RunningScheduler;

const start = (now: number): Promise<RunningScheduler> =>
  startScheduler(
    SchedulerSettings.parse({
      dataDir: folder,
      http: { port: 0 },
      gateway: { url: "http://127.0.0.1:9", key: "none" },
    }),
    { clock: new SimulatedClock(now), random: seededRandom(3), log: silentLogger },
  );
const cli = (...args: string[]) => runSchedulerCli(...args, "--config", join(folder, "s.toml"));
const dunlin = (...args: string[]) => cli("tasks", ...args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-catch-up-"));
  writeFileSync(join(folder, "s.toml"), `dataDir = "${folder}"\n`);
  scheduler = await start(NOW);
  const creditor = await openBooks(scheduler, NOW);
  for (let i = 0; i < DEBTORS; i++)
    await invoice(
      scheduler,
      creditor,
      { name: `d${i}`, number: `+346001234${10 + i}`, dueDate: "2026-03-06" },
      NOW,
    );
  await scheduler.engine.runner.tick();
});

afterAll(async () => {
  await scheduler.stop();
  rmSync(folder, { recursive: true, force: true });
});

const gates = () => scheduler.engine.operator.gates(Number.MAX_SAFE_INTEGER).map(({ rule }) => rule);

test("without downtime there is nothing to approve", async () => {
  expect(await dunlin("approve-catch-up")).toEqual({
    code: 1,
    out: "",
    err: "Nothing waits for it: reminders were not stopped after downtime.\n",
  });
  expect((await dunlin("approve-catch-up", "--yes")).code).toBe(1);
});

test("after ten days it says why reminders wait, and changes nothing by saying it", async () => {
  await scheduler.stop();
  scheduler = await start(LATER);
  await untilTrue("it judges its downtime", () => gates().length > 0);
  expect(gates()).toEqual(["catch-up.approval"]);
  expect((await dunlin()).out).toMatch(/approve-catch-up .*away for 10\.2 days, more than/);
  const { code, out } = await dunlin("approve-catch-up");
  expect(code).toBe(0);
  expect(out).toMatch(/^An operator must approve the catch-up: the scheduler was away for 10\.2 days/);
  expect(out).toMatch(/\d+ cases are due to be decided now\.[\s\S]*tasks approve-catch-up --yes\n$/);
  expect(gates()).toEqual(["catch-up.approval"]);
  while ((await scheduler.engine.runner.tick()).more);
  expect((await scheduler.engine.runner.tick()).claimed).toBe(0);
  expect(scheduler.engine.decisions.latest(1, 1)[0]?.detail).toMatch(
    /^An operator must approve the catch-up/,
  );
});

test("after the yes the running service goes on, and the work is done", async () => {
  const { code, out } = await dunlin("approve-catch-up", "--yes");
  expect([code, out]).toEqual([0, "Approved: the service goes on within 1 seconds, if it runs.\n"]);
  expect(gates()).toEqual([]);
  expect(await scheduler.engine.operator.approveCatchUp("key:boss"), "approved already").toBe(false);
  const [closed] = scheduler.engine.tasks.list({ state: "all", kind: "approve-catch-up", limit: 9 });
  expect(closed).toMatchObject({ outcome: expect.stringMatching(/^approved by cli:/) });
  expect((await dunlin("approve-catch-up", "--yes")).err).toMatch(/^Nothing waits for it/);
  // The terminal lives by the machine's clock, this service by a simulated one.
  await scheduler.db.write(() => scheduler.db.sql("update reindex set action_at = ?").run(LATER));
  // No gateway answers here, so they stay ready to leave; while they were held, no tick took them up.
  expect((await scheduler.engine.runner.tick()).claimed).toBe(DEBTORS);
});

test("the help of the work for people leads there", () => {
  const tasks = tasksCommand();
  expect(tasks.helpInformation()).toMatch(/approve-catch-up.*long downtime/);
  const one = tasks.commands.find((command) => command.name() === "approve-catch-up");
  expect(one?.helpInformation()).toMatch(/--yes\s+approve it/);
});
