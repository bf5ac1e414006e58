import { Webhook as Referee } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verify } from "#shared/webhook-signature.ts";
import { type Caller, type Edge, openEdge } from "#test/support/edge.ts";
import { openReceiver, type Receiver } from "#test/support/receiver.ts";

const HOUR_MS = 3_600_000;
const LOOPBACK = { webhooks: { allowedNetworks: ["127.0.0.0/8"] }, numbers: { homeCountry: "DE" } };

let edge: Edge;
let shop: Caller;
let receiver: Receiver;

beforeEach(async () => {
  [edge, receiver] = await Promise.all([openEdge({ settings: LOOPBACK }), openReceiver()]);
  shop = await edge.caller("messages:write", "messages:read", "webhooks:write", "fleet:read");
});
afterEach(async () => {
  await edge.close();
  await receiver.close();
});

async function hook(fields: object = {}, caller = shop): Promise<{ id: string; secret: string }> {
  const { status, body } = await caller.call("POST", "/v1/webhooks", { url: receiver.url, ...fields });
  expect(status).toBe(201);
  return body;
}

async function message(text = "Hello"): Promise<string> {
  return (await shop.call("POST", "/v1/messages", { to: "+491701234567", text })).body.id;
}

/** Waits until the webhook's own view fits: what was posted is also stored. */
async function settled(
  id: string,
  fits: (webhook: { pending: number; enabled: boolean }) => boolean,
  caller = shop,
) {
  for (;;) {
    const { body } = await caller.call("GET", `/v1/webhooks/${id}`);
    if (fits(body)) return body;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Moves time on, but never while a post is on the way: that one takes place in real time. */
async function pass(ms: number): Promise<void> {
  const until = edge.clock.now() + ms;
  for (let rest = ms; rest > 0; rest = until - edge.clock.now()) {
    await edge.clock.advance(Math.min(edge.clock.nextTimerMs() ?? rest, rest));
    while (countDue() > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function countDue(): number {
  const row = edge.db.connection
    .prepare(
      `select count(*) as n from webhook_delivery d join webhook w on w.number = d.webhook
       where d.state = 'pending' and d.next_at <= ? and w.enabled = 1`,
    )
    .get(edge.clock.now()) as { n: number };
  return row.n;
}

async function deliveries(id: string) {
  return (await shop.call("GET", `/v1/webhooks/${id}/deliveries`)).body.items;
}

test("an event is posted, signed as Standard Webhooks says", async () => {
  const { id, secret } = await hook();
  const messageId = await message();
  await receiver.until(1);
  const [first] = receiver.received;
  expect(first?.body).toMatchObject({
    id: first?.headers["webhook-id"],
    type: "message.accepted",
    timestamp: "2026-01-05T09:00:00.000Z",
    sequence: 1,
    messageId,
    messageSequence: 1,
  });
  expect(first?.headers["content-type"]).toBe("application/json");
  expect(verify([secret], first?.headers ?? {}, first?.text ?? "", edge.clock.now())).toEqual({ ok: true });
  const stamp = new Date(Number(first?.headers["webhook-timestamp"]) * 1_000);
  expect(new Referee(secret).sign(String(first?.headers["webhook-id"]), stamp, first?.text ?? "")).toBe(
    first?.headers["webhook-signature"],
  );
  const view = await settled(id, (webhook) => webhook.pending === 0);
  expect(view.lastSuccessAt).toBe("2026-01-05T09:00:00.000Z");
  expect(await deliveries(id)).toEqual([
    expect.objectContaining({ state: "delivered", attempts: 1, lastStatus: 204, messageId }),
  ]);
});

test("only the events that were asked for, and only from now on", async () => {
  await message("before");
  await hook({ events: ["sim.parked"] });
  await message("after");
  await edge.tell("modem.changed", {});
  await edge.tell("sim.parked", { sim: "1" });
  await receiver.until(1);
  expect(receiver.received.map((one) => one.body.type)).toEqual(["sim.parked"]);
});

test("a receiver sees what its key may see", async () => {
  const other = await edge.caller("messages:write", "webhooks:write");
  await hook({}, other);
  await message();
  await edge.tell("modem.changed", {});
  await other.call("POST", "/v1/messages", { to: "+491701234567", text: "Mine" });
  await receiver.until(1);
  expect(receiver.received.map((one) => one.body.type)).toEqual(["message.accepted"]);
});

test("a failed post is tried again, ten times over three days, then given up", async () => {
  const { id } = await hook();
  receiver.react(500);
  await message();
  await receiver.until(1);
  const began = edge.clock.now();
  let last = began;
  while (receiver.received.length < 10 && last - began < 100 * HOUR_MS) {
    const before = receiver.received.length;
    await pass(60_000);
    if (receiver.received.length > before) last = edge.clock.now();
  }
  expect(last - began).toBeGreaterThan(66 * HOUR_MS);
  expect(last - began).toBeLessThan(85 * HOUR_MS);
  await settled(id, (webhook) => webhook.pending === 0);
  await pass(30 * HOUR_MS);
  expect(receiver.received).toHaveLength(10);
  expect(new Set(receiver.received.map((one) => one.headers["webhook-id"])).size).toBe(1);
  expect(await deliveries(id)).toEqual([
    expect.objectContaining({ state: "failed", attempts: 10, lastStatus: 500, lastError: "answered 500" }),
  ]);
});

test("the events of one message come in order; other messages do not wait for them", async () => {
  await hook();
  const held = await message("held up");
  await receiver.until(1);
  receiver.react((request, response) =>
    response.writeHead(request.body.messageId === held ? 500 : 204).end(),
  );
  await edge.tell("message.submitted", {}, held);
  await edge.tell("message.delivered", {}, held);
  const other = await message("free");
  await edge.tell("message.submitted", {}, other);
  await receiver.until(4);
  const seen = (id: string): string[] =>
    receiver.received.filter((one) => one.body.messageId === id).map((one) => one.body.type);
  expect(seen(other)).toEqual(["message.accepted", "message.submitted"]);
  expect(seen(held)).toEqual(["message.accepted", "message.submitted"]);
  receiver.react(204);
  await pass(6_000);
  await receiver.until(6);
  expect(seen(held).slice(1)).toEqual(["message.submitted", "message.submitted", "message.delivered"]);
});

test("a receiver that comes back gets what has waited at once", async () => {
  const { id } = await hook();
  receiver.react(503);
  for (let i = 0; i < 5; i++) await message(`number ${i}`);
  await receiver.until(5);
  await settled(id, (webhook) => webhook.pending === 5);
  receiver.react(204);
  await message("the first that works");
  await settled(id, (webhook) => webhook.pending === 0);
  const delivered = (await deliveries(id)).filter((one: { state: string }) => one.state === "delivered");
  expect(delivered).toHaveLength(6);
});

test("Retry-After holds everything back until then", async () => {
  const { id } = await hook();
  receiver.react((_request, response) => response.writeHead(429, { "retry-after": "3600" }).end(), 204);
  await message("first");
  await receiver.until(1);
  await settled(id, (webhook) => "lastFailureAt" in webhook);
  await message("second");
  await edge.clock.advance(3_590_000);
  expect(receiver.received).toHaveLength(1);
  await edge.clock.advance(400_000);
  await receiver.until(3);
});

test("410 switches it off; switched on again it sends what has waited", async () => {
  const { id } = await hook();
  receiver.react(410, 204);
  await message("first");
  await receiver.until(1);
  const view = await settled(id, (webhook) => !webhook.enabled);
  expect(view.disabledReason).toBe("the receiver answered 410 Gone");
  await message("second");
  await edge.clock.advance(HOUR_MS);
  expect(receiver.received).toHaveLength(1);
  await shop.call("PATCH", `/v1/webhooks/${id}`, { enabled: true });
  await receiver.until(3);
});

test("redirects are not followed, and an answer without end is cut off", async () => {
  const { id } = await hook();
  const target = await openReceiver();
  receiver.react((_request, response) => response.writeHead(302, { location: target.url }).end());
  await message();
  await settled(id, (webhook) => "lastFailureAt" in webhook);
  const [redirected] = await deliveries(id);
  expect(redirected).toMatchObject({
    lastStatus: 302,
    lastError: "answered 302; redirects are not followed",
  });
  expect(target.received).toHaveLength(0);
  await target.close();
  receiver.react((_request, response) => {
    response.writeHead(200);
    const pour = (): boolean => response.destroyed || (response.write("x".repeat(16_384)) && pour());
    response.on("drain", pour);
    pour();
  });
  await edge.clock.advance(6_000);
  await settled(id, (webhook) => webhook.pending === 0);
});

test("a receiver that says nothing is given fifteen seconds, and delays no other", async () => {
  const slow = await openReceiver();
  slow.react(() => {});
  const { id } = await hook({ url: slow.url });
  await hook();
  for (let i = 0; i < 20; i++) await message(`number ${i}`);
  await receiver.until(20);
  await edge.clock.advance(15_000);
  await settled(id, (webhook) => "lastFailureAt" in webhook);
  expect((await deliveries(id)).find((one: { attempts: number }) => one.attempts > 0)).toMatchObject({
    state: "pending",
    lastError: "no complete answer within 15 seconds",
  });
  await slow.close();
});

test("while a secret is replaced both sign; afterwards the new one alone", async () => {
  const { id, secret: old } = await hook();
  const rotated = await shop.call("POST", `/v1/webhooks/${id}/rotate-secret`, { overlapSeconds: 3_600 });
  expect(rotated.body.secretExpiresAt).toBe("2026-01-05T10:00:00.000Z");
  const check = async (count: number): Promise<boolean[]> => {
    await message();
    await receiver.until(count);
    const { headers, text } = receiver.received[count - 1] ?? { headers: {}, text: "" };
    return [old, rotated.body.secret].map((one) => verify([one], headers, text, edge.clock.now()).ok);
  };
  expect(await check(1)).toEqual([true, true]);
  await edge.clock.advance(HOUR_MS);
  expect(await check(2)).toEqual([false, true]);
});

test("one event, or all since a moment, are sent again under their own ids", async () => {
  const { id } = await hook();
  for (let i = 0; i < 4; i++) {
    await message(`number ${i}`);
    await edge.clock.advance(60_000);
  }
  await receiver.until(4);
  await settled(id, (webhook) => webhook.pending === 0);
  const eventId = receiver.received[1]?.body.id;
  const one = await shop.call("POST", `/v1/webhooks/${id}/replay`, { eventId });
  expect(one).toMatchObject({ status: 202, body: { fromSequence: 2, untilSequence: 2 } });
  await receiver.until(5);
  expect(receiver.received[4]?.body.id).toBe(eventId);
  await settled(id, (webhook) => webhook.pending === 0);
  const since = { since: "2026-01-05T09:01:30Z" };
  expect((await shop.call("POST", `/v1/webhooks/${id}/replay`, since)).body).toEqual({
    fromSequence: 3,
    untilSequence: 4,
  });
  await receiver.until(7);
  expect(
    receiver.received
      .slice(5)
      .map((one) => one.body.sequence)
      .sort(),
  ).toEqual([3, 4]);
  const nothing = await shop.call("POST", `/v1/webhooks/${id}/replay`, { eventId: "evt_0" });
  expect(nothing.status).toBe(404);
  const mixed = await shop.call("POST", `/v1/webhooks/${id}/replay`, { eventid: "evt_0" });
  expect(mixed.body.errors).toContainEqual({
    pointer: "/eventid",
    detail: "There is no such field; did you mean eventId?",
  });
});

test("a test event is posted at once, and tells how it went", async () => {
  const { id, secret } = await hook();
  const good = await shop.call("POST", `/v1/webhooks/${id}/test`);
  expect(good.body).toMatchObject({ ok: true, status: 204 });
  const [first] = receiver.received;
  expect(first?.body.type).toBe("webhook.test");
  expect(verify([secret], first?.headers ?? {}, first?.text ?? "", edge.clock.now()).ok).toBe(true);
  receiver.react(500);
  expect((await shop.call("POST", `/v1/webhooks/${id}/test`)).body).toMatchObject({
    ok: false,
    status: 500,
    error: "answered 500",
  });
});

test("addresses that lead inside are refused, at once or when the name is resolved", async () => {
  await edge.close();
  const led: string[] = [];
  edge = await openEdge({
    resolve: (host, _options, done) => {
      led.push(host);
      done(null, [{ address: "127.0.0.1", family: 4 }]);
    },
  });
  shop = await edge.caller("webhooks:write");
  const direct = await shop.call("POST", "/v1/webhooks", { url: receiver.url });
  expect(direct).toMatchObject({
    status: 422,
    body: { code: "target_not_allowed", errors: [{ pointer: "/url" }] },
  });
  const url = receiver.url.replace("127.0.0.1", "public.example");
  const { body } = await shop.call("POST", "/v1/webhooks", { url });
  const tried = await shop.call("POST", `/v1/webhooks/${body.id}/test`);
  expect(tried.body).toMatchObject({ ok: false, error: expect.stringContaining("it is no public address") });
  expect(led).toEqual(["public.example"]);
  expect(receiver.received).toEqual([]);
  for (const wrong of [
    "ftp://example.org",
    "https://user:pass@example.org",
    "example.org",
    "javascript:alert(1)",
  ])
    expect((await shop.call("POST", "/v1/webhooks", { url: wrong })).status).toBe(400);
});

test("the answers of a receiver are kept with numbers masked", async () => {
  const { id } = await hook();
  receiver.react((_request, response) => response.writeHead(400).end("no debtor +491701234567 here"));
  await message();
  await settled(id, (webhook) => "lastFailureAt" in webhook);
  expect((await deliveries(id))[0].lastResponse).toBe("no debtor +49170***4567 here");
});

test("a webhook whose key was revoked falls silent", async () => {
  const { id } = await hook();
  const admin = await edge.caller("admin");
  await admin.call("POST", `/v1/keys/${shop.keyId}/revoke`);
  await edge.tell("modem.changed", {});
  const view = await settled(id, (webhook) => !webhook.enabled, admin);
  expect(view.disabledReason).toBe("the key that made it was revoked or has expired");
  expect(receiver.received).toEqual([]);
});

test("what was owed before a restart is sent after it", async () => {
  const { id } = await hook();
  receiver.react(500);
  await message("first");
  await receiver.until(1);
  await settled(id, (webhook) => "lastFailureAt" in webhook);
  await edge.webhooks.stop();
  await message("second");
  receiver.react(204);
  await edge.restartWebhooks();
  await edge.clock.advance(10_000);
  await receiver.until(3);
  const texts = receiver.received.slice(1).map((one) => one.body.sequence);
  expect(texts.sort()).toEqual([1, 2]);
});

test("a removed webhook is gone, with all that was owed to it", async () => {
  const { id } = await hook();
  receiver.react(500);
  await message();
  await receiver.until(1);
  expect((await shop.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(204);
  expect((await shop.call("GET", `/v1/webhooks/${id}`)).status).toBe(404);
  await message();
  await edge.clock.advance(HOUR_MS);
  expect(receiver.received).toHaveLength(1);
});
