/** The process dies with segments on the air: nothing is lost, nothing goes out twice. */
import { afterEach, expect, test } from "vitest";
import { openCore } from "#gateway/core.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import { number, World, type WorldOptions } from "./world.ts";

let world: World;

async function start(options: WorldOptions = {}): Promise<World> {
  world = new World(options);
  return world.start();
}

afterEach(() => world.end());

test("with four segments on the air: they are unknown, the rest goes out, nothing twice, and the modems' late answers settle them", async () => {
  await start({ network: { latency: 2_000, reportDelay: 120_000 } });
  const ids = await world.send(...Array.from({ length: 40 }, (_, i) => ({ to: number(i) })));
  await world.until(() => world.simulator.ledger.count >= 14);
  const onAir = world.core.metrics().segments.submitting;
  expect(onAir).toBe(4);
  await world.crash();
  await world.begin();
  const after = await Promise.all(ids.map((id) => world.state(id)));
  expect(after.filter((state) => state === "unknown")).toHaveLength(4);
  expect(after.filter((state) => state === "submitting")).toHaveLength(0);
  await world.until(() => world.simulator.ledger.count === 40, 200_000);
  await world.until(async () => (await states(ids)).every((state) => state === "delivered"), 400_000);
  const entries = world.simulator.ledger.entries();
  expect(new Set(entries.map(({ destination }) => destination)).size).toBe(40);
  expect(world.core.metrics().unknownSettled).toMatchObject({ "late-answer": 4 });
});

test("before the service centre took it: unknown too, and it stays so, because nobody can know", async () => {
  await start({ modems: ["quectel-ec25"], network: { latency: 10_000 } });
  const [id] = await world.send({});
  await world.until(() => world.core.metrics().segments.submitting === 1);
  await world.pass(1_000);
  await world.crash();
  world.simulator.modems[0]?.reset();
  await world.begin();
  await world.pass(900_000);
  expect(await world.state(id)).toBe("unknown");
  expect((await world.message(id)).segments[0]).toMatchObject({ code: "outcome_unknown", attempts: 1 });
  expect(world.simulator.ledger.count).toBeLessThanOrEqual(1);
});

test("with resend the unknown is on record before the second copy goes", async () => {
  await start({ modems: ["quectel-ec25"], network: { latency: 5_000 } });
  const [id] = await world.send({ onUnknown: "resend", report: false });
  await world.until(() => world.simulator.ledger.count === 1);
  await world.crash();
  await world.begin();
  await world.until(async () => (await world.state(id)) === "submitted", 200_000);
  expect(world.simulator.ledger.count).toBe(2);
  expect(await world.history(id)).toEqual([
    "message.accepted",
    "message.unknown",
    "message.queued",
    "message.submitted",
  ]);
});

test("in the middle of a long message: its later parts wait, then go out in order by the same SIM", async () => {
  await start({ modems: ["quectel-ec25", "quectel-ec25"], network: { latency: 1_000, reportDelay: 60_000 } });
  const text = "Three parts, each of which must be joined with the others by the phone. ".repeat(6);
  const [id] = await world.send({ text });
  await world.until(() => world.simulator.ledger.count === 2);
  await world.crash();
  await world.begin();
  expect((await world.message(id)).segments.map(({ state }) => state)).toEqual([
    "submitted",
    "unknown",
    "queued",
  ]);
  await world.until(async () => (await world.state(id)) === "delivered", 600_000);
  const entries = world.simulator.ledger.entries();
  expect(entries.map(({ concatenation }) => concatenation?.sequence)).toEqual([1, 2, 3]);
  expect(new Set(entries.map(({ concatenation }) => concatenation?.reference)).size).toBe(1);
  expect(new Set(entries.map(({ imsi }) => imsi)).size).toBe(1);
});

test("what was accepted before the crash is sent after it, in its order", async () => {
  await start({ modems: ["quectel-ec25"] });
  const later = world.clock.now() + 30_000;
  await world.send(
    { to: number(1), notBefore: later },
    { to: number(2), notBefore: later, priority: 5 },
    { to: number(3), notBefore: later },
  );
  await world.crash();
  await world.begin();
  await world.until(() => world.simulator.ledger.count === 3);
  expect(world.simulator.ledger.entries().map(({ destination }) => destination)).toEqual([
    number(2),
    number(1),
    number(3),
  ]);
});

test("a stop in order waits for the answer of what is on the air", async () => {
  await start({ modems: ["quectel-ec25"], network: { latency: 3_000 } });
  const [first, second] = await world.send(
    { to: number(1), report: false },
    { to: number(2), report: false },
  );
  await world.until(() => world.core.metrics().segments.submitting === 1);
  await world.restart();
  expect(await world.history(first)).toEqual(["message.accepted", "message.submitted"]);
  await world.until(async () => (await world.state(second)) === "submitted");
  expect(world.simulator.ledger.count).toBe(2);
});

test("a second gateway on the same database is told so, and the first goes on", async () => {
  await start({ modems: ["quectel-ec25"] });
  const again = (): unknown =>
    openCore({
      databasePath: world.databasePath,
      clock: world.clock,
      random: seededRandom(2),
      log: silentLogger,
      modems: [],
    });
  expect(again).toThrow(DatabaseUnavailable);
  expect(again).toThrow(/in use by another process/);
  await world.send({});
  await world.until(() => world.simulator.ledger.count === 1);
});

function states(ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map((id) => world.state(id)));
}
