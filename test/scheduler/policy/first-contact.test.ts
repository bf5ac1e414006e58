/** Who collects for others writes to numbers that may be a stranger's: the first text tells nothing of the debt. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { createRulebook } from "#scheduler/decide/rulebook.ts";
import { findCreditor } from "#scheduler/ledger/parties.ts";
import { startScheduler } from "#scheduler/main.ts";
import { createMind } from "#scheduler/mind.ts";
import { readPolicy } from "#scheduler/policy/read.ts";
import { createLinter } from "#scheduler/policy/templates/lint.ts";
import { shippedTexts } from "#scheduler/policy/templates/shipped.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { catalogue, lawBook, preset, presets, zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { SchedulerRig } from "#test/support/scheduler-rig.ts";
import { changeAt, invoice, openBooks } from "#test/support/small-ledger.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 2, 2, 8, 0);

describe("the text", () => {
  const GOOD = "{{ creditor }}: for {{ debtor }}. Call {{ contact }}. Not you? Reply WRONG. {{ notices }}";
  const linter = createLinter();
  const rules = (text: string, language = "en"): string[] =>
    linter
      .lint({
        text,
        language,
        purpose: "first-contact",
        maxSegments: 2,
        transliterate: false,
        asksReason: false,
      })
      .findings.map(({ rule }) => rule);

  test.each([
    ["a good one", GOOD, []],
    ["an amount", `${GOOD} {{ open_amount }}`, ["template.debt-in-first-text"]],
    ["the numbers of invoices", `${GOOD} {{ invoice_list }}`, ["template.debt-in-first-text"]],
    ["a way to pay", `${GOOD} {{ payment }}`, ["template.debt-in-first-text"]],
    ["no word for a stranger", GOOD.replace("WRONG", "us"), ["template.no-wrong-party-word"]],
    [
      "a word that no reply is understood by",
      GOOD.replace("WRONG", "NOPE"),
      ["template.no-wrong-party-word"],
    ],
    ["nobody to call", GOOD.replace("{{ contact }}", "us"), ["template.missing-part"]],
  ])("%s", (_, text, expected) => expect(rules(text)).toEqual(expected));

  test("ships in five languages, each with a word that its replies are understood by", () => {
    const texts = shippedTexts().filter(({ key }) => key === "collection-agency.first-contact");
    expect(texts.map(({ language }) => language).sort()).toEqual(["de", "en", "es", "fr", "pt"]);
    for (const { text, language } of texts) expect(rules(text, language), language).toEqual([]);
  });
});

describe("the policy", () => {
  const step = (id: string, offset: number, more = ""): string =>
    `[[steps]]\nid = "${id}"\nkind = "early"\noffset = ${offset}\ntemplate = "x.y"\n${more}\n`;
  const first = "firstContact = true\nformal = true";
  const problems = (steps: string): string[] => {
    const read = readPolicy(`format = 1\nname = "x"\ntitle = "X"\nlanguages = ["en"]\n${steps}`, "toml");
    return read.ok ? [] : read.problems.map(({ field, rule }) => `${field} ${rule}`);
  };

  test.each([
    ["as the first step", step("one", 1, first) + step("two", 6), []],
    ["as a later one", step("one", 1) + step("two", 6, first), ["is only for the first step"]],
    ["not formal", step("one", 1, "firstContact = true"), ['formal step of the kind "early"']],
    ["false", step("one", 1, "firstContact = false"), ["is not a known value"]],
  ])("%s", (_, steps, expected) => {
    const found = problems(steps);
    expect(found).toHaveLength(expected.length);
    for (const [i, part] of expected.entries()) expect(found[i]).toMatch(new RegExp(part, "i"));
  });
});

describe("whoever collects for others", () => {
  test("is refused a policy that tells a stranger of the debt", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dunlin-first-contact-"));
    const settings = SchedulerSettings.parse({
      dataDir: folder,
      http: { port: 0 },
      gateway: { url: "http://127.0.0.1:9", key: "none" },
    });
    const clock = new SimulatedClock(NOW);
    const scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
    try {
      const key = (await scheduler.createKey("boss", ["admin"])).text;
      const put = async (path: string, body: unknown) => {
        const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
        const sent = { method: "PUT", headers, body: JSON.stringify(body) };
        const answer = await fetch(new URL(path, scheduler.address), sent);
        return [answer.status, JSON.stringify(await answer.json())] as const;
      };
      await openBooks(scheduler, NOW);
      const { ledger } = scheduler;
      await ledger.putCreditor({ externalId: "acme", role: "collector" }, changeAt(NOW + 1));
      expect(findCreditor(scheduler.db, "acme")?.role).toBe("collector");
      const refused = await put("/v1/assignments", { policy: "utility", creditor: "acme" });
      expect(refused).toEqual([422, expect.stringMatching(/a stranger would read of the debt/)]);
      const taken = await put("/v1/assignments", { policy: "collection-agency", creditor: "acme" });
      expect(taken[0]).toBe(200);
      const { steps, ...agency } = presets.get("collection-agency") ?? { steps: [] };
      const edited = await put("/v1/policies/collection-agency", { ...agency, steps: steps.slice(1) });
      expect(edited).toEqual([422, expect.stringMatching(/collects for others/)]);
    } finally {
      await scheduler.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each([
    ["when the claim comes", 1, 0],
    ["when the claim is old", 300, 0],
    ["after twenty days of downtime", 1, 20],
  ])("tells nothing of the debt before the number has had its say: %s", async (_, daysLate, down) => {
    const clock = new SimulatedClock(NOW);
    const model = new GatewayModel({ clock });
    const agency = preset("collection-agency");
    const rulebook = createRulebook({ lawBook, catalogue, choose: () => agency });
    const rig = new SchedulerRig({
      clock,
      model,
      zones,
      brain: (db) => createMind({ db, rulebook: () => rulebook }),
    });
    const life = rig.start();
    const days = async (count: number): Promise<void> => {
      for (let hour = 0; hour < count * 24; hour++) {
        while ((await life.engine.runner.tick()).more);
        await clock.advance(HOUR_MS);
        model.advance();
        await life.webhooks();
      }
    };
    const said = (to: string): string[] =>
      model.ledger.filter((one) => one.to === to).map(({ text }) => text);
    const [silent, stranger] = ["+34600123450", "+34600123451"] as const;
    try {
      const creditor = await openBooks(life, NOW);
      const dueDate = new Date(NOW - daysLate * DAY_MS).toISOString().slice(0, 10);
      for (const [name, number] of [
        ["ana", silent],
        ["eva", stranger],
      ] as const)
        await invoice(life, creditor, { name, number, dueDate, language: "es" }, NOW);
      await clock.advance(down * DAY_MS);
      await days(4);
      expect([said(silent).length, said(stranger).length]).toEqual([1, 1]);
      model.inbound(stranger, "EQUIVOCADO");
      await days(20);
      const [first = "", second = ""] = said(silent);
      expect(first).toMatch(/mensaje personal para ana.*EQUIVOCADO/);
      expect(first).not.toMatch(/120|inv-|ES91/);
      expect(second).toMatch(/120,50/);
      expect(said(stranger).join(" ")).not.toMatch(/120|inv-|ES91/);
    } finally {
      life.kill();
      rig.remove();
    }
  });
});
