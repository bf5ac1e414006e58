/** `dunlin templates` and `dunlin policies` as a person types them, beside the database of a service. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRules } from "#scheduler/decide/live-rules.ts";
import { systemClock } from "#shared/clock.ts";
import { createZones } from "#shared/local-date.ts";
import { Database } from "#shared/sqlite.ts";
import { runSchedulerCli } from "#test/support/scheduler-cli.ts";
import { MIGRATIONS } from "#test/support/scheduler-rig.ts";

const TEXT =
  "{{ creditor }}: {{ open_amount }} für {{ invoice_list }} ist noch offen. {{ payment }}. {{ contact }} {{ notices }}";
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-rules-cli-"));
  mkdirSync(join(folder, "var"));
  writeFileSync(join(folder, "s.toml"), `dataDir = "${join(folder, "var")}"\n`);
  const db = new Database({ path: join(folder, "var", "scheduler.db"), migrations: MIGRATIONS });
  await openRules({ db, zones: createZones(), clock: systemClock });
  db.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function dunlin(room: string, name: string, ...args: string[]) {
  return runSchedulerCli(room, name, "--config", file("s.toml"), ...args);
}

const file = (name: string): string => join(folder, name);

test("a text is linted, put, approved, shown and taken back", async () => {
  const text = ["utility.early", "de"];
  const bad = await dunlin("templates", "lint", ...text, "--text", "{{ creditor }}: JETZT ZAHLEN!!");
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/template\.shouting\][\s\S]*It may not be approved\./);
  writeFileSync(file("early.txt"), `${TEXT}\n`);
  const put = await dunlin("templates", "put", ...text, "--file", file("early.txt"));
  expect([put.code, put.out]).toEqual([0, expect.stringMatching(/utility\.early@2\/de is draft\./)]);
  expect((await dunlin("templates", "list", "--drafts")).out).toMatch(/utility\.early +de +@1 +@2 draft +\d/);
  expect((await dunlin("templates", "approve", ...text)).out).toMatch(/@2\/de is approved/);
  expect((await dunlin("templates", "show", ...text)).out).toMatch(
    /approved .* by cli:\w+\n[\s\S]*by dunlin/,
  );
  expect((await dunlin("templates", "retire", ...text)).out).toMatch(/@2\/de is retired/);
  expect((await dunlin("templates", "list", "--key", "utility.early")).out).toMatch(/de +@1 +@2 retired/);
  const nowhere = await dunlin("templates", "put", ...text, "--file", file("nowhere.txt"));
  expect([nowhere.code, nowhere.err]).toEqual([
    1,
    expect.stringMatching(/nowhere\.txt cannot be read \(ENOENT\)/),
  ]);
  const unknown = await dunlin("templates", "put", "shop.early", "nl", "--text", TEXT);
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringMatching(/No policy names.*Use --for\./)]);
});

test("a policy is put and assigned, and says what changed", async () => {
  const preset = readFileSync(resolve("scheduler/policy/presets/utility.toml"), "utf8");
  writeFileSync(file("utility.toml"), preset.replace("offset = 5", "offset = 6"));
  expect((await dunlin("policies", "put", file("utility.toml"))).out).toBe(
    '  step "early": offset 5 → 6\nutility@2 is on file.\n',
  );
  expect((await dunlin("policies", "put", file("utility.toml"))).out).toBe("utility@2 says this already.\n");
  expect((await dunlin("policies", "assign", "utility", "--segment", "water")).code).toBe(0);
  expect((await dunlin("policies", "assigned")).out).toMatch(/utility@2 +cli:\w+ +\*\/water since \d{4}/);
  const nobody = await dunlin("policies", "assign", "utility", "--creditor", "nobody");
  expect([nobody.code, nobody.err]).toEqual([1, 'There is no creditor "nobody".\n']);
  expect((await dunlin("policies", "unassign", "--segment", "water")).code).toBe(0);
  expect((await dunlin("policies", "unassign", "--segment", "water")).code).toBe(1);
  writeFileSync(file("utility.toml"), preset.replace('languages = ["en", ', 'languages = ["nl", '));
  const lacking = await dunlin("policies", "put", file("utility.toml"));
  expect([lacking.code, lacking.err]).toEqual([1, expect.stringMatching(/no approved text in "nl"/)]);
});
