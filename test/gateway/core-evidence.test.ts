/** Each kind of evidence, with both verdicts, on simulated modems. The network's ledger is the judge. */
import { afterEach, describe, expect, test } from "vitest";
import type { Evidence, NewMessage } from "#gateway/messages/types.ts";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { number, World, type WorldOptions } from "./world.ts";

let world: World;

async function start(options: WorldOptions = {}): Promise<void> {
  world = await new World({ modems: ["quectel-ec25"], network: { latency: 50 }, ...options }).start();
}

afterEach(() => world.end());

/** The modem reads nothing of the PDU, gives its prompt up while nobody hears it, and is back before our limit. */
const UNBUILT: FaultSpec = { at: "pdu", action: { kind: "mute", ms: 122_000 } };
/** The network has it, and nobody hears of that. */
const UNHEARD: FaultSpec = { at: "answer", command: "+CMGS", action: { kind: "drop-answer" } };
/** Longer than any modem's limit. */
const LIMIT_MS = 400_000;
const NO_REPORT: FaultSpec = { at: "report", action: { kind: "lose-report" } };

async function evidence(id: string | undefined, segment = 1): Promise<readonly Evidence[]> {
  const { segments } = await world.message(id);
  return segments[segment - 1]?.history?.flatMap((attempt) => attempt.evidence) ?? [];
}

function sentTo(n: number): number {
  return world.simulator.ledger.entries({ destination: number(n) }).length;
}

function settled(): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(world.core.metrics().unknownSettled).filter(([, count]) => count > 0),
  );
}

/** One that goes well, so that the SIM's last reference is known, then the one that is in trouble. */
async function trouble(fault: FaultSpec, fields: Partial<NewMessage> = {}): Promise<string> {
  const [before] = await world.send({ to: number(0), report: false });
  await world.until(async () => (await world.state(before)) === "submitted");
  world.simulator.faults.arm({ ...fault, nth: 1 });
  const [id] = await world.send({ to: number(1), ...fields });
  await world.until(() => world.core.metrics().segments.submitting === 1);
  await world.until(() => world.core.metrics().segments.submitting === 0, LIMIT_MS);
  return id as string;
}

test("the modem's answer comes after all: submitted, with its reference", async () => {
  await start();
  world.simulator.faults.arm(NO_REPORT);
  const id = await trouble({ at: "answer", command: "+CMGS", action: { kind: "delay-answer", ms: 126_000 } });
  expect(await world.state(id)).toBe("unknown");
  await world.until(async () => (await world.state(id)) === "submitted", LIMIT_MS);
  expect(await evidence(id)).toMatchObject([{ kind: "late-answer", verdict: "sent" }]);
  expect((await world.message(id)).segments[0]).toMatchObject({ messageReference: 1, attempts: 1 });
  expect(sentTo(1)).toBe(1);
  expect(settled()).toEqual({ "late-answer": 1 });
});

describe("the reference of the SIM's next message", () => {
  test("two more: it was sent", async () => {
    await start();
    world.simulator.faults.arm(NO_REPORT);
    const id = await trouble(UNHEARD);
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2) });
    await world.until(async () => (await world.state(id)) === "submitted");
    expect(await evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "sent" }]);
    expect((await world.message(id)).segments[0]?.messageReference).toBe(1);
    expect(settled()).toEqual({ "next-reference": 1 });
    expect(sentTo(1)).toBe(1);
  });

  test("two more, where no report was asked for: it left, and stays unknown, because nothing could correct it", async () => {
    await start();
    const id = await trouble(UNHEARD, { report: false });
    await world.send({ to: number(2) });
    await world.until(async () => (await evidence(id)).length === 1);
    expect(await evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "nothing" }]);
    expect(await world.state(id)).toBe("unknown");
  });

  test("one more: it was never built, and goes out", async () => {
    await start();
    world.simulator.modem("modem0").modem.reference.last = 40;
    const id = await trouble(UNBUILT, { report: false });
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2) });
    await world.until(async () => (await world.state(id)) === "submitted");
    expect(await evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "not-sent" }]);
    expect(sentTo(1)).toBe(1);
  });

  test("another sender on the SIM: no verdict", async () => {
    await start();
    world.simulator.modem("modem0").modem.reference.last = 40;
    const id = await trouble(UNBUILT);
    world.simulator.modem("modem0").modem.reference.next();
    world.simulator.modem("modem0").modem.reference.next();
    await world.send({ to: number(2) });
    await world.until(async () => (await evidence(id)).length === 1);
    expect(await evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "nothing" }]);
    expect(await world.state(id)).toBe("unknown");
  });

  test("a modem that began anew in between: not even looked at", async () => {
    await start();
    world.simulator.modem("modem0").modem.reference.last = 40;
    const id = await trouble(UNBUILT);
    world.simulator.modem("modem0").reset();
    const [next] = await world.send({ to: number(2), report: false });
    await world.until(async () => (await world.state(next)) === "submitted", LIMIT_MS);
    expect(await evidence(id)).toEqual([]);
    expect(await world.state(id)).toBe("unknown");
  });

  test("in the middle of a long message: its parts go out once and in order", async () => {
    await start();
    world.simulator.modem("modem0").modem.reference.last = 40;
    const text = "Three parts, each of which must be joined with the others by the phone. ".repeat(6);
    const id = await trouble(UNBUILT, { text, report: false });
    expect((await world.message(id)).segments.map(({ state }) => state)).toEqual([
      "unknown",
      "queued",
      "queued",
    ]);
    await world.send({ to: number(2) });
    await world.until(async () => (await world.state(id)) === "submitted");
    const parts = world.simulator.ledger.entries({ destination: number(1) });
    expect(parts.map(({ concatenation }) => concatenation?.sequence)).toEqual([1, 2, 3]);
  });
});

describe("the last reference on the SIM", () => {
  const KEEPS = { modems: ["generic-strict"] };

  test("one more than before: it was sent", async () => {
    await start(KEEPS);
    world.simulator.faults.arm(NO_REPORT);
    const id = await trouble(UNHEARD);
    expect(await world.state(id)).toBe("submitted");
    expect(await evidence(id)).toMatchObject([{ kind: "sim-reference", verdict: "sent" }]);
    expect(sentTo(1)).toBe(1);
    expect(settled()).toEqual({ "sim-reference": 1 });
  });

  test("as before: it was never built, and goes out", async () => {
    await start(KEEPS);
    world.simulator.modem("modem0").modem.reference.last = 40;
    const id = await trouble(UNBUILT, { report: false });
    await world.until(async () => (await world.state(id)) === "submitted");
    expect(await evidence(id)).toMatchObject([{ kind: "sim-reference", verdict: "not-sent" }]);
    expect(await world.history(id)).toEqual([
      "message.accepted",
      "message.unknown",
      "message.queued",
      "message.submitted",
    ]);
    expect(sentTo(1)).toBe(1);
  });

  test("a second copy that the caller chose is needless when the first was sent", async () => {
    await start(KEEPS);
    world.simulator.faults.arm(NO_REPORT);
    const id = await trouble(UNHEARD, { onUnknown: "resend" });
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("submitted");
    expect(sentTo(1)).toBe(1);
  });

  test("after the death of the process: it was built, and our own first command may have ended it", async () => {
    await start({ ...KEEPS, network: { latency: 10_000 } });
    const id = await interrupted({});
    await world.until(async () => (await evidence(id)).length === 1, LIMIT_MS);
    expect(await evidence(id)).toMatchObject([{ kind: "sim-reference", verdict: "nothing" }]);
    await world.pass(60_000);
    expect(await world.state(id)).toBe("unknown");
    expect(sentTo(1)).toBe(0);
  });

  test("after the death of the process: it stands still, and the next message proves that it was never built", async () => {
    await start(KEEPS);
    world.simulator.modem("modem0").modem.reference.last = 40;
    world.simulator.faults.arm({ ...UNBUILT, nth: 2 });
    const id = await interrupted({ report: false });
    await world.pass(60_000);
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2) });
    await world.until(async () => (await world.state(id)) === "submitted", LIMIT_MS);
    expect(await evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "not-sent" }]);
    expect(sentTo(1)).toBe(1);
  });

  async function interrupted(fields: Partial<NewMessage>): Promise<string> {
    const [before] = await world.send({ to: number(0), report: false });
    await world.until(async () => (await world.state(before)) === "submitted");
    const [id] = await world.send({ to: number(1), ...fields });
    await world.until(() => world.core.metrics().segments.submitting === 1);
    await world.pass(1_000);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    return id as string;
  }
});

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
    expect([sentTo(1), sentTo(2)]).toEqual([1, 1]);
    expect(entries()).toBe(0);
    expect(lying()).toBe(0);
  });

  test("no answer, and it is marked as sent", async () => {
    await start();
    world.simulator.faults.arm({ ...MUTED, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(async () => (await world.state(id)) === "submitted", LIMIT_MS);
    expect(await evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "sent" }]);
    expect(sentTo(1)).toBe(1);
    await world.pass(5_000);
    expect(entries()).toBe(0);
  });

  test("no answer, and it is marked as unsent: the next message tells that it was never built", async () => {
    await start();
    world.simulator.modem("modem0").modem.reference.last = 40;
    const [before] = await world.send({ to: number(0), report: false });
    await world.until(async () => (await world.state(before)) === "submitted");
    world.simulator.faults.arm({ ...DEAF, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(async () => (await world.state(id)) === "unknown", 2 * LIMIT_MS);
    expect(await evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "nothing" }]);
    await world.send({ to: number(2), report: false });
    await world.until(async () => (await world.state(id)) === "submitted", 2 * LIMIT_MS);
    expect((await evidence(id)).at(-1)).toMatchObject({ kind: "next-reference", verdict: "not-sent" });
    expect(sentTo(1)).toBe(1);
    await world.pass(5_000);
    expect([entries(), lying()]).toEqual([0, 0]);
  });

  test("the network took it, and the modem began anew without a word: marked as unsent, and no second copy", async () => {
    await start({ modems: ["simcom-sim800"] });
    const [before] = await world.send({ to: number(0), report: false });
    await world.until(async () => (await world.state(before)) === "submitted");
    world.simulator.faults.arm({
      at: "accepted",
      action: { kind: "reset", silent: true, keepSettings: true, reference: "keep" },
      nth: 1,
    });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(async () => (await world.state(id)) === "unknown", 2 * LIMIT_MS);
    await world.send({ to: number(2), report: false });
    await world.pass(LIMIT_MS);
    expect(new Set((await evidence(id)).map(({ verdict }) => verdict))).toEqual(new Set(["nothing"]));
    expect(sentTo(1)).toBe(1);
  });

  test("CMS 332, and it is marked as unsent: the network may have it all the same", async () => {
    await start();
    world.simulator.faults.arm({ at: "submit", action: { kind: "network-timeout", ms: 20_000 }, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(async () => (await world.state(id)) === "unknown", LIMIT_MS);
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("unknown");
    expect(await evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "nothing" }]);
  });

  test("the process dies while the network has it: marked as sent in the end", async () => {
    await start({ network: { latency: 20_000 } });
    const [id] = await world.send({ to: number(1), ...STORED, onUnknown: "resend" });
    await world.until(() => entries() === 1);
    await world.pass(2_000);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    await world.until(async () => (await world.state(id)) === "submitted", LIMIT_MS);
    expect(await evidence(id)).toMatchObject([{ kind: "stored-entry", verdict: "sent" }]);
    await world.pass(LIMIT_MS);
    expect(sentTo(1)).toBe(1);
    expect([entries(), lying()]).toEqual([0, 0]);
  });

  test("the process dies and the modem never sends it: the next message tells, and it goes out", async () => {
    await start();
    world.simulator.modem("modem0").modem.reference.last = 40;
    const [before] = await world.send({ to: number(0), report: false });
    await world.until(async () => (await world.state(before)) === "submitted");
    world.simulator.faults.arm({ ...DEAF, nth: 1 });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(() => entries() === 1);
    await world.pass(500);
    await world.crash();
    await world.begin();
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2), report: false });
    await world.until(async () => (await world.state(id)) === "submitted", 2 * LIMIT_MS);
    expect((await evidence(id)).at(-1)).toMatchObject({ kind: "next-reference", verdict: "not-sent" });
    expect(sentTo(1)).toBe(1);
  });

  test("a modem that stores nothing sends it without", async () => {
    await start();
    world.simulator.faults.arm({ at: "command", command: "+CMGW", action: { kind: "refuse", cms: 322 } });
    const [id] = await world.send({ to: number(1), ...STORED });
    await world.until(async () => (await world.state(id)) === "submitted", LIMIT_MS);
    expect(sentTo(1)).toBe(1);
  });

  function entries(): number {
    return (world.core.db.sql("select count(*) as n from stored_entry").get() as { n: number }).n;
  }

  /** On the modem itself, unsent or sent. */
  function lying(): number {
    const { memories, settings } = world.simulator.modem("modem0").modem;
    return memories.list(settings.storages[1]).filter(({ message }) => message.status >= 2).length;
  }
});
