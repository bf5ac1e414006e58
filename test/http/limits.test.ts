import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROBLEMS } from "#shared/problems.ts";
import { type Caller, type Edge, openEdge } from "#test/support/edge.ts";

let edge: Edge;
let shop: Caller;
let address: { host: string; port: number };

beforeAll(async () => {
  edge = await openEdge({ settings: { http: { requestsPerMinute: 30 }, numbers: { homeCountry: "DE" } } });
  shop = await edge.caller("messages:write", "messages:read");
  await edge.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = edge.app.server.address() as { port: number };
  address = { host: "127.0.0.1", port };
});
afterAll(() => edge.close());

/** Writes raw octets and gives all that comes back until the server closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(address.port, address.host, () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

const JSON_TYPE = { "content-type": "application/json" };

test.each<[string, string, Record<string, string>, number, string]>([
  ["no JSON", "{", JSON_TYPE, 400, "body_unreadable"],
  ["nothing", "", JSON_TYPE, 400, "body_unreadable"],
  ["a prototype", '{"__proto__":{"admin":true}}', JSON_TYPE, 400, "body_unreadable"],
  ["a form", "to=1", { "content-type": "application/x-www-form-urlencoded" }, 415, "media_type_unsupported"],
  ["a list", "[]", JSON_TYPE, 400, "request_invalid"],
  ["300 KB", JSON.stringify({ text: "x".repeat(300_000) }), JSON_TYPE, 413, "body_too_large"],
])("a body that is %s", async (_, payload, headers, status, code) => {
  const answer = await edge.app.inject({
    method: "POST",
    url: "/v1/messages",
    payload,
    headers: { ...headers, authorization: `Bearer ${shop.key}` },
  });
  expect(answer.json()).toMatchObject({ status, code });
});

test("a body nested a hundred thousand deep is refused like any other that does not fit", async () => {
  const deep = `{"to":"+491701234567","text":"x","metadata":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const answer = await edge.app.inject({
    method: "POST",
    url: "/v1/messages",
    payload: deep,
    headers: { ...JSON_TYPE, authorization: `Bearer ${shop.key}`, "idempotency-key": "k" },
  });
  expect(answer.json()).toMatchObject({ status: 400, code: "request_invalid" });
});

test("a batch may be larger than a message, up to 4 MB", async () => {
  const messages = [{ to: "+491701234567", text: "x".repeat(30_000), dryRun: true }];
  const many = { messages: Array(100).fill(messages[0]) };
  expect((await shop.call("POST", "/v1/messages/batch", many)).status).toBe(200);
  const more = { messages: Array(200).fill(messages[0]) };
  expect((await shop.call("POST", "/v1/messages/batch", more)).body.code).toBe("body_too_large");
});

test("a key that asks too often waits as long as it is told", async () => {
  const busy = await edge.caller("messages:read");
  const statuses: number[] = [];
  for (let i = 0; i < 31; i++) statuses.push((await busy.call("GET", "/v1/messages")).status);
  expect(statuses).toEqual([...Array(30).fill(200), 429]);
  const refused = await busy.call("GET", "/v1/messages");
  expect(refused.body).toMatchObject({
    code: "rate_limited",
    detail: "At most 30 requests of this key a minute.",
  });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});

test("headers have a limit", async () => {
  const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
});

test("what is no HTTP gets a short answer and a closed connection", async () => {
  expect(await raw("AT+CMGS=1\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
});

test("an address that cannot be decoded is a problem like any other", async () => {
  const answer = await edge.app.inject({ url: "/v1/%zz" });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: "request_invalid", status: 400 });
});

test("each kind of problem has a page of its own, with no script", async () => {
  for (const [code, kind] of Object.entries(PROBLEMS)) {
    const page = await edge.app.inject({ url: `/problems/${code}` });
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(page.body).toContain(code);
    expect(page.body).toContain(String(kind.status));
    expect(page.body).not.toContain("<script");
  }
  expect((await edge.app.inject({ url: "/problems" })).body).toContain("recipient_invalid");
  expect((await edge.app.inject({ url: "/problems/constructor" })).statusCode).toBe(404);
  const crossSite = await edge.app.inject({ url: "/problems/<script>alert(1)</script>" });
  expect(crossSite.body).not.toContain("<script>");
});

test("the API page needs no outside address and no inline script", async () => {
  const page = await edge.app.inject({ url: "/docs" });
  expect(page.statusCode).toBe(200);
  expect(page.headers["content-security-policy"]).toMatch(/script-src 'self';/);
  expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
  const scripts = [...page.body.matchAll(/<script([^>]*)>([^<]*)</g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes, inline] of scripts) {
    expect(attributes).toContain("src=");
    expect(inline?.trim()).toBe("");
  }
  for (const asset of ["/docs/static/swagger-ui-bundle.js", "/docs/static/swagger-initializer.js"])
    expect((await edge.app.inject({ url: asset })).statusCode).toBe(200);
});

test("healthy is not yet ready: the reasons are named", async () => {
  expect((await edge.app.inject({ url: "/healthz" })).json()).toEqual({ status: "ok" });
  const ready = await edge.app.inject({ url: "/readyz" });
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toEqual({
    ready: false,
    checks: [
      { name: "database", ok: true, detail: "It takes writes." },
      {
        name: "modems",
        ok: false,
        detail: "No modem is configured; add a section [[modems]] to the settings.",
      },
    ],
  });
});

test("the numbers for Prometheus name routes, never ids", async () => {
  await shop.call("GET", "/v1/messages/msg_secret");
  const reader = await edge.caller("metrics:read");
  const { body } = await reader.call("GET", "/metrics");
  expect(body).toMatch(
    /dunlin_http_requests_total\{method="GET",route="\/v1\/messages\/:id",status="404"\} 1/,
  );
  expect(body).toMatch(/^dunlin_segments\{state="queued"\} 0$/m);
  expect(body).not.toContain("msg_secret");
});
