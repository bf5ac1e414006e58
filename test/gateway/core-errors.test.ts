/** What refusals do to a message, to its SIM, and to the others. */
import { afterEach, describe, expect, test } from "vitest";
import { number, World, type WorldOptions } from "./world.ts";

let world: World;

async function start(options: WorldOptions = {}): Promise<World> {
  world = new World(options);
  return world.start();
}

afterEach(() => world.end());

const TWO = ["quectel-ec25", "quectel-ec25"] as const;
const LONG = "A text in three parts that must come from one sender and in one piece. ".repeat(6);

async function parkedSims(): Promise<readonly (string | undefined)[]> {
  return (await world.core.fleet.sims())
    .filter(({ parked }) => parked !== undefined)
    .map(({ modem }) => modem);
}

describe("a number that is dead", () => {
  test("fails by the second SIM's word and slows nobody", async () => {
    await start({ modems: TWO });
    world.simulator.handset(number(0)).state = "unknown";
    const ids = await world.send(
      ...Array.from({ length: 30 }, (_, i) => ({ to: number(i === 10 ? 0 : i + 1), text: `${i}` })),
    );
    const begun = world.clock.monotonic();
    await world.until(async () => (await world.state(ids[10])) === "failed");
    await world.until(() => world.simulator.ledger.count === 29);
    expect(world.clock.monotonic() - begun).toBeLessThan(3_000);
    expect((await world.message(ids[10])).segments[0]).toMatchObject({ code: "number_dead", attempts: 2 });
    expect(await parkedSims()).toEqual([]);
  });

  test("with one SIM alone, whose limit is reached by then, it is tried once more when that has room", async () => {
    await start({ modems: ["quectel-ec25"], limits: { perHour: 2 } });
    world.simulator.handset(number(0)).state = "unknown";
    const [dead] = await world.send({ to: number(0) }, { to: number(1) });
    await world.pass(60_000);
    expect(await world.state(dead)).toBe("queued");
    await world.pass(3_700_000);
    expect(await world.state(dead)).toBe("failed");
    expect((await world.message(dead)).segments[0]).toMatchObject({ code: "number_dead", attempts: 2 });
  });

  test("with one SIM alone it is tried once more, then it fails", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.handset(number(0)).state = "unknown";
    const [id] = await world.send({ to: number(0) });
    await world.until(async () => (await world.state(id)) === "failed", 120_000);
    expect((await world.message(id)).segments[0]).toMatchObject({ code: "number_dead", attempts: 2 });
  });
});

describe("a SIM without credit", () => {
  test("is parked with its reason, and its message goes out by another", async () => {
    await start({ modems: TWO });
    world.simulator.faults.arm({
      at: "submit",
      modem: "modem0",
      action: { kind: "refuse", cms: 8 },
      every: 1,
    });
    const ids = await world.send(...Array.from({ length: 10 }, (_, i) => ({ to: number(i) })));
    await world.until(() => world.simulator.ledger.count === 10);
    expect(new Set(world.simulator.ledger.entries().map(({ modem }) => modem))).toEqual(new Set(["modem1"]));
    expect(await parkedSims()).toEqual(["modem0"]);
    const [parked] = await world.events("sim.parked");
    expect(parked?.data).toMatchObject({
      code: "sim_refused",
      reason: expect.stringContaining("+CMS ERROR: 8"),
    });
    await world.until(async () =>
      (await Promise.all(ids.map((id) => world.state(id)))).every((s) => s === "delivered"),
    );
    const attempts = await Promise.all(
      ids.map(async (id) => (await world.message(id)).segments[0]?.attempts),
    );
    expect(attempts.filter((count) => count === 2)).toHaveLength(1);
  });

  test("stays parked over a restart, is released by time, and longer the next time", async () => {
    await start({ modems: ["quectel-ec25"] });
    const id = world.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 8 }, every: 1 });
    const [message] = await world.send({});
    await world.until(async () => (await parkedSims()).length === 1);
    await world.restart();
    expect(await parkedSims()).toEqual(["modem0"]);
    await world.until(async () => (await world.message(message)).segments[0]?.attempts === 2, 20 * 60_000);
    const [first, second] = await world.events("sim.parked");
    expect(Number(second?.data.until) - Number(second?.at)).toBeGreaterThan(
      1.5 * (Number(first?.data.until) - Number(first?.at)),
    );
    world.simulator.faults.disarm(id);
    const [sim] = await world.core.fleet.sims();
    await world.core.sims.releaseSim(sim?.iccid ?? "", "anna");
    await world.until(async () => (await world.state(message)) === "delivered");
    expect((await world.events("sim.released")).map(({ data }) => data.by)).toEqual(["time", "anna"]);
  });

  test("parked by a person, it waits for a person", async () => {
    await start({ modems: ["quectel-ec25"] });
    const [sim] = await world.core.fleet.sims();
    expect(await world.core.sims.parkSim(sim?.iccid ?? "", "moved to another tariff")).toBe(true);
    expect(await world.core.sims.parkSim(sim?.iccid ?? "", "again")).toBe(false);
    await world.send({});
    await world.pass(3 * 3_600_000);
    expect(world.simulator.ledger.count).toBe(0);
    expect(await world.core.sims.releaseSim(sim?.iccid ?? "", "anna")).toBe(true);
    await world.until(() => world.simulator.ledger.count === 1);
  });

  test("a message of which a part is on the air waits for its SIM", async () => {
    await start({ modems: TWO, network: { latency: 100 } });
    world.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 8 }, nth: 2 });
    const [id] = await world.send({ text: LONG });
    await world.until(async () => (await parkedSims()).length === 1);
    await world.pass(5_000);
    expect(world.simulator.ledger.count).toBe(1);
    await world.until(async () => (await world.state(id)) === "delivered", 20 * 60_000);
    const entries = world.simulator.ledger.entries();
    expect(new Set(entries.map(({ modem }) => modem)).size).toBe(1);
    expect(entries.map(({ concatenation }) => concatenation?.sequence)).toEqual([1, 2, 3]);
  });
});

describe("congestion", () => {
  test("slows its SIM alone, which recovers", async () => {
    await start({ modems: TWO, network: { latency: 50 } });
    world.simulator.faults.arm({
      at: "submit",
      modem: "modem0",
      action: { kind: "refuse", cms: 42 },
      every: 1,
      times: 1,
    });
    await world.send(...Array.from({ length: 60 }, (_, i) => ({ to: number(i) })));
    await world.until(() => world.simulator.ledger.entries({ modem: "modem1" }).length >= 40, 10_000);
    await world.until(() => world.simulator.ledger.count === 60, 600_000);
    expect(await parkedSims()).toEqual([]);
  });
});

describe("a refusal that may pass", () => {
  test("is tried again after its time, and the message goes out once", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 17 }, nth: 1 });
    const [id] = await world.send({});
    await world.until(async () => (await world.state(id)) === "delivered", 120_000);
    expect(world.simulator.ledger.count).toBe(1);
    expect(await world.history(id)).toEqual(["message.accepted", "message.submitted", "message.delivered"]);
  });

  test("of a part in the middle lets that part wait its time, and none is left out", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 41 }, nth: 2 });
    const begun = world.clock.monotonic();
    await world.send({ text: LONG });
    await world.until(() => world.simulator.ledger.count === 3);
    const parts = world.simulator.ledger.entries().map(({ concatenation }) => concatenation?.sequence);
    expect(parts).toEqual([1, 2, 3]);
    expect(world.clock.monotonic() - begun).toBeGreaterThanOrEqual(5_000);
  });

  test("for ever ends with the third retry", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 17 }, every: 1 });
    const [id] = await world.send({ text: LONG });
    await world.until(async () => (await world.state(id)) === "failed", 900_000);
    expect((await world.message(id)).segments.map(({ code, attempts }) => [code, attempts])).toEqual([
      ["retries_exhausted", 4],
      ["sibling_failed", 0],
      ["sibling_failed", 0],
    ]);
    expect(world.simulator.ledger.count).toBe(0);
  });

  test("a long message that waited long before its first part was sent goes out under a new reference", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 194 }, nth: 1 });
    const [, second] = await world.send({ text: LONG }, { text: LONG });
    await world.until(async () => (await world.state(second)) === "delivered", 120_000);
    await world.until(() => world.simulator.ledger.count === 6, 900_000);
    const references = world.simulator.ledger.entries().map(({ concatenation }) => concatenation?.reference);
    expect(references).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test("no prompt proves that nothing was sent: tried again soon, and sent once", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "prompt", action: { kind: "drop-prompt" }, nth: 1 });
    const [id] = await world.send({});
    await world.until(async () => (await world.state(id)) === "delivered", 120_000);
    expect(world.simulator.ledger.count).toBe(1);
  });
});

describe("an answer that does not tell", () => {
  test("CMS 332 after the message was taken: unknown, until its report says that it arrived", async () => {
    await start({ modems: ["quectel-ec25"], network: { latency: 50, reportDelay: 5_000 } });
    world.simulator.faults.arm({ at: "accepted", action: { kind: "accept-but-error", cms: 332 }, nth: 2 });
    const [, id] = await world.send({ to: number(1) }, { to: number(2) });
    await world.until(async () => (await world.state(id)) === "unknown");
    await world.until(async () => (await world.state(id)) === "delivered", 60_000);
    expect(world.simulator.ledger.count).toBe(2);
    expect(await world.history(id)).toEqual(["message.accepted", "message.unknown", "message.delivered"]);
    expect(world.core.metrics().reports.settledUnknown).toBe(1);
  });

  test("no answer at all: unknown after the modem's limit, no second copy, and the modem goes on", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "answer", command: "+CMGS", action: { kind: "drop-answer" }, nth: 1 });
    const [id, next] = await world.send({ to: number(1), report: false }, { to: number(2) });
    await world.until(async () => (await world.state(id)) === "unknown", 400_000);
    await world.until(async () => (await world.state(next)) === "delivered", 120_000);
    await world.pass(600_000);
    expect(world.simulator.ledger.entries({ destination: number(1) })).toHaveLength(1);
    expect(await world.state(id)).toBe("unknown");
  });

  test("the caller who chose so gets a second copy, after the unknown is on record", async () => {
    await start({ modems: ["quectel-ec25"] });
    world.simulator.faults.arm({ at: "answer", command: "+CMGS", action: { kind: "drop-answer" }, nth: 1 });
    const [id] = await world.send({ onUnknown: "resend", report: false });
    await world.until(async () => (await world.state(id)) === "submitted", 600_000);
    expect(world.simulator.ledger.count).toBe(2);
    expect(await world.history(id)).toEqual([
      "message.accepted",
      "message.unknown",
      "message.queued",
      "message.submitted",
    ]);
  });

  test("the rest of a long message waits until the unknown part is settled", async () => {
    await start({ modems: TWO, network: { latency: 50, reportDelay: 30_000 } });
    world.simulator.faults.arm({ at: "accepted", action: { kind: "accept-but-error", cms: 332 }, nth: 1 });
    const [id] = await world.send({ text: LONG });
    await world.until(async () => (await world.state(id)) === "unknown");
    await world.pass(10_000);
    expect(world.simulator.ledger.count).toBe(1);
    await world.until(async () => (await world.state(id)) === "delivered", 200_000);
    const entries = world.simulator.ledger.entries();
    expect(entries.map(({ concatenation }) => concatenation?.sequence)).toEqual([1, 2, 3]);
    expect(new Set(entries.map(({ imsi }) => imsi)).size).toBe(1);
  });
});
