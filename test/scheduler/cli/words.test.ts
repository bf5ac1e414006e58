/** What the terminal says to a wrong word: which one, and what to write instead. Nothing is changed by it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProgram } from "#bin/cli.ts";
import { SchedulerSettings } from "#scheduler/config.ts";
import { startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { runSchedulerCli } from "#test/support/scheduler-cli.ts";

const NOW = Date.UTC(2026, 2, 3, 6, 0);
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-words-"));
  writeFileSync(join(folder, "s.toml"), `dataDir = "${folder}"\n`);
  writeFileSync(join(folder, "bad.json"), '{"a":1');
  const settings = SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  const clock = new SimulatedClock(NOW);
  const scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
  const { db, engine } = scheduler;
  await db.write(() => engine.tasks.open({ kind: "setup", subject: "x", detail: "Do it." }, NOW));
  await scheduler.stop();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);
const dunlin = (...words: string[]) => runSchedulerCli(...words, "--config", file("s.toml"));

test.each([
  [["report", "aging", "--from", "2026-12-01", "--until", "2026-01-01"], /--from 2026-12-01 lies after/],
  [["policies", "unassign"], /^Name --creditor, --segment or both/],
  [["policies", "unassign", "--everybody", "--creditor", "x"], /not both/],
  [["templates", "approve", "utility.early", "en"], /it is approved already/],
  [["holidays", "add", "ES", "2026-12-01", " "], /has a name/],
])("%j", async (words, said) => {
  const { code, err } = await dunlin(...words);
  expect([code, err]).toEqual([1, expect.stringMatching(said)]);
});

test("the default that holds for everybody is taken away only when that is said", async () => {
  expect((await dunlin("policies", "assign", "utility", "--segment", "water")).code).toBe(0);
  await dunlin("policies", "unassign");
  expect((await dunlin("policies", "assigned")).out).toContain("*/* since");
  expect((await dunlin("policies", "unassign", "--everybody")).code).toBe(0);
  expect((await dunlin("policies", "assigned")).out).not.toContain("*/*");
  const last = await dunlin("policies", "unassign", "--segment", "water");
  expect(last.out).toMatch(/It was the last one: .*friendly-small-business holds for everybody/);
});

test("a file that is no JSON is told so", async () => {
  const put = await dunlin("policies", "put", file("bad.json"));
  expect(put.err).toMatch(/the file is no JSON: /);
  const verify = await dunlin("evidence", "verify", file("s.toml"));
  expect(verify.err).toMatch(/is no exported evidence\. It is no JSON\./);
});

test("law of a country, of one without any on file, and of no country", async () => {
  expect((await runSchedulerCli("policies", "law", "ES")).code).toBe(0);
  expect((await runSchedulerCli("policies", "law", "XX")).err).toMatch(/No law is on file for XX/);
  expect((await runSchedulerCli("policies", "law", "spain")).err).toMatch(/"spain" is no country/);
});

test("work of a kind that nobody has says what there is", async () => {
  expect((await dunlin("tasks", "--kind", "read-reply")).out).toBe(
    'Nothing of the kind "read-reply" waits. What waits is: setup (1).\n',
  );
});

test("every command, at any depth, leads to its help after a wrong word", async () => {
  const program = await createProgram(undefined);
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  const hints = new Set(
    all.map((command) => (command as unknown as { _showHelpAfterError: unknown })._showHelpAfterError),
  );
  expect([...hints]).toEqual(["Run with --help to see what is possible."]);
});

test("a full scan at the terminal says what it found, and counts as one", async () => {
  expect(await dunlin("scan")).toEqual({ code: 0, out: "0 cases, 0 differences.\n", err: "" });
  expect(JSON.parse((await dunlin("scan", "--json")).out)).toMatchObject({ whole: true, differences: 0 });
});
