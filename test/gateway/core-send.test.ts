/** From acceptance to the last report, on simulated modems; the ledger of the network is the judge. */
import { afterEach, describe, expect, test } from "vitest";
import type { Simulator } from "#hardware/simulator/simulator.ts";
import { message, number, World, type WorldOptions } from "./world.ts";

let world: World;

async function start(options: WorldOptions = {}): Promise<World> {
  world = new World(options);
  return world.start();
}

afterEach(() => world.end());

const LONG = "The first part of a text that needs three of them, because it goes on. ".repeat(6);
const EMOJI = "Ihre Rechnung ist fällig 🧾 und wir bitten um Zahlung. ".repeat(3);

/** Texts by recipient, as a handset shows them: parts joined by sender and reference. */
function received(simulator: Simulator): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  const open = new Map<string, string[]>();
  for (const { destination, imsi, text, concatenation } of simulator.ledger.entries()) {
    const done = (whole: string): void => {
      texts.set(destination, [...(texts.get(destination) ?? []), whole]);
    };
    if (concatenation === undefined) {
      done(text ?? "");
      continue;
    }
    const key = `${destination} ${imsi} ${concatenation.reference} ${concatenation.total}`;
    const parts = open.get(key) ?? [];
    expect(concatenation.sequence, "parts go out in their order").toBe(parts.length + 1);
    parts.push(text ?? "");
    open.set(key, parts);
    if (parts.length === concatenation.total) {
      done(parts.join(""));
      open.delete(key);
    }
  }
  expect(open.size, "no message is left in parts").toBe(0);
  return texts;
}

describe("many messages over four modems", () => {
  test("500 mixed ones: each segment once in the ledger, each reported, past message reference 255", async () => {
    await start({ network: { latency: 40, reportDelay: 200 } });
    const texts = ["Short.", LONG, EMOJI, "Grüße aus Köln, 5 € [offen]", LONG + LONG];
    const sent = Array.from({ length: 500 }, (_, i) => ({
      to: number(i % 400),
      text: `${i} ${texts[i % texts.length]}`,
      priority: i % 10,
    }));
    const ids = await world.send(...sent);
    await world.until(
      () =>
        (world.core.metrics().entered.delivered ?? 0) >= world.simulator.ledger.count &&
        world.core.metrics().segments.queued === 0 &&
        world.core.metrics().segments.submitting === 0,
      300_000,
    );
    const messages = await Promise.all(ids.map((id) => world.message(id)));
    const segments = messages.flatMap((one) => one.segments);
    expect(world.simulator.ledger.count).toBe(segments.length);
    expect(segments.length).toBeGreaterThan(4 * 256);
    expect(new Set(segments.map(({ state }) => state))).toEqual(new Set(["delivered"]));
    const texted = received(world.simulator);
    for (const { to, text } of sent) expect(texted.get(to)).toContain(text);
    expect([...texted.values()].flat()).toHaveLength(500);
    // What our books say of each segment is what the network's ledger says.
    const books = segments.map(({ sim, messageReference, text }) => `${sim} ${messageReference} ${text}`);
    const ledger = world.simulator.ledger.entries().map((e) => `${e.iccid} ${e.messageReference} ${e.text}`);
    expect(books.toSorted()).toEqual(ledger.toSorted());
    expect(world.core.metrics().reports).toMatchObject({
      matched: segments.length,
      undecodable: 0,
      repeated: 0,
    });
  });

  test("load spreads over the modems, and a recipient keeps the sender it knows", async () => {
    await start({ network: { latency: 500 } });
    await world.send(...Array.from({ length: 40 }, (_, i) => ({ to: number(i) })));
    await world.until(() => world.simulator.ledger.count === 40);
    const first = new Map(world.simulator.ledger.entries().map((e) => [e.destination, e.imsi]));
    for (const modem of world.simulator.modems)
      expect(world.simulator.ledger.entries({ modem: modem.name }).length).toBeGreaterThanOrEqual(8);
    await world.send(...Array.from({ length: 40 }, (_, i) => ({ to: number(39 - i) })));
    await world.until(() => world.simulator.ledger.count === 80);
    for (const { destination, imsi } of world.simulator.ledger.entries({ after: 40 }))
      expect(imsi).toBe(first.get(destination));
  });

  test("two messages at once to somebody new go out by one SIM", async () => {
    await start({ network: { latency: 500 } });
    await world.send({}, {}, {});
    await world.until(() => world.simulator.ledger.count === 3);
    expect(new Set(world.simulator.ledger.entries().map(({ imsi }) => imsi)).size).toBe(1);
  });
});

describe("order", () => {
  test("urgent before bulk, then first come first served; a long message is not interrupted", async () => {
    await start({ modems: ["quectel-ec25"], network: { latency: 100 } });
    await world.send(
      { text: LONG, to: number(1) },
      { text: "bulk 1", to: number(2) },
      { text: "bulk 2", to: number(3) },
    );
    await world.until(() => world.simulator.ledger.count === 1);
    await world.send({ text: "urgent", to: number(4), priority: 9 });
    await world.until(() => world.simulator.ledger.count === 6);
    expect(world.simulator.ledger.entries().map(({ destination }) => destination)).toEqual([
      number(1),
      number(1),
      number(1),
      number(4),
      number(2),
      number(3),
    ]);
  });

  test("two long messages to one recipient have different references", async () => {
    await start({ modems: ["quectel-ec25"] });
    await world.send({ text: LONG }, { text: LONG });
    await world.until(() => world.simulator.ledger.count === 6);
    const references = world.simulator.ledger.entries().map(({ concatenation }) => concatenation?.reference);
    expect(new Set(references).size).toBe(2);
  });

  test("not before its time, and not after it", async () => {
    await start({ modems: ["quectel-ec25"], network: { latency: 1_000 } });
    const now = world.clock.now();
    const [late, early, expired] = await world.send(
      { notBefore: now + 60_000, to: number(1) },
      { to: number(2) },
      { to: number(3), notAfter: now + 500 },
    );
    await world.until(async () => (await world.state(expired)) === "expired", 5_000);
    await world.until(async () => (await world.state(early)) === "delivered");
    expect(await world.state(late)).toBe("queued");
    await world.until(async () => (await world.state(late)) === "delivered", 70_000);
    const [, second] = world.simulator.ledger.entries();
    expect(world.simulator.ledger.count).toBe(2);
    expect((second?.at ?? 0) - now).toBeGreaterThanOrEqual(60_000);
    expect(await world.message(expired)).toMatchObject({
      state: "expired",
      segments: [{ code: "not_after_passed", attempts: 0 }],
    });
  });
});

describe("what a SIM may send", () => {
  test("its minute is kept, over a restart too", async () => {
    await start({ modems: ["quectel-ec25"], limits: { perMinute: 5 } });
    await world.send(...Array.from({ length: 12 }, (_, i) => ({ to: number(i) })));
    await world.until(() => world.simulator.ledger.count === 5);
    await world.pass(10_000);
    await world.restart();
    await world.until(() => world.simulator.ledger.count === 12, 300_000);
    const times = world.simulator.ledger.entries().map(({ at }) => at);
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(5);
  });

  test("a message of several parts waits until all of it fits", async () => {
    await start({ modems: ["quectel-ec25"], limits: { perMinute: 4 } });
    await world.send({ to: number(1) }, { to: number(2) }, { text: LONG, to: number(3) });
    await world.until(() => world.simulator.ledger.count === 5, 200_000);
    const [, second, third, , fifth] = world.simulator.ledger.entries();
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThan(50_000);
    expect((fifth?.at ?? 0) - (third?.at ?? 0)).toBeLessThan(5_000);
  });

  test("numbers go to the SIM that may reach them; one that none may reach is refused", async () => {
    await start({
      modems: ["quectel-ec25", "quectel-ec25"],
      limits: { allowedPrefixes: ["+49"] },
      modemLimits: { modem1: { allowedPrefixes: ["+43"] } },
    });
    const ids = await world.send({ to: "+436601234567" }, { to: "+491701234567" }, { to: "+33612345678" });
    await world.until(() => world.simulator.ledger.count === 2);
    expect(world.simulator.ledger.entries({ modem: "modem1" }).map((e) => e.destination)).toEqual([
      "+436601234567",
    ]);
    await world.until(async () => (await world.state(ids[2])) === "failed");
    expect((await world.message(ids[2])).segments[0]?.code).toBe("no_sim");
  });

  test("the SIM that the caller asked for, also when it comes later", async () => {
    await start({ modems: ["quectel-ec25", "quectel-ec25"] });
    const [, second] = await world.core.fleet.sims();
    world.simulator.modems[1]?.unplug();
    await world.until(() => world.core.fleet.modems()[1]?.state === "absent");
    const [id] = await world.send({ sim: second?.iccid ?? "" });
    await world.pass(5_000);
    expect(await world.state(id)).toBe("queued");
    world.simulator.modems[1]?.replug();
    await world.until(() => world.simulator.ledger.count === 1);
    await world.until(async () => (await world.state(id)) !== "submitting");
    expect((await world.message(id)).segments[0]).toMatchObject({ sim: second?.iccid, modem: "modem1" });
  });
});

describe("events", () => {
  test("tell the way of a message, in its own sequence and in that of all", async () => {
    await start({ modems: ["quectel-ec25"], network: { latency: 10, reportDelay: 10 } });
    const [id] = await world.send({ text: LONG, reference: "4711", metadata: { case: "9" } });
    await world.until(async () => (await world.state(id)) === "delivered");
    const events = (await world.events()).filter(({ messageId }) => messageId === id);
    expect(events.map(({ type }) => type)).toEqual([
      "message.accepted",
      "message.submitted",
      "message.delivered",
    ]);
    expect(events.map(({ messageSequence }) => messageSequence)).toEqual([1, 2, 3]);
    expect(events[1]?.data).toMatchObject({
      to: message().to,
      state: "submitted",
      reference: "4711",
      metadata: { case: "9" },
      segments: 3,
    });
    const all = (await world.events()).map(({ sequence }) => sequence);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
  });
});
