/** A folder of rules beside edits by hand: what the folder says is written when it says something new. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRules } from "#scheduler/decide/live-rules.ts";
import { createTemplateEditor } from "#scheduler/policy/edit/texts.ts";
import type { RulesFolder } from "#scheduler/policy/folder.ts";
import { shippedPolicies } from "#scheduler/policy/read.ts";
import { createCatalogue } from "#scheduler/policy/templates/types.ts";
import { createZones } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";
import { MIGRATIONS } from "#test/support/scheduler-rig.ts";

const KEY = "utility.early";
const zones = createZones();
const clock = new SimulatedClock(Date.UTC(2026, 2, 3, 9, 0));
let place: string;
let db: Database;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "dunlin-folder-"));
  db = new Database({ path: join(place, "scheduler.db"), migrations: MIGRATIONS });
});

afterEach(() => {
  db.close();
  rmSync(place, { recursive: true, force: true });
});

function textOf(word: string): string {
  return `{{ creditor }}: ${word} {{ open_amount }} for {{ invoice_list }}. {{ payment }}. {{ contact }} {{ notices }}`;
}

function folder(word: string, changes: Partial<RulesFolder> = {}): RulesFolder {
  const texts = [{ key: KEY, language: "en", text: textOf(word) }];
  return { policies: [], texts, packs: [], assignments: [], holidays: [], ...changes };
}

async function start(given?: RulesFolder) {
  const rules = await openRules({ db, zones, clock, ...(given === undefined ? {} : { folder: given }) });
  const holding = async (): Promise<string | undefined> =>
    createCatalogue(await rules.templates.all()).find(KEY, "en")?.text;
  return { rules, editor: createTemplateEditor({ db, ...rules }), holding };
}

test("a folder that has only texts speaks for the policies that ship", async () => {
  expect(await (await start(folder("please pay"))).holding()).toBe(textOf("please pay"));
});

test("an edit by hand stays over a restart, until the folder says something new", async () => {
  const first = await start(folder("please pay"));
  const draft = { key: KEY, language: "en", asksReason: false, transliterate: true };
  await first.editor.put({ ...draft, text: textOf("kindly pay") }, "key:ana", clock.now());
  await first.editor.approve(KEY, "en", undefined, "key:ana", clock.now());
  expect(await first.holding()).toBe(textOf("kindly pay"));
  expect(await (await start(folder("please pay"))).holding()).toBe(textOf("kindly pay"));
  expect(await (await start(folder("we ask for"))).holding()).toBe(textOf("we ask for"));
  expect(await (await start(folder("please pay"))).holding(), "back to what it was").toBe(
    textOf("please pay"),
  );
});

test("so it is with a policy", async () => {
  const [shipped] = shippedPolicies().filter(({ name }) => name === "utility");
  if (shipped === undefined) throw new Error("utility does not ship");
  const mine = (minimumInterval: number) => ({ ...shipped, minimumInterval });
  const interval = async (given: RulesFolder) => {
    const { rules } = await start(given);
    return (await rules.policies.latest()).find(({ name }) => name === "utility")?.document.minimumInterval;
  };
  expect(await interval(folder("x", { policies: [mine(7)] }))).toBe(7);
  await (await start()).rules.policies.save(mine(9), "key:ana", clock.now());
  expect(await interval(folder("x", { policies: [mine(7)] }))).toBe(9);
  expect(await interval(folder("x", { policies: [mine(5)] }))).toBe(5);
  expect(await interval(folder("x", { policies: [mine(7)] }))).toBe(7);
});
