/** From a due case to a message at the gateway, once, whatever is lost or killed on the way. */
import { afterEach, describe, expect, test } from "vitest";
import { CHECKPOINTS, type CheckpointName } from "#scheduler/run/brain.ts";
import { createZones } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

const MINUTE_MS = 60_000;
const zones = createZones();
const rigs: SchedulerRig[] = [];

afterEach(() => {
  for (const rig of rigs.splice(0)) rig.remove();
});

function setUp() {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 9, 0));
  const model = new GatewayModel({ clock });
  const rig = new SchedulerRig({ clock, model, zones, brain: plainBrain });
  rigs.push(rig);
  return { clock, model, rig };
}

async function withDebt(life: Life, at: number, names = ["ana"]) {
  const creditor = await openBooks(life, at);
  for (const [index, name] of names.entries())
    await invoice(life, creditor, { name, number: `+3460012345${index}`, dueDate: "2026-03-01" }, at);
  return creditor;
}

/** Ticks and webhooks until nothing moves for a while. */
async function run(life: Life, clock: SimulatedClock, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await life.engine.runner.tick();
    await clock.advance(MINUTE_MS);
    await life.webhooks();
    await life.engine.intake.poll();
  }
}

function states(life: Life): string[] {
  return life.db.sql("select state from occurrence order by id").pluck().all() as string[];
}

describe("one reminder", () => {
  test("goes out once and brings back its three times", async () => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    await withDebt(life, clock.now());
    await run(life, clock, 10);
    expect(model.ledger.map(({ to, text }) => [to, text])).toEqual([["+34600123450", "Please pay 12050."]]);
    const row = life.db.sql("select * from occurrence").get() as Record<string, number | string>;
    expect(row.state).toBe("delivered");
    expect(row.handed_over_at).toBeLessThan(row.submitted_at as number);
    expect(row.submitted_at).toBeLessThan(row.delivered_at as number);
  });

  test("the key is the reference and is made of no row number", async () => {
    const keys = [];
    for (const extra of [0, 5]) {
      const { clock, model, rig } = setUp();
      const life = rig.start();
      const creditor = await withDebt(life, clock.now(), []);
      for (let i = 0; i < extra; i++)
        await invoice(
          life,
          creditor,
          { name: `x${i}`, number: `+3460099990${i}`, dueDate: "2026-03-01" },
          clock.now(),
        );
      await invoice(
        life,
        creditor,
        { name: "ana", number: "+34600123450", dueDate: "2026-03-01" },
        clock.now(),
      );
      await run(life, clock, 3);
      keys.push(model.ledger.find(({ to }) => to === "+34600123450")?.reference);
    }
    expect(keys[0]).toMatch(/^occ_[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test("waits while the gateway is down, and goes out when it is back", async () => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    model.down = true;
    await withDebt(life, clock.now());
    await run(life, clock, 30);
    expect(states(life)).toEqual([]);
    model.down = false;
    await run(life, clock, 5);
    expect(model.ledger).toHaveLength(1);
  });
});

describe("lost requests and answers", () => {
  test.each(["request", "answer"] as const)("a lost %s of the hand-over never doubles", async (kind) => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    let lost = 0;
    model.loss = (method, path) =>
      method === "POST" && path === "/v1/messages" && lost++ < 3 ? kind : undefined;
    await withDebt(life, clock.now());
    await run(life, clock, 30);
    expect(lost).toBeGreaterThan(0);
    expect(model.ledger).toHaveLength(1);
    expect(states(life)).toEqual(["delivered"]);
  });
});

describe("a payment", () => {
  test("before the tick: nothing leaves", async () => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    const creditor = await withDebt(life, clock.now());
    await pay(life, creditor, "ana", 12_050n, clock.now());
    await run(life, clock, 5);
    expect(model.accepted).toEqual([]);
  });

  test("between the reservation and the request: nothing leaves", async () => {
    const { clock, model, rig } = setUp();
    let creditor: Awaited<ReturnType<typeof withDebt>> | undefined;
    const payments: Promise<void>[] = [];
    let paid = false;
    const life: Life = rig.start((place) => {
      // Queued in the very turn in which the reservation is written: it commits with it, after it.
      if (place === "before-reserve" && creditor !== undefined && !paid) {
        paid = true;
        payments.push(
          Promise.resolve().then(() => pay(life, creditor as never, "ana", 12_050n, clock.now())),
        );
      }
      return false;
    });
    creditor = await withDebt(life, clock.now());
    await run(life, clock, 5);
    await Promise.all(payments);
    expect(paid).toBe(true);
    expect(model.accepted).toEqual([]);
    expect(states(life)).toEqual(["cancelled"]);
  });

  test("while the gateway still holds it: taken back", async () => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    const creditor = await withDebt(life, clock.now());
    await life.engine.runner.tick();
    expect(model.accepted.map(({ state }) => state)).toEqual(["queued"]);
    await pay(life, creditor, "ana", 12_050n, clock.now());
    await run(life, clock, 5);
    expect(model.ledger).toEqual([]);
    expect(states(life)).toEqual(["cancelled"]);
  });

  test("after it left: one thank-you", async () => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    const creditor = await withDebt(life, clock.now());
    await run(life, clock, 5);
    await pay(life, creditor, "ana", 12_050n, clock.now());
    await run(life, clock, 60 * 48);
    expect(model.ledger.map(({ text }) => text)).toEqual(["Please pay 12050.", "Thank you."]);
  });

  test("in part: the old amount is taken back and the new one sent", async () => {
    const { clock, model, rig } = setUp();
    const life = rig.start();
    const creditor = await withDebt(life, clock.now());
    await life.engine.runner.tick();
    await pay(life, creditor, "ana", 2_050n, clock.now());
    await run(life, clock, 5);
    expect(model.ledger.map(({ text }) => text)).toEqual(["Please pay 10000."]);
  });
});

describe("a kill at any named place", () => {
  const places = CHECKPOINTS.filter((place) => !place.includes("reply"));

  test.each(places)("%s: the message is in the ledger exactly once", async (place) => {
    await survives(place, false);
  });

  test.each(places)(
    "%s, with a payment at once after it: never twice, and never after the payment",
    async (place) => {
      const { model, paidAt } = await survives(place, true);
      const debts = model.ledger.filter(({ text }) => text.startsWith("Please pay 12050"));
      expect(debts.filter(({ at }) => at > (paidAt as number) + 10_000)).toEqual([]);
    },
  );

  test.each(CHECKPOINTS.filter((place) => place.includes("reply")))(
    "%s: a STOP is heard, confirmed once, and nothing follows it",
    async (place) => {
      const { clock, model, rig } = setUp();
      let killed = false;
      const first = rig.start((here) => {
        if (here !== place || killed) return false;
        killed = true;
        return true;
      });
      await withDebt(first, clock.now());
      await run(first, clock, 5);
      model.inbound("+34600123450", "STOP");
      await first.webhooks().catch(() => {});
      expect(killed, `${place} was reached`).toBe(true);
      const second = rig.start();
      await run(second, clock, 60 * 30);
      const [reminder, ...rest] = model.ledger.map(({ text }) => text);
      expect(reminder).toBe("Please pay 12050.");
      expect(rest).toEqual(["Acme Water: you will get no more texts at this number."]);
      expect(second.db.sql("select count(*) from reply").pluck().get()).toBe(1);
    },
  );

  async function survives(place: CheckpointName, paysAfterwards: boolean) {
    const { clock, model, rig } = setUp();
    let first = rig.start();
    const creditor = await withDebt(first, clock.now(), ["ana", "eva"]);
    first.kill();
    let killed = false;
    first = rig.start((here) => {
      // A recall happens only when something is taken back.
      if (here !== place || killed) return false;
      killed = true;
      return true;
    });
    // A recall and a question need a reason: a payment changes what the text would say.
    const changes = place.includes("recall") || place.includes("ask");
    if (place.includes("ask")) model.loss = answersOfHandOverAreLost;
    await first.engine.runner.tick().catch(() => {});
    model.loss = () => undefined;
    if (changes) await pay(first, creditor, "ana", 50n, clock.now());
    if (place.includes("ask")) await clock.advance(MINUTE_MS);
    for (let i = 0; i < 12 && !killed; i++) {
      await first.engine.runner.tick().catch(() => {});
      await clock.advance(MINUTE_MS);
      await first.webhooks().catch(() => {});
      await first.engine.intake.poll().catch(() => {});
    }
    first.kill();
    const second = rig.start();
    const paidAt = paysAfterwards ? clock.now() : undefined;
    if (paysAfterwards)
      for (const name of ["ana", "eva"]) await pay(second, creditor, name, 12_050n, clock.now());
    await run(second, clock, 30);
    const debts = model.ledger.filter(({ text }) => text.startsWith("Please"));
    for (const number of ["+34600123450", "+34600123451"]) {
      const mine = debts.filter(({ to }) => to === number);
      if (paysAfterwards) expect(mine.length).toBeLessThanOrEqual(1);
      else expect(mine).toHaveLength(1);
    }
    expect(new Set(model.accepted.map(({ reference }) => reference)).size).toBe(model.accepted.length);
    expect(killed, `${place} was reached`).toBe(true);
    return { model, paidAt };
  }

  function answersOfHandOverAreLost(method: string, path: string) {
    return method === "POST" && path === "/v1/messages" ? ("answer" as const) : undefined;
  }
});
