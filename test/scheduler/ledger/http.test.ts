/** The ledger's routes on a whole scheduler, as a caller's accounting system would use them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

const NOW = Date.UTC(2026, 2, 3, 9, 0);
let folder: string;
let scheduler: RunningScheduler;
const clock = new SimulatedClock(NOW);
const keys: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-ledger-"));
  const settings = SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  scheduler = await startScheduler(settings, { clock, random: seededRandom(3), log: silentLogger });
  for (const scope of ["admin", "ledger:read", "ledger:write"])
    keys[scope] = (await scheduler.createKey(scope, [scope])).text;
  await put("/v1/creditors/acme", {
    name: "Acme GmbH",
    timeZone: "Europe/Berlin",
    jurisdiction: "DE",
    language: "de",
    paymentInstructions: { EUR: "IBAN DE02 1203 0000 0000 2020 51" },
  });
  await put("/v1/creditors/acme/debtors/C1", {
    name: "Eva Muster",
    contactPoints: [{ channel: "sms", number: "0170 1234567" }],
  });
});

afterAll(async () => {
  await scheduler.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown, scope = "admin") {
  const response = await fetch(new URL(path, scheduler.address), {
    method,
    headers: {
      authorization: `Bearer ${keys[scope]}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared member by member
  return { status: response.status, body: (await response.json()) as any };
}

function put(path: string, body: unknown, scope?: string) {
  return call("PUT", `${path}`, body, scope);
}

function get(path: string, scope?: string) {
  return call("GET", path, undefined, scope);
}

const INVOICE = { debtor: "C1", currency: "EUR", principal: "120.50", dueDate: "2026-02-20" };

describe("upserts", () => {
  test("the first call makes, the same call again changes nothing, another one changes what differs", async () => {
    const first = await put("/v1/creditors/acme/receivables/INV-1", INVOICE);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      outcome: "created",
      receivable: { id: "INV-1", principal: "120.50", open: "120.50", state: "open" },
    });
    const again = await put("/v1/creditors/acme/receivables/INV-1", INVOICE);
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ outcome: "unchanged", changes: [] });
    clock.jumpWall(1_000);
    const moved = await put("/v1/creditors/acme/receivables/INV-1", { dueDate: "2026-02-27" });
    expect(moved.body).toMatchObject({
      outcome: "updated",
      changes: [{ field: "dueDate", from: "2026-02-20", to: "2026-02-27" }],
    });
  });

  test("a payment lowers what is open, and its reversal brings it back", async () => {
    await put("/v1/creditors/acme/receivables/INV-2", { ...INVOICE, principal: "100.00" });
    const payment = { references: ["INV-2"], currency: "EUR", amount: "40", date: "2026-03-01" };
    const paid = await put("/v1/creditors/acme/payments/P-1", payment);
    expect(paid.status).toBe(201);
    expect((await get("/v1/creditors/acme/receivables/INV-2")).body.open).toBe("60.00");
    clock.jumpWall(1_000);
    const reversed = await put("/v1/creditors/acme/payments/P-1", { reversed: true });
    expect(reversed.body.entry.reversedAt).toBeDefined();
    expect((await get("/v1/creditors/acme/receivables/INV-2")).body.open).toBe("100.00");
    const forbidden = await put("/v1/creditors/acme/payments/P-1", { reversed: false });
    expect(forbidden.status).toBe(409);
    expect(forbidden.body.code).toBe("ledger_change_forbidden");
  });

  test("a lower version is answered as stale and overwrites nothing", async () => {
    await put("/v1/creditors/acme/receivables/INV-3", { ...INVOICE, version: 7 });
    const older = await put("/v1/creditors/acme/receivables/INV-3", {
      ...INVOICE,
      principal: "1",
      version: 6,
    });
    expect(older.status).toBe(200);
    expect(older.body).toMatchObject({ outcome: "stale", receivable: { principal: "120.50", version: 7 } });
    const clash = await put("/v1/creditors/acme/receivables/INV-3", {
      ...INVOICE,
      principal: "2",
      version: 7,
    });
    expect(clash.status).toBe(409);
    expect(clash.body.code).toBe("ledger_version_conflict");
  });

  test("a batch takes its items in order, and a refused one does not keep the others back", async () => {
    const { body } = await call("POST", "/v1/creditors/acme/batch", {
      items: [
        { what: "debtor", id: "C7", debtor: { name: "Ana" } },
        { what: "receivable", id: "B-1", receivable: { ...INVOICE, debtor: "C7" } },
        { what: "receivable", id: "B-2", receivable: { ...INVOICE, debtor: "nobody" } },
        {
          what: "entry",
          kind: "credit-notes",
          id: "K-1",
          entry: { debtor: "C7", currency: "EUR", amount: "20.50", date: "2026-03-01" },
        },
      ],
    });
    expect(body.items.map((item: { outcome: string }) => item.outcome)).toEqual([
      "created",
      "created",
      "refused",
      "created",
    ]);
    expect(body.items[2].problem).toMatchObject({ code: "ledger_reference_unknown", field: "debtor" });
    expect((await get("/v1/creditors/acme/receivables/B-1")).body.open).toBe("100.00");
  });
});

describe("what is refused names the field, the rule and the remedy", () => {
  const rows: readonly [name: string, path: string, body: object, status: number, says: RegExp][] = [
    ["an unknown member", "debtors/C9", { nmae: "x" }, 400, /did you mean name/],
    ["too many decimals", "receivables/X", { ...INVOICE, principal: "1.234" }, 400, /decimal places of EUR/],
    ["an amount without currency", "receivables/X", { principal: "1.00" }, 400, /comes with its currency/],
    ["a day that does not exist", "receivables/X", { ...INVOICE, dueDate: "2026-02-30" }, 400, /YYYY-MM-DD/],
    ["a new row without a field", "receivables/X", { debtor: "C1" }, 422, /needs currency/],
    ["a zone that is none", "debtors/C1", { timeZone: "Berlin" }, 422, /IANA/],
    [
      "a number that is none",
      "debtors/C1",
      { contactPoints: [{ channel: "sms", number: "12" }] },
      400,
      /digits/,
    ],
    ["a word about the future", "debtors/C1", { asOf: "2026-04-01T00:00:00Z" }, 400, /future/],
    [
      "a fee without its receivable",
      "fees/F1",
      { debtor: "C1", currency: "EUR", amount: "1", date: "2026-03-01" },
      422,
      /exactly one/,
    ],
  ];
  test.each(rows)("%s", async (_name, path, body, status, says) => {
    const answer = await put(`/v1/creditors/acme/${path}`, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body.errors)).toMatch(says);
  });

  test("what does not exist, and what the key may not", async () => {
    expect((await put("/v1/creditors/none/debtors/C1", { name: "x" })).status).toBe(404);
    expect((await get("/v1/creditors/acme/payments/none")).status).toBe(404);
    expect((await put("/v1/creditors/acme/debtors/C1", { name: "x" }, "ledger:read")).status).toBe(403);
    expect((await put("/v1/creditors/evil", { name: "x" }, "ledger:write")).status).toBe(403);
  });
});

describe("holds, opt-outs and feeds", () => {
  test("a hold is placed once, shown on the case, and ended", async () => {
    const wanted = {
      kind: "dispute",
      debtor: "C1",
      receivable: "INV-1",
      until: "2026-03-31",
      reason: "says it broke",
    };
    const placed = await call("POST", "/v1/creditors/acme/holds", wanted);
    expect(placed.status).toBe(201);
    const again = await call("POST", "/v1/creditors/acme/holds", wanted);
    expect(again.body).toMatchObject({ outcome: "unchanged", hold: { id: placed.body.hold.id } });
    const { body: item } = await get("/v1/creditors/acme/receivables/INV-1");
    const { body: shown } = await get(`/v1/cases/${item.case}`);
    expect(shown.holds).toHaveLength(1);
    expect(shown.openTotal).toMatch(/^\d+\.\d\d$/);
    const ended = await call("POST", `/v1/holds/${placed.body.hold.id}/end`);
    expect(ended.body.hold.endedAt).toBeDefined();
    expect((await get(`/v1/cases/${item.case}`)).body.holds).toEqual([]);
    expect(ended.body.changes).toEqual([{ field: "endedAt", to: ended.body.hold.endedAt }]);
    expect((await call("POST", "/v1/holds/hold_none/end")).status).toBe(404);
  });

  test("an opt-out moves the number's contact points, and its withdrawal brings them back", async () => {
    const wish = { number: "+491701234567", reason: "asked by phone" };
    await call("POST", "/v1/opt-outs", wish);
    expect((await get("/v1/creditors/acme/debtors/C1")).body.contactPoints[0].state).toBe("opted-out");
    await call("POST", "/v1/opt-outs/withdraw", wish);
    expect((await get("/v1/creditors/acme/debtors/C1")).body.contactPoints[0].state).toBe("valid");
  });

  test("a feed says how far it reaches and never goes back", async () => {
    const path = "/v1/creditors/acme/feeds/bank";
    await put(path, { carries: "payments", asOf: "2026-03-03T06:00:00Z" });
    const older = await put(path, { carries: "payments", asOf: "2026-03-02T06:00:00Z" });
    expect(older.body.asOf).toBe("2026-03-03T06:00:00.000Z");
    expect((await get("/v1/creditors/acme")).body.feeds).toHaveLength(1);
  });
});

describe("reading", () => {
  test("the trail has every change with its actor, page by page, and no name or number", async () => {
    const seen: { sequence: number; actor: string; kind: string }[] = [];
    for (let after = "0"; ; ) {
      const { body } = await get(`/v1/events?limit=3&after=${after}`, "ledger:read");
      seen.push(...body.items);
      if (body.nextCursor === undefined) break;
      after = body.nextCursor;
    }
    expect(seen.map((event) => event.sequence)).toEqual([...seen.keys()].map((i) => i + 1));
    expect(seen.map((event) => event.kind)).toEqual(
      expect.arrayContaining(["creditor.created", "debtor.created", "receivable.updated", "hold.placed"]),
    );
    expect(JSON.stringify(seen)).not.toMatch(/Muster|1701234567/);
    expect(seen.every((event) => event.actor.startsWith("key:"))).toBe(true);
  });

  test("cases are listed page by page, by debtor and by state", async () => {
    const all = await get("/v1/cases?state=all&limit=1");
    expect(all.body.items).toHaveLength(1);
    const next = await get(`/v1/cases?state=all&limit=1&after=${all.body.nextCursor}`);
    expect(next.body.items[0].case).not.toBe(all.body.items[0].case);
    const mine = await get("/v1/cases?creditor=acme&debtor=C7");
    expect(mine.body.items).toMatchObject([{ debtor: "C7", currency: "EUR" }]);
    expect((await get("/v1/cases?debtor=C7")).status).toBe(400);
  });
});
