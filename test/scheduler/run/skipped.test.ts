/** Steps that were passed over stand beside those that were sent, each with its reason. */
import { expect, test } from "vitest";
import { createMind } from "#scheduler/mind.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { SchedulerRig } from "#test/support/scheduler-rig.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const DAY_MS = 86_400_000;

test("the scheduler was away: the latest step speaks once, and the others are skipped by name", async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 8, 0));
  const model = new GatewayModel({ clock });
  const rules = shippedRules();
  const brain = (db: Parameters<typeof createMind>[0]["db"]) => createMind({ db, rulebook: () => rules });
  const rig = new SchedulerRig({ clock, model, zones, brain });
  const life = rig.start();
  try {
    const creditor = await openBooks(life, clock.now());
    const debt = { name: "ana", number: "+34600123450", dueDate: "2026-03-12", segment: "0" };
    await invoice(life, creditor, debt, clock.now());
    await clock.advance(28 * DAY_MS);
    for (let i = 0; i < 60; i++) {
      await life.engine.runner.tick();
      await clock.advance(10 * 60_000);
      model.advance();
      await life.webhooks();
    }
    const rows = life.db.sql("select step_id, state, reason, contact_at from occurrence order by id").all();
    expect(rows).toEqual([
      { step_id: "second", state: "delivered", reason: null, contact_at: expect.any(Number) },
      { step_id: "preventive", state: "skipped", reason: "expired", contact_at: null },
      { step_id: "early", state: "skipped", reason: "expired", contact_at: null },
    ]);
    expect(model.ledger).toHaveLength(1);
  } finally {
    life.kill();
    rig.remove();
  }
});
