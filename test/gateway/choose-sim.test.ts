import { describe, expect, test } from "vitest";
import { type Candidate, chooseSim, leastLoaded, type Wish } from "#gateway/outbox/choose-sim.ts";

function sim(number: number, facts: Partial<Candidate> = {}): Candidate {
  return {
    sim: number,
    iccid: `icc${number}`,
    allowed: true,
    serving: true,
    works: true,
    load: 0,
    waiting: 0,
    lastUsedAt: 0,
    ...facts,
  };
}

interface Row {
  readonly name: string;
  readonly wish?: Partial<Wish>;
  readonly sims: readonly Candidate[];
  readonly choice: object;
}

const AWAY = { serving: false, works: false };

const ROWS: readonly Row[] = [
  { name: "nothing sets it apart: whoever is free", sims: [sim(1), sim(2)], choice: { kind: "any" } },
  {
    name: "parts on the air: that SIM and no other, also while it is away",
    wish: { bound: 2, wanted: "icc1", sticky: 1 },
    sims: [sim(1), sim(2, { serving: false })],
    choice: { kind: "only", sim: 2 },
  },
  {
    name: "the SIM asked for, also while it is parked",
    wish: { wanted: "icc2", sticky: 1 },
    sims: [sim(1), sim(2, { serving: false })],
    choice: { kind: "only", sim: 2 },
  },
  {
    name: "a SIM asked for that is nowhere",
    wish: { wanted: "icc9" },
    sims: [sim(1)],
    choice: { kind: "none" },
  },
  {
    name: "a SIM asked for that may not send there",
    wish: { wanted: "icc1" },
    sims: [sim(1, { allowed: false })],
    choice: { kind: "never" },
  },
  {
    name: "the sender that the recipient knows",
    wish: { sticky: 2 },
    sims: [sim(1), sim(2, { load: 0.9 })],
    choice: { kind: "prefer", sim: 2 },
  },
  {
    name: "a known sender that does not serve gives way",
    wish: { sticky: 2 },
    sims: [sim(1), sim(2, { serving: false })],
    choice: { kind: "any" },
  },
  {
    name: "after a refusal by one SIM, the least loaded of the others",
    wish: { exhausted: [1], sticky: 1 },
    sims: [sim(1), sim(2, { load: 0.5 }), sim(3, { load: 0.2 })],
    choice: { kind: "prefer", sim: 3 },
  },
  {
    name: "every SIM has refused, and it was decided to try on: the least loaded",
    wish: { exhausted: [1, 2] },
    sims: [sim(1, { load: 0.5 }), sim(2)],
    choice: { kind: "prefer", sim: 2 },
  },
  {
    name: "of the others only one that may and serves",
    wish: { exhausted: [1] },
    sims: [sim(1, AWAY), sim(2, { allowed: false }), sim(3, AWAY)],
    choice: { kind: "none" },
  },
  {
    name: "every SIM that may has refused, and the limit of the only one here is reached: its turn comes",
    wish: { exhausted: [1, 2] },
    sims: [sim(1, { serving: false }), sim(2, AWAY), sim(3, { allowed: false })],
    choice: { kind: "prefer", sim: 1 },
  },
];

describe("chooseSim", () => {
  test.each(ROWS)("$name", ({ wish, sims, choice }) => {
    expect(chooseSim({ exhausted: [], ...wish }, sims)).toMatchObject(choice);
  });
});

describe("leastLoaded", () => {
  test("least used share, then fewest waiting, then longest rested", () => {
    expect(leastLoaded([sim(1, { load: 0.2 }), sim(2, { load: 0.1, waiting: 9 })])?.sim).toBe(2);
    expect(leastLoaded([sim(1, { waiting: 2 }), sim(2, { waiting: 1, lastUsedAt: 9 })])?.sim).toBe(2);
    expect(leastLoaded([sim(1, { lastUsedAt: 5 }), sim(2, { lastUsedAt: 4 })])?.sim).toBe(2);
    expect(leastLoaded([])).toBeUndefined();
  });
});
