/** Messages that are put on the modem first: what their entries tell, and that nothing is left behind. */
import { afterEach, describe, expect, test } from "vitest";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { STATUS } from "#hardware/simulator/sim/message-store.ts";
import { LIMIT_MS, Troubled } from "./troubled.ts";
import { number, type World, type WorldOptions } from "./world.ts";

let troubled: Troubled;
let world: World;

async function start(options: WorldOptions = {}): Promise<void> {
  troubled = await new Troubled(options).start();
  world = troubled.world;
}

afterEach(() => world.end());

describe("a PDU that was put on the modem first", () => {
  const STORED = { evidence: "stored" as const, report: false };
  /** The modem never reads the command. */
  const DEAF: FaultSpec = { at: "command", command: "+CMSS", action: { kind: "mute", ms: 100_000 } };
  const MUTED: FaultSpec = { at: "answer", command: "+CMSS", action: { kind: "drop-answer" } };

  test("on a good day: sent once, and nothing is left on the modem or in our rows", async () => {
    await start();
    const ids = await world.send({ to: number(1), ...STORED }, { to: number(2), ...STORED });
    await world.until(async () => (await world.state(ids[1])) === "submitted");
    await world.pass(5_000);
    expect([troubled.sentTo(1), troubled.sentTo(2)]).toEqual([1, 1]);
    expect(entries()).toBe(0);
    expect(lying()).toBe(0);
  });

  test("no answer, and it is marked as sent", async () => {
    await start();
    world.simulator.faults.arm({ ...MUTED, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "sent" }]);
    expect(troubled.sentTo(1)).toBe(1);
    await world.pass(5_000);
    expect(entries()).toBe(0);
  });

  test("no answer, and it is marked as unsent: the next message tells that it was never built", async () => {
    await start();
    troubled.references.last = 40;
    await troubled.opening();
    world.simulator.faults.arm({ ...DEAF, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await troubled.until(id, "unknown");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "nothing" }]);
    await world.send({ to: number(2), report: false });
    await troubled.until(id, "submitted");
    expect((await troubled.evidence(id)).at(-1)).toMatchObject({
      kind: "next-reference",
      verdict: "not-sent",
    });
    expect(troubled.sentTo(1)).toBe(1);
    await world.pass(5_000);
    expect([entries(), lying()]).toEqual([0, 0]);
  });

  test("the network took it, and the modem began anew without a word: marked as unsent, and no second copy", async () => {
    await start({ modems: ["simcom-sim800"] });
    await troubled.opening();
    world.simulator.faults.arm({
      at: "accepted",
      action: { kind: "reset", silent: true, keepSettings: true, reference: "keep" },
      nth: 1,
    });
    const [id] = await world.send({ to: number(1), ...STORED });
    await troubled.until(id, "unknown");
    await world.send({ to: number(2), report: false });
    await world.pass(LIMIT_MS);
    expect(new Set((await troubled.evidence(id)).map(({ verdict }) => verdict))).toEqual(
      new Set(["nothing"]),
    );
    expect(troubled.sentTo(1)).toBe(1);
  });

  test("CMS 332, and it is marked as unsent: the network may have it all the same", async () => {
    await start();
    world.simulator.faults.arm({ at: "submit", action: { kind: "network-timeout", ms: 20_000 }, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await troubled.until(id, "unknown");
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("unknown");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "nothing" }]);
  });

  test("the process dies while the network has it: marked as sent in the end", async () => {
    await start({ network: { latency: 20_000 } });
    const [id] = await world.send({ to: number(1), ...STORED, onUnknown: "resend" });
    await world.until(() => entries() === 1);
    await world.pass(2_000);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "sent" }]);
    await world.pass(LIMIT_MS);
    expect(troubled.sentTo(1)).toBe(1);
    expect([entries(), lying()]).toEqual([0, 0]);
  });

  test("the process dies and the modem never sends it: the next message tells, and it goes out", async () => {
    await start();
    troubled.references.last = 40;
    await troubled.opening();
    world.simulator.faults.arm({ ...DEAF, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(() => entries() === 1);
    await world.pass(500);
    await world.crash();
    await world.begin();
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2), report: false });
    await troubled.until(id, "submitted");
    expect((await troubled.evidence(id)).at(-1)).toMatchObject({
      kind: "next-reference",
      verdict: "not-sent",
    });
    expect(troubled.sentTo(1)).toBe(1);
  });

  test("a modem that stores nothing sends it without", async () => {
    await start();
    world.simulator.faults.arm({ at: "command", command: "+CMGW", action: { kind: "refuse", cms: 322 } });
    const [id] = await world.send({ to: number(1), ...STORED });
    await troubled.until(id, "submitted");
    expect(troubled.sentTo(1)).toBe(1);
  });

  /** A SUBMIT to somebody else, as a person keeps one on a modem. */
  const OTHERS = "0011000C919471100000000000A705C8329BFD06";
  /** The modem has it, and the process does not learn where. */
  const UNPLACED: FaultSpec = { at: "answer", command: "+CMGW", action: { kind: "drop-answer" } };

  test("the process dies before the place is on disk: never sent, so it goes out, and nothing is left over", async () => {
    await start();
    world.simulator.faults.arm({ ...UNPLACED, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(() => lying() === 1);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("queued");
    await troubled.until(id, "submitted");
    await world.pass(5_000);
    expect(troubled.sentTo(1)).toBe(1);
    expect([entries(), lying(), awaiting()]).toEqual([0, 0, 0]);
    const { segments } = await world.message(id);
    expect(segments[0]?.history).toMatchObject([
      { outcome: "not-sent", detail: "The gateway stopped before the modem was told to send it." },
      { outcome: "accepted" },
    ]);
  });

  test("what it left over is found in the next session too, and what others keep there stays", async () => {
    await start();
    const { memories, settings } = world.simulator.modem("modem0").modem;
    world.simulator.faults.arm({ ...UNPLACED, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(() => lying() === 1);
    memories.add(settings.storages[1], { status: STATUS.unsent, pduHex: OTHERS, tpduLength: 19 });
    await world.crash();
    world.simulator.faults.arm({ at: "answer", command: "+CMGL", action: { kind: "drop-answer" }, nth: 1 });
    await world.begin();
    await troubled.until(id, "submitted");
    await world.restart();
    await world.pass(5_000);
    expect(troubled.sentTo(1)).toBe(1);
    expect(awaiting()).toBe(0);
    expect(memories.list(settings.storages[1]).map(({ message }) => message.pduHex)).toEqual([OTHERS]);
  });

  test("the process dies while one that was not stored is on the air: nobody knows", async () => {
    await start({ network: { latency: 20_000 } });
    world.simulator.faults.arm({ at: "command", command: "+CMGW", action: { kind: "refuse", cms: 322 } });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.pass(2_000);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    await world.pass(LIMIT_MS);
    expect(troubled.sentTo(1)).toBe(1);
  });

  function awaiting(): number {
    const { db } = world.core;
    return (
      db.sql("select count(*) as n from attempt where awaiting_storage is not null").get() as { n: number }
    ).n;
  }

  function entries(): number {
    return (world.core.db.sql("select count(*) as n from stored_entry").get() as { n: number }).n;
  }

  /** On the modem itself, unsent or sent. */
  function lying(): number {
    const { memories, settings } = world.simulator.modem("modem0").modem;
    return memories.list(settings.storages[1]).filter(({ message }) => message.status >= 2).length;
  }
});
