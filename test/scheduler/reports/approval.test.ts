/** A message that waits for a yes is read word for word before it is given, over HTTP and at the terminal. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { shippedPolicies } from "#scheduler/policy/read.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { runSchedulerCli } from "#test/support/scheduler-cli.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

/** Inside the contact hours of a Tuesday in Madrid. */
const NOW = Date.UTC(2026, 2, 3, 10, 0);
let folder: string;
let scheduler: RunningScheduler;
let key: string;
let code: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-approval-"));
  writeFileSync(join(folder, "s.toml"), `dataDir = "${folder}"\n`);
  const settings = SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  const clock = new SimulatedClock(NOW);
  scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
  key = (await scheduler.createKey("boss", ["admin"])).text;
  const friendly = shippedPolicies().find(({ name }) => name === "friendly-small-business");
  const steps = friendly?.steps.map((step) => ({ ...step, approval: true }));
  await call("PUT", "/v1/policies/careful", { ...friendly, name: "careful", steps });
  await call("PUT", "/v1/assignments", { policy: "careful" });
  const creditor = await openBooks(scheduler, NOW);
  await invoice(scheduler, creditor, { name: "ana", number: "+34600123450", dueDate: "2026-03-06" }, NOW);
  await scheduler.engine.runner.tick();
  code = scheduler.db.sql("select code from dunning_case").pluck().get() as string;
});

afterAll(async () => {
  await scheduler.stop();
  rmSync(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: an answer's body is what the test looks at
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await fetch(new URL(path, scheduler.address), {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

const dunlin = (...args: string[]) => runSchedulerCli("tasks", ...args, "--config", join(folder, "s.toml"));

test("it is in the list of work, and its text can be read", async () => {
  const listed = await dunlin();
  expect(listed.out).toMatch(new RegExp(`approve-message +${code}`));
  const next = await call("GET", `/v1/cases/${code}/next`);
  expect(next).toMatchObject({
    case: code,
    kind: "hold",
    needsApproval: true,
    message: { step: "preventive", class: "debt", amount: "120.50", currency: "EUR", segments: 1 },
  });
  expect(next.message.text).toMatch(/^Acme Water: .*€120\.50/);
});

test("what is read is what holds now: a payment changes the text", async () => {
  const creditor = scheduler.brain.facts(1, NOW)?.creditor;
  if (creditor === undefined) throw new Error("no creditor");
  await pay(scheduler, creditor, "ana", 2_050n, NOW);
  expect((await call("GET", `/v1/cases/${code}/next`)).message.text).toMatch(/€100\.00/);
});

test("after the yes it may leave, and the work is done", async () => {
  expect(await call("POST", `/v1/cases/${code}/approve`)).toEqual({ case: code, step: "preventive" });
  expect(await call("GET", `/v1/cases/${code}/next`)).toMatchObject({ kind: "send", needsApproval: false });
  expect((await dunlin()).out).toBe("Nothing waits for a person.\n");
  expect((await dunlin("approve", "0000-0000")).err).toBe("There is no case 0000-0000.\n");
  expect((await call("GET", "/v1/cases/0000-0000/next")).code).toBe("not_found");
});

test("other work is closed with what was done", async () => {
  const { tasks } = scheduler.engine;
  await scheduler.db.write(() => tasks.open({ kind: "setup", subject: "x", detail: "Do it." }, NOW));
  await scheduler.db.write(() =>
    scheduler.db
      .sql("insert into reply (id, at, number, text, intent, sure) values ('r1', 0, '+34', ?, 'other', 1)")
      .run("pay\u001b[2Jlater"),
  );
  await scheduler.db.write(() =>
    tasks.open({ kind: "read-reply", subject: "reply r1", detail: "Read it." }, NOW),
  );
  expect((await dunlin("--kind", "read-reply")).out).toMatch(/pay \[2Jlater/);
  const [task] = JSON.parse((await dunlin("--kind", "setup", "--json")).out);
  expect((await dunlin("close", task.id, "--outcome", "done")).out).toBe(`${task.id} is closed.\n`);
  expect(tasks.get(task.id)).toMatchObject({ outcome: "done", closedBy: expect.stringMatching(/^cli:/) });
  expect((await dunlin("close", task.id, "--outcome", "again")).err).toMatch(/no open task/);
});
