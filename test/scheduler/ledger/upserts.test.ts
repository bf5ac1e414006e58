/** What an upsert does to what is stored: by freshness, by version, by field; and what follows for the cases. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditPage } from "#scheduler/ledger/audit.ts";
import { caseIdsAfter, countDue, dueCases, moveCase, nextDueAt } from "#scheduler/ledger/due.ts";
import { readEvents } from "#scheduler/ledger/events.ts";
import { CONTACT_POINTS_MAX } from "#scheduler/ledger/plan-contacts.ts";
import { type Bench, debtor, openBench, payment, receivable, START } from "./support.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench.db.close());

function trail(): string[] {
  return readEvents(bench.db, { after: 0, limit: 1_000 }).map((event) => event.kind);
}

describe("freshness", () => {
  test.each([
    ["a higher version", { version: 3, principal: 2n }, "updated"],
    ["the same version, same content", { version: 2, principal: 1n }, "unchanged"],
    ["the same version, other content", { version: 2, principal: 2n }, "refused"],
    ["a lower version, other content", { version: 1, principal: 2n }, "stale"],
    ["a lower version, same content", { version: 1, principal: 1n }, "unchanged"],
    ["no version at all", { principal: 2n }, "updated"],
  ] as const)("%s: %s is %s", async (_name, { principal, ...over }, kind) => {
    await bench.put(debtor("C1"), receivable("R", "C1", 1n, { version: 2 }));
    const [outcome] = await bench.put(receivable("R", "C1", principal, over));
    expect(outcome?.kind).toBe(kind);
  });

  test("what is not said stays, null empties", async () => {
    await bench.put(debtor("C1", { timeZone: "Europe/Madrid", segment: "vip" }));
    await bench.put(debtor("C1", { name: "Eva M" }));
    await bench.put(receivable("R", "C1", 5n, { description: "Water", issueDate: "2026-01-01" }));
    await bench.put({ what: "receivable", input: { externalId: "R", description: null } });
    const facts = bench.factsOf("C1");
    expect(facts.debtor).toMatchObject({ name: "Eva M", timeZone: "Europe/Madrid", segment: "vip" });
    expect(facts.receivables[0]).toMatchObject({ issueDate: "2026-01-01" });
    expect(facts.receivables[0]?.description).toBeUndefined();
    await bench.put(debtor("C1", { timeZone: null }));
    expect(bench.factsOf("C1").debtor.timeZone).toBeUndefined();
  });

  test("an unchanged word is still a newer word: what came between loses", async () => {
    const at = (day: number) => bench.change({ asOf: START + day * 86_400_000 });
    const put = (minor: bigint, day: number) =>
      bench.ledger.apply(bench.creditor, [receivable("R", "C1", minor)], at(day));
    await bench.put(debtor("C1"));
    await put(10n, 1);
    await put(10n, 3);
    expect((await put(7n, 2))[0]?.kind).toBe("stale");
    expect(bench.factsOf("C1").openTotal).toBe(10n);
  });
});

describe("numbers", () => {
  const numbers = (...list: string[]) => ({
    contactPoints: list.map((number) => ({ channel: "sms" as const, number })),
  });
  const listed = () => bench.factsOf("C1").contactPoints.map((point) => point.number);

  test("a source's list replaces what it gave before, and not what others gave", async () => {
    await bench.put(debtor("C1", numbers("+491", "+492")), receivable("R", "C1", 1n));
    await bench.ledger.apply(
      bench.creditor,
      [debtor("C1", numbers("+499"))],
      bench.change({ source: "crm" }),
    );
    expect(listed()).toEqual(["+491", "+499", "+492"]);
    await bench.put(debtor("C1", numbers("+493", "+491")));
    // Of one rank, the one that is known longer is tried first.
    expect(listed()).toEqual(["+499", "+493", "+491"]);
    await bench.put(debtor("C1", numbers("+492")));
    expect(listed().sort()).toEqual(["+492", "+499"]);
  });

  test("an older list changes no numbers", async () => {
    await bench.put(debtor("C1", numbers("+491")), receivable("R", "C1", 1n));
    await bench.ledger.apply(
      bench.creditor,
      [debtor("C1", numbers("+492"))],
      bench.change({ asOf: START - 1 }),
    );
    expect(listed()).toEqual(["+491"]);
  });

  test("a feed cannot bring back a number that was retired or said STOP", async () => {
    await bench.put(debtor("C1", numbers("+491")), receivable("R", "C1", 1n));
    await bench.ledger.recordOptOut("+491", undefined, "STOP", bench.change());
    await bench.put(debtor("C1", numbers()));
    await bench.put(debtor("C1", numbers("+491")));
    expect(bench.factsOf("C1").contactPoints[0]).toMatchObject({
      state: "opted-out",
      optedOut: { scope: "all" },
    });
  });

  test("there is a limit to them", async () => {
    const many = Array.from({ length: CONTACT_POINTS_MAX + 1 }, (_, i) => `+49${i}`);
    const [outcome] = await bench.put(debtor("C1", numbers(...many)));
    expect(outcome).toMatchObject({ kind: "refused", refusal: { code: "limit_reached" } });
  });
});

describe("the index of what is due", () => {
  test("every change makes its cases due, and nothing else does", async () => {
    await bench.put(debtor("C1"), debtor("C2"), receivable("A", "C1", 10n), receivable("B", "C2", 10n));
    const park = () =>
      bench.db.write(() => {
        for (const id of caseIdsAfter(bench.db, 0, 10))
          moveCase(bench.db, id, { nextActionAt: START * 2, stage: "early" });
      });
    const due = () => dueCases(bench.db, START + 86_400_000, 10).map((row) => row.id);
    const [first] = due();
    const changes: readonly [string, () => Promise<unknown>][] = [
      ["a payment", () => bench.put(payment("P", 1n, { references: ["A"] }))],
      ["a reversal", () => bench.put(payment("P", 1n, { references: ["A"], reversed: true }))],
      ["a moved due date", () => bench.put(receivable("A", "C1", 10n, { dueDate: "2026-03-01" }))],
      ["a new language", () => bench.put(debtor("C1", { language: "es" }))],
      [
        "a new number",
        () => bench.put(debtor("C1", { contactPoints: [{ channel: "sms", number: "+499" }] })),
      ],
      [
        "a hold",
        () =>
          bench.ledger.placeHold(
            bench.creditor.id,
            { kind: "manual", debtor: "C1", reason: "x" },
            bench.change(),
          ),
      ],
      ["an opt-out", () => bench.ledger.recordOptOut("+499", undefined, "STOP", bench.change())],
    ];
    for (const [name, change] of changes) {
      await park();
      expect(due(), name).toEqual([]);
      await change();
      expect(due(), name).toEqual([first]);
    }
    await park();
    const same = { language: "es", contactPoints: [{ channel: "sms" as const, number: "+499" }] };
    await bench.put(debtor("C1", same), receivable("A", "C1", 10n, { dueDate: "2026-03-01" }));
    expect(due()).toEqual([]);
    expect(nextDueAt(bench.db)).toBe(START * 2);
    expect(countDue(bench.db, START * 3, 1)).toBe(1);
  });

  test("a change of the creditor moves all its open cases, step by step, also after a restart", async () => {
    await bench.put(debtor("C1"), debtor("C2"), receivable("A", "C1", 10n), receivable("B", "C2", 10n));
    await bench.put(payment("P", 10n, { references: ["B"] }));
    await bench.db.write(() => {
      for (const id of caseIdsAfter(bench.db, 0, 10)) moveCase(bench.db, id, {});
    });
    expect(await bench.ledger.reindex()).toBe(false);
    await bench.ledger.putCreditor({ externalId: "acme", name: "Acme AG" }, bench.change());
    expect(dueCases(bench.db, START * 2, 10)).toEqual([]);
    expect(await bench.ledger.reindex()).toBe(true);
    expect(dueCases(bench.db, START * 2, 10).map((row) => row.id)).toEqual([bench.factsOf("C1").case.id]);
  });

  test("a fresh payments feed moves the cases that waited for it, and no others", async () => {
    await bench.put(debtor("C1"), debtor("C2"), receivable("A", "C1", 10n), receivable("B", "C2", 10n));
    const [waits, other] = [bench.factsOf("C1").case.id, bench.factsOf("C2").case.id];
    await bench.db.write(() => {
      moveCase(bench.db, waits, { nextActionAt: START * 2, waitsForFeed: true });
      moveCase(bench.db, other, { nextActionAt: START * 2 });
    });
    await bench.ledger.recordFeed(bench.creditor.id, "payments", bench.change({ source: "bank" }));
    await bench.ledger.reindex();
    expect(dueCases(bench.db, START + 86_400_000, 10).map((row) => row.id)).toEqual([waits]);
  });
});

describe("holds", () => {
  const place = (over: object) =>
    bench.ledger.placeHold(
      bench.creditor.id,
      { kind: "dispute", debtor: "C1", reason: "x", ...over },
      bench.change(),
    );

  test("lie on a debtor, a case or an item, and show only where they belong", async () => {
    await bench.put(
      debtor("C1"),
      receivable("A", "C1", 10n),
      receivable("U", "C1", 10n, { currency: "USD" }),
    );
    await place({ receivable: "A" });
    await place({ kind: "legal", currency: "USD" });
    await place({ kind: "vulnerable", until: "2026-03-01", reviewer: "Ana" });
    const kinds = (currency: string) =>
      bench.factsOf("C1", currency).holds.map((hold) => [hold.kind, hold.scope]);
    expect(kinds("EUR")).toEqual([
      ["dispute", "item"],
      ["vulnerable", "debtor"],
    ]);
    expect(kinds("USD")).toEqual([
      ["legal", "case"],
      ["vulnerable", "debtor"],
    ]);
  });

  test("are not placed until a day that is over everywhere", async () => {
    await bench.put(debtor("C1"));
    expect(await place({ until: "2026-01-03" })).toMatchObject({
      kind: "refused",
      refusal: { field: "until" },
    });
    expect((await place({ until: "2026-01-04" })).kind).toBe("created");
    expect((await place({ until: "2025-01-04" })).kind).toBe("refused");
  });

  test("are not placed on what the ledger does not know", async () => {
    await bench.put(debtor("C1"), debtor("C2"), receivable("B", "C2", 10n));
    for (const over of [{ debtor: "none" }, { receivable: "none" }, { receivable: "B" }, { currency: "USD" }])
      expect((await place(over)).kind).toBe("refused");
    expect(await bench.ledger.endHold("hold_none", bench.change())).toMatchObject({ kind: "refused" });
  });

  test("end once", async () => {
    await bench.put(debtor("C1"), receivable("A", "C1", 10n));
    const placed = await place({});
    if (placed.kind !== "created") throw new Error(placed.kind);
    expect((await bench.ledger.endHold(placed.row.id, bench.change())).kind).toBe("updated");
    expect((await bench.ledger.endHold(placed.row.id, bench.change())).kind).toBe("unchanged");
    expect((await place({})).kind).toBe("created");
  });
});

test("every change leaves a trace with its actor, in the order in which it was made", async () => {
  await bench.put(debtor("C1"), receivable("A", "C1", 10n));
  await bench.put(payment("P", 10n, { references: ["A"] }));
  await bench.put(payment("P", 10n, { references: ["A"], reversed: true }));
  expect(trail()).toEqual([
    "creditor.created",
    "debtor.created",
    "receivable.created",
    "entry.recorded",
    "case.settled",
    "entry.updated",
    "case.reopened",
  ]);
});

test("the audit finds nothing, and finds each thing that is bent by hand", async () => {
  await bench.put(debtor("C1"), receivable("A", "C1", 10n), receivable("B", "C1", 20n));
  await bench.put(payment("P", 15n, { debtor: "C1" }));
  expect(auditPage(bench.db, 0, 100)).toEqual({ cases: 1, differences: [] });
  const bent: readonly [string, string][] = [
    ["update posting set amount = amount - 1 where receivable_id = 2", "posting"],
    ["update receivable set is_open = 1 where external_id = 'A'", "open flag"],
    ["update dunning_case set settled_at = 1, settled_as = 'paid'", "settlement"],
  ];
  for (const [sql, what] of bent) {
    bench.db.connection.exec(`savepoint bent; ${sql}`);
    expect(auditPage(bench.db, 0, 100).differences.map((one) => one.what)).toEqual([what]);
    bench.db.connection.exec("rollback to bent; release bent");
  }
});
