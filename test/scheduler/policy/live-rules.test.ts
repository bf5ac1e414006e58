/** Rules in the database: versions, approvals, assignments, holidays, and what a restart makes of them. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_POLICY, judgeRules, type LiveRules, openRules } from "#scheduler/decide/live-rules.ts";
import type { RulesFolder } from "#scheduler/policy/folder.ts";
import { readPolicy } from "#scheduler/policy/read.ts";
import { createLinter } from "#scheduler/policy/templates/lint.ts";
import { watchRules } from "#scheduler/rules-watch.ts";
import { createZones, dayNumber } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";
import { factsOf } from "#test/scheduler/decide/facts.ts";
import { MIGRATIONS } from "#test/scheduler/ledger/support.ts";

const zones = createZones();
const clock = new SimulatedClock(Date.UTC(2026, 2, 9, 9));
const EMPTY: RulesFolder = { policies: [], texts: [], packs: [], assignments: [], holidays: [] };
const SHOP = `format = 1
name = "shop"
title = "Shop"
languages = ["en"]
[[steps]]
id = "early"
kind = "early"
offset = 5
template = "shop.early"
`;

function policy(text = SHOP) {
  const read = readPolicy(text, "toml");
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

/** Seeding forty countries takes a while: it is done once, and each test works on a copy of the file. */
const folder = mkdtempSync(join(tmpdir(), "dunlin-live-rules-"));
const seeded = join(folder, "seeded.db");
let copies = 0;
let db: Database;
let rules: LiveRules;

beforeAll(async () => {
  const first = new Database({ path: seeded, migrations: MIGRATIONS });
  await openRules({ db: first, zones, clock });
  first.close();
});
beforeEach(async () => {
  const copy = join(folder, `${++copies}.db`);
  copyFileSync(seeded, copy);
  db = new Database({ path: copy, migrations: MIGRATIONS });
  rules = await openRules({ db, zones, clock });
});
afterEach(() => db.close());
afterAll(() => rmSync(folder, { recursive: true }));

function insertDebtor(jurisdiction: string): void {
  db.sql(
    `insert into creditor (id, external_id, name, role, time_zone, jurisdiction, language, payment_instructions,
       as_of) values (1, 'acme', 'Acme', 'creditor', 'Europe/Madrid', 'ES', 'es', '{}', 0)`,
  ).run();
  db.sql(
    `insert into debtor (creditor_id, external_id, name, kind, language, jurisdiction, segment, as_of)
     values (1, 'eva', 'Eva', 'consumer', 'es', ?, '', 0)`,
  ).run(jurisdiction);
}

describe("the first start", () => {
  test("writes presets, texts, the default assignment and three years of holidays", async () => {
    expect((await rules.policies.latest()).map(({ name, version }) => `${name}@${version}`)).toContain(
      "utility@1",
    );
    expect(rules.current().policyFor(factsOf())?.version).toBe(`${DEFAULT_POLICY}@1`);
    expect((await rules.holidays.table("CO", 2026)).days.map(({ date }) => date)).toContain("2026-07-20");
    expect(rules.current().packFor(factsOf()).holiday(dayNumber("2027-01-06"))).toEqual({
      name: expect.any(String),
    });
    expect(await judgeRules(rules)).toEqual([]);
  });

  test("decides: a whole rulebook at once", () => {
    const facts = factsOf({ items: [{ dueDate: "2026-03-02" }] });
    const decision = rules.current().decide(facts, clock.now());
    expect([decision.kind, decision.rule]).toEqual(["send", "step.early"]);
    if (decision.kind !== "send") return;
    expect(rules.current().compose(facts, decision.message)).toMatchObject({
      kind: "text",
      template: "friendly-small-business.early@1/en",
      segments: 1,
    });
  });

  test("a second start changes nothing", async () => {
    const count = (): unknown =>
      db
        .sql("select (select count(*) from policy_version) + (select count(*) from template_version)")
        .pluck()
        .get();
    const before = count();
    await openRules({ db, zones, clock });
    expect(count()).toBe(before);
  });
});

describe("policies", () => {
  test("an edit is the next version, the same text is not", async () => {
    const first = await rules.policies.save(policy(), "key:ana", 1);
    expect((await rules.policies.save(policy(), "key:ana", 2)).version).toBe(1);
    const second = await rules.policies.save(policy(SHOP.replace("offset = 5", "offset = 6")), "key:ana", 3);
    expect([first.version, second.version]).toEqual([1, 2]);
    expect((await rules.policies.find("shop", 1))?.document.steps[0]?.offset).toBe(5);
  });

  test("the most exact assignment holds", async () => {
    await rules.policies.save(policy(), "key:ana", 1);
    const since = "2026-03-01";
    await rules.policies.assign({ creditor: "*", segment: "vip", policy: "school", since }, "key:ana", 1);
    await rules.policies.assign({ creditor: "muster", segment: "*", policy: "utility", since }, "key:ana", 1);
    await rules.policies.assign({ creditor: "muster", segment: "vip", policy: "shop", since }, "key:ana", 1);
    const rulebook = await rules.refresh();
    const chosen = (creditor: string, segment: string): string | undefined => {
      const facts = factsOf();
      return rulebook.policyFor({
        ...facts,
        creditor: { ...facts.creditor, externalId: creditor },
        debtor: { ...facts.debtor, segment },
      })?.name;
    };
    expect([
      chosen("muster", "vip"),
      chosen("muster", ""),
      chosen("other", "vip"),
      chosen("other", ""),
    ]).toEqual(["shop", "utility", "school", DEFAULT_POLICY]);
    await expect(
      rules.policies.assign({ creditor: "*", segment: "*", policy: "nope", since }, "key:ana", 1),
    ).rejects.toThrow('there is no policy "nope"');
  });

  test("no assignment at all holds the case and says so", async () => {
    await rules.policies.unassign("*", "*");
    const decision = (await rules.refresh()).decide(factsOf(), clock.now());
    expect([decision.kind, decision.rule]).toEqual(["hold", "policy.none"]);
  });
});

describe("texts", () => {
  const linter = createLinter();
  const draft = (text: string) => ({
    key: "friendly-small-business.early",
    language: "en",
    text,
    asksReason: false,
    transliterate: true,
    lint: linter.lint({
      text,
      language: "en",
      purpose: "arrears",
      maxSegments: 3,
      transliterate: true,
      asksReason: false,
    }),
  });
  const GOOD =
    "{{ creditor }}: {{ open_amount }} for {{ invoice_list }} please. {{ payment }} {{ contact }} {{ notices }}";

  test("a draft does not speak until it is approved", async () => {
    const facts = factsOf({ items: [{ dueDate: "2026-03-02" }] });
    const { version } = await rules.templates.draft(draft(GOOD), "key:ana", 1);
    const template = async (): Promise<number | undefined> => {
      const decision = (await rules.refresh()).decide(facts, clock.now());
      return decision.kind === "send" ? decision.message.templateVersion : undefined;
    };
    expect([version, await template()]).toEqual([2, 1]);
    const approved = await rules.templates.approve("friendly-small-business.early", "en", 2, "key:boss", 2);
    expect([approved.kind, await template()]).toEqual(["approved", 2]);
    await rules.templates.retire("friendly-small-business.early", "en", 2);
    expect(await template()).toBe(1);
  });

  test("a text with a finding of the worse kind is not approved", async () => {
    await rules.templates.draft(draft("PAY NOW IMMEDIATELY"), "key:ana", 1);
    const refused = await rules.templates.approve("friendly-small-business.early", "en", 2, "key:boss", 2);
    expect(refused.kind).toBe("refused");
  });

  test("when the last approved text of a language is retired, the language blocks", async () => {
    await rules.templates.retire("friendly-small-business.early", "en", 1);
    const facts = factsOf({ items: [{ dueDate: "2026-03-02" }] });
    expect((await rules.refresh()).decide(facts, clock.now()).rule).toBe("template.language");
  });

  test("a text that an operator wrote outlives a new shipped one", async () => {
    await rules.templates.draft(draft(GOOD), "key:ana", 1);
    await rules.templates.approve("friendly-small-business.early", "en", 2, "key:boss", 2);
    await openRules({ db, zones, clock });
    const newest = (await rules.templates.all()).filter(
      ({ key, language }) => key === "friendly-small-business.early" && language === "en",
    );
    expect(newest.map(({ version, createdBy }) => [version, createdBy])).toEqual([
      [1, "dunlin"],
      [2, "key:ana"],
    ]);
  });
});

describe("holidays", () => {
  test("the first debtor of a region waits until the days of the region are on file", async () => {
    const facts = factsOf({ items: [{ dueDate: "2026-03-02" }], jurisdiction: "ES-AN" });
    const watch = watchRules(db, rules, clock);
    expect(rules.lacksHolidays()).toBe(false);
    const before = rules.current().decide(facts, clock.now());
    expect([before.kind, before.rule]).toEqual(["hold", "holidays.unread"]);
    expect(rules.lacksHolidays()).toBe(true);
    insertDebtor("ES-AN");
    expect(await watch.check()).toBe(true);
    expect((await rules.holidays.table("ES-AN", 2026)).days.map(({ date }) => date)).toContain("2026-02-28");
    expect(rules.current().decide(facts, clock.now()).kind).toBe("send");
    expect(await watch.check()).toBe(false);
  });

  test("what people change is not seeded over", async () => {
    await rules.holidays.remove("ES", "2026-01-06", "key:ana", 1);
    await rules.holidays.put({ jurisdiction: "ES", date: "2026-03-09", name: "Local day" }, "key:ana", 1);
    await rules.holidays.ensure(["ES"], [2026], 2);
    const { days } = await rules.holidays.table("ES", 2026);
    expect(days.map(({ date }) => date)).not.toContain("2026-01-06");
    expect(days).toContainEqual({
      jurisdiction: "ES",
      date: "2026-03-09",
      name: "Local day",
      source: "key:ana",
      changedAt: 1,
    });
    const decision = (await rules.refresh()).decide(
      factsOf({ items: [{ dueDate: "2026-03-02" }] }),
      clock.now(),
    );
    expect([decision.kind, decision.rule]).toEqual(["wait", "house.hours"]);
    await expect(
      rules.holidays.put({ jurisdiction: "ES", date: "2026-02-30", name: "x" }, "a", 1),
    ).rejects.toThrow("is not a day");
  });
});

describe("an operator's folder", () => {
  const own: RulesFolder = {
    ...EMPTY,
    policies: [policy()],
    texts: [
      {
        key: "shop.early",
        language: "en",
        text: "{{ creditor }}: {{ open_amount }} for {{ invoice_list }}. {{ payment }} {{ contact }} {{ notices }}",
      },
    ],
    assignments: [{ creditor: "*", segment: "*", policy: "shop" }],
    holidays: [{ jurisdiction: "CO", date: "2026-07-20", name: "x", removed: true }],
  };

  test("is written as versions, approved, assigned, and stands after the next start", async () => {
    const opened = await openRules({ db, zones, clock, folder: own });
    expect(opened.current().policyFor(factsOf())?.version).toBe("shop@1");
    expect((await opened.holidays.table("CO", 2026)).days.map(({ date }) => date)).not.toContain(
      "2026-07-20",
    );
    const facts = factsOf({ items: [{ dueDate: "2026-03-02" }] });
    expect(opened.current().decide(facts, clock.now()).kind).toBe("send");
    const again = await openRules({ db, zones, clock, folder: own });
    expect(again.current().policyFor(factsOf())?.version).toBe("shop@1");
  });
});
