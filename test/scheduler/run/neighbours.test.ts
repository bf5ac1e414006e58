/** What counts against everybody at one number moves everybody's place in the index. */
import { expect, test } from "vitest";
import { createMind } from "#scheduler/mind.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { SchedulerRig } from "#test/support/scheduler-rig.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const DAY_MS = 86_400_000;

test("an approved text takes room from the neighbour at the same number: they are looked at again", async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 8, 0));
  const rules = shippedRules();
  const brain = (db: Parameters<typeof createMind>[0]["db"]) => createMind({ db, rulebook: () => rules });
  const rig = new SchedulerRig({ clock, model: new GatewayModel({ clock }), zones, brain });
  const life = rig.start();
  try {
    const creditor = await openBooks(life, clock.now());
    const number = "+34600123450";
    // The debt is so old that only the last notice is left, which a person approves.
    const old = { name: "old", number, dueDate: "2025-12-01", segment: "1" };
    await invoice(life, creditor, old, clock.now());
    await invoice(life, creditor, { name: "new", number, dueDate: "2026-06-01", segment: "1" }, clock.now());
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
    const waiting = task()?.caseId;
    expect(waiting).toBeDefined();
    await life.engine.operator.approveMessage(waiting as number, "staff");
    expect(next.get("new")).toBe(clock.now());
  } finally {
    life.kill();
    rig.remove();
  }
});
