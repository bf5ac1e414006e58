/** Two approved texts to one debtor: each counts as the contact that it is going to be. */
import { expect, test } from "vitest";
import { createMind } from "#scheduler/mind.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { SchedulerRig } from "#test/support/scheduler-rig.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const HOUR_MS = 3_600_000;

test("approved on one day and kept back for days by the gateway: still one text a day", async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 8, 0));
  const model = new GatewayModel({ clock });
  const rules = shippedRules();
  const brain = (db: Parameters<typeof createMind>[0]["db"]) => createMind({ db, rulebook: () => rules });
  const rig = new SchedulerRig({ clock, model, zones, brain });
  const life = rig.start();
  const hours = async (count: number): Promise<void> => {
    for (let hour = 0; hour < count; hour++) {
      while ((await life.engine.runner.tick()).more);
      await clock.advance(HOUR_MS);
      model.advance();
      await life.webhooks();
    }
  };
  try {
    const creditor = await openBooks(life, clock.now(), { EUR: "ES91", USD: "US12" });
    const number = "+34600123450";
    for (const name of ["one", "other"])
      await invoice(life, creditor, { name, number, dueDate: "2026-02-01", segment: "1" }, clock.now());
    const asked = () => life.engine.tasks.list({ state: "open", kind: "approve-message", limit: 9 });
    for (let day = 0; day < 90 && asked().length < 2; day++) await hours(24);
    const before = model.ledger.length;
    model.down = true;
    for (const { caseId } of asked()) await life.engine.operator.approveMessage(caseId as number, "staff");
    await hours(24 * 9);
    model.down = false;
    await hours(24 * 20);
    const days = model.ledger.slice(before).map(({ at }) => new Date(at).toISOString().slice(0, 10));
    expect(days).toHaveLength(2);
    expect(days[0]).not.toBe(days[1]);
  } finally {
    life.kill();
    rig.remove();
  }
});
