/** Modems that lose their SIM, swap it, fail; and a database that takes no writes for a while. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Core } from "#gateway/core.ts";
import { createPinMemory } from "#gateway/fleet/pin-memory.ts";
import { PATIENCE_MS } from "#gateway/outbox/slot.ts";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import { FakeFleet } from "./fake-fleet.ts";
import { type FakeModem, SIM_A, SIM_B } from "./fake-modem.ts";
import { number } from "./world.ts";

let fleet: FakeFleet;
let core: Core;

beforeEach(async () => {
  fleet = await new FakeFleet(2).start();
  core = fleet.core;
});

afterEach(() => core.stop());

const modem = (index: number): FakeModem => fleet.modem(index);
const settled = (): Promise<void> => fleet.settled();

describe("SIMs", () => {
  test("a modem without a SIM sends nothing; with one it does", async () => {
    modem(0).say({ state: "ready" });
    const ids = await fleet.accept({});
    await settled();
    expect(modem(0).submitted).toHaveLength(0);
    modem(0).ready(SIM_A);
    await settled();
    expect(await fleet.states(ids)).toEqual(["submitted"]);
    expect(await core.fleet.sims()).toMatchObject([{ iccid: SIM_A.iccid, imsi: SIM_A.imsi, modem: "m0" }]);
  });

  test("a swapped SIM is another sender, with its own counts", async () => {
    modem(0).ready(SIM_A);
    await fleet.accept({});
    await settled();
    modem(0).ready(SIM_B);
    await fleet.accept({ to: number(5) });
    await settled();
    expect(modem(0).submitted.map(({ sim }) => sim)).toEqual([SIM_A.iccid, SIM_B.iccid]);
    const used = (await core.fleet.sims()).map(({ usage, modem: at }) => [at, usage[0]?.used]);
    expect(used).toEqual([
      [undefined, 1],
      ["m0", 1],
    ]);
  });

  test("swapped while a segment is on the air: its outcome is booked on the SIM that had it", async () => {
    modem(0).ready(SIM_A);
    const answer = Promise.withResolvers<SubmitOutcome>();
    modem(0).outcomes.push(answer.promise);
    const [id = ""] = await fleet.accept({});
    await settled();
    modem(0).ready(SIM_B);
    await settled();
    answer.resolve({ kind: "accepted", messageReference: 9 });
    await settled();
    expect((await core.messages.get(id))?.segments[0]).toMatchObject({
      sim: SIM_A.iccid,
      messageReference: 9,
    });
  });

  test("moved to another modem, it goes on there, and what waited for it goes with it", async () => {
    modem(0).ready(SIM_A);
    await settled();
    modem(0).say({ state: "absent" });
    const ids = await fleet.accept({ sim: SIM_A.iccid });
    await settled();
    modem(1).ready(SIM_A);
    await settled();
    expect(await fleet.states(ids)).toEqual(["submitted"]);
    expect(modem(1).submitted).toHaveLength(1);
  });

  test("two modems that say they have the same SIM: one serves it, the other says why it does not", async () => {
    modem(0).ready(SIM_A);
    await settled();
    modem(1).ready(SIM_A);
    await fleet.accept({}, {}, {});
    await settled();
    expect(modem(1).submitted).toHaveLength(0);
    expect(core.fleet.modems()[1]?.detail).toMatch(/served by another modem/);
    modem(0).ready(SIM_B);
    await settled();
    await fleet.accept({ sim: SIM_A.iccid });
    await settled();
    expect(modem(1).submitted).toHaveLength(1);
  });

  test("a recipient's own sender that is away for a moment is waited for, but not for ever", async () => {
    modem(0).ready(SIM_A);
    await fleet.accept({});
    await settled();
    modem(1).ready(SIM_B);
    modem(0).say({ state: "recovering" });
    const ids = await fleet.accept({});
    await settled();
    expect(await fleet.states(ids)).toEqual(["queued"]);
    await fleet.clock.advance(PATIENCE_MS + 1_000);
    await settled();
    expect(await fleet.states(ids)).toEqual(["submitted"]);
    expect(modem(1).submitted).toHaveLength(1);
  });
});

describe("a message in parts", () => {
  test("goes out back to back, and the modem is told that more follows", async () => {
    modem(0).ready(SIM_A);
    await fleet.accept({ text: "Part after part of a text in three. ".repeat(11) }, { to: number(2) });
    await settled();
    expect(modem(0).submitted.map(({ more }) => more)).toEqual([true, true, false, false]);
  });

  test("whose SIM is taken out between its parts waits for it, wherever it comes back", async () => {
    modem(0).ready(SIM_A);
    const answer = Promise.withResolvers<SubmitOutcome>();
    modem(0).outcomes.push({ kind: "accepted", messageReference: 1 }, answer.promise);
    const [id = ""] = await fleet.accept({ text: "Part after part of a text in three. ".repeat(11) });
    await settled();
    modem(0).ready(SIM_B);
    answer.resolve({ kind: "accepted", messageReference: 2 });
    await settled();
    expect(modem(0).submitted).toHaveLength(2);
    modem(1).ready(SIM_A);
    await settled();
    expect(modem(1).submitted).toHaveLength(1);
    const segments = (await core.messages.get(id))?.segments;
    expect(segments?.map(({ sim, modem: at, state }) => [sim, at, state])).toEqual([
      [SIM_A.iccid, "m0", "submitted"],
      [SIM_A.iccid, "m0", "submitted"],
      [SIM_A.iccid, "m1", "submitted"],
    ]);
  });
});

describe("failures of our own", () => {
  test("a driver that throws: the segment is unknown, the loop goes on with the next", async () => {
    modem(0).ready(SIM_A);
    modem(0).outcomes.push(new Error("a defect"));
    const ids = await fleet.accept({}, { to: number(2) });
    await settled();
    expect(await fleet.states(ids)).toEqual(["unknown", "queued"]);
    await fleet.clock.advance(1_000);
    await settled();
    expect(await fleet.states(ids)).toEqual(["unknown", "submitted"]);
  });

  test("a modem that stops being ready in between is not an attempt on the air", async () => {
    modem(0).ready(SIM_A);
    modem(0).outcomes.push({ kind: "not-sent", reason: "the modem is recovering" });
    const [id = ""] = await fleet.accept({});
    await settled();
    expect((await core.messages.get(id))?.segments[0]).toMatchObject({ state: "queued", attempts: 1 });
    expect((await core.fleet.sims())[0]?.usage[0]?.used).toBe(0);
    await fleet.clock.advance(1_000);
    await settled();
    expect(await fleet.states([id])).toEqual(["submitted"]);
  });

  test("a disk that takes no writes for a while: the outcome is kept and stored later, and nothing goes out twice", async () => {
    modem(0).ready(SIM_A);
    const answer = Promise.withResolvers<SubmitOutcome>();
    modem(0).outcomes.push(answer.promise);
    const ids = await fleet.accept({}, { to: number(2) });
    await settled();
    const write = core.db.write;
    core.db.write = () => Promise.reject(new DatabaseUnavailable("the disk is full"));
    answer.resolve({ kind: "accepted", messageReference: 3 });
    await settled();
    expect(modem(0).submitted).toHaveLength(1);
    expect(await fleet.states(ids)).toEqual(["submitting", "queued"]);
    core.db.write = write;
    await fleet.clock.advance(1_000);
    await settled();
    expect(await fleet.states(ids)).toEqual(["submitted", "submitted"]);
    expect(modem(0).submitted).toHaveLength(2);
  });
});

describe("what is told", () => {
  test("a modem's changes of state and of SIM, not of its signal", async () => {
    modem(0).ready(SIM_A);
    modem(0).say({ signalDbm: -70 });
    modem(0).say({ signalDbm: -80 });
    modem(0).say({ state: "searching" });
    await settled();
    const told = (await fleet.events("modem.changed")).filter(({ modem: name }) => name === "m0");
    expect(told.map(({ state, sim }) => [state, sim])).toEqual([
      ["ready", SIM_A.iccid],
      ["searching", SIM_A.iccid],
    ]);
    expect(core.fleet.modems()[0]).toMatchObject({ name: "m0", state: "searching", signalDbm: -80 });
  });

  test("counts of answers and their times", async () => {
    modem(0).ready(SIM_A);
    await fleet.accept({}, {});
    await settled();
    const metrics = core.metrics();
    expect(metrics.attempts).toMatchObject({ accepted: 2, unknown: 0 });
    expect(metrics.submitSeconds.count).toBe(2);
    expect(metrics.submitSeconds.buckets.at(-1)).toEqual({ atMost: Number.POSITIVE_INFINITY, count: 2 });
    expect(metrics.segments).toEqual({ queued: 0, submitting: 0, unknown: 0 });
  });
});

describe("stop", () => {
  test("waits for the answer, stores it, then closes the modems", async () => {
    modem(0).ready(SIM_A);
    const answer = Promise.withResolvers<SubmitOutcome>();
    modem(0).outcomes.push(answer.promise);
    await fleet.accept({}, { to: number(2) });
    await settled();
    const stopping = core.stop();
    await settled();
    expect(modem(0).stopped).toBe(false);
    answer.resolve({ kind: "accepted", messageReference: 1 });
    await stopping;
    expect(modem(0).stopped).toBe(true);
    expect(modem(0).submitted).toHaveLength(1);
  });
});

test("a PIN is remembered for its SIM, and nobody can read it from the table", async () => {
  const memory = createPinMemory(core.db, fleet.clock);
  expect(await memory.wasTried(SIM_A.iccid, "1234")).toBe(false);
  await memory.recordTry(SIM_A.iccid, "1234");
  await memory.recordTry(SIM_A.iccid, "1234");
  expect(await memory.wasTried(SIM_A.iccid, "1234")).toBe(true);
  expect(await memory.wasTried(SIM_B.iccid, "1234")).toBe(false);
  await memory.forgetTry(SIM_B.iccid, "1234");
  expect(await memory.wasTried(SIM_A.iccid, "1234")).toBe(true);
  expect(JSON.stringify(core.db.sql("select * from pin_try").all())).not.toContain("1234");
});
