/** When a ladder speaks: days, hours, formal notices, old debts. */

import { describe, expect, test } from "vitest";
import { decide } from "#scheduler/decide/decide.ts";
import type { Decision } from "#scheduler/decide/types.ts";
import { afterSending, factsOf, packOf } from "./facts.ts";
import { policyOf } from "./law.ts";
import { at, iso, judge, LADDER, ladder, messageOf, open, type Row, run, sent } from "./situations.ts";

const ROWS: readonly Row[] = [
  {
    name: "long before the due date: waits for the day of the first step",
    facts: open,
    now: "2026-02-01T10:00:00Z",
    kind: "wait",
    rule: "step.not-yet",
    until: "2026-02-26T23:00:00.000Z",
  },
  {
    name: "three days before: the preventive text",
    facts: open,
    now: "2026-02-27T07:00:00Z",
    kind: "send",
    rule: "step.preventive",
    step: "preventive",
  },
  {
    name: "nothing is said at night",
    facts: open,
    now: "2026-02-27T03:00:00Z",
    kind: "wait",
    rule: "house.hours",
    until: "2026-02-27T07:00:00.000Z",
    step: "preventive",
  },
  {
    name: "a preventive text never leaves on the due date",
    facts: open,
    now: "2026-03-01T23:30:00Z",
    kind: "wait",
    rule: "house.hours",
    until: "2026-03-02T07:00:00.000Z",
    step: "due-day",
  },
  {
    name: "on the due date: the due-day text",
    facts: open,
    now: "2026-03-02T12:00:00Z",
    kind: "send",
    rule: "step.due-day",
    step: "due-day",
  },
  {
    name: "the day after: no arrears yet, the due-day text is over",
    facts: open,
    now: "2026-03-03T12:00:00Z",
    kind: "wait",
    rule: "step.not-yet",
    until: "2026-03-06T23:00:00.000Z",
  },
  {
    name: "early arrears after the grace",
    facts: open,
    now: "2026-03-07T09:00:00Z",
    kind: "send",
    rule: "step.early",
    step: "early",
  },
  {
    name: "an early text that is too late gives way to nothing until the second notice",
    facts: open,
    now: "2026-03-14T09:00:00Z",
    kind: "wait",
    rule: "step.not-yet",
    until: "2026-03-15T23:00:00.000Z",
  },
  {
    name: "after a long outage a formal notice goes first, though a later one has come",
    facts: open,
    now: "2026-06-10T09:00:00Z",
    kind: "send",
    rule: "step.second",
    step: "second",
  },
  {
    name: "Sunday rests",
    facts: open,
    now: "2026-03-15T10:00:00Z",
    kind: "wait",
    rule: "step.not-yet",
    until: "2026-03-15T23:00:00.000Z",
  },
  {
    name: "paid: nothing more",
    facts: {
      ...open,
      receivables: [],
      openTotal: 0n,
      case: { ...open.case, settledAt: at("2026-03-08T10:00:00Z"), settledAs: "paid" },
      lastPayment: { amount: 4_900n, date: "2026-03-08", recordedAt: at("2026-03-08T10:00:00Z") },
    },
    now: "2026-03-09T10:00:00Z",
    kind: "stop",
    rule: "money.paid",
  },
];

test.each(ROWS)("$name", judge);

describe("formal notices", () => {
  test("sent late they move what follows until their own term is over, and their dates are new", () => {
    const first = run(open, "2026-06-10T09:00:00Z");
    expect(messageOf(first).finalDate).toBe("2026-06-17");
    const facts = sent(open, "2026-06-10T09:00:00Z");
    const next = run(facts, "2026-06-10T10:00:00Z");
    expect(iso(next)).toBe("2026-06-17T22:00:00.000Z");
    expect(messageOf(run(facts, "2026-06-18T06:00:00Z")).stepId).toBe("final");
  });

  test("the days to pay count from the day the text leaves, not from the day it was decided", () => {
    const evening = run(open, "2026-06-12T20:00:00Z");
    expect(iso(evening)).toBe("2026-06-13T06:00:00.000Z");
    // Saturday the 13th and seven days is a Saturday: the next day on which banks work is Monday.
    expect(messageOf(evening).finalDate).toBe("2026-06-22");
  });

  test("a step that wants approval is shown and held, at any hour, then leaves in its window", () => {
    const policy = policyOf(
      LADDER.replace('template = "utility.final"', 'approval = true\ntemplate = "utility.final"'),
    );
    const before = sent(open, "2026-06-10T09:00:00Z", policy);
    const asked = run(before, "2026-06-20T22:00:00Z", policy);
    expect([asked.kind, asked.rule]).toEqual(["hold", "step.approval"]);
    const approved = afterSending(before, messageOf(asked), at("2026-06-20T22:00:00Z"), "approved");
    const facts = { ...approved, contacts: before.contacts };
    expect(run(facts, "2026-06-20T22:00:00Z", policy).kind).toBe("wait");
    const leaves = run(facts, "2026-06-22T06:00:00Z", policy);
    expect([leaves.kind, messageOf(leaves).stepId]).toEqual(["send", "final"]);
  });

  test("a failed attempt is made again on another day under the next sequence, three times at most", () => {
    let facts = open;
    let now = at("2026-03-16T09:00:00Z");
    for (let attempt = 0; attempt < 3; attempt++) {
      const message = messageOf(decide(ladder, packOf(facts), facts, now));
      expect([message.stepId, message.sequence]).toEqual(["second", attempt]);
      facts = { ...afterSending(facts, message, now, "expired"), contacts: [] };
      const next = decide(ladder, packOf(facts), facts, now);
      if (next.kind !== "wait") throw new Error(next.kind);
      now = next.until;
    }
    expect(messageOf(decide(ladder, packOf(facts), facts, now)).stepId).not.toBe("second");
  });
});

describe("old debts", () => {
  const old = (entry: string, cap = "second"): Decision => {
    const policy = policyOf(`oldDebt = { entry = "${entry}", cap = "${cap}" }\n${LADDER}`);
    const facts = factsOf({ items: [{ dueDate: "2025-10-01", firstSeenAt: at("2026-03-02T08:00:00Z") }] });
    return run(facts, "2026-03-02T09:00:00Z", policy);
  };

  test.each([
    ["first", "early"],
    ["by-age", "final"],
    ["by-age-capped", "second"],
  ])("%s: begins with %s", (entry, step) => {
    expect(messageOf(old(entry)).stepId).toBe(step);
  });

  test("the ladder is counted from the entry", () => {
    const policy = policyOf(`oldDebt = { entry = "first" }\n${LADDER}`);
    const facts = factsOf({ items: [{ dueDate: "2025-10-01", firstSeenAt: at("2026-03-02T08:00:00Z") }] });
    const next = run(sent(facts, "2026-03-02T09:00:00Z", policy), "2026-03-02T10:00:00Z", policy);
    // Second lies nine days after early.
    expect(iso(next)).toBe("2026-03-10T23:00:00.000Z");
  });

  test("older than the policy goes: a person decides", () => {
    const policy = policyOf(`oldDebt = { maxAge = 100 }\n${LADDER}`);
    const facts = factsOf({ items: [{ dueDate: "2025-10-01", firstSeenAt: at("2026-03-02T08:00:00Z") }] });
    expect(run(facts, "2026-03-02T09:00:00Z", policy).rule).toBe("policy.old-debt");
  });
});
