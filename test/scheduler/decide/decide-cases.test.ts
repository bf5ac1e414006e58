/** Several invoices in one text, thanks, promises. */

import { describe, expect, test } from "vitest";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { Occurrence } from "#scheduler/ledger/types.ts";
import { afterSending, factsOf } from "./facts.ts";
import { policyOf, preset } from "./law.ts";
import { at, DUE, iso, LADDER, messageOf, open, promise, run, sent } from "./situations.ts";

describe("several invoices", () => {
  const two = factsOf({
    items: [
      { dueDate: DUE, open: 4_900n },
      { dueDate: "2026-02-20", open: 1_000n },
    ],
  });

  test("one text, and the loudest stage speaks for all that is late", () => {
    const message = messageOf(run(two, "2026-03-07T09:00:00Z"));
    expect(message.stepId).toBe("second");
    expect(message.receivableIds).toEqual([1, 2]);
    expect(message.amount).toBe(5_900n);
    expect(message.dueDate).toBe("2026-02-20");
    expect(message.covers.map(({ receivableId, stepId }) => [receivableId, stepId])).toEqual([
      [1, "early"],
      [2, "second"],
    ]);
  });

  test("what is not late yet is not called late, and its note is dropped", () => {
    const facts = factsOf({
      items: [{ dueDate: "2026-02-20" }, { dueDate: "2026-03-09", open: 700n }],
    });
    const message = messageOf(run(facts, "2026-03-06T09:00:00Z"));
    expect(message.receivableIds).toEqual([1]);
    expect(message.covers).toContainEqual({
      receivableId: 2,
      dueDateSequence: 0,
      stepId: "preventive",
      superseded: true,
    });
  });

  test("the dropped note stays dropped, even where the policy would let it speak the next day", () => {
    const eager = policyOf(`minimumInterval = 1\ncoolDown = 0\n${LADDER}`);
    const facts = factsOf({ items: [{ dueDate: "2026-02-20" }, { dueDate: "2026-03-09" }] });
    const after = sent(facts, "2026-03-06T09:00:00Z", eager);
    const next = run(after, "2026-03-07T09:00:00Z", eager);
    expect([next.kind, next.rule]).toEqual(["wait", "step.not-yet"]);
    // Without the louder text it would have gone out.
    expect(messageOf(run(facts, "2026-03-07T09:00:00Z", eager)).covers).toHaveLength(2);
  });

  test("a disputed one is left out of list and sum", () => {
    const facts = factsOf({
      items: [
        { dueDate: DUE, open: 4_900n },
        { dueDate: DUE, open: 1_000n, disputed: true },
      ],
    });
    const message = messageOf(run(facts, "2026-03-07T09:00:00Z"));
    expect([message.receivableIds, message.amount]).toEqual([[1], 4_900n]);
  });

  test("a softer text about the same debt waits for the cool-down", () => {
    const facts = sent(two, "2026-03-07T09:00:00Z");
    const paid = { ...facts, receivables: facts.receivables.slice(0, 1), openTotal: 4_900n };
    const next = run(paid, "2026-03-08T09:00:00Z");
    expect(next.kind).toBe("wait");
    // Nothing before the term of the formal notice is over, 14 March and a Saturday: Monday, and a day more.
    expect(iso(next)).toBe("2026-03-16T23:00:00.000Z");
  });
});

describe("thanks", () => {
  const policy = preset("utility");
  const reminded = sent(open, "2026-03-07T09:00:00Z", policy);
  const paid = (settled: string): CaseFacts => ({
    ...reminded,
    receivables: [],
    openTotal: 0n,
    case: { ...open.case, settledAt: at(settled), settledAs: "paid" },
    lastPayment: { amount: 4_900n, date: "2026-03-09", recordedAt: at(settled) },
  });

  test("once, in the next window, with stale feeds too", () => {
    const facts = {
      ...paid("2026-03-09T23:00:00Z"),
      feeds: [{ creditorId: 1, source: "bank", carries: "payments" as const, asOf: 0, receivedAt: 0 }],
    };
    const first = run(facts, "2026-03-10T01:00:00Z", policy);
    expect([first.kind, iso(first)]).toEqual(["wait", "2026-03-10T07:30:00.000Z"]);
    const now = run(facts, "2026-03-10T09:00:00Z", policy);
    expect([now.kind, messageOf(now).class, messageOf(now).amount]).toEqual(["send", "thanks", 4_900n]);
    const after = afterSending(facts, messageOf(now), at("2026-03-10T09:00:00Z"));
    expect(run(after, "2026-03-11T09:00:00Z", policy).rule).toBe("thanks.once");
  });

  test("that never left are tried again the next day, three times at most", () => {
    const facts = paid("2026-03-09T23:00:00Z");
    const message = messageOf(run(facts, "2026-03-10T09:00:00Z", policy));
    const failing = (times: number): CaseFacts => ({
      ...facts,
      occurrences: [
        ...facts.occurrences,
        ...Array.from({ length: times }, (_, sequence) => {
          const sent = afterSending(facts, { ...message, sequence }, at("2026-03-10T09:00:00Z"));
          const endedAt = at("2026-03-10T17:25:00Z");
          return { ...sent.occurrences.at(-1), id: 900 + sequence, state: "expired", endedAt } as Occurrence;
        }),
      ],
    });
    const later = run(failing(1), "2026-03-10T17:26:00Z", policy);
    expect([later.kind, iso(later)]).toEqual(["wait", "2026-03-11T07:30:00.000Z"]);
    const next = run(failing(1), "2026-03-11T09:00:00Z", policy);
    expect([next.kind, messageOf(next).sequence]).toEqual(["send", 1]);
    expect(run(failing(3), "2026-03-11T09:00:00Z", policy).rule).toBe("thanks.given-up");
  });

  test("not for who was never reminded, nor days later", () => {
    expect(
      run({ ...paid("2026-03-09T23:00:00Z"), occurrences: [] }, "2026-03-10T09:00:00Z", policy).rule,
    ).toBe("thanks.not-reminded");
    expect(run(paid("2026-03-09T23:00:00Z"), "2026-03-20T09:00:00Z", policy).rule).toBe("thanks.too-late");
  });
});

describe("promises", () => {
  const policy = preset("utility");
  const promised = { ...sent(open, "2026-03-07T09:00:00Z", policy), promises: [promise({})] };

  test("the day before and on the morning, and nothing else", () => {
    const before = run(promised, "2026-03-12T09:00:00Z", policy);
    expect(iso(before)).toBe("2026-03-18T23:00:00.000Z");
    const first = run(promised, "2026-03-19T10:00:00Z", policy);
    expect([first.kind, messageOf(first).stepId, messageOf(first).amount]).toEqual([
      "send",
      "promise-day-before",
      2_000n,
    ]);
    const second = run(
      afterSending(promised, messageOf(first), at("2026-03-19T10:00:00Z")),
      "2026-03-20T08:00:00Z",
      policy,
    );
    expect([second.kind, messageOf(second).stepId]).toEqual(["send", "promise-morning"]);
  });

  test("the morning's text does not leave after noon", () => {
    const told = { ...promised, occurrences: [], contacts: [] };
    expect(messageOf(run(told, "2026-03-20T10:59:00Z", policy)).stepId).toBe("promise-morning");
    const afternoon = run(told, "2026-03-20T11:00:00Z", policy);
    expect([afternoon.kind, iso(afternoon)]).toEqual(["wait", "2026-03-21T23:00:00.000Z"]);
  });

  test("broken: one event and one task, then the policy's branch", () => {
    const broken = run(promised, "2026-03-23T09:00:00Z", policy);
    expect(broken.effects.map(({ kind }) => kind)).toEqual(["promise-broken", "task"]);
    const after = { ...promised, promises: [promise({ state: "broken" as const })] };
    expect(messageOf(run(after, "2026-03-23T09:00:00Z", policy)).stepId).toBe("second");
  });
});
