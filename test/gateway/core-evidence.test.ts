/** Each kind of evidence, with both verdicts, on simulated modems. The network's ledger is the judge. */
import { afterEach, describe, expect, test } from "vitest";
import type { NewMessage } from "#gateway/messages/types.ts";
import { LIMIT_MS, NO_REPORT, Troubled, UNBUILT, UNHEARD } from "./troubled.ts";
import { number, type World, type WorldOptions } from "./world.ts";

let troubled: Troubled;
let world: World;

async function start(options: WorldOptions = {}): Promise<void> {
  troubled = await new Troubled(options).start();
  world = troubled.world;
}

afterEach(() => world.end());

test("the modem's answer comes after all: submitted, with its reference", async () => {
  await start();
  world.simulator.faults.arm(NO_REPORT);
  const id = await troubled.trouble({
    at: "answer",
    command: "+CMGS",
    action: { kind: "delay-answer", ms: 126_000 },
  });
  expect(await world.state(id)).toBe("unknown");
  await troubled.until(id, "submitted");
  expect(await troubled.evidence(id)).toMatchObject([{ kind: "late-answer", verdict: "sent" }]);
  expect((await world.message(id)).segments[0]).toMatchObject({ messageReference: 1, attempts: 1 });
  expect(troubled.sentTo(1)).toBe(1);
  expect(troubled.settled()).toEqual({ "late-answer": 1 });
});

describe("the modem answers the process after", () => {
  /** It dies while the network has the message, and the next one is there when the answer comes. */
  async function orphaned(before: () => void = () => undefined): Promise<string> {
    await start({ network: { latency: 10_000 } });
    await troubled.opening();
    before();
    const [id] = await world.send({ to: number(1), report: false });
    await world.until(() => world.core.metrics().segments.submitting === 1);
    await world.pass(2_000);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    return id as string;
  }

  test("with the reference that was due: sent", async () => {
    const id = await orphaned();
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "late-answer", verdict: "sent" }]);
    expect((await world.message(id)).segments[0]).toMatchObject({ messageReference: 1, attempts: 1 });
    await world.send({ to: number(2), report: false });
    await world.pass(LIMIT_MS);
    expect([troubled.sentTo(1), troubled.sentTo(2)]).toEqual([1, 1]);
  });

  test("with another one: it may be the answer to somebody else, and proves nothing", async () => {
    const id = await orphaned(() => troubled.references.next());
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("unknown");
    expect((await troubled.evidence(id)).filter(({ kind }) => kind === "late-answer")).toEqual([]);
    expect(troubled.sentTo(1)).toBe(1);
  });
});

describe("the reference of the SIM's next message", () => {
  test("two more: it was sent", async () => {
    await start();
    world.simulator.faults.arm(NO_REPORT);
    const id = await troubled.trouble(UNHEARD);
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2) });
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "sent" }]);
    expect((await world.message(id)).segments[0]?.messageReference).toBe(1);
    expect(troubled.settled()).toEqual({ "next-reference": 1 });
    expect(troubled.sentTo(1)).toBe(1);
  });

  test("two more, where no report was asked for: it left, and stays unknown, because nothing could correct it", async () => {
    await start();
    const id = await troubled.trouble(UNHEARD, { report: false });
    await world.send({ to: number(2) });
    await world.until(async () => (await troubled.evidence(id)).length === 1);
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "nothing" }]);
    expect(await world.state(id)).toBe("unknown");
  });

  test("one more: it was never built, and goes out", async () => {
    await start();
    troubled.references.last = 40;
    const id = await troubled.trouble(UNBUILT, { report: false });
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2) });
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "not-sent" }]);
    expect(troubled.sentTo(1)).toBe(1);
  });

  test("another sender on the SIM: no verdict", async () => {
    await start();
    troubled.references.last = 40;
    const id = await troubled.trouble(UNBUILT);
    troubled.references.next();
    troubled.references.next();
    await world.send({ to: number(2) });
    await world.until(async () => (await troubled.evidence(id)).length === 1);
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "nothing" }]);
    expect(await world.state(id)).toBe("unknown");
  });

  test("a modem that began anew in between: not even looked at", async () => {
    await start();
    troubled.references.last = 40;
    const id = await troubled.trouble(UNBUILT);
    world.simulator.modem("modem0").reset();
    const [next] = await world.send({ to: number(2), report: false });
    await troubled.until(next, "submitted");
    expect(await troubled.evidence(id)).toEqual([]);
    expect(await world.state(id)).toBe("unknown");
  });

  test("in the middle of a long message: its parts go out once and in order", async () => {
    await start();
    troubled.references.last = 40;
    const text = "Three parts, each of which must be joined with the others by the phone. ".repeat(6);
    const id = await troubled.trouble(UNBUILT, { text, report: false });
    expect((await world.message(id)).segments.map(({ state }) => state)).toEqual([
      "unknown",
      "queued",
      "queued",
    ]);
    await world.send({ to: number(2) });
    await troubled.until(id, "submitted");
    const parts = world.simulator.ledger.entries({ destination: number(1) });
    expect(parts.map(({ concatenation }) => concatenation?.sequence)).toEqual([1, 2, 3]);
  });
});

describe("the last reference on the SIM", () => {
  const KEEPS = { modems: ["generic-strict"] };

  test("one more than before: it was sent", async () => {
    await start(KEEPS);
    world.simulator.faults.arm(NO_REPORT);
    const id = await troubled.trouble(UNHEARD);
    expect(await world.state(id)).toBe("submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "sim-reference", verdict: "sent" }]);
    expect(troubled.sentTo(1)).toBe(1);
    expect(troubled.settled()).toEqual({ "sim-reference": 1 });
  });

  test("as before: it was never built, and goes out", async () => {
    await start(KEEPS);
    troubled.references.last = 40;
    const id = await troubled.trouble(UNBUILT, { report: false });
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "sim-reference", verdict: "not-sent" }]);
    expect(await world.history(id)).toEqual([
      "message.accepted",
      "message.unknown",
      "message.queued",
      "message.submitted",
    ]);
    expect(troubled.sentTo(1)).toBe(1);
  });

  test("a second copy that the caller chose is needless when the first was sent", async () => {
    await start(KEEPS);
    world.simulator.faults.arm(NO_REPORT);
    const id = await troubled.trouble(UNHEARD, { onUnknown: "resend" });
    await world.pass(LIMIT_MS);
    expect(await world.state(id)).toBe("submitted");
    expect(troubled.sentTo(1)).toBe(1);
  });

  test("after the death of the process: it was built, and our own first command may have ended it", async () => {
    await start({ ...KEEPS, network: { latency: 10_000 } });
    const id = await interrupted({});
    await world.until(async () => (await troubled.evidence(id)).length === 1, LIMIT_MS);
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "sim-reference", verdict: "nothing" }]);
    await world.pass(60_000);
    expect(await world.state(id)).toBe("unknown");
    expect(troubled.sentTo(1)).toBe(0);
  });

  test("after the death of the process: it stands still, and the next message proves that it was never built", async () => {
    await start(KEEPS);
    troubled.references.last = 40;
    world.simulator.faults.arm({ ...UNBUILT, nth: 2 });
    const id = await interrupted({ report: false });
    await world.pass(60_000);
    expect(await world.state(id)).toBe("unknown");
    await world.send({ to: number(2) });
    await troubled.until(id, "submitted");
    expect(await troubled.evidence(id)).toMatchObject([{ kind: "next-reference", verdict: "not-sent" }]);
    expect(troubled.sentTo(1)).toBe(1);
  });

  async function interrupted(fields: Partial<NewMessage>): Promise<string> {
    await troubled.opening();
    const [id] = await world.send({ to: number(1), ...fields });
    await world.until(() => world.core.metrics().segments.submitting === 1);
    await world.pass(1_000);
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    return id as string;
  }
});

describe("a second copy that the caller chose, after the death of the process", () => {
  const RESEND = { onUnknown: "resend" as const, report: false };

  test("goes out as soon as the modem could be asked and told nothing", async () => {
    await start({ network: { latency: 5_000 } });
    const id = await dying(RESEND);
    await world.until(async () => (await world.state(id)) !== "unknown", 40_000);
    expect(await troubled.verdicts(id)).toEqual(["policy: nothing"]);
    await troubled.until(id, "submitted");
    expect(troubled.sentTo(1)).toBe(2);
    expect(troubled.settled()).toEqual({ policy: 1 });
  });

  test("goes another way when the modem does not come back", async () => {
    await start({ modems: ["quectel-ec25", "quectel-ec25"], network: { latency: 5_000 } });
    const id = await dying(RESEND, true);
    const sim = (await world.message(id)).segments[0]?.sim;
    await world.pass(50_000);
    expect(await world.state(id)).toBe("unknown");
    await troubled.until(id, "submitted");
    expect((await world.message(id)).segments[0]?.sim).not.toBe(sim);
  });

  async function dying(fields: Partial<NewMessage>, unplug = false): Promise<string> {
    const [id] = await world.send({ to: number(1), ...fields });
    await world.until(() => world.core.metrics().segments.submitting === 1);
    await world.pass(1_000);
    const { modem } = (await world.message(id)).segments[0] ?? {};
    if (unplug) world.simulator.modem(modem ?? "").unplug();
    await world.crash();
    await world.begin();
    expect(await world.state(id)).toBe("unknown");
    return id as string;
  }
});
