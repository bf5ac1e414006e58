import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKeyText } from "#shared/api-keys.ts";
import { SCOPES, type Scope } from "#shared/gateway-api.ts";
import { systemRandom } from "#shared/random.ts";
import { type Caller, type Edge, openEdge } from "#test/support/edge.ts";

let edge: Edge;
let alice: Caller;
let bob: Caller;
let admin: Caller;
let messageId: string;
let webhookId: string;

const OWN: Scope[] = ["messages:write", "messages:read", "events:read", "webhooks:write"];

beforeAll(async () => {
  edge = await openEdge();
  [alice, bob, admin] = [await edge.caller(...OWN), await edge.caller(...OWN), await edge.caller("admin")];
  messageId = (await alice.call("POST", "/v1/messages", { to: "+491701234567", text: "Hi" })).body.id;
  webhookId = (await alice.call("POST", "/v1/webhooks", { url: "https://example.org/hook" })).body.id;
});
afterAll(() => edge.close());

describe("what belongs to another key does not exist", () => {
  test.each<
    ["GET" | "POST" | "PATCH" | "DELETE", (id: { message: string; webhook: string }) => string, unknown]
  >([
    ["GET", ({ message }) => `/v1/messages/${message}`, undefined],
    ["POST", ({ message }) => `/v1/messages/${message}/cancel`, undefined],
    ["GET", ({ webhook }) => `/v1/webhooks/${webhook}`, undefined],
    ["PATCH", ({ webhook }) => `/v1/webhooks/${webhook}`, { enabled: false }],
    ["DELETE", ({ webhook }) => `/v1/webhooks/${webhook}`, undefined],
    ["POST", ({ webhook }) => `/v1/webhooks/${webhook}/rotate-secret`, {}],
    ["POST", ({ webhook }) => `/v1/webhooks/${webhook}/test`, undefined],
    ["POST", ({ webhook }) => `/v1/webhooks/${webhook}/replay`, { since: "2026-01-01T00:00:00Z" }],
    ["GET", ({ webhook }) => `/v1/webhooks/${webhook}/deliveries`, undefined],
  ])("%s %s", async (method, path, body) => {
    const theirs = await bob.call(method, path({ message: messageId, webhook: webhookId }), body);
    const nobodys = await bob.call(method, path({ message: "msg_0", webhook: "whk_0" }), body);
    expect([theirs.status, nobodys.status]).toEqual([404, 404]);
    const same = (answer: { body: { detail: string; instance: string } }): object => ({
      ...answer.body,
      detail: answer.body.detail.replace(/(msg|whk)_\w+/, "ID"),
      instance: "",
    });
    expect(same(theirs)).toEqual(same(nobodys));
  });

  test("lists show one's own only", async () => {
    expect((await bob.call("GET", "/v1/messages")).body.items).toEqual([]);
    expect((await bob.call("GET", "/v1/webhooks")).body.items).toEqual([]);
    expect((await bob.call("GET", "/v1/events")).body.items).toEqual([]);
    expect((await alice.call("GET", "/v1/events")).body.items).toHaveLength(1);
    expect((await admin.call("GET", "/v1/messages")).body.items).toHaveLength(1);
  });

  test("read:all reads, but does not change", async () => {
    const reader = await edge.caller("messages:read", "messages:write", "read:all");
    expect((await reader.call("GET", `/v1/messages/${messageId}`)).status).toBe(200);
    expect((await reader.call("POST", `/v1/messages/${messageId}/cancel`)).status).toBe(404);
  });
});

describe("each route needs its scope", () => {
  const routes: [string, string, Scope, unknown?][] = [
    ["POST", "/v1/messages", "messages:write", { to: "+491701234567", text: "Hi", dryRun: true }],
    ["POST", "/v1/messages/preview", "messages:write", { text: "Hi" }],
    ["GET", "/v1/messages", "messages:read"],
    ["GET", "/v1/inbound", "inbound:read"],
    ["GET", "/v1/modems", "fleet:read"],
    ["GET", "/v1/sims", "fleet:read"],
    ["GET", "/v1/events", "events:read"],
    ["GET", "/v1/webhooks", "webhooks:write"],
    ["GET", "/v1/keys", "admin"],
    ["GET", "/metrics", "metrics:read"],
  ];

  test.each(routes)("%s %s needs %s", async (method, url, scope, body) => {
    const others = SCOPES.filter((one) => one !== scope && one !== "admin");
    const without = await edge.caller(...others);
    const refused = await without.call(method as "GET", url, body);
    expect(refused).toMatchObject({
      status: 403,
      body: { code: "scope_missing", detail: `This needs the scope ${scope}.` },
    });
    expect((await (await edge.caller(scope)).call(method as "GET", url, body)).status).toBe(200);
    expect((await admin.call(method as "GET", url, body)).status).toBe(200);
    expect((await edge.app.inject({ method: method as "GET", url })).statusCode).toBe(401);
  });

  test("no route under /v1 answers without a key", async () => {
    const { paths } = edge.app.swagger() as { paths: Record<string, Record<string, unknown>> };
    const under = Object.entries(paths).filter(([path]) => path.startsWith("/v1/"));
    expect(under.length).toBeGreaterThan(15);
    for (const [path, methods] of under)
      for (const method of Object.keys(methods)) {
        const url = path.replace(/\{\w+\}/g, "x");
        const answer = await edge.app.inject({ method: method.toUpperCase() as "GET", url });
        expect([path, answer.statusCode]).toEqual([path, 401]);
      }
  });
});

describe("keys", () => {
  test("an administrator makes, lists and revokes them", async () => {
    const made = await admin.call("POST", "/v1/keys", { name: "shop", scopes: ["messages:read"] });
    expect(made.status).toBe(201);
    const { key, ...shown } = made.body;
    const use = (): Promise<number> =>
      edge.app
        .inject({ url: "/v1/messages", headers: { authorization: `Bearer ${key}` } })
        .then((answer) => answer.statusCode);
    expect(await use()).toBe(200);
    const listed = (await admin.call("GET", "/v1/keys")).body.items;
    expect(listed).toContainEqual(
      expect.objectContaining({ id: shown.id, name: "shop", shown: shown.shown }),
    );
    expect(JSON.stringify(listed)).not.toContain(key);
    const revoked = await admin.call("POST", `/v1/keys/${shown.id}/revoke`);
    expect(revoked.body.revokedAt).toBeDefined();
    expect(await use()).toBe(401);
  });

  test("what makes no sense is refused", async () => {
    const past = { name: "x", scopes: ["admin"], expiresAt: "2020-01-01T00:00:00Z" };
    expect((await admin.call("POST", "/v1/keys", past)).body.errors).toEqual([
      { pointer: "/expiresAt", detail: "It lies in the past." },
    ]);
    const scope = await admin.call("POST", "/v1/keys", { name: "x", scopes: ["message:write"] });
    expect(scope.body.errors[0].pointer).toBe("/scopes/0");
    expect((await admin.call("POST", `/v1/keys/${admin.keyId}/revoke`)).status).toBe(400);
    expect((await admin.call("POST", "/v1/keys/key_0/revoke")).status).toBe(404);
  });

  test("after twenty wrong keys in a minute an address has to wait, but for the right one", async () => {
    const attempt = (key: string) =>
      edge.app.inject({
        url: "/v1/messages",
        remoteAddress: "192.0.2.7",
        headers: { authorization: `Bearer ${key}` },
      });
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await attempt(createKeyText(systemRandom))).statusCode);
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
    const refused = await attempt("nonsense");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ code: "rate_limited", retryable: true });
    expect((await attempt(alice.key)).statusCode).toBe(200);
    const elsewhere = await edge.app.inject({ url: "/v1/messages", headers: { authorization: "Bearer x" } });
    expect(elsewhere.statusCode).toBe(401);
  });
});

test("a path that is known with another method names those that it takes", async () => {
  const shop = await edge.caller("messages:write", "messages:read");
  expect(await shop.call("PATCH", "/v1/messages")).toMatchObject({
    status: 405,
    headers: { allow: "GET, POST", "content-type": expect.stringContaining("application/problem+json") },
    body: { code: "method_not_allowed", detail: "It takes GET, POST." },
  });
  expect((await shop.call("DELETE", "/v1/messages/msg_0?x=1")).headers.allow).toBe("GET");
  expect((await shop.call("GET", "/v1/messages/msg_0/resolve")).headers.allow).toBe("POST");
  expect((await shop.call("GET", "/v1/nothing")).status).toBe(404);
  expect((await shop.call("GET", "/v1/messages//resolve")).status).toBe(404);
});
