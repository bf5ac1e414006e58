/** What keeps a text back: money, holds, missing parts, gates. */

import { test } from "vitest";
import { factsOf, SEEN } from "./facts.ts";
import { at, DUE, hold, judge, open, type Row } from "./situations.ts";

const ROWS: readonly Row[] = [
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
    name: "a credit that would cover everything, but belongs to nothing, needs a person too",
    facts: { ...open, unallocatedCredit: 9_000n, openTotal: 0n },
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
];

test.each(ROWS)("$name", judge);
