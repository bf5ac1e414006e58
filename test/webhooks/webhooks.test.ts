import { Webhook as Referee } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verify } from "#shared/webhook-signature.ts";
import { openEdge } from "#test/support/edge.ts";
import { type HookRig, openHookRig } from "#test/support/hook-rig.ts";

const HOUR_MS = 3_600_000;

let rig: HookRig;
beforeEach(async () => {
  rig = await openHookRig();
});
afterEach(() => rig.close());

test("an event is posted, signed as Standard Webhooks says", async () => {
  const { id, secret } = await rig.hook();
  const messageId = await rig.message();
  await rig.receiver.until(1);
  const [first] = rig.receiver.received;
  expect(first?.body).toMatchObject({
    id: first?.headers["webhook-id"],
    type: "message.accepted",
    timestamp: "2026-01-05T09:00:00.000Z",
    sequence: 1,
    messageId,
    messageSequence: 1,
  });
  expect(first?.headers["content-type"]).toBe("application/json");
  expect(verify([secret], first?.headers ?? {}, first?.text ?? "", rig.edge.clock.now())).toEqual({
    ok: true,
  });
  const stamp = new Date(Number(first?.headers["webhook-timestamp"]) * 1_000);
  expect(new Referee(secret).sign(String(first?.headers["webhook-id"]), stamp, first?.text ?? "")).toBe(
    first?.headers["webhook-signature"],
  );
  const view = await rig.settled(id, (webhook) => webhook.pending === 0);
  expect(view.lastSuccessAt).toBe("2026-01-05T09:00:00.000Z");
  expect(await rig.deliveries(id)).toEqual([
    expect.objectContaining({ state: "delivered", attempts: 1, lastStatus: 204, messageId }),
  ]);
});

test("only the events that were asked for, and only from now on", async () => {
  await rig.message("before");
  await rig.hook({ events: ["sim.parked"] });
  await rig.message("after");
  await rig.edge.tell("modem.changed", {});
  await rig.edge.tell("sim.parked", { sim: "1" });
  await rig.receiver.until(1);
  expect(rig.receiver.received.map((one) => one.body.type)).toEqual(["sim.parked"]);
});

test("a receiver sees what its key may see", async () => {
  const other = await rig.edge.caller("messages:write", "webhooks:write");
  await rig.hook({}, other);
  await rig.message();
  await rig.edge.tell("modem.changed", {});
  await other.call("POST", "/v1/messages", { to: "+491701234567", text: "Mine" });
  await rig.receiver.until(1);
  expect(rig.receiver.received.map((one) => one.body.type)).toEqual(["message.accepted"]);
});

test("while a secret is replaced both sign; afterwards the new one alone", async () => {
  const { id, secret: old } = await rig.hook();
  const rotated = await rig.shop.call("POST", `/v1/webhooks/${id}/rotate-secret`, { overlapSeconds: 3_600 });
  expect(rotated.body.secretExpiresAt).toBe("2026-01-05T10:00:00.000Z");
  const check = async (count: number): Promise<boolean[]> => {
    await rig.message();
    await rig.receiver.until(count);
    const { headers, text } = rig.receiver.received[count - 1] ?? { headers: {}, text: "" };
    return [old, rotated.body.secret].map((one) => verify([one], headers, text, rig.edge.clock.now()).ok);
  };
  expect(await check(1)).toEqual([true, true]);
  await rig.settled(id, ({ pending }) => pending === 0);
  await rig.edge.clock.advance(HOUR_MS);
  expect(await check(2)).toEqual([false, true]);
});

test("one event, or all since a moment, are sent again under their own ids", async () => {
  const { id } = await rig.hook();
  for (let i = 0; i < 4; i++) {
    await rig.message(`number ${i}`);
    await rig.receiver.until(i + 1);
    await rig.settled(id, ({ pending }) => pending === 0);
    await rig.edge.clock.advance(60_000);
  }
  const eventId = rig.receiver.received[1]?.body.id;
  const one = await rig.shop.call("POST", `/v1/webhooks/${id}/replay`, { eventId });
  expect(one).toMatchObject({ status: 202, body: { fromSequence: 2, untilSequence: 2 } });
  await rig.receiver.until(5);
  expect(rig.receiver.received[4]?.body.id).toBe(eventId);
  await rig.settled(id, (webhook) => webhook.pending === 0);
  const since = { since: "2026-01-05T09:01:30Z" };
  expect((await rig.shop.call("POST", `/v1/webhooks/${id}/replay`, since)).body).toEqual({
    fromSequence: 3,
    untilSequence: 4,
  });
  await rig.receiver.until(7);
  expect(
    rig.receiver.received
      .slice(5)
      .map((one) => one.body.sequence)
      .sort(),
  ).toEqual([3, 4]);
  const nothing = await rig.shop.call("POST", `/v1/webhooks/${id}/replay`, { eventId: "evt_0" });
  expect(nothing.status).toBe(404);
  const mixed = await rig.shop.call("POST", `/v1/webhooks/${id}/replay`, { eventid: "evt_0" });
  expect(mixed.body.errors).toContainEqual({
    pointer: "/eventid",
    detail: "There is no such field; did you mean eventId?",
  });
});

test("a test event is posted at once, and tells how it went", async () => {
  const { id, secret } = await rig.hook();
  const good = await rig.shop.call("POST", `/v1/webhooks/${id}/test`);
  expect(good.body).toMatchObject({ ok: true, status: 204 });
  const [first] = rig.receiver.received;
  expect(first?.body.type).toBe("webhook.test");
  expect(verify([secret], first?.headers ?? {}, first?.text ?? "", rig.edge.clock.now()).ok).toBe(true);
  rig.receiver.react(500);
  expect((await rig.shop.call("POST", `/v1/webhooks/${id}/test`)).body).toMatchObject({
    ok: false,
    status: 500,
    error: "answered 500",
  });
});

test("addresses that lead inside are refused, at once or when the name is resolved", async () => {
  const led: string[] = [];
  const inside = await openEdge({
    resolve: (host, _options, done) => {
      led.push(host);
      done(null, [{ address: "127.0.0.1", family: 4 }]);
    },
  });
  const shop = await inside.caller("webhooks:write");
  const direct = await shop.call("POST", "/v1/webhooks", { url: rig.receiver.url });
  expect(direct).toMatchObject({
    status: 422,
    body: { code: "target_not_allowed", errors: [{ pointer: "/url" }] },
  });
  const url = rig.receiver.url.replace("127.0.0.1", "public.example");
  const { body } = await shop.call("POST", "/v1/webhooks", { url });
  const tried = await shop.call("POST", `/v1/webhooks/${body.id}/test`);
  expect(tried.body).toMatchObject({ ok: false, error: expect.stringContaining("it is no public address") });
  expect(led).toEqual(["public.example"]);
  expect(rig.receiver.received).toEqual([]);
  for (const wrong of [
    "ftp://example.org",
    "https://user:pass@example.org",
    "example.org",
    "javascript:alert(1)",
  ])
    expect((await shop.call("POST", "/v1/webhooks", { url: wrong })).status).toBe(400);
  await inside.close();
});

test("the answers of a receiver are kept with numbers masked", async () => {
  const { id } = await rig.hook();
  rig.receiver.react((_request, response) => response.writeHead(400).end("no debtor +491701234567 here"));
  await rig.message();
  await rig.settled(id, (webhook) => "lastFailureAt" in webhook);
  expect((await rig.deliveries(id))[0].lastResponse).toBe("no debtor +49170***4567 here");
});

test("a webhook whose key was revoked falls silent", async () => {
  const { id } = await rig.hook();
  const admin = await rig.edge.caller("admin");
  await admin.call("POST", `/v1/keys/${rig.shop.keyId}/revoke`);
  await rig.edge.tell("modem.changed", {});
  const view = await rig.settled(id, (webhook) => !webhook.enabled, admin);
  expect(view.disabledReason).toBe("the key that made it was revoked or has expired");
  expect(rig.receiver.received).toEqual([]);
});

test("a removed webhook is gone, with all that was owed to it", async () => {
  const { id } = await rig.hook();
  rig.receiver.react(500);
  await rig.message();
  await rig.receiver.until(1);
  expect((await rig.shop.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(204);
  expect((await rig.shop.call("GET", `/v1/webhooks/${id}`)).status).toBe(404);
  await rig.message();
  await rig.edge.clock.advance(HOUR_MS);
  expect(rig.receiver.received).toHaveLength(1);
});
