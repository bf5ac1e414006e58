/** One gateway with simulated modems: what the HTTP side shows of them, and that nothing private is logged. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { InboundMessage, MessageEventData, ModemEventData, SimEventData } from "#shared/gateway-api.ts";
import { createLogger } from "#shared/logger.ts";
import { eventually } from "#test/support/eventually.ts";
import { openReceiver } from "#test/support/receiver.ts";
import { startWhole, type WholeGateway } from "#test/support/whole-gateway.ts";

const CANARY_TEXT = "Kanarienvogel im Bergwerk";
const CANARY_NUMBER = "+4917198765432";

let whole: WholeGateway;
let logged = "";

beforeAll(async () => {
  const destination = {
    write: (line: string) => {
      logged += line;
    },
  };
  whole = await startWhole({
    modems: 2,
    log: createLogger({ level: "debug", name: "gateway", destination }),
    settings: { webhooks: { allowedNetworks: ["127.0.0.0/8"] } },
  });
  await eventually("both modems are ready", 10_000, async () => {
    const { body } = await whole.call("GET", "/v1/modems");
    return (
      (body as { items: { state: string }[] }).items.every(({ state }) => state === "ready") || undefined
    );
  });
});
afterAll(() => whole[Symbol.asyncDispose]());

test("modems and SIMs are shown, and the service is ready", async () => {
  const modems = (await whole.call("GET", "/v1/modems")).body as { items: Record<string, unknown>[] };
  expect(modems.items.map((modem) => modem.name)).toEqual(["m0", "m1"]);
  expect(modems.items[0]).toMatchObject({ state: "ready", registration: "home", submitting: false });
  const sims = (await whole.call("GET", "/v1/sims")).body as { items: Record<string, unknown>[] };
  expect(sims.items.map((sim) => sim.iccid).sort()).toEqual(modems.items.map((modem) => modem.sim).sort());
  expect(await whole.call("GET", "/readyz")).toMatchObject({
    status: 200,
    body: { ready: true, checks: [{ name: "database" }, { name: "modems", detail: "2 of 2 are ready." }] },
  });
});

test("a parked SIM sends nothing until it is released", async () => {
  const sims = (await whole.call("GET", "/v1/sims")).body as { items: { iccid: string; parked?: object }[] };
  const iccid = sims.items[0]?.iccid;
  const parked = await whole.call("POST", `/v1/sims/${iccid}/park`, { reason: "credit to be checked" });
  expect(parked).toMatchObject({ status: 200, body: { iccid, parked: { reason: "credit to be checked" } } });
  const message = { to: "+491701112233", text: "Wait", sim: iccid };
  const { body } = await whole.call("POST", "/v1/messages", message);
  const { id } = body as { id: string };
  expect((await whole.call("GET", `/v1/messages/${id}`)).body).toMatchObject({ state: "queued" });
  const released = await whole.call("POST", `/v1/sims/${iccid}/release`);
  expect(released.body).not.toHaveProperty("parked");
  await eventually("it is delivered", 10_000, async () => {
    const { state } = (await whole.call("GET", `/v1/messages/${id}`)).body as { state: string };
    return state === "delivered" || undefined;
  });
  expect((await whole.call("POST", "/v1/sims/8949000000000000009/release")).status).toBe(404);
  const events = async (type: string): Promise<{ data: unknown }[]> =>
    ((await whole.call("GET", `/v1/events?type=${type}`)).body as { items: { data: unknown }[] }).items;
  expect((await events("sim.parked")).map(({ data }) => SimEventData.parse(data))).toMatchObject([
    { sim: iccid, reason: "credit to be checked" },
  ]);
  expect((await events("sim.released")).map(({ data }) => SimEventData.parse(data))).toMatchObject([
    { sim: iccid },
  ]);
  const modems = (await events("modem.changed")).map(({ data }) => ModemEventData.parse(data));
  expect(modems.at(-1)).toMatchObject({ state: "ready" });
});

test("from a request to webhooks, inbound and events, with nothing private in the log", async () => {
  const receiver = await openReceiver();
  const { body: webhook } = await whole.call("POST", "/v1/webhooks", { url: receiver.url });
  const sent = await whole.call("POST", "/v1/messages", {
    to: CANARY_NUMBER,
    text: CANARY_TEXT,
    reference: "R1",
  });
  const { id } = sent.body as { id: string };
  const types = (): string[] =>
    receiver.received.filter((one) => one.body.messageId === id).map((one) => one.body.type);
  await eventually(
    "it is delivered, by webhook",
    10_000,
    () => types().includes("message.delivered") || undefined,
  );
  expect(types()).toEqual(["message.accepted", "message.submitted", "message.delivered"]);
  expect(receiver.received.at(-1)?.body.data).toMatchObject({ reference: "R1", to: CANARY_NUMBER });
  const { imsi = "" } = whole.simulator.ledger.entries({ destination: CANARY_NUMBER })[0] ?? {};
  whole.simulator.network.sendToSim({ from: CANARY_NUMBER, imsi, text: `${CANARY_TEXT} zurück` });
  const inbound = await eventually("the reply is there", 10_000, async () => {
    const page = (await whole.call("GET", `/v1/inbound?from=${encodeURIComponent(CANARY_NUMBER)}`)).body as {
      items: { id: string; text: string }[];
    };
    return page.items[0];
  });
  expect(inbound.text).toBe(`${CANARY_TEXT} zurück`);
  expect((await whole.call("GET", `/v1/inbound/${inbound.id}`)).body).toEqual(inbound);
  const told = await eventually("the reply is told by webhook", 10_000, () =>
    receiver.received.find((one) => one.body.type === "inbound.received"),
  );
  expect(InboundMessage.parse(told.body.data)).toEqual(inbound);
  for (const { body } of receiver.received)
    if (body.messageId === id) expect(() => MessageEventData.parse(body.data)).not.toThrow();
  expect((await whole.call("GET", "/v1/inbound/inb_0")).status).toBe(404);
  await whole.call("GET", `/v1/messages?to=${encodeURIComponent(CANARY_NUMBER)}`);
  await receiver.close();
  const { secret } = webhook as { secret: string };
  expect(logged.length).toBeGreaterThan(1_000);
  for (const secretThing of [CANARY_TEXT, CANARY_NUMBER.slice(1), whole.key, secret, secret.slice(6)])
    expect(logged).not.toContain(secretThing);
});

test("the limits of the settings hold, and are shown", async () => {
  await using limited = await startWhole({ modems: 1, settings: { limits: { perMinute: 2 } } });
  const messages = Array.from({ length: 3 }, (_, i) => ({ to: "+491701112233", text: `Number ${i}` }));
  await limited.call("POST", "/v1/messages/batch", { messages });
  const usage = await eventually("two were sent", 10_000, async () => {
    const { items } = (await limited.call("GET", "/v1/sims")).body as {
      items: { usage: object[]; queued: number }[];
    };
    const sim = items[0];
    return sim?.usage.some((one) => "used" in one && one.used === 2) ? sim : undefined;
  });
  expect(usage.usage).toContainEqual({ per: "minute", used: 2, limit: 2 });
  expect(limited.simulator.ledger.count).toBe(2);
});
