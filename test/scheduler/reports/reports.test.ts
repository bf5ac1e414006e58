/** Reports over a small book whose sums are known. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeReport, type ReportName } from "#scheduler/reports/reports.ts";
import { toCsv } from "#scheduler/reports/table.ts";
import type { Watch } from "#scheduler/reports/walk.ts";
import { createZones } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

const START = Date.UTC(2026, 2, 2, 9, 0);
const DAY_MS = 86_400_000;
const zones = createZones();
const clock = new SimulatedClock(START);
const model = new GatewayModel({ clock });
const rig = new SchedulerRig({ clock, model, zones, brain: plainBrain });
let life: Life;

/** ana pays after the first reminder, eva before any, tom never and says STOP, kim's phone is dead. */
beforeAll(async () => {
  life = rig.start();
  const creditor = await openBooks(life, START);
  model.fate = (to) => (to.endsWith("3") ? "dead" : "delivered");
  for (const [i, name] of ["ana", "eva", "tom", "kim"].entries())
    await invoice(life, creditor, { name, number: `+3460012345${i}`, dueDate: "2026-01-20" }, START);
  await pay(life, creditor, "eva", 12_050n, START);
  await run(5);
  await pay(life, creditor, "ana", 12_050n, clock.now());
  model.inbound("+34600123452", "STOP");
  await run(10);
});

afterAll(() => {
  life.kill();
  rig.remove();
});

async function run(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    model.advance();
    await life.webhooks();
    await life.engine.runner.tick();
    await clock.advance(60_000);
  }
}

const SPAN = { from: START - DAY_MS, until: START + DAY_MS };

async function report(name: ReportName, watch?: Watch) {
  const made = await makeReport({ db: life.db, zones, costCurrency: "EUR" }, name, SPAN, watch);
  if (made === undefined) throw new Error("it was ended");
  return made;
}

describe("reports", () => {
  test("aging: what is open, by how long", async () => {
    expect((await report("aging")).rows).toEqual([
      { creditor: "acme", currency: "EUR", bucket: "31-60", disputed: "no", items: 2, open: "241.00" },
    ]);
  });

  test("recovered: by the last reminder before the payment, or none", async () => {
    expect((await report("recovered")).rows).toEqual([
      { currency: "EUR", step: "(no reminder)", template: "", payments: 1, amount: "120.50" },
      { currency: "EUR", step: "first", template: "first@1/en", payments: 1, amount: "120.50" },
    ]);
  });

  test("delivery: what became of each template's messages", async () => {
    const rows = (await report("delivery")).rows.map(
      ({ step, messages, delivered, permanent, deliveredShare }) => ({
        ...{ step, messages, delivered, permanent, deliveredShare },
      }),
    );
    expect(rows).toEqual([
      { step: "first", messages: 3, delivered: 2, permanent: 1, deliveredShare: "0.6667" },
      { step: "stop-confirmed", messages: 1, delivered: 1, permanent: 0, deliveredShare: "1.0000" },
      { step: "thanks", messages: 1, delivered: 1, permanent: 0, deliveredShare: "1.0000" },
    ]);
  });

  test("opt-outs by day", async () => {
    expect((await report("opt-outs")).rows).toEqual([
      { day: "2026-03-02", creditor: "(all)", recorded: 1, withdrawn: 0 },
    ]);
  });

  test("cost: what was paid for messages beside what came in after them", async () => {
    expect((await report("cost")).rows).toEqual([
      {
        currency: "EUR",
        messages: 5,
        segments: 5,
        cost: "0.25",
        costCurrency: "EUR",
        recovered: "120.50",
        costPerUnit: "0.002075",
      },
    ]);
  });

  test("show how far they are, and end when told", async () => {
    const seen: (readonly [done: number, total: number])[] = [];
    await report("cost", { onProgress: (done, total) => seen.push([done, total]) });
    expect(seen.length).toBe(2);
    expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1]);
    await expect(report("aging", { signal: AbortSignal.abort() })).rejects.toThrow("it was ended");
  });

  test("the second attempt at a dead phone waits for its day", () => {
    expect(life.db.sql("select state from contact_point where number like '%3'").pluck().get()).toBe(
      "suspect",
    );
  });
});

describe("CSV", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1"])(
    "%j does not run as a formula",
    (cell) => {
      const csv = toCsv({ name: "x", columns: ["a"], rows: [{ a: cell }] });
      expect(csv).toMatch(/'/);
    },
  );

  test("quotes, commas and line ends stay inside their cell", () => {
    const csv = toCsv({ name: "x", columns: ["a", "b"], rows: [{ a: 'say "hi", you', b: "1\n2" }] });
    expect(csv).toBe('﻿a,b\r\n"say ""hi"", you","1\n2"\r\n');
  });
});
