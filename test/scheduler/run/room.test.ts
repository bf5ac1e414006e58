/** More is due than the fleet can take: what waits keeps its turn, and is not looked at in vain. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Brain } from "#scheduler/run/brain.ts";
import { createZones } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import type { Database } from "#shared/sqlite.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

const DEBTORS = 60;
/** One segment in five minutes, of which the fleet is given three at a time. */
const FLEET = { sims: ["8949000000000000001"], segmentMs: 5 * 60_000 };
const ROOM = 3;
const STEP_MS = 5 * 60_000;

const nameOf = (n: number): string => `d${String(n).padStart(2, "0")}`;
const numberOf = (n: number): string => `+346001234${String(n).padStart(2, "0")}`;

let clock: SimulatedClock;
let model: GatewayModel;
let rig: SchedulerRig;
let life: Life;
let looks: number;

function counted(db: Database): Brain {
  const brain = plainBrain(db);
  return {
    ...brain,
    facts(caseId, now) {
      looks++;
      return brain.facts(caseId, now);
    },
  };
}

beforeEach(async () => {
  looks = 0;
  clock = new SimulatedClock(Date.UTC(2026, 2, 2, 9, 0));
  model = new GatewayModel({ clock, ...FLEET });
  rig = new SchedulerRig({
    clock,
    model,
    zones: createZones(),
    brain: counted,
    settings: { segmentsPerMinute: ROOM / 15 },
  });
  life = rig.start();
  const creditor = await openBooks(life, clock.now());
  for (let n = 0; n < DEBTORS; n++) {
    await invoice(
      life,
      creditor,
      { name: nameOf(n), number: numberOf(n), dueDate: "2026-03-01" },
      clock.now(),
    );
    await clock.advance(1_000);
  }
});

afterEach(() => {
  life.kill();
  rig.remove();
});

async function tick(): Promise<void> {
  await life.engine.runner.tick();
  await clock.advance(STEP_MS);
  model.advance();
  await life.webhooks();
}

const sentTo = (): string[] => model.ledger.map(({ to }) => to);

test("each is looked at once, and then only as many as there is room for", async () => {
  await tick();
  expect(looks).toBeGreaterThanOrEqual(DEBTORS);
  for (let step = 0; step < 5; step++) await tick();
  const before = looks;
  const sent = sentTo().length;
  for (let step = 0; step < 10; step++) await tick();
  const more = sentTo().length - sent;
  expect(more).toBeGreaterThan(3);
  // Deciding, the last look before the request, its answer, and what became of it; and some in vain.
  expect(looks - before).toBeLessThan(more * 8);
});

test("the longest waiting goes first, and all get their turn once", async () => {
  for (let step = 0; step < 4 * DEBTORS && sentTo().length < DEBTORS; step++) await tick();
  expect(sentTo()).toEqual(Array.from({ length: DEBTORS }, (_, n) => numberOf(n)));
});

test("who pays while waiting is not reminded, though there was no room to look", async () => {
  await tick();
  const creditor = await openBooks(life, clock.now());
  await pay(life, creditor, nameOf(DEBTORS - 1), 12_050n, clock.now());
  for (let step = 0; step < 2 * DEBTORS; step++) await tick();
  expect(sentTo()).not.toContain(numberOf(DEBTORS - 1));
  expect(sentTo().length).toBe(DEBTORS - 1);
});

test("what could not be posted takes its room all the same", async () => {
  model.loss = (method) => (method === "POST" ? "request" : undefined);
  for (let step = 0; step < 4; step++) await tick();
  model.loss = model.calm;
  for (let step = 0; step < 20; step++) await tick();
  expect(sentTo().length).toBeGreaterThan(0);
  expect(model.queuedMax).toBeLessThanOrEqual(ROOM);
});
