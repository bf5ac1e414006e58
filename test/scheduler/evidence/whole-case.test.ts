/** A case through the runner: nothing becomes of a message that the evidence does not say. */
import { afterEach, describe, expect, test } from "vitest";
import { type ChainedEvent, verify } from "#scheduler/evidence/chain.ts";
import { createEvidence, eraseCases, eventsAfter, headOf } from "#scheduler/evidence/store.ts";
import { createZones } from "#shared/local-date.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { plainBrain } from "#test/support/plain-brain.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";

const MINUTE_MS = 60_000;
const NUMBER = "+34600123450";
const zones = createZones();
const rigs: SchedulerRig[] = [];

afterEach(() => {
  for (const rig of rigs.splice(0)) rig.remove();
});

async function setUp(options: Partial<ConstructorParameters<typeof GatewayModel>[0]> = {}) {
  const clock = new SimulatedClock(Date.UTC(2026, 2, 2, 9, 0));
  const model = new GatewayModel({ clock, ...options });
  const rig = new SchedulerRig({ clock, model, zones, brain: plainBrain });
  rigs.push(rig);
  const life = rig.start();
  const creditor = await openBooks(life, clock.now());
  await invoice(life, creditor, { name: "ana", number: NUMBER, dueDate: "2026-03-01" }, clock.now());
  const run = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute++) {
      await life.engine.runner.tick();
      await clock.advance(MINUTE_MS);
      await life.webhooks();
      await life.engine.intake.poll();
    }
  };
  return { clock, model, life, creditor, run };
}

function evidenceOf(life: Life): ChainedEvent[] {
  return [...eventsAfter(life.db, 0)];
}

function kinds(life: Life): string[] {
  return evidenceOf(life).map(({ kind }) => kind);
}

function told(event: ChainedEvent | undefined): Record<string, string | number> {
  return JSON.parse(event?.details ?? "{}");
}

/** Each move of the trail, as often as the evidence has it. */
function expectEveryMove(life: Life): void {
  const moved = life.db
    .sql("select json_extract(data, '$.to') from event where kind = 'occurrence.moved' order by sequence")
    .pluck()
    .all() as string[];
  const said = evidenceOf(life).filter(
    ({ kind }) => kind.startsWith("message.") && kind !== "message.decided",
  );
  expect(said.map((event) => told(event).state)).toEqual(moved);
  expect(verify(eventsAfter(life.db, 0), { known: headOf(life.db) })).toMatchObject({ ok: true, erased: 0 });
}

describe("what became of a message", () => {
  const LEFT = ["message.decided", "message.accepted", "message.submitted"];
  test.each([
    ["delivered", [...LEFT, "message.delivered"]],
    ["dead", [...LEFT, "message.undelivered"]],
    ["expired", [...LEFT, "message.expired"]],
    ["failed", ["message.decided", "message.accepted", "message.failed"]],
    ["unknown", [...LEFT, "message.unknown"]],
  ] as const)("%s", async (fate, wanted) => {
    const { life, model, run } = await setUp();
    model.fate = () => fate;
    await run(5);
    expect(kinds(life).slice(0, wanted.length)).toEqual(wanted);
    expectEveryMove(life);
  });

  test("the text, its number and its rule; then the three times of the carrier", async () => {
    const { life, model, run } = await setUp();
    await run(5);
    const [decided, , , delivered] = evidenceOf(life);
    const [sent] = model.ledger;
    expect(told(decided)).toMatchObject({ to: NUMBER, text: sent?.text, creditor: "acme" });
    expect(told(decided).rule).toBeTruthy();
    expect([decided?.occurrenceKey, delivered?.occurrenceKey]).toEqual([sent?.reference, sent?.reference]);
    const row = life.db.sql("select * from occurrence").get() as Record<string, number>;
    const times = told(delivered);
    expect(
      [times.acceptedAt, times.submittedAt, times.deliveredAt].map((at) => Date.parse(String(at))),
    ).toEqual([row.handed_over_at, row.submitted_at, row.delivered_at]);
  });

  test("taken back after a payment, with the rule that wanted it", async () => {
    const { life, creditor, clock, run } = await setUp();
    await life.engine.runner.tick();
    await pay(life, creditor, "ana", 12_050n, clock.now());
    await run(5);
    expect(kinds(life)).toEqual(["message.decided", "message.accepted", "message.cancelled"]);
    expect(told(evidenceOf(life)[2]).reason).toBeTruthy();
    expectEveryMove(life);
  });

  test("a time that comes after its state is witnessed once more, and once only", async () => {
    const { life, run } = await setUp();
    await run(5);
    const { db, engine } = life;
    const key = db.sql("select key from occurrence").pluck().get() as string;
    const at = db.sql("select submitted_at from occurrence").pluck().get() as number;
    await db.write(() => db.sql("update occurrence set submitted_at = null").run());
    const late = () => db.write(() => engine.occurrences.move(key, { to: "submitted", at }, at + MINUTE_MS));
    expect([await late(), await late()]).toEqual([false, false]);
    expect(kinds(life).slice(4)).toEqual(["message.submitted"]);
    const submittedAt = new Date(at).toISOString();
    expect(told(evidenceOf(life)[4])).toMatchObject({ state: "delivered", submittedAt });
  });

  test.each(["delivered", "dead", "expired", "failed", "unknown"] as const)(
    "%s: nothing is witnessed twice when everything is said twice",
    async (fate) => {
      const { life, model, run } = await setUp();
      model.fate = () => fate;
      await run(5);
      const before = kinds(life);
      for (const { id } of model.accepted)
        await life.engine.intake.take({
          id: `evt_again_${id}`,
          type: "message.delivered",
          timestamp: new Date(0).toISOString(),
          sequence: 9_999,
          messageId: id,
          data: {},
        });
      expect(kinds(life)).toEqual(before);
    },
  );
});

test("a reply, the opt-out in it and its answer", async () => {
  const { life, model, run } = await setUp();
  await run(5);
  model.inbound(NUMBER, "STOP");
  await run(5);
  const since = evidenceOf(life).slice(4);
  expect(since.map(({ kind }) => kind)).toEqual([
    "message.decided",
    "reply.received",
    "opt-out.taken",
    "message.accepted",
    "message.submitted",
    "message.delivered",
  ]);
  expect(told(since[1])).toMatchObject({ from: NUMBER, text: "STOP" });
  expect(told(since[2])).toMatchObject({ from: NUMBER, scope: "all" });
  expectEveryMove(life);
});

describe("19: in the database", () => {
  test("erasing a debtor shreds what was said, and the chain goes on", async () => {
    const { life, clock, creditor, run } = await setUp();
    await invoice(
      life,
      creditor,
      { name: "eva", number: "+34600123451", dueDate: "2026-03-01" },
      clock.now(),
    );
    await run(5);
    const { db } = life;
    const code = db.sql("select code from dunning_case order by id limit 1").pluck().get() as string;
    const head = headOf(db);
    const evidence = createEvidence(db, seededRandom(9));
    const by = { actor: "cli:test", at: clock.now() };
    expect(await db.write(() => eraseCases(db, evidence, [code], by))).toBe(4);
    expect(await db.write(() => eraseCases(db, evidence, [code], by)), "a second time").toBe(0);
    const shown = evidenceOf(life).filter(
      ({ caseCode, details }) => caseCode === code && details !== undefined,
    );
    expect(shown.map(told)).toEqual([{ by: "cli:test", events: 4 }]);
    expect(db.sql("select count(*) from evidence_event where details like '%600123450%'").pluck().get()).toBe(
      0,
    );
    expect(verify(eventsAfter(db, 0), { known: head })).toMatchObject({ ok: true, count: 9, erased: 4 });
  });

  test.each([
    ["changed", "update evidence_event set at = at + 1 where sequence = 2"],
    ["given other details", "update evidence_event set details = '{}' where sequence = 2"],
    ["taken out", "delete from evidence_event where sequence = 2"],
    ["replaced", "insert or replace into evidence_event select * from evidence_event where sequence = 2"],
    [
      "put in before",
      "insert into evidence_event select 0, at, kind, case_code, occurrence_key, commitment, " +
        "hash, details, salt from evidence_event where sequence = 2",
    ],
  ])("what is there cannot be %s", async (_name, statement) => {
    const { life, run } = await setUp();
    await run(5);
    expect(() => life.db.connection.exec(statement)).toThrow(/evidence is/);
  });

  test.each([
    ["altered", "update evidence_event set kind = 'message.expired' where sequence = 2", 2],
    ["missing", "delete from evidence_event where sequence = 3", 3],
  ])("what was %s behind the triggers' back is found at night, and a person is told", async (...row) => {
    const [fault, statement, sequence] = row;
    const { life, run } = await setUp();
    await run(5);
    behindTheirBack(life, statement);
    await life.engine.scan();
    await life.engine.scan();
    const tasks = life.engine.tasks.list({ state: "open", kind: "evidence-broken", limit: 9 });
    expect(tasks.map(({ repeats }) => repeats)).toEqual([1]);
    expect(tasks[0]?.detail).toContain(`event ${sequence} is ${fault}`);
  });

  test("a chain cut short below the place of the last night is found", async () => {
    const { life, run } = await setUp();
    await run(5);
    await life.engine.scan();
    expect(life.engine.marks.get("evidence.verified")).toBe(`4:${headOf(life.db).hash}`);
    behindTheirBack(life, "delete from evidence_event where sequence = 4");
    await life.engine.scan();
    const [task] = life.engine.tasks.list({ state: "open", kind: "evidence-broken", limit: 9 });
    expect(task?.detail).toContain("event 4 is truncated");
  });
});

function behindTheirBack(life: Life, statement: string): void {
  for (const name of ["added", "fixed", "kept"])
    life.db.connection.exec(`drop trigger evidence_event_${name}`);
  life.db.connection.exec(statement);
}
