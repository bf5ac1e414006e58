/** What counts against everybody at one number moves everybody's place in the index. */
import { expect, test } from "vitest";
import { createMind } from "#scheduler/mind.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { SchedulerRig } from "#test/support/scheduler-rig.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test("a text takes room from everybody at its number once it leaves, and not before: they are looked at again", async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 8, 0));
  const rules = shippedRules();
  const brain = (db: Parameters<typeof createMind>[0]["db"]) => createMind({ db, rulebook: () => rules });
  const rig = new SchedulerRig({ clock, model: new GatewayModel({ clock }), zones, brain });
  let onDecided = (): void => {};
  const life = rig.start((place) => {
    if (place === "after-reserve") onDecided();
    return false;
  });
  try {
    const creditor = await openBooks(life, clock.now());
    const number = "+34600123450";
    // The debt is so old that only the last notice is left, which a person approves.
    const old = { name: "old", number, dueDate: "2025-12-01", segment: "1" };
    await invoice(life, creditor, old, clock.now());
    await invoice(life, creditor, { name: "new", number, dueDate: "2026-06-01", segment: "1" }, clock.now());
    // Never reminded, so never thanked: at rest for good, as far as anybody knows.
    await invoice(life, creditor, { name: "paid", number, dueDate: "2026-06-01", segment: "1" }, clock.now());
    await pay(life, creditor, "paid", 12_050n, clock.now());
    const task = () => life.engine.tasks.list({ state: "open", kind: "approve-message", limit: 1 })[0];
    for (let day = 0; day < 90 && task() === undefined; day++) {
      await clock.advance(DAY_MS);
      await life.engine.runner.tick();
      await clock.advance(60_000);
      await life.webhooks();
    }
    await life.engine.runner.tick();
    const next = life.db
      .sql(
        "select next_action_at from dunning_case c join debtor d on d.id = c.debtor_id where external_id = ?",
      )
      .pluck();
    expect(next.get("new")).toBeGreaterThan(clock.now());
    const waiting = task()?.caseId as number;
    const before = next.get("new");
    await life.engine.operator.approveMessage(waiting, "staff");
    expect([next.get("new"), next.get("paid")], "approved is not sent").toEqual([before, null]);
    await clock.advance(60_000);
    let moved: unknown;
    const reserved = life.db.sql("select 1 from occurrence where state = 'reserved'");
    onDecided = () => {
      if (reserved.get() !== undefined) moved = [next.get("new"), next.get("paid")];
    };
    for (let hour = 0; hour < 24 * 7 && moved === undefined; hour++) {
      await life.engine.runner.tick();
      if (moved === undefined) await clock.advance(HOUR_MS);
    }
    expect(moved).toEqual([clock.now(), clock.now()]);
  } finally {
    life.kill();
    rig.remove();
  }
});
