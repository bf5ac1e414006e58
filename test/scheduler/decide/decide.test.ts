/** What is decided, by named situations: the kind, the rule that made it so, and the instant. */
import { describe, expect, test } from "vitest";
import { decide } from "#scheduler/decide/decide.ts";
import type { Decision, PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts, ContactFact } from "#scheduler/ledger/facts.ts";
import type { Hold, PaymentPromise } from "#scheduler/ledger/types.ts";
import { createHolidayBook } from "#scheduler/policy/holidays/book.ts";
import { createLawBook } from "#scheduler/policy/law/pack.ts";
import { shippedPacks } from "#scheduler/policy/law/read.ts";
import { type ReadyPolicy, readyPolicy } from "#scheduler/policy/ready.ts";
import { createCatalogue } from "#scheduler/policy/templates/types.ts";
import { afterSending, factsOf, packOf, SEEN } from "./facts.ts";
import { catalogue, policyOf, preset, zones } from "./law.ts";

const at = (text: string): number => Date.parse(text);
const LADDER = `
minimum = { EUR = "5.00" }
grace = { days = 2, kind = "business" }
[[steps]]
id = "preventive"
kind = "preventive"
offset = -3
template = "utility.preventive"
[[steps]]
id = "due-day"
kind = "due-day"
offset = 0
template = "utility.due-day"
[[steps]]
id = "early"
kind = "early"
offset = 5
template = "utility.early"
notAfter = 6
[[steps]]
id = "second"
kind = "second"
offset = 14
template = "utility.second"
formal = true
payWithin = 7
[[steps]]
id = "final"
kind = "final"
offset = 30
template = "utility.final"
formal = true
`;
const ladder = policyOf(LADDER);
// Monday; Madrid is at UTC+1 until 29 March.
const DUE = "2026-03-02";

function run(facts: CaseFacts, now: string, policy: ReadyPolicy = ladder): Decision {
  return decide(policy, packOf(facts), facts, at(now));
}

function sent(facts: CaseFacts, now: string, policy: ReadyPolicy = ladder): CaseFacts {
  return afterSending(facts, messageOf(run(facts, now, policy)), at(now));
}

function messageOf(decision: Decision): PlannedMessage {
  if (decision.kind === "stop" || decision.message === undefined)
    throw new Error(`${decision.kind} by ${decision.rule}: ${decision.because}`);
  return decision.message;
}

function iso(decision: Decision): string | undefined {
  const until = decision.kind === "wait" || decision.kind === "hold" ? decision.until : undefined;
  return until === undefined ? undefined : new Date(until).toISOString();
}

const open = factsOf({ items: [{ dueDate: DUE }] });
const hold = (changes: Partial<Hold>): Hold => ({
  id: "hold_1",
  kind: "manual",
  scope: "case",
  targetId: 1,
  reason: "asked for it",
  placedBy: "key:staff",
  placedAt: SEEN,
  ...changes,
});
const promise = (changes: Partial<PaymentPromise>): PaymentPromise => ({
  id: "prom_1",
  caseId: 1,
  amount: 2_000n,
  dueDate: "2026-03-20",
  state: "confirmed",
  madeAt: at("2026-03-10T10:00:00Z"),
  ...changes,
});
const contact = (when: string, changes: Partial<ContactFact> = {}): ContactFact => ({
  at: at(when),
  caseId: 9,
  debtorId: 1,
  channel: "sms",
  class: "debt",
  state: "delivered",
  occurrenceId: 99,
  ...changes,
});

interface Row {
  readonly name: string;
  readonly facts: CaseFacts;
  readonly now: string;
  readonly policy?: ReadyPolicy;
  readonly kind: Decision["kind"];
  readonly rule: string;
  readonly until?: string;
  readonly step?: string;
}

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
  {
    name: "cancelled by the source: nothing, and no thanks",
    facts: {
      ...open,
      receivables: [],
      openTotal: 0n,
      case: { ...open.case, settledAt: at("2026-03-08T10:00:00Z"), settledAs: "cancelled" },
    },
    now: "2026-03-09T10:00:00Z",
    kind: "stop",
    rule: "money.cancelled",
  },
  {
    name: "up to the minimum nothing is asked for",
    facts: factsOf({ items: [{ dueDate: DUE, open: 500n }] }),
    now: "2026-03-07T09:00:00Z",
    kind: "stop",
    rule: "money.minimum",
  },
  {
    name: "a credit that belongs to nothing needs a person",
    facts: { ...open, unallocatedCredit: 100n, openTotal: 4_800n },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "money.unallocated-credit",
  },
  {
    name: "a hold on the debtor",
    facts: { ...open, holds: [hold({ scope: "debtor", kind: "vulnerable" })] },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "hold.vulnerable",
  },
  {
    name: "a hold with a last day ends at the next local midnight",
    facts: { ...open, holds: [hold({ until: "2026-03-20" })] },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "hold.manual",
    until: "2026-03-20T23:00:00.000Z",
  },
  {
    name: "a hold that is over",
    facts: { ...open, holds: [hold({ until: "2026-03-06" })] },
    now: "2026-03-07T09:00:00Z",
    kind: "send",
    rule: "step.early",
    step: "early",
  },
  {
    name: "every item is disputed",
    facts: factsOf({ items: [{ dueDate: DUE, disputed: true }] }),
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "item.disputed",
  },
  {
    name: "payment data from two days ago",
    facts: {
      ...open,
      feeds: [
        {
          creditorId: 1,
          source: "bank",
          carries: "payments",
          asOf: at("2026-03-05T09:00:00Z"),
          receivedAt: 0,
        },
      ],
    },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "house.stale-feed",
  },
  {
    name: "stale payment data does not hold what is said before the due date",
    facts: {
      ...open,
      feeds: [{ creditorId: 1, source: "bank", carries: "payments", asOf: SEEN, receivedAt: 0 }],
    },
    now: "2026-02-27T09:00:00Z",
    kind: "send",
    rule: "step.preventive",
    step: "preventive",
  },
  {
    name: "the debtor said STOP",
    facts: {
      ...open,
      contactPoints: open.contactPoints.map((point) => ({
        ...point,
        optedOut: { at: SEEN, scope: "creditor" as const },
      })),
    },
    now: "2026-03-07T09:00:00Z",
    kind: "stop",
    rule: "contact.opted-out",
  },
  {
    name: "no number that lives",
    facts: {
      ...open,
      contactPoints: open.contactPoints.map((point) => ({ ...point, state: "retired" as const })),
    },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "contact.none",
  },
  {
    name: "a language without a text blocks, and no other language speaks",
    facts: factsOf({ items: [{ dueDate: DUE }], language: "it" }),
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "template.language",
  },
  {
    name: "the creditor does not say how to pay in this currency",
    facts: { ...open, creditor: { ...open.creditor, paymentInstructions: { USD: "x" } } },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "creditor.payment-instructions",
  },
  {
    name: "a gate of the run loop",
    facts: { ...open, gates: [{ rule: "catch-up.approval", detail: "away for 5 days", blocks: "debt" }] },
    now: "2026-03-07T09:00:00Z",
    kind: "hold",
    rule: "catch-up.approval",
  },
  {
    name: "an open promise rests the ladder",
    facts: { ...open, promises: [promise({})] },
    now: "2026-03-16T09:00:00Z",
    kind: "wait",
    rule: "promise.open",
    until: "2026-03-21T23:00:00.000Z",
  },
  {
    name: "a promise past its date and grace is broken",
    facts: { ...open, promises: [promise({})] },
    now: "2026-03-22T09:00:00Z",
    kind: "hold",
    rule: "promise.broken",
  },
  {
    name: "after a broken promise the ladder goes on",
    facts: { ...open, promises: [promise({ state: "broken" })] },
    now: "2026-03-23T09:00:00Z",
    kind: "send",
    rule: "step.second",
    step: "second",
  },
  {
    name: "a text to another case of the debtor today is enough",
    facts: { ...open, contacts: [contact("2026-03-07T08:00:00Z", { class: "thanks" })] },
    now: "2026-03-07T09:00:00Z",
    kind: "wait",
    rule: "house.hours",
    until: "2026-03-09T07:00:00.000Z",
    step: "early",
  },
  {
    name: "the minimum interval counts days, not hours",
    facts: { ...open, contacts: [contact("2026-03-05T18:00:00Z")] },
    now: "2026-03-07T09:00:00Z",
    kind: "wait",
    rule: "house.hours",
    until: "2026-03-09T07:00:00.000Z",
    step: "early",
  },
  {
    name: "in Colombia a number must be authorised",
    facts: {
      ...factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CO", zones: ["America/Bogota"] }),
      contactPoints: open.contactPoints.map((point) => ({
        ...point,
        consent: { state: "unknown" as const },
      })),
    },
    now: "2026-03-09T15:00:00Z",
    kind: "hold",
    rule: "co.ley-2300.authorised-channels",
  },
  {
    name: "in Colombia a second channel waits a week",
    facts: {
      ...factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CO", zones: ["America/Bogota"] }),
      contacts: [contact("2026-03-04T15:00:00Z", { channel: "phone" })],
    },
    now: "2026-03-09T15:00:00Z",
    kind: "wait",
    rule: "co.ley-2300.one-channel",
    until: "2026-03-11T15:00:00.000Z",
    step: "early",
  },
  {
    name: "in Chile two days lie between two texts",
    facts: {
      ...factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CL", zones: ["America/Santiago"] }),
      contacts: [contact("2026-03-08T18:00:00Z", { class: "service" })],
    },
    now: "2026-03-09T15:00:00Z",
    kind: "wait",
    rule: "cl.ley-21320.spacing",
    until: "2026-03-10T18:00:00.000Z",
    step: "early",
  },
  {
    name: "a country without law on file",
    facts: factsOf({ items: [{ dueDate: DUE }], jurisdiction: "BR", zones: ["America/Sao_Paulo"] }),
    now: "2026-03-09T15:00:00Z",
    kind: "hold",
    rule: "law.no-pack",
  },
  {
    name: "a year without holidays on file",
    facts: factsOf({ items: [{ dueDate: "2031-03-03", firstSeenAt: at("2031-01-01T00:00:00Z") }] }),
    now: "2031-03-10T15:00:00Z",
    kind: "hold",
    rule: "holidays.missing-year",
  },
  {
    name: "fees above the cap of the law",
    facts: {
      ...factsOf({
        items: [{ dueDate: DUE, open: 15_000n, fees: 10_100n, currency: "DKK" }],
        jurisdiction: "DK",
        currency: "DKK",
        zones: ["Europe/Copenhagen"],
      }),
    },
    now: "2026-03-09T15:00:00Z",
    kind: "hold",
    rule: "dk.reminder-fee",
  },
];

describe("one decision", () => {
  test.each(ROWS)("$name", ({ facts, now, policy, kind, rule, until, step }) => {
    const decision = run(facts, now, policy);
    expect({ kind: decision.kind, rule: decision.rule }, decision.because).toEqual({ kind, rule });
    if (until !== undefined) expect(iso(decision)).toBe(until);
    if (step !== undefined) expect(messageOf(decision).stepId).toBe(step);
    expect(decision.explanation.at(-1)?.rule).toBe(rule);
  });
});

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

describe("formal notices", () => {
  test("sent late they move what follows until their own term is over, and their dates are new", () => {
    const first = run(open, "2026-06-10T09:00:00Z");
    expect(messageOf(first).finalDate).toBe("2026-06-17");
    const facts = sent(open, "2026-06-10T09:00:00Z");
    const next = run(facts, "2026-06-10T10:00:00Z");
    expect(iso(next)).toBe("2026-06-17T22:00:00.000Z");
    expect(messageOf(run(facts, "2026-06-18T06:00:00Z")).stepId).toBe("final");
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

  test("broken: one event and one task, then the policy's branch", () => {
    const broken = run(promised, "2026-03-23T09:00:00Z", policy);
    expect(broken.effects.map(({ kind }) => kind)).toEqual(["promise-broken", "task"]);
    const after = { ...promised, promises: [promise({ state: "broken" as const })] };
    expect(messageOf(run(after, "2026-03-23T09:00:00Z", policy)).stepId).toBe("second");
  });
});

describe("law", () => {
  test("a rule holds from its day on", () => {
    const pack = {
      format: 1 as const,
      jurisdiction: "ES",
      title: "Spain",
      reviewed: "2026-01-01",
      members: [],
      rule: [
        {
          id: "es.test.hours",
          kind: "contact-hours" as const,
          source: "made for the test",
          verified: false,
          from: "2026-03-10",
          hours: { "mon-sun": "12:00-14:00" },
          holidays: "open" as const,
        },
      ],
    };
    const others = shippedPacks().filter(({ jurisdiction }) => jurisdiction !== "ES");
    const years = createHolidayBook([], [{ jurisdiction: "ES", year: 2026 }]);
    const law = createLawBook([...others, pack], years, zones).packFor({
      jurisdictions: ["ES"],
      role: "creditor",
      debtor: "consumer",
    });
    expect(decide(ladder, law, open, at("2026-03-07T08:00:00Z")).kind).toBe("send");
    const later = decide(ladder, law, open, at("2026-03-16T08:00:00Z"));
    expect([later.kind, later.rule, iso(later)]).toEqual([
      "wait",
      "es.test.hours",
      "2026-03-16T11:00:00.000Z",
    ]);
  });

  test("a collector's text in the United States carries both notices", () => {
    const facts = factsOf({
      items: [{ dueDate: DUE, currency: "USD" }],
      role: "collector",
      jurisdiction: "US-MA",
      currency: "USD",
      zones: ["America/New_York"],
    });
    const message = messageOf(run(facts, "2026-03-09T15:00:00Z"));
    expect(message.notices.map(({ kind }) => kind)).toEqual(["opt-out", "collector"]);
  });

  test("a text that asks why is refused where nobody may ask", () => {
    const asking = createCatalogue(
      ["es", "en"].map((language) => ({
        key: "utility.early",
        language,
        version: 2,
        text: "Why?",
        state: "approved" as const,
        asksReason: true,
        transliterate: true,
      })),
    );
    const policy = readyPolicy(ladder.document, asking);
    const facts = factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CO", zones: ["America/Bogota"] });
    expect(decide(policy, packOf(facts), facts, at("2026-03-09T15:00:00Z")).rule).toBe(
      "co.ley-2300.never-ask-why",
    );
    expect(catalogue.find("utility.early", "pt-BR")?.language).toBe("pt");
  });
});
