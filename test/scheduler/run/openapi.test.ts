/** The scheduler's API page as a file of the repository: a change of the contract is seen in review. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SchedulerSettings } from "#scheduler/config.ts";
import { HOOK_PATH } from "#scheduler/http/hook.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { sign } from "#shared/webhook-signature.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const NOW = Date.UTC(2026, 2, 3, 9, 0);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
let folder: string;
let scheduler: RunningScheduler;
let key: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-api-"));
  const settings = SchedulerSettings.parse({
    dataDir: folder,
    http: { port: 0 },
    gateway: { url: "http://127.0.0.1:9", key: "none" },
  });
  scheduler = await startScheduler(settings, {
    clock: new SimulatedClock(NOW),
    random: seededRandom(3),
    log: silentLogger,
  });
  key = (await scheduler.createKey("test", ["admin"])).text;
  const creditor = await openBooks(scheduler, NOW);
  await invoice(
    scheduler,
    creditor,
    { name: "=HYPERLINK(1)", number: "+34600123450", dueDate: "2026-01-10" },
    NOW,
  );
  await invoice(scheduler, creditor, { name: "eva", number: "+34600123451", dueDate: "2026-03-20" }, NOW);
  await scheduler.engine.runner.tick();
});

afterAll(async () => {
  await scheduler.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) };
  return fetch(new URL(path, scheduler.address), { ...init, headers });
}

function caseCodes(): string[] {
  return scheduler.db.sql("select code from dunning_case order by id").pluck().all() as string[];
}

describe("the contract", () => {
  test("stands in scheduler/openapi.json (vitest run test/scheduler/run/openapi.test.ts -u)", async () => {
    const document = await (await call("/openapi.json")).json();
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
      "../../../scheduler/openapi.json",
    );
  });

  test("every route under /v1 wants a key", async () => {
    const { paths } = (await (await call("/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    for (const [path, methods] of Object.entries(paths)) {
      if (!path.startsWith("/v1/")) continue;
      for (const method of Object.keys(methods)) {
        const answer = await fetch(new URL(path.replaceAll(/\{\w+\}/g, "x"), scheduler.address), { method });
        expect(answer.status, `${method} ${path}`).toBe(401);
      }
    }
  });

  test("an unknown parameter is refused with what was meant", async () => {
    const answer = await call("/v1/tasks?stat=open");
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toMatch(/state/);
  });
});

describe("what it answers", () => {
  test("status, tasks and replies", async () => {
    const status = (await (await call("/v1/status")).json()) as { openCases: number; clock: string };
    expect([status.openCases, status.clock]).toEqual([2, "good"]);
    expect(await (await call("/v1/replies")).json()).toEqual({ items: [] });
    expect((await call("/v1/tasks?state=all")).status).toBe(200);
  });

  test("why a case was decided as it was, and the forecast of the case", async () => {
    const [, code] = caseCodes();
    const decisions = (await (await call(`/v1/cases/${code}/decisions`)).json()) as {
      decisions: { kind: string; rules: { rule: string }[]; nextAt?: string }[];
    };
    expect(decisions.decisions.at(-1)?.kind).toBe("wait");
    expect(decisions.decisions.at(-1)?.rules.length).toBeGreaterThan(0);
    const forecast = (await (await call(`/v1/cases/${code}/forecast?days=60`)).json()) as {
      messages: { step: string; at: string; amount: string }[];
    };
    expect(forecast.messages.length).toBeGreaterThan(2);
    const [first] = forecast.messages;
    expect(first?.amount).toBe("120.50");
    // The case is looked at again when the day begins, and the text leaves when the window opens.
    const ahead = Date.parse(first?.at ?? "") - Date.parse(decisions.decisions.at(-1)?.nextAt ?? "");
    expect(ahead).toBeGreaterThanOrEqual(0);
    expect(ahead).toBeLessThan(24 * 3_600_000);
  });

  test("the forecast of all cases", async () => {
    const totals = (await (await call("/v1/forecast?days=30")).json()) as { cases: number; messages: number };
    expect(totals.cases).toBe(2);
    expect(totals.messages).toBeGreaterThan(1);
  });

  test("reports as JSON, and as CSV in which nothing runs", async () => {
    const aging = (await (await call("/v1/reports/aging")).json()) as { rows: Record<string, unknown>[] };
    expect(aging.rows.map(({ bucket, open }) => [bucket, open])).toEqual([
      ["not due", "120.50"],
      ["31-60", "120.50"],
    ]);
    const csv = await call("/v1/reports/aging?format=csv");
    expect(csv.headers.get("content-type")).toMatch(/text\/csv/);
    const octets = Buffer.from(await csv.arrayBuffer());
    expect(octets.subarray(0, 3).toString("hex"), "a byte order mark").toBe("efbbbf");
    expect(octets.toString("utf8", 3)).toMatch(/^creditor,currency,bucket/);
    expect((await call("/v1/reports/nothing")).status).toBe(400);
  });

  test("a full scan finds nothing; what it found is asked for again", async () => {
    const scan = async (method: string) => {
      const answer = await call("/v1/scan", { method });
      return [answer.status, (await answer.json()) as Record<string, unknown>] as const;
    };
    expect(await scan("GET")).toMatchObject([
      404,
      { code: "not_found", detail: expect.stringMatching(/No full scan was made yet/) },
    ]);
    const [status, found] = await scan("POST");
    expect(status).toBe(200);
    expect(found).toMatchObject({ cases: 2, differences: 0, samples: [] });
    expect(await scan("GET")).toEqual([200, found]);
    expect(await scan("DELETE")).toEqual([200, { done: false }]);
  });
});

describe("webhooks of the gateway", () => {
  const event = {
    id: "evt_1",
    type: "message.delivered",
    timestamp: "2026-03-03T09:00:00Z",
    sequence: 1,
    messageId: "msg_x",
    data: {},
  };

  async function post(body: string, headers: Record<string, string>): Promise<number> {
    const answer = await fetch(new URL(HOOK_PATH, scheduler.address), {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });
    return answer.status;
  }

  const signed = (body: string, at = NOW, secret = SECRET): Record<string, string> => ({
    ...sign([secret], { id: "evt_1", timestampSeconds: Math.floor(at / 1000), body }),
  });

  test("are taken when signed, once, and refused otherwise", async () => {
    const body = JSON.stringify(event);
    expect(await post(body, signed(body)), "no secret yet").toBe(401);
    await scheduler.db.write(() => scheduler.engine.marks.set("gateway.webhook-secret", SECRET));
    expect(await post(body, signed(body))).toBe(204);
    expect(await post(body, signed(body))).toBe(204);
    expect(await post(body, {})).toBe(401);
    expect(await post(`${body} `, signed(body)), "one octet more").toBe(401);
    expect(await post(body, signed(body, NOW - 600_000)), "too old").toBe(401);
    expect(await post(body, signed(body, NOW, `whsec_${Buffer.alloc(32, 8).toString("base64")}`))).toBe(401);
    expect(scheduler.db.sql("select count(*) from gateway_event").pluck().get()).toBe(1);
  });

  test("a body that is no event is not asked for again", async () => {
    const body = JSON.stringify({ hello: 1 });
    expect(await post(body, signed(body))).toBe(204);
  });
});
