/** Policies and texts over HTTP: what is put, what is refused, who approved it, and what leaves then. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { RULES_PROBLEMS } from "#scheduler/http/rules/refusals.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const NOW = Date.UTC(2026, 2, 3, 9, 0);
const GOOD =
  "{{ creditor }}: {{ open_amount }} for {{ invoice_list }} was due {{ due_date }}. Pay: {{ payment }}. {{ contact }} {{ notices }}";
const PATH = "/v1/templates/friendly-small-business.early/en";

let folder: string;
let scheduler: RunningScheduler;
const keys: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-rules-"));
  const settings = SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  const clock = new SimulatedClock(NOW);
  scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
  for (const [name, scopes] of [
    ["writer", ["rules:read", "rules:write"]],
    ["boss", ["rules:read", "rules:write", "rules:approve"]],
    ["clerk", ["ledger:write"]],
  ] as const)
    keys[name] = (await scheduler.createKey(name, scopes)).text;
  const creditor = await openBooks(scheduler, NOW);
  await invoice(scheduler, creditor, { name: "eva", number: "+34600123451", dueDate: "2026-02-23" }, NOW);
});

afterAll(async () => {
  await scheduler.stop();
  rmSync(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: an answer's body is what the test looks at
type Body = any;

async function call(by: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(new URL(path, scheduler.address), {
    method,
    headers: {
      authorization: `Bearer ${keys[by]}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

/** What the one case would be sent now. */
function textOf(): { template: string; text: string } | undefined {
  const facts = scheduler.brain.facts(1, NOW);
  if (facts === undefined) return undefined;
  const decision = scheduler.brain.decide(facts, NOW);
  if (decision.kind === "stop" || decision.message === undefined) return undefined;
  const composed = scheduler.brain.compose(facts, decision.message);
  return composed.kind === "text" ? composed : undefined;
}

describe("texts", () => {
  test("the shipped ones are listed with what holds and who names them", async () => {
    const { status, body } = await call("writer", "GET", "/v1/templates?language=de&limit=500");
    expect(status).toBe(200);
    const early = body.items.find(({ key }: Body) => key === "utility.early");
    expect(early).toMatchObject({ language: "de", holds: 1, usedBy: ["utility"] });
    expect(early.newest).toMatchObject({ version: 1, state: "approved" });
    const first = await call("writer", "GET", "/v1/templates?limit=2");
    const second = await call("writer", "GET", `/v1/templates?limit=2&after=${first.body.nextCursor}`);
    expect(
      new Set([...first.body.items, ...second.body.items].map(({ key, language }) => key + language)).size,
    ).toBe(4);
  });

  test("a text with errors is kept as a draft, said to be wrong, and never approved", async () => {
    const put = await call("writer", "PUT", PATH, {
      text: "{{ creditor }}: PAY NOW OR ELSE!! {{ open_amount }}",
    });
    expect(put.body).toMatchObject({
      version: 2,
      state: "draft",
      createdBy: "key:writer",
      lint: { ok: false },
    });
    expect(put.body.lint.findings.map(({ rule }: Body) => rule)).toEqual(
      expect.arrayContaining(["template.missing-part", "template.shouting"]),
    );
    const approve = await call("boss", "POST", `${PATH}/approve`, { version: 2 });
    expect([approve.status, approve.body.code]).toEqual([422, "text_refused"]);
    expect(approve.body.errors.length).toBeGreaterThan(2);
    expect(textOf()?.template).toBe("friendly-small-business.early@1/en");
  });

  test("a draft is tried on what the creditors write, leaves nobody, and leaves at once when approved", async () => {
    const put = await call("writer", "PUT", PATH, { text: GOOD });
    expect(put.body).toMatchObject({ version: 3, state: "draft", lint: { ok: true } });
    expect(put.body.lint.worst.of).toMatch(/^(sample|creditor acme, EUR)$/);
    expect(textOf()?.template).toBe("friendly-small-business.early@1/en");
    expect(
      (await call("writer", "POST", `${PATH}/approve`, { version: 2 })).status,
      "without the scope",
    ).toBe(403);
    const approved = await call("boss", "POST", `${PATH}/approve`, { version: 3 });
    expect(approved.body).toMatchObject({
      state: "approved",
      createdBy: "key:writer",
      approvedBy: "key:boss",
      approvedAt: new Date(NOW).toISOString(),
    });
    expect(textOf()?.template).toBe("friendly-small-business.early@3/en");
    expect(textOf()?.text).toContain("was due");
    const again = await call("boss", "POST", `${PATH}/approve`, { version: 3 });
    expect([again.status, again.body.code]).toEqual([409, "text_state_conflict"]);
  });

  test("a version that is taken back makes room for the one before; with none, the language is blocked", async () => {
    expect((await call("boss", "POST", `${PATH}/retire`, { version: 3 })).body.state).toBe("retired");
    expect(textOf()?.template).toBe("friendly-small-business.early@1/en");
    expect((await call("boss", "POST", `${PATH}/retire`, { version: 1 })).status).toBe(200);
    expect(textOf()).toBeUndefined();
    await call("writer", "PUT", PATH, { text: GOOD });
    expect((await call("boss", "POST", `${PATH}/approve`, { version: 4 })).status).toBe(200);
    expect(textOf()?.template).toBe("friendly-small-business.early@4/en");
    const { body } = await call("writer", "GET", PATH);
    expect(body.items.map(({ version, state }: Body) => [version, state])).toEqual([
      [4, "approved"],
      [3, "retired"],
      [2, "draft"],
      [1, "retired"],
    ]);
  });

  test("a text that no policy names needs its purpose; one that does not exist is not found", async () => {
    const path = "/v1/templates/shop.second/nl";
    const unknown = await call("writer", "PUT", path, { text: GOOD });
    expect([unknown.status, unknown.body.code]).toEqual([422, "text_purpose_unknown"]);
    const put = await call("writer", "PUT", path, { text: GOOD, purpose: "notice-with-date" });
    expect(put.body.lint.findings.map(({ detail }: Body) => detail)).toEqual(
      expect.arrayContaining(["the text does not say {{ final_date }}"]),
    );
    expect((await call("writer", "GET", "/v1/templates/shop.third/nl")).status).toBe(404);
    expect((await call("boss", "POST", "/v1/templates/shop.third/nl/approve", { version: 1 })).status).toBe(
      404,
    );
    expect((await call("clerk", "GET", "/v1/templates")).status).toBe(403);
  });
});

test("every refusal has a page that says what to do", async () => {
  for (const [code, { remedy }] of Object.entries(RULES_PROBLEMS)) {
    const page = await fetch(new URL(`/problems/${code}`, scheduler.address));
    expect([page.status, (await page.text()).includes(remedy.slice(0, 20))], code).toEqual([200, true]);
  }
});

describe("policies", () => {
  test("are listed with whom they hold for, and read with what they lack", async () => {
    const { body } = await call("writer", "GET", "/v1/policies");
    expect(body.items.map(({ name }: Body) => name)).toContain("utility");
    const friendly = body.items.find(({ name }: Body) => name === "friendly-small-business");
    expect(friendly.assigned).toEqual([
      { creditor: "*", segment: "*", policy: "friendly-small-business", since: "2026-03-03" },
    ]);
    const one = await call("writer", "GET", "/v1/policies/utility");
    expect(one.body).toMatchObject({ version: 1, createdBy: "dunlin", problems: [] });
    expect((await call("writer", "GET", "/v1/policies/none")).status).toBe(404);
  });

  test("one that does not read is refused with field, rule and remedy", async () => {
    const { document } = (await call("writer", "GET", "/v1/policies/utility")).body;
    const [first, ...rest] = document.steps;
    const bad = { ...document, colour: 1, steps: [{ ...first, offset: 5 }, ...rest] };
    const put = await call("writer", "PUT", "/v1/policies/utility", bad);
    expect([put.status, put.body.code]).toEqual([422, "policy_invalid"]);
    expect(put.body.errors).toContainEqual({
      pointer: "/colour",
      detail: expect.stringMatching(/^colour is not a known name\./),
    });
    expect((await call("writer", "PUT", "/v1/policies/other", document)).body.code).toBe("policy_invalid");
  });

  test("a new version says what changed; one without its texts may be kept, but not hold", async () => {
    const { document } = (await call("writer", "GET", "/v1/policies/utility")).body;
    const shop = {
      ...document,
      name: "shop",
      languages: ["nl"],
      steps: document.steps.map((step: Body) => (step.id === "early" ? { ...step, offset: 6 } : step)),
    };
    const put = await call("writer", "PUT", "/v1/policies/shop", shop);
    expect([put.status, put.body.changes]).toEqual([200, ["the policy is new"]]);
    expect(put.body.problems.length).toBe(9);
    const assign = { creditor: "acme", policy: "shop" };
    const refused = await call("boss", "PUT", "/v1/assignments", assign);
    expect([refused.status, refused.body.code]).toEqual([422, "policy_not_whole"]);
    expect(refused.body.errors).toHaveLength(9);
    const whole = { ...shop, languages: ["en"] };
    const better = await call("writer", "PUT", "/v1/policies/shop", whole);
    expect([better.body.version, better.body.changes, better.body.problems]).toEqual([
      2,
      ["languages changed"],
      [],
    ]);
    expect((await call("writer", "PUT", "/v1/assignments", assign)).status, "without the scope").toBe(403);
    expect((await call("boss", "PUT", "/v1/assignments", assign)).body).toEqual({
      creditor: "acme",
      segment: "*",
      policy: "shop",
      since: "2026-03-03",
    });
    expect(textOf()?.template).toMatch(/^utility\./);
    const broken = await call("writer", "PUT", "/v1/policies/shop", { ...whole, languages: ["en", "nl"] });
    expect([broken.status, broken.body.code], "it holds now").toEqual([422, "policy_not_whole"]);
    const moved = whole.steps.map((step: Body) => (step.id === "early" ? { ...step, offset: 7 } : step));
    const later = await call("writer", "PUT", "/v1/policies/shop", { ...whole, steps: moved });
    expect(later.body.changes).toEqual(['step "early": offset 6 → 7']);
  });

  test("an assignment is taken away again; unknown creditors and policies are refused", async () => {
    const path = "/v1/assignments?creditor=acme&segment=*";
    expect((await call("boss", "DELETE", path)).body).toEqual({ done: true });
    expect((await call("boss", "DELETE", path)).body).toEqual({ done: false });
    expect(textOf()?.template).toMatch(/^friendly-small-business\./);
    expect((await call("boss", "PUT", "/v1/assignments", { creditor: "acme", policy: "x" })).status).toBe(
      404,
    );
    expect(
      (await call("boss", "PUT", "/v1/assignments", { creditor: "nobody", policy: "shop" })).status,
    ).toBe(404);
    const { body } = await call("writer", "GET", "/v1/assignments");
    expect(body.items).toHaveLength(1);
  });
});
