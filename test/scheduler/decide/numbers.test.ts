/** Which number reads what, where a collector's number may be a stranger's. */
import { describe, expect, test } from "vitest";
import type { PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { OccurrenceState } from "#scheduler/ledger/states.ts";
import { afterSending, factsOf } from "./facts.ts";
import { preset } from "./law.ts";
import { at, DUE, ladder, messageOf, promise, run } from "./situations.ts";

const agency = preset("collection-agency");

function collected(numbers: number, changes: Partial<CaseFacts> = {}): CaseFacts {
  return factsOf({ items: [{ dueDate: DUE }], role: "collector", numbers }, changes);
}

const shown = ({ stepId, number, sequence }: PlannedMessage): string =>
  `${stepId} to ${number.slice(-1)}${sequence === 0 ? "" : `, ${sequence}`}`;

/** At nine on each weekday from the day after the due date, with what becomes of one text after the other. */
function live(given: CaseFacts, outcomes: readonly OccurrenceState[], days: number): string[] {
  let facts = given;
  const said: string[] = [];
  for (let day = 3; day < 3 + days; day++) {
    const now = new Date(Date.UTC(2026, 2, day, 9)).toISOString();
    const decision = run(facts, now, agency);
    if (decision.kind !== "send") continue;
    said.push(shown(decision.message));
    facts = afterSending(facts, decision.message, at(now), outcomes[said.length - 1] ?? "delivered");
  }
  return said;
}

describe("a collector's first text", () => {
  test("goes to the number before any other text", () => {
    expect(live(collected(2), [], 20)).toEqual(["first-contact to 1", "early to 1", "second to 1"]);
  });

  test("goes to the next number when the first is dead", () => {
    expect(live(collected(2), ["failed-permanent"], 12)).toEqual([
      "first-contact to 1",
      "first-contact to 2, 1",
      "early to 2",
    ]);
  });

  test("goes to a number that comes into use later, and what was due waits for an answer", () => {
    const said = live(collected(2), ["delivered", "delivered", "failed-permanent"], 32);
    expect(said).toEqual([
      "first-contact to 1",
      "early to 1",
      "second to 1",
      "first-contact to 2, 1",
      "second to 2, 1",
    ]);
  });

  test("is not taken as read when nobody knows whether it left", () => {
    expect(live(collected(1), ["unknown"], 16)).toEqual([
      "first-contact to 1",
      "first-contact to 1, 1",
      "early to 1",
    ]);
  });

  test("that never arrives lets nothing follow, and a person is asked", () => {
    const facts = collected(1);
    const lost = Array.from({ length: 9 }, () => "failed-temporary" as const);
    expect(live(facts, lost, 40)).toEqual([
      "first-contact to 1",
      "first-contact to 1, 1",
      "first-contact to 1, 2",
    ]);
    let after = facts;
    for (const day of [3, 9, 16]) {
      const now = new Date(Date.UTC(2026, 2, day, 9)).toISOString();
      after = afterSending(after, messageOf(run(after, now, agency)), at(now), "failed-temporary");
    }
    const decision = run(after, "2026-04-20T09:00:00Z", agency);
    expect([decision.kind, decision.rule]).toEqual(["hold", "contact.none"]);
    expect(decision.effects.map((effect) => effect.kind === "task" && effect.task)).toEqual(["no-contact"]);
  });

  test("that was taken back before it left was no try", () => {
    const said = live(collected(1), ["cancelled", "cancelled", "cancelled", "cancelled"], 34);
    expect(said.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((n) => `first-contact to 1${n ? `, ${n}` : ""}`));
    expect(said).toContain("early to 1");
  });

  test("comes before the text about a promise that was made on the phone", () => {
    const facts = collected(1, { promises: [promise({ dueDate: "2026-03-12" })] });
    const morning = "2026-03-11T09:00:00Z";
    const unheard = run(facts, morning, agency);
    expect([unheard.kind, unheard.rule]).toEqual(["hold", "contact.unheard"]);
    const first = messageOf(run(collected(1), "2026-03-03T09:00:00Z", agency));
    const heard = run(afterSending(facts, first, at("2026-03-03T09:00:00Z")), morning, agency);
    expect(messageOf(heard).stepId).toBe("promise-day-before");
  });

  test("is no reminder that may cost something", () => {
    const facts = { ...collected(1), debtor: { ...collected(1).debtor, jurisdiction: "DE" } };
    const [item] = facts.receivables;
    if (item === undefined) throw new Error("no item");
    const costly = { ...facts, receivables: [{ ...item, fees: 76n }] };
    const asked = afterSending(
      costly,
      messageOf(run(facts, "2026-03-03T09:00:00Z", agency)),
      at("2026-03-03T09:00:00Z"),
    );
    const decision = run(asked, "2026-03-10T09:00:00Z", agency);
    expect([decision.kind, decision.rule]).toEqual(["hold", "de.bgh.reminder-fee"]);
  });

  test("must be there: another policy may not speak for a collector", () => {
    const decision = run(collected(1), "2026-03-09T09:00:00Z", ladder);
    expect([decision.kind, decision.rule]).toEqual(["hold", "policy.first-contact"]);
    expect(decision.effects.map((effect) => effect.kind === "task" && effect.task)).toEqual(["setup"]);
  });
});
