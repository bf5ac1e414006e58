/** Invariant 9: what the forecast says is what then happens, when nothing else does. */
import { expect, test } from "vitest";
import { nextDueAt } from "#scheduler/ledger/due.ts";
import { createMind } from "#scheduler/mind.ts";
import { forecastPortfolio } from "#scheduler/reports/portfolio.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { SchedulerRig } from "#test/support/scheduler-rig.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { invoice, openBooks } from "#test/support/small-ledger.ts";

const START = Date.UTC(2026, 2, 2, 5, 0);
const DAY_MS = 86_400_000;
const DAYS = 60;
const PLACES = ["ES", "DE", "CO", "GB", "FR", "CL"];

test(`sixty cases over ${DAYS} days: the same steps for the same cases on the same days`, async () => {
  const clock = new SimulatedClock(START);
  const model = new GatewayModel({ clock, submitMs: 0, deliverMs: 1_000 });
  const rules = shippedRules();
  const rig = new SchedulerRig({
    clock,
    model,
    zones,
    brain: (db) => createMind({ db, rulebook: () => rules }),
  });
  const life = rig.start();
  try {
    const creditor = await openBooks(life, START);
    for (let n = 0; n < 60; n++) {
      const dueDate = new Date(START + ((n % 20) - 2) * DAY_MS).toISOString().slice(0, 10);
      const jurisdiction = PLACES[n % PLACES.length] as string;
      const debt = {
        name: `d${n}`,
        number: `+3460012${3_000 + n}`,
        dueDate,
        jurisdiction,
        segment: String(n % 3),
      };
      await invoice(life, creditor, debt, START);
    }
    const brain = createMind({ db: life.db, rulebook: () => rules });
    const expected: string[] = [];
    await forecastPortfolio(
      { db: life.db, zones, brain },
      {
        days: DAYS,
        now: START,
        approvals: "awaited",
        onCase: ({ entries }) => {
          for (const { caseId, stepId, date } of entries) expected.push(`${caseId} ${stepId} ${date}`);
        },
      },
    );
    while (clock.now() < START + DAYS * DAY_MS) {
      while ((await life.engine.runner.tick()).more);
      const due = nextDueAt(life.db) ?? Number.POSITIVE_INFINITY;
      await clock.advance(Math.max(1_000, Math.min(6 * 3_600_000, due - clock.now())));
      model.advance();
      await life.webhooks();
    }
    const rows = life.db
      .sql(
        `select case_id as caseId, step_id as stepId, contact_at as at, jurisdiction from occurrence
         join debtor on debtor.id = occurrence.debtor_id where contact_at < ? order by occurrence.id`,
      )
      .all(START + DAYS * DAY_MS) as { caseId: number; stepId: string; at: number; jurisdiction: string }[];
    const happened = rows.map(({ caseId, stepId, at }) => {
      const [zone = ""] = life.engine === undefined ? [] : (brain.facts(caseId, at)?.zones ?? []);
      return `${caseId} ${stepId} ${zones.dateAt(at, zone)}`;
    });
    expect(expected.length).toBeGreaterThan(100);
    expect(happened.sort()).toEqual(expected.sort());
  } finally {
    life.kill();
    rig.remove();
  }
});
