/** A receiver that fails, in each of the ways in which receivers fail. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HookRig, openHookRig } from "#test/support/hook-rig.ts";
import { openReceiver } from "#test/support/receiver.ts";

const HOUR_MS = 3_600_000;

let rig: HookRig;
beforeEach(async () => {
  rig = await openHookRig();
});
afterEach(() => rig.close());

test("a failed post is tried again, ten times over three days, then given up", async () => {
  const { id } = await rig.hook();
  rig.receiver.react(500);
  await rig.message();
  await rig.receiver.until(1);
  const began = rig.edge.clock.now();
  let last = began;
  while (rig.receiver.received.length < 10 && last - began < 100 * HOUR_MS) {
    const before = rig.receiver.received.length;
    await rig.pass(60_000);
    if (rig.receiver.received.length > before) last = rig.edge.clock.now();
  }
  expect(last - began).toBeGreaterThan(66 * HOUR_MS);
  expect(last - began).toBeLessThan(85 * HOUR_MS);
  await rig.settled(id, (webhook) => webhook.pending === 0);
  await rig.pass(30 * HOUR_MS);
  expect(rig.receiver.received).toHaveLength(10);
  expect(new Set(rig.receiver.received.map((one) => one.headers["webhook-id"])).size).toBe(1);
  expect(await rig.deliveries(id)).toEqual([
    expect.objectContaining({ state: "failed", attempts: 10, lastStatus: 500, lastError: "answered 500" }),
  ]);
});

test("the events of one message come in order; other messages do not wait for them", async () => {
  await rig.hook();
  const held = await rig.message("held up");
  await rig.receiver.until(1);
  rig.receiver.react((request, response) =>
    response.writeHead(request.body.messageId === held ? 500 : 204).end(),
  );
  await rig.edge.tell("message.submitted", {}, held);
  await rig.edge.tell("message.delivered", {}, held);
  const other = await rig.message("free");
  await rig.edge.tell("message.submitted", {}, other);
  await rig.receiver.until(4);
  const seen = (id: string): string[] =>
    rig.receiver.received.filter((one) => one.body.messageId === id).map((one) => one.body.type);
  expect(seen(other)).toEqual(["message.accepted", "message.submitted"]);
  expect(seen(held)).toEqual(["message.accepted", "message.submitted"]);
  rig.receiver.react(204);
  await rig.pass(6_000);
  await rig.receiver.until(6);
  expect(seen(held).slice(1)).toEqual(["message.submitted", "message.submitted", "message.delivered"]);
});

test("a receiver that comes back gets what has waited at once", async () => {
  const { id } = await rig.hook();
  rig.receiver.react(503);
  for (let i = 0; i < 5; i++) await rig.message(`number ${i}`);
  await rig.receiver.until(5);
  await rig.settled(id, (webhook) => webhook.pending === 5);
  rig.receiver.react(204);
  await rig.message("the first that works");
  await rig.settled(id, (webhook) => webhook.pending === 0);
  const delivered = (await rig.deliveries(id)).filter((one: { state: string }) => one.state === "delivered");
  expect(delivered).toHaveLength(6);
});

test("Retry-After holds everything back until then", async () => {
  const { id } = await rig.hook();
  rig.receiver.react((_request, response) => response.writeHead(429, { "retry-after": "3600" }).end(), 204);
  await rig.message("first");
  await rig.receiver.until(1);
  await rig.settled(id, (webhook) => "lastFailureAt" in webhook);
  await rig.message("second");
  await rig.edge.clock.advance(3_590_000);
  expect(rig.receiver.received).toHaveLength(1);
  await rig.edge.clock.advance(400_000);
  await rig.receiver.until(3);
});

test("410 switches it off; switched on again it sends what has waited", async () => {
  const { id } = await rig.hook();
  rig.receiver.react(410, 204);
  await rig.message("first");
  await rig.receiver.until(1);
  const view = await rig.settled(id, (webhook) => !webhook.enabled);
  expect(view.disabledReason).toBe("the receiver answered 410 Gone");
  await rig.message("second");
  await rig.edge.clock.advance(HOUR_MS);
  expect(rig.receiver.received).toHaveLength(1);
  await rig.shop.call("PATCH", `/v1/webhooks/${id}`, { enabled: true });
  await rig.receiver.until(3);
});

test("redirects are not followed, and an answer without end is cut off", async () => {
  const { id } = await rig.hook();
  const target = await openReceiver();
  rig.receiver.react((_request, response) => response.writeHead(302, { location: target.url }).end());
  await rig.message();
  await rig.settled(id, (webhook) => "lastFailureAt" in webhook);
  const [redirected] = await rig.deliveries(id);
  expect(redirected).toMatchObject({
    lastStatus: 302,
    lastError: "answered 302; redirects are not followed",
  });
  expect(target.received).toHaveLength(0);
  await target.close();
  rig.receiver.react((_request, response) => {
    response.writeHead(200);
    const pour = (): boolean => response.destroyed || (response.write("x".repeat(16_384)) && pour());
    response.on("drain", pour);
    pour();
  });
  await rig.edge.clock.advance(6_000);
  await rig.settled(id, (webhook) => webhook.pending === 0);
});

test("a receiver that says nothing is given fifteen seconds, and delays no other", async () => {
  const slow = await openReceiver();
  slow.react(() => {});
  const { id } = await rig.hook({ url: slow.url });
  await rig.hook();
  for (let i = 0; i < 20; i++) await rig.message(`number ${i}`);
  await rig.receiver.until(20);
  await rig.edge.clock.advance(15_000);
  await rig.settled(id, (webhook) => "lastFailureAt" in webhook);
  expect((await rig.deliveries(id)).find((one: { attempts: number }) => one.attempts > 0)).toMatchObject({
    state: "pending",
    lastError: "no complete answer within 15 seconds",
  });
  await slow.close();
});

test("what was owed before a restart is sent after it", async () => {
  const { id } = await rig.hook();
  rig.receiver.react(500);
  await rig.message("first");
  await rig.receiver.until(1);
  await rig.settled(id, (webhook) => "lastFailureAt" in webhook);
  await rig.edge.webhooks.stop();
  await rig.message("second");
  rig.receiver.react(204);
  await rig.edge.restartWebhooks();
  await rig.edge.clock.advance(10_000);
  await rig.receiver.until(3);
  const texts = rig.receiver.received.slice(1).map((one) => one.body.sequence);
  expect(texts.sort()).toEqual([1, 2]);
});

test("a receiver that is away costs a window, not the whole log, and misses nothing", async () => {
  const EVENTS = 1_500;
  const { id } = await rig.hook();
  let away = true;
  rig.receiver.react((_request, response) => response.writeHead(away ? 503 : 204).end());
  await Promise.all(Array.from({ length: EVENTS }, (_, i) => rig.edge.tell("modem.changed", { i })));
  const view = await rig.settled(id, ({ pending }) => pending >= 1_000);
  expect(view.pending).toBeLessThan(1_200);
  away = false;
  const sequences = (): Set<number> => new Set(rig.receiver.received.map((one) => one.body.sequence));
  while (sequences().size < EVENTS) await rig.pass(60_000);
  await rig.settled(id, ({ pending }) => pending === 0);
  expect([...sequences()].sort((a, b) => a - b)).toEqual(Array.from({ length: EVENTS }, (_, i) => i + 1));
});
