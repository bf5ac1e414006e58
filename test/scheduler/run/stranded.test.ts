/** What came in under a wrong clock is looked at when the clock is right, not when that instant comes again. */
import { expect, test } from "vitest";
import { createMind } from "#scheduler/mind.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface World {
  readonly clock: SimulatedClock;
  life: Life;
  restart(): void;
  /** Something happens that concerns the case: its bill is due in ten days. */
  bill(): Promise<void>;
  next(): unknown;
}

async function inWorld(run: (world: World) => Promise<void>): Promise<void> {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 8, 0));
  const rules = shippedRules();
  const brain = (db: Parameters<typeof createMind>[0]["db"]) => createMind({ db, rulebook: () => rules });
  const rig = new SchedulerRig({ clock, model: new GatewayModel({ clock }), zones, brain });
  const world: World = {
    clock,
    life: rig.start(),
    restart() {
      world.life.kill();
      world.life = rig.start();
    },
    bill: () =>
      invoice(world.life, creditor, { ...debtor, dueDate: "2026-03-12" }, clock.now()).then(() => {}),
    next: () => world.life.db.sql("select next_action_at from dunning_case").pluck().get(),
  };
  const debtor = { name: "one", number: "+34600123450", dueDate: "2026-06-01", segment: "1" };
  const creditor = await openBooks(world.life, clock.now());
  try {
    await invoice(world.life, creditor, debtor, clock.now());
    await world.life.engine.runner.tick();
    expect(world.next()).toBeGreaterThan(clock.now() + 2 * DAY_MS);
    await run(world);
  } finally {
    world.life.kill();
    rig.remove();
  }
}

/** Decided just now: nothing is due, and the scan agrees with the place. */
async function expectLookedAt({ life, next, clock }: World): Promise<void> {
  expect(next()).toBeGreaterThan(clock.now() + 2 * DAY_MS);
  expect((await life.engine.scan()).differences).toBe(0);
}

test.each([false, true])("a clock a day ahead is turned back, killed in between: %s", (killed) =>
  inWorld(async (world) => {
    const { clock } = world;
    clock.jumpWall(DAY_MS);
    expect((await world.life.engine.runner.tick()).clock).toBe("jumped-ahead");
    await clock.advance(HOUR_MS / 2);
    await world.bill();
    await clock.advance(60_000);
    await world.life.engine.runner.tick();
    clock.jumpWall(-DAY_MS);
    if (killed) world.restart();
    expect((await world.life.engine.runner.tick()).clock).toBe("good");
    await expectLookedAt(world);
    expect(world.life.engine.marks.get("clock.ahead")).toBeUndefined();
  }),
);

test("a clock set back by six hours is accepted", () =>
  inWorld(async (world) => {
    const { clock, life } = world;
    await clock.advance(HOUR_MS);
    await life.engine.runner.tick();
    await world.bill();
    clock.jumpWall(-6 * HOUR_MS);
    expect((await life.engine.runner.tick()).clock).toBe("set-back");
    await life.engine.guard.accept();
    expect((await life.engine.runner.tick()).clock).toBe("good");
    await expectLookedAt(world);
  }));

test("a clock accepted ahead asks nobody again", () =>
  inWorld(async (world) => {
    const { clock, life } = world;
    const before = world.next();
    clock.jumpWall(DAY_MS);
    await life.engine.runner.tick();
    await life.engine.guard.accept();
    await life.engine.runner.tick();
    expect(world.next()).toBe(before);
    expect(life.engine.marks.get("clock.ahead")).toBeUndefined();
  }));
