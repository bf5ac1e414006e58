/** Forecasts over HTTP: one at a time, shown in progress, ended when told. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createForecastService, type ForecastService } from "#scheduler/reports/forecast-service.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { createZones } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoiceMany, openBooks } from "#test/support/small-ledger.ts";

const START = Date.UTC(2026, 2, 2, 9, 0);
const DEBTORS = 120;
const zones = createZones();
const clock = new SimulatedClock(START);
const rig = new SchedulerRig({ clock, model: new GatewayModel({ clock }), zones, brain: plainBrain });
let life: Life;
let brain: Brain;
let service: ForecastService;

beforeAll(async () => {
  life = rig.start();
  brain = plainBrain(life.db);
  const creditor = await openBooks(life, START);
  await invoiceMany(life, creditor, DEBTORS, "2026-03-01", START);
});

beforeEach(() => {
  const deps = { db: life.db, zones, brain, clock, wireClock: clock, segmentPriceMicro: 1 };
  service = createForecastService(deps);
});

afterAll(() => {
  life.kill();
  rig.remove();
});

describe("a forecast", () => {
  test("is made once, and given again while it is fresh", async () => {
    const first = await service.totals(2);
    expect(first).toMatchObject({ kind: "ready", asOf: START, totals: { cases: DEBTORS } });
    expect(await service.totals(2)).toBe(first);
    expect(service.stop(), "nothing is worked on").toBe(false);
  });

  test("two callers with other days do not end each other's work", async () => {
    const [two, three] = await Promise.all([service.totals(2), service.totals(3)]);
    expect(two.kind).toBe("ready");
    expect(three).toMatchObject({ kind: "working", total: DEBTORS });
    expect((await service.totals(3)).kind).toBe("ready");
    expect((await service.totals(2)).kind, "kept beside it").toBe("ready");
  });

  test("that is ended is not kept; who asks again begins anew", async () => {
    const asked = service.totals(5);
    expect(service.stop()).toBe(true);
    expect((await asked).kind).toBe("working");
    expect((await service.totals(5)).kind).toBe("ready");
  });

  test("that fails does not stand in the way of the next", async () => {
    const whole = brain.facts;
    let broken = true;
    const frail: Brain = {
      ...brain,
      facts: (id, now) => {
        if (broken) throw new Error("the disk is gone");
        return whole(id, now);
      },
    };
    const deps = { db: life.db, zones, brain: frail, clock, wireClock: clock, segmentPriceMicro: 1 };
    const other = createForecastService(deps);
    await expect(other.totals(2)).rejects.toThrow("the disk is gone");
    broken = false;
    expect((await other.totals(2)).kind).toBe("ready");
  });
});
