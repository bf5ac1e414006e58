/** The full scan over HTTP: begun, watched, ended, and its result; one that was ended proves nothing. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createScanService, type ScanService } from "#scheduler/reports/scan-service.ts";
import type { ScanReport, ScanWatch } from "#scheduler/run/scan.ts";
import { createZones } from "#shared/local-date.ts";
import { silentLogger } from "#shared/logger.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoiceMany, openBooks } from "#test/support/small-ledger.ts";

const START = Date.UTC(2026, 2, 2, 9, 0);
/** More than two steps of the scan. */
const DEBTORS = 120;
let clock: SimulatedClock;
let rig: SchedulerRig;
let life: Life;

beforeEach(async () => {
  clock = new SimulatedClock(START);
  rig = new SchedulerRig({
    clock,
    model: new GatewayModel({ clock }),
    zones: createZones(),
    brain: plainBrain,
  });
  life = rig.start();
  const creditor = await openBooks(life, START);
  await invoiceMany(life, creditor, DEBTORS, "2026-03-01", START);
});

afterEach(() => {
  life.kill();
  rig.remove();
});

const serviceOf = (scan: (watch: ScanWatch) => Promise<ScanReport>): ScanService =>
  createScanService({ db: life.db, wireClock: clock, log: silentLogger, scan });
const stored = (): unknown => life.db.sql("select count(*) from scan").pluck().get();

describe("a full scan", () => {
  test("answers with what it found, and that can be asked for again", async () => {
    const service = serviceOf(life.engine.scan);
    expect(await service.look()).toEqual({ kind: "none" });
    const made = await service.begin();
    expect(made).toMatchObject({ kind: "ready", report: { cases: DEBTORS, differences: 0, samples: [] } });
    expect(await service.look()).toEqual(made);
    expect(await service.stop(), "nothing is under way").toBe(false);
  });

  test("says how far it is, and is not begun twice", async () => {
    let begun = 0;
    let goOn: (report: ScanReport) => void = () => undefined;
    const service = serviceOf((watch) => {
      begun++;
      watch.onProgress?.(50, DEBTORS);
      return new Promise((resolve) => {
        goOn = resolve;
      });
    });
    const asked = [service.begin(), service.begin(), service.look()];
    await clock.advance(2_000);
    for (const answer of await Promise.all(asked))
      expect(answer).toEqual({ kind: "working", done: 50, total: DEBTORS });
    expect(begun).toBe(1);
    const last = service.look();
    goOn({ startedAt: 1, endedAt: 2, whole: true, cases: DEBTORS, differences: 0, samples: [] });
    expect(await last).toMatchObject({ kind: "ready", report: { startedAt: 1, endedAt: 2 } });
  });

  test("that is ended stops at its next step, repairs no less, and is no proof", async () => {
    await life.engine.runner.tick();
    const moved = "update dunning_case set next_action_at = next_action_at + 1 where id = 1";
    await life.db.write(() => life.db.sql(moved).run());
    const ending = new AbortController();
    const report = await life.engine.scan({ signal: ending.signal, onProgress: () => ending.abort() });
    expect(report).toMatchObject({ whole: false, cases: 50, differences: 1 });
    expect(stored()).toBe(0);
    expect(life.engine.tasks.countOpen()).toContainEqual({ kind: "scan-difference", count: 1 });
    const service = serviceOf(life.engine.scan);
    const asked = service.begin();
    expect(await service.stop()).toBe(true);
    expect((await asked).kind).toBe("working");
    expect(await service.look()).toEqual({ kind: "none" });
    expect(await service.begin()).toMatchObject({
      kind: "ready",
      report: { cases: DEBTORS, differences: 0 },
    });
    expect(stored()).toBe(1);
  });

  test("that fails is told to whoever waits or asks, until another one is begun", async () => {
    let broken = true;
    const service = serviceOf((watch) => {
      if (broken) return Promise.reject(new Error("the disk is gone"));
      return life.engine.scan(watch);
    });
    await expect(service.begin()).rejects.toThrow("the disk is gone");
    await expect(service.look()).rejects.toThrow("the disk is gone");
    broken = false;
    expect((await service.begin()).kind).toBe("ready");
    expect((await service.look()).kind).toBe("ready");
  });
});
