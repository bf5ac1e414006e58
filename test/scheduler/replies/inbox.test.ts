/** What debtors write, through the whole loop: opt-outs, confirmations, wrong persons, machines. */
import { afterEach, describe, expect, test } from "vitest";
import { createZones } from "#shared/local-date.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

const NUMBER = "+34600123450";
const zones = createZones();
const rigs: SchedulerRig[] = [];

afterEach(() => {
  for (const rig of rigs.splice(0)) rig.remove();
});

async function setUp(language = "en") {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 9, 0));
  const model = new GatewayModel({ clock });
  const rig = new SchedulerRig({ clock, model, zones, brain: plainBrain });
  rigs.push(rig);
  const life = rig.start();
  const creditor = await openBooks(life, clock.now());
  await invoice(
    life,
    creditor,
    { name: "ana", number: NUMBER, dueDate: "2026-03-01", language },
    clock.now(),
  );
  await run({ life, clock, model }, 3);
  return { clock, model, rig, life, creditor };
}

interface Scene {
  readonly life: Life;
  readonly clock: SimulatedClock;
  readonly model: GatewayModel;
}

async function run({ life, clock, model }: Scene, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    model.advance();
    await life.webhooks();
    await life.engine.runner.tick();
    await clock.advance(60_000);
  }
}

function tasks(life: Life): string[] {
  return life.engine.tasks.list({ state: "open", limit: 50 }).map(({ kind }) => kind);
}

describe("STOP", () => {
  test("is confirmed once, ends the reminders, and START brings them back", async () => {
    const { clock, model, life } = await setUp();
    model.inbound(NUMBER, "STOP");
    await run({ life, clock, model }, 5);
    model.inbound(NUMBER, "Stop!");
    await run({ life, clock, model }, 60 * 30);
    expect(model.ledger.map(({ text }) => text)).toEqual([
      "Please pay 12050.",
      "Acme Water: you will get no more texts at this number.",
    ]);
    model.inbound(NUMBER, "START");
    await run({ life, clock, model }, 5);
    expect(model.ledger.at(-1)?.text).toBe("Please pay 12050.");
    expect(model.ledger).toHaveLength(3);
  });

  test("takes back what the gateway still holds", async () => {
    const { clock, model, life } = await setUp();
    await clock.advance(24 * 3_600_000);
    model.inbound(NUMBER, "STOP");
    await life.engine.runner.tick();
    expect(model.accepted.map(({ state }) => state)).toEqual(["delivered", "queued"]);
    await run({ life, clock, model }, 3);
    expect(model.ledger.map(({ text }) => text)).toEqual([
      "Please pay 12050.",
      "Acme Water: you will get no more texts at this number.",
    ]);
  });

  test("ends even the thank-you", async () => {
    const { clock, model, life, creditor } = await setUp();
    model.inbound(NUMBER, "STOP");
    await run({ life, clock, model }, 3);
    await pay(life, creditor, "ana", 12_050n, clock.now());
    await run({ life, clock, model }, 10);
    expect(model.ledger).toHaveLength(2);
  });

  test("a confirmation that could not leave for an hour is given up", async () => {
    const { clock, model, life } = await setUp();
    model.inbound(NUMBER, "STOP");
    model.advance();
    await life.webhooks();
    model.down = true;
    await run({ life, clock, model }, 90);
    model.down = false;
    await run({ life, clock, model }, 30);
    expect(model.ledger).toHaveLength(1);
  });
});

describe("other replies", () => {
  test("a wrong person: the number is used no more, and staff know", async () => {
    const { clock, model, life } = await setUp();
    model.inbound(NUMBER, "Wrong number!");
    await run({ life, clock, model }, 60 * 30);
    expect(life.db.sql("select state from contact_point").pluck().get()).toBe("wrong-party");
    expect(tasks(life)).toEqual(["wrong-party"]);
    expect(model.ledger.filter(({ text }) => text !== "Please pay 12050.")).toEqual([]);
  });

  test("the same webhook twice is one reply and one task", async () => {
    const { clock, model, life } = await setUp();
    model.inbound(NUMBER, "I will pay on Friday");
    const [event] = model.events(0).filter(({ type }) => type === "inbound.received");
    if (event === undefined) throw new Error("nothing came in");
    await Promise.all([life.engine.intake.take(event), life.engine.intake.take(event)]);
    await run({ life, clock, model }, 2);
    await life.engine.intake.poll();
    expect(life.db.sql("select count(*) from reply").pluck().get()).toBe(1);
    expect(tasks(life)).toEqual(["read-reply"]);
  });

  test("two machines: the answers stop", async () => {
    const { clock, model, life } = await setUp();
    for (let i = 0; i < 30; i++) {
      model.inbound(NUMBER, "HELP");
      await run({ life, clock, model }, 2);
    }
    const answers = model.ledger.filter(({ text }) => text.includes("you can reach us"));
    expect(answers).toHaveLength(1);
    expect(tasks(life), "the second HELP, and one for all that followed").toEqual([
      "read-reply",
      "read-reply",
    ]);
  });

  test("HELP of a creditor that names no contact is answered by a person", async () => {
    const { clock, model, life } = await setUp();
    life.db.sql("update creditor set contact = null").run();
    model.inbound(NUMBER, "HELP");
    await run({ life, clock, model }, 2);
    expect(model.ledger.filter(({ text }) => text.includes("reach us"))).toEqual([]);
    expect(tasks(life)).toEqual(["read-reply"]);
  });

  test("a number that nobody has is kept, and nothing answers it", async () => {
    const { clock, model, life } = await setUp();
    model.inbound("+34699999999", "HELP");
    model.inbound("VODAFONE", "Your balance is low");
    await run({ life, clock, model }, 5);
    expect(life.db.sql("select count(*) from reply where case_id is null").pluck().get()).toBe(2);
    expect(model.ledger).toHaveLength(1);
    expect(tasks(life)).toEqual(["read-reply", "read-reply"]);
  });

  test("a text revives a retired number", async () => {
    const { clock, model, life } = await setUp();
    life.db.sql("update contact_point set state = 'retired', permanent_failures = 3, score = 0").run();
    model.inbound(NUMBER, "hello?");
    await run({ life, clock, model }, 2);
    const point = life.db.sql("select state, permanent_failures as failures from contact_point").get();
    expect(point).toEqual({ state: "valid", failures: 0 });
  });
});

describe("numbers", () => {
  test("permanent failures retire a number after three, temporary ones never do", async () => {
    for (const [fate, state] of [
      ["dead", "retired"],
      ["expired", "valid"],
    ] as const) {
      const { clock, model, life } = await setUp();
      model.fate = () => fate;
      life.db.sql("update contact_point set state = 'valid'").run();
      for (let i = 0; i < 4; i++) {
        await life.db.write(() => life.db.sql("delete from outgoing").run());
        life.db.sql("update occurrence set state = 'cancelled', contact_at = null, gateway_id = null").run();
        life.db.sql("update dunning_case set next_action_at = 0").run();
        await run({ life, clock, model }, 5);
      }
      expect(life.db.sql("select state from contact_point").pluck().get(), fate).toBe(state);
      expect(tasks(life).includes("dead-number"), fate).toBe(fate === "dead");
    }
  });
});
