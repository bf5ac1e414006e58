/** Received messages: durable before the modem forgets them, once each, long ones put together. */
import { afterEach, describe, expect, test } from "vitest";
import { MISSING } from "#gateway/reports/join-parts.ts";
import { World, type WorldOptions } from "./world.ts";

let world: World;

async function start(options: WorldOptions = {}): Promise<World> {
  world = new World({ modems: ["quectel-ec25"], ...options });
  return world.start();
}

afterEach(() => world.end());

const FROM = "+491609876543";
const LONG = "Ein Einspruch in mehreren Teilen, weil er ausführlich begründet ist. ".repeat(8);
const HOUR = 3_600_000;

async function imsi(): Promise<string> {
  const [sim] = await world.core.fleet.sims();
  return sim?.imsi ?? "";
}

async function texts(): Promise<readonly (string | undefined)[]> {
  return (await world.core.inbox.list({ limit: 50 })).map(({ text }) => text);
}

describe("a received message", () => {
  test("is in the inbox, told as an event, and gone from the SIM", async () => {
    await start();
    world.simulator.network.sendToSim({ imsi: await imsi(), from: FROM, text: "Ich habe gezahlt. 👍" });
    await world.until(async () => (await texts()).length === 1);
    const [received] = await world.core.inbox.list({ limit: 1 });
    expect(received).toMatchObject({ from: FROM, text: "Ich habe gezahlt. 👍", complete: true, segments: 1 });
    expect(await world.core.inbox.get(received?.id ?? "")).toEqual(received);
    const [event] = await world.events("inbound.received");
    expect(event?.data).toMatchObject({ id: received?.id, from: FROM, text: "Ich habe gezahlt. 👍" });
    await world.pass(180_000);
    expect(await texts()).toHaveLength(1);
  });

  test("two of the same words are two messages", async () => {
    await start();
    for (let n = 0; n < 2; n++) {
      world.simulator.network.sendToSim({ imsi: await imsi(), from: FROM, text: "Stop" });
      await world.pass(2_000);
    }
    expect(await texts()).toEqual(["Stop", "Stop"]);
  });

  test("is found by sender and by SIM, newest first, in pages", async () => {
    await start();
    for (const text of ["one", "two", "three"]) {
      world.simulator.network.sendToSim({ imsi: await imsi(), from: FROM, text });
      await world.until(async () => (await texts()).includes(text));
    }
    const [sim] = await world.core.fleet.sims();
    const page = await world.core.inbox.list({ from: FROM, sim: sim?.iccid ?? "", limit: 2 });
    expect(page.map(({ text }) => text)).toEqual(["three", "two"]);
    const rest = await world.core.inbox.list({ from: FROM, limit: 2, after: page[1]?.id ?? "" });
    expect(rest.map(({ text }) => text)).toEqual(["one"]);
    expect(await world.core.inbox.list({ from: "+4930123456", limit: 2 })).toEqual([]);
  });

  test("that cannot be read is kept and told of", async () => {
    await start();
    world.simulator.network.sendPduToSim({ imsi: await imsi() }, "0004059100F0000062105021");
    await world.until(async () => (await world.events("inbound.undecodable")).length === 1);
    const [event] = await world.events("inbound.undecodable");
    expect(event?.data).toMatchObject({ pdu: "0004059100F0000062105021", error: expect.any(String) });
    expect(world.core.metrics().inbound).toMatchObject({ undecodable: 1, received: 0 });
  });
});

describe("a long message", () => {
  test("is put together, whatever the order of its parts", async () => {
    await start();
    expect(world.simulator.network.sendToSim({ imsi: await imsi(), from: FROM, text: LONG })).toBeGreaterThan(
      2,
    );
    await world.until(async () => (await texts()).length === 1);
    expect(await texts()).toEqual([LONG]);
  });

  test("survives the death of the process between its parts", async () => {
    await start();
    const pdus = await capture(LONG);
    const to = { imsi: await imsi() };
    for (const pdu of pdus.slice(1)) world.simulator.network.sendPduToSim(to, pdu);
    await world.until(() => storedParts() === pdus.length - 1);
    await world.crash();
    await world.begin();
    await world.pass(HOUR);
    expect(await texts()).toEqual([]);
    world.simulator.network.sendPduToSim(to, pdus[0] ?? "");
    await world.until(async () => (await texts()).length === 1);
    expect(await texts()).toEqual([LONG]);
  });

  test("of which a part never comes is passed on after a day as it is", async () => {
    await start();
    const pdus = await capture(LONG);
    for (const pdu of pdus.toSpliced(1, 1)) world.simulator.network.sendPduToSim({ imsi: await imsi() }, pdu);
    await world.until(() => storedParts() === pdus.length - 1);
    world.clock.jumpWall(23 * HOUR);
    await world.pass(120_000);
    expect(await texts()).toEqual([]);
    world.clock.jumpWall(HOUR);
    await world.until(async () => (await texts()).length === 1, 120_000);
    const [received] = await world.core.inbox.list({ limit: 1 });
    expect(received).toMatchObject({ complete: false, segments: pdus.length });
    expect(received?.text).toContain(MISSING);
    expect(received?.text?.startsWith(LONG.slice(0, 50))).toBe(true);
  });

  test("whose reference comes again before it was complete is not mixed with the next one", async () => {
    await start();
    const to = { imsi: await imsi() };
    const [first = ""] = await capture(LONG);
    const again = `${first.slice(0, -10)}0000000000`;
    world.simulator.network.sendPduToSim(to, first);
    world.simulator.network.sendPduToSim(to, again);
    await world.until(async () => (await texts()).length === 1);
    expect((await world.core.inbox.list({ limit: 1 }))[0]).toMatchObject({ complete: false });
    expect(storedParts()).toBe(1);
  });
});

/** The PDUs that carry a text, as the network makes them; they are stored by a SIM that nobody reads. */
async function capture(text: string): Promise<readonly string[]> {
  const { composeDelivers } = await import("#hardware/simulator/network/compose.ts");
  return composeDelivers(
    { from: FROM, text },
    { serviceCentre: "+491710760000", timestamp: "62105021000080", reference: 77 },
  ).map(({ pduHex }) => pduHex);
}

/** Parts on disk that belong to no message yet. */
function storedParts(): number {
  const row = world.core.db.sql("select count(*) as count from inbound_part where inbound is null").get();
  return (row as { count: number }).count;
}
