/** Occurrences, numbers and promises: what the run loop writes, and what a decision then sees of it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeContactPoint, contactPointsByNumber } from "#scheduler/ledger/contact-points.ts";
import { CONTACT_HISTORY_MS } from "#scheduler/ledger/facts.ts";
import {
  findOccurrence,
  insertOccurrence,
  moveOccurrence,
  type NewOccurrence,
} from "#scheduler/ledger/occurrences.ts";
import { movePromise, recordPromise } from "#scheduler/ledger/promises.ts";
import {
  CONTACT_POINT_MOVES,
  IllegalMove,
  OCCURRENCE_MOVES,
  type OccurrenceState,
} from "#scheduler/ledger/states.ts";
import { type Bench, debtor, openBench, receivable, START } from "./support.ts";

let bench: Bench;
const by = { actor: "scheduler", at: START + 10_000 };

beforeEach(async () => {
  bench = await openBench();
  await bench.put(debtor("C1"), receivable("A", "C1", 10n));
});

afterEach(() => bench.db.close());

function make(over: Partial<NewOccurrence> = {}, who = "C1") {
  const facts = bench.factsOf(who);
  const owner = { caseId: facts.case.id, debtorId: facts.debtor.id, creditorId: bench.creditor.id };
  const occurrence: NewOccurrence = {
    key: "k1",
    policyVersion: "friendly@1",
    stepId: "early",
    stage: "early",
    anchor: { kind: "receivable", id: "A", sequence: 0 },
    sequence: 0,
    class: "debt",
    channel: "sms",
    number: "+491701234567",
    covers: [
      { receivableId: 1, dueDateSequence: 0, stepId: "early" },
      { receivableId: 2, dueDateSequence: 0, superseded: true },
    ],
    plannedFor: START + 3_600_000,
    state: "reserved",
    ...over,
  };
  return bench.db.write(() => insertOccurrence(bench.db, owner, occurrence, by));
}

function move(key: string, to: OccurrenceState, at: number) {
  return bench.db.write(() =>
    moveOccurrence(bench.db, key, { to, at }, { actor: "scheduler", at: START + 20_000 }),
  );
}

describe("occurrences", () => {
  test("a key is given out once for ever", async () => {
    await make();
    await expect(make()).rejects.toThrow(/UNIQUE/);
  });

  test("are facts of the case at once, with the items the text lists", async () => {
    await make();
    const facts = bench.factsOf("C1");
    expect(facts.occurrences[0]).toMatchObject({
      key: "k1",
      receivableIds: [1],
      covers: [{}, { superseded: true }],
    });
    expect(facts.contacts).toMatchObject([{ at: START + 3_600_000, class: "debt", state: "reserved" }]);
  });

  test("receipts may come late, twice and out of order: each time is kept, the state never goes back", async () => {
    await make();
    expect((await move("k1", "delivered", 300)).kind).toBe("moved");
    expect((await move("k1", "submitted", 200)).kind).toBe("refused");
    expect((await move("k1", "delivered", 400)).kind).toBe("unchanged");
    expect((await move("k1", "handed-over", 100)).kind).toBe("refused");
    expect(findOccurrence(bench.db, "k1")).toMatchObject({
      state: "delivered",
      handedOverAt: 100,
      submittedAt: 200,
      deliveredAt: 300,
      contactAt: 200,
    });
    expect((await move("none", "submitted", 1)).kind).toBe("missing");
  });

  test.each([
    ["cancelled", false],
    ["expired", false],
    ["failed-permanent", false],
    ["unknown", true],
    ["submitted", true],
  ] as const)("%s counts against the caps: %s", async (state, counts) => {
    await make();
    await move("k1", state, START + 5);
    expect(bench.factsOf("C1").contacts.length === 1).toBe(counts);
  });

  test("what the network took counts even when it failed there", async () => {
    await make();
    await move("k1", "submitted", START + 5);
    await move("k1", "failed-temporary", START + 9);
    expect(bench.factsOf("C1").contacts).toMatchObject([{ at: START + 5, state: "failed-temporary" }]);
  });

  test("contacts are seen by every case of the debtor and by everybody at the same number", async () => {
    await bench.put(receivable("U", "C1", 10n, { currency: "USD" }));
    await bench.put(
      debtor("C2"),
      receivable("B", "C2", 10n),
      debtor("C3", { contactPoints: [] }),
      receivable("C", "C3", 10n),
    );
    await make();
    expect(bench.factsOf("C1", "USD").contacts).toHaveLength(1);
    expect(bench.factsOf("C2").contacts).toHaveLength(1);
    expect(bench.factsOf("C3").contacts).toHaveLength(0);
  });

  test("contacts older than the longest cap are left out", async () => {
    await make({ plannedFor: START - CONTACT_HISTORY_MS - 1 });
    expect(bench.factsOf("C1").contacts).toEqual([]);
    expect(bench.factsOf("C1").occurrences).toHaveLength(1);
  });

  test("the table of moves has no way back and no dead end but for endings", () => {
    for (const [from, moves] of Object.entries(OCCURRENCE_MOVES)) expect(moves, from).not.toContain(from);
    expect(OCCURRENCE_MOVES.delivered).toEqual([]);
    for (const [from, moves] of Object.entries(OCCURRENCE_MOVES))
      if (from !== "planned" && from !== "approved") expect(moves, from).not.toContain("reserved");
  });
});

describe("numbers", () => {
  const pointOf = (who = "C1") => bench.factsOf(who).contactPoints[0];

  test("move along the table only, and the score stays between 0 and 100", async () => {
    const id = pointOf()?.id ?? 0;
    const change = (to: Parameters<typeof changeContactPoint>[2]) =>
      bench.db.write(() => changeContactPoint(bench.db, id, to, bench.change()));
    await change({ state: "valid", score: 400, lastDeliveredAt: 5, reason: "delivered" });
    expect(pointOf()).toMatchObject({ state: "valid", score: 100, lastDeliveredAt: 5 });
    await change({ state: "retired", score: -5, permanentFailures: 3, reason: "dead" });
    expect(pointOf()).toMatchObject({ state: "retired", score: 0, permanentFailures: 3 });
    await expect(change({ state: "suspect", reason: "x" })).rejects.toThrow(IllegalMove);
    await change({ state: "valid", reason: "it wrote to us" });
    expect(pointOf()?.state).toBe("valid");
    expect(CONTACT_POINT_MOVES["wrong-party"]).toEqual(["new"]);
  });

  test("STOP to one creditor leaves the others, STOP to all leaves nobody, and START takes back its own", async () => {
    await bench.put(debtor("C2"), receivable("B", "C2", 10n));
    const { ledger, creditor } = bench;
    await ledger.recordOptOut("+491701234567", creditor.id, "STOP", bench.change());
    expect(pointOf()?.optedOut).toMatchObject({ scope: "creditor" });
    expect(contactPointsByNumber(bench.db, "+491701234567").map((point) => point.state)).toEqual([
      "opted-out",
      "opted-out",
    ]);
    await ledger.recordOptOut("+491701234567", undefined, "STOP", bench.change());
    expect(pointOf("C2")?.optedOut).toMatchObject({ scope: "all" });
    await ledger.withdrawOptOut("+491701234567", creditor.id, "START", bench.change());
    expect(pointOf()).toMatchObject({ state: "opted-out", optedOut: { scope: "all" } });
    await ledger.withdrawOptOut("+491701234567", undefined, "START", bench.change());
    expect(pointOf()).toMatchObject({ state: "valid" });
    expect(pointOf()?.optedOut).toBeUndefined();
  });

  test("a number that comes after it said STOP is opted out all the same", async () => {
    await bench.ledger.recordOptOut("+499999", undefined, "STOP", bench.change());
    await bench.put(
      debtor("C9", { contactPoints: [{ channel: "sms", number: "+499999" }] }),
      receivable("Z", "C9", 1n),
    );
    expect(pointOf("C9")?.optedOut).toMatchObject({ scope: "all" });
  });
});

describe("promises", () => {
  test("a new one supersedes the one before; only open and broken ones are facts", async () => {
    const caseId = bench.factsOf("C1").case.id;
    const promise = (id: string, state: "proposed" | "confirmed") =>
      bench.db.write(() =>
        recordPromise(bench.db, id, { caseId, amount: 10n, dueDate: "2026-02-10", state }, by),
      );
    await promise("prom_1", "confirmed");
    expect(bench.factsOf("C1").promises).toMatchObject([{ id: "prom_1", amount: 10n, state: "confirmed" }]);
    await promise("prom_2", "proposed");
    expect(bench.factsOf("C1").promises).toEqual([]);
    await bench.db.write(() => movePromise(bench.db, "prom_2", "confirmed", by));
    await bench.db.write(() => movePromise(bench.db, "prom_2", "broken", by));
    expect(bench.factsOf("C1").promises).toMatchObject([{ id: "prom_2", state: "broken" }]);
    await expect(bench.db.write(() => movePromise(bench.db, "prom_1", "kept", by))).rejects.toThrow(
      IllegalMove,
    );
  });
});
