/** Status reports in every disorder that networks have. */
import { afterEach, describe, expect, test } from "vitest";
import { addressOf } from "#hardware/pdu/address.ts";
import { encodeStatusReport } from "#hardware/pdu/status-report.ts";
import type { FaultAction } from "#hardware/simulator/faults/faults.ts";
import { number, World, type WorldOptions } from "./world.ts";

let world: World;

async function start(options: WorldOptions = {}): Promise<World> {
  world = new World({ modems: ["quectel-ec25"], ...options });
  return world.start();
}

afterEach(() => world.end());

const HOUR = 3_600_000;

function onReport(action: FaultAction): void {
  world.simulator.faults.arm({ at: "report", action, nth: 1 });
}

describe("one message", () => {
  test("its report comes before the modem's answer", async () => {
    // A modem that shows reports at once instead of storing them.
    await start({ modems: ["simcom-sim800"], network: { latency: 1_000 } });
    onReport({ kind: "early-report" });
    const [id] = await world.send({});
    await world.until(async () => (await world.state(id)) === "delivered");
    expect(await world.history(id)).toEqual(["message.accepted", "message.submitted", "message.delivered"]);
    expect(world.core.metrics().reports).toMatchObject({ early: 1, matched: 1, unmatched: 1 });
  });

  test("its report comes twice", async () => {
    await start();
    onReport({ kind: "duplicate-report", copies: 2 });
    const [id] = await world.send({});
    await world.until(() => world.core.metrics().reports.repeated === 2);
    expect(await world.history(id)).toEqual(["message.accepted", "message.submitted", "message.delivered"]);
  });

  test("still trying is no end", async () => {
    await start();
    onReport({ kind: "intermediate-report", status: 0x21, ms: 5_000 });
    const [id] = await world.send({});
    await world.until(async () => (await world.history(id)).includes("message.buffered"));
    expect(await world.state(id)).toBe("submitted");
    await world.until(async () => (await world.state(id)) === "delivered");
    expect(await world.history(id)).toEqual([
      "message.accepted",
      "message.submitted",
      "message.buffered",
      "message.delivered",
    ]);
  });

  test.each([
    [0x43, "undelivered", "undeliverable"],
    [0x46, "expired", "validity_expired"],
  ])("status %i makes it %s", async (status, state, code) => {
    await start();
    onReport({ kind: "report-status", status });
    const [id] = await world.send({});
    await world.until(async () => (await world.state(id)) === state);
    expect((await world.message(id)).segments[0]?.code).toBe(code);
  });

  test("its report comes after the wall clock was put back: it is the truth all the same", async () => {
    await start({ network: { latency: 0, reportDelay: 5_000 } });
    const [id] = await world.send({});
    await world.until(async () => (await world.state(id)) === "submitted");
    world.clock.jumpWall(-3_600_000);
    await world.until(async () => (await world.state(id)) === "delivered");
  });

  test("a lost report is overdue after the validity period, and one that comes later still is the truth", async () => {
    await start();
    onReport({ kind: "delay-report", ms: 600_000 });
    const [id] = await world.send({ validitySeconds: 3_600 });
    await world.until(async () => (await world.state(id)) === "submitted");
    world.clock.jumpWall(HOUR);
    await world.pass(120_000);
    expect(await world.state(id)).toBe("submitted");
    world.clock.jumpWall(HOUR);
    await world.until(async () => (await world.state(id)) === "expired", 120_000);
    expect((await world.message(id)).segments[0]?.code).toBe("report_overdue");
    await world.until(async () => (await world.state(id)) === "delivered", 900_000);
  });

  test("the recipient is reported in national form", async () => {
    await start({ network: { recipientForm: "national" } });
    const [id] = await world.send({});
    await world.until(async () => (await world.state(id)) === "delivered");
  });

  test("no report was asked for: submitted is the end", async () => {
    await start();
    const [id] = await world.send({ report: false });
    await world.until(async () => (await world.state(id)) === "submitted");
    await world.pass(60_000);
    expect(await world.history(id)).toEqual(["message.accepted", "message.submitted"]);
  });

  test("a phone that is switched off takes it when it is on", async () => {
    await start();
    world.simulator.handset(number(1)).state = "off";
    const [id] = await world.send({ to: number(1) });
    await world.until(async () => (await world.state(id)) === "submitted");
    await world.pass(3_600_000);
    world.simulator.handset(number(1)).state = "on";
    await world.until(async () => (await world.state(id)) === "delivered", 3_600_000);
  });
});

describe("many", () => {
  test("300 to one number by one SIM: never 256 unresolved, all matched past the wrap of the reference", async () => {
    await start({ network: { latency: 5, reportDelay: 4_000 } });
    const ids = await world.send(...Array.from({ length: 300 }, (_, i) => ({ text: `${i}` })));
    let unresolved = 0;
    await world.until(() => {
      const { submitted = 0, delivered = 0 } = world.core.metrics().entered;
      unresolved = Math.max(unresolved, submitted - delivered);
      return delivered === 300;
    }, 300_000);
    expect(unresolved).toBeLessThan(256);
    expect(unresolved).toBeGreaterThan(200);
    expect(new Set(await Promise.all(ids.map((id) => world.state(id))))).toEqual(new Set(["delivered"]));
    expect(world.core.metrics().reports).toMatchObject({ matched: 300, repeated: 0 });
  });
});

describe("many without an answer", () => {
  test("twenty of one SIM are all settled by reports that come hours later", async () => {
    await start({ network: { latency: 1_000, reportDelay: 8 * HOUR } });
    world.simulator.faults.arm({
      at: "answer",
      command: "+CMGS",
      action: { kind: "drop-answer" },
      times: 20,
    });
    const ids = await world.send(...Array.from({ length: 20 }, (_, i) => ({ to: number(i), report: true })));
    await world.until(() => world.core.metrics().segments.unknown === 20, 4 * HOUR);
    await world.until(() => world.core.metrics().segments.unknown === 0, 20 * HOUR);
    for (const id of ids) expect(await world.state(id)).toBe("delivered");
  });
});

describe("what fits nothing", () => {
  test("is kept and counted", async () => {
    await start();
    const [sim] = await world.core.fleet.sims();
    const stranger = encodeStatusReport({
      messageReference: 99,
      recipient: addressOf("+491799999999"),
      timestamp: { raw: "62105021000080" },
      discharge: { raw: "62105021000080" },
      status: 0,
    });
    world.simulator.network.sendPduToSim({ imsi: sim?.imsi ?? "" }, stranger.hex);
    await world.until(() => world.core.metrics().reports.unmatched === 1);
    const rows = world.core.db.sql("select disposition, message_reference as mr from report").all();
    expect(rows).toEqual([{ disposition: "waiting", mr: 99 }]);
  });

  test("and what cannot be read is kept as it came", async () => {
    await start();
    const [sim] = await world.core.fleet.sims();
    world.simulator.network.sendPduToSim({ imsi: sim?.imsi ?? "" }, "0006010B91947110325476F8");
    await world.until(() => world.core.metrics().reports.undecodable === 1);
    expect(world.core.db.sql("select pdu from report").all()).toEqual([{ pdu: "0006010B91947110325476F8" }]);
  });
});
