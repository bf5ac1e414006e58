import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canonical } from "#gateway/http/idempotency.ts";
import { type Answer, type Caller, type Edge, openEdge } from "#test/support/edge.ts";

let edge: Edge;
let shop: Caller;

beforeEach(async () => {
  edge = await openEdge();
  shop = await edge.caller("messages:write", "messages:read");
});
afterEach(() => edge.close());

const HELLO = { to: "+491701234567", text: "Hello", metadata: { a: "1", b: "2" } };

function send(caller: Caller, key: string, body: unknown, url = "/v1/messages"): Promise<Answer> {
  return caller.call("POST", url, body, { "idempotency-key": key });
}

async function stored(caller: Caller): Promise<number> {
  return (await caller.call("GET", "/v1/messages?limit=500")).body.items.length;
}

test("a repeated request is answered with the first answer, marked as such", async () => {
  const first = await send(shop, "order-17", HELLO);
  expect(first.status).toBe(202);
  expect(first.headers["idempotency-replayed"]).toBeUndefined();
  const again = await send(shop, "order-17", {
    metadata: { b: "2", a: "1" },
    text: "Hello",
    to: "+491701234567",
  });
  expect(again.headers["idempotency-replayed"]).toBe("true");
  expect(again.headers.location).toBe(first.headers.location);
  expect([again.status, again.body]).toEqual([202, first.body]);
  expect(await stored(shop)).toBe(1);
});

test("also after the message went on: the answer is the one of then, GET tells what is now", async () => {
  const first = await send(shop, "order-17", HELLO);
  await shop.call("POST", `/v1/messages/${first.body.id}/cancel`);
  expect((await send(shop, "order-17", HELLO)).body).toEqual(first.body);
  expect((await shop.call("GET", `/v1/messages/${first.body.id}`)).body.state).toBe("cancelled");
});

test("also when it could not be accepted any more, because its last moment has passed", async () => {
  const brief = { ...HELLO, notAfter: "2026-01-05T10:00:00Z" };
  const first = await send(shop, "order-17", brief);
  const batch = await send(shop, "run-1", { messages: [brief] }, "/v1/messages/batch");
  await edge.clock.advance(2 * 3_600_000);
  expect((await send(shop, "order-17", brief)).body).toEqual(first.body);
  expect((await send(shop, "run-1", { messages: [brief] }, "/v1/messages/batch")).body).toEqual(batch.body);
  expect((await send(shop, "order-17", { ...brief, text: "x" })).body.code).toBe("idempotency_key_reused");
  expect((await send(shop, "order-18", brief)).body.code).toBe("schedule_invalid");
});

test("the same key with another body is refused", async () => {
  await send(shop, "order-17", HELLO);
  const other = await send(shop, "order-17", { ...HELLO, text: "Hello!" });
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused", retryable: false } });
  const batch = await send(shop, "order-17", { messages: [HELLO] }, "/v1/messages/batch");
  expect(batch.status).toBe(422);
  expect(await stored(shop)).toBe(1);
});

test("a refused request does not use up its key", async () => {
  expect((await send(shop, "order-17", { ...HELLO, to: "nobody" })).status).toBe(422);
  expect((await send(shop, "order-17", HELLO)).status).toBe(202);
});

test("a hundred at the same moment make one message and one answer", async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(shop, "order-17", HELLO)));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  expect(answers.filter((answer) => answer.headers["idempotency-replayed"] === undefined)).toHaveLength(1);
  expect(await stored(shop)).toBe(1);
});

test("a batch is repeated as a whole", async () => {
  const messages = [HELLO, { ...HELLO, text: "Second" }];
  const first = await send(shop, "run-1", { messages }, "/v1/messages/batch");
  const again = await send(shop, "run-1", { messages }, "/v1/messages/batch");
  expect(again.body).toEqual(first.body);
  expect(again.headers["idempotency-replayed"]).toBe("true");
  expect(await stored(shop)).toBe(2);
});

test("each API key has its own idempotency keys", async () => {
  const other = await edge.caller("messages:write", "messages:read");
  const first = await send(shop, "order-17", HELLO);
  const second = await send(other, "order-17", { ...HELLO, text: "Other" });
  expect(second.status).toBe(202);
  expect(second.body.id).not.toBe(first.body.id);
});

test("the draft's quotes are not part of the key; it is kept for seven days", async () => {
  const first = await send(shop, '"order-17"', HELLO);
  expect((await send(shop, "order-17", HELLO)).body).toEqual(first.body);
  await edge.clock.advance(7 * 24 * 3_600_000);
  const later = await send(shop, "order-17", HELLO);
  expect(later.status).toBe(202);
  expect(later.body.id).not.toBe(first.body.id);
});

test.each(["", " ", "a b", "x".repeat(256), "ü", '""'])("no usable key: %j", async (key) => {
  expect(await send(shop, key, HELLO)).toMatchObject({
    status: 400,
    body: { code: "idempotency_key_invalid" },
  });
});

test("the hash does not depend on the order of members, and on nothing else less", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(canonical(a) === canonical(b)).toBe(same);
      expect(canonical(reversed(a))).toBe(canonical(a));
    }),
  );
});

function sorted(value: unknown): unknown {
  return mapMembers(value, (members) => members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reversed(value: unknown): unknown {
  return mapMembers(value, (members) => members.reverse());
}

function mapMembers(value: unknown, order: (members: [string, unknown][]) => [string, unknown][]): unknown {
  if (Array.isArray(value)) return value.map((item) => mapMembers(item, order));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, one]): [string, unknown] => [
    name,
    mapMembers(one, order),
  ]);
  return members.length === 0 ? {} : Object.fromEntries(order(members));
}
