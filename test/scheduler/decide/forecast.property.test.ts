/** Forecasts against what then happens, shifted calendars, promises. Numbers are those of the field page. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createComposer } from "#scheduler/decide/compose.ts";
import { decide } from "#scheduler/decide/decide.ts";
import {
  afterSending,
  type ForecastBrain,
  type ForecastEntry,
  forecastCase,
} from "#scheduler/decide/forecast.ts";
import { forecastTotals } from "#scheduler/decide/totals.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { createHolidayBook } from "#scheduler/policy/holidays/book.ts";
import { createLawBook } from "#scheduler/policy/law/pack.ts";
import { shippedPacks } from "#scheduler/policy/law/read.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { addDays } from "#shared/local-date.ts";
import { factsOf, packOf } from "./facts.ts";
import { policyOf, preset, presets, zones } from "./law.ts";
import { DAY, PLACES, START } from "./world.ts";

const composer = createComposer();

function brainOf(policy: ReadyPolicy): ForecastBrain {
  return {
    decide: (facts, now) => decide(policy, packOf(facts), facts, now),
    compose: (facts, message) =>
      composer.compose(policy.catalogue, facts, message, policy.document.maxSegments),
  };
}

const situations = fc.record({
  policy: fc.constantFrom(...presets.keys()),
  place: fc.nat(PLACES.length - 1),
  startDay: fc.nat(330),
  items: fc.array(
    fc.record({ dueIn: fc.integer({ min: -40, max: 40 }), open: fc.integer({ min: 1, max: 30_000 }) }),
    { minLength: 1, maxLength: 4 },
  ),
});

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

function startOf({ startDay }: Situation): number {
  return START + startDay * DAY;
}

function caseOf(situation: Situation, seenAt = startOf(situation)): CaseFacts {
  const place = PLACES[situation.place] ?? PLACES[0];
  const today = new Date(startOf(situation)).toISOString().slice(0, 10);
  const items = situation.items
    .map(({ dueIn, open }) => ({ dueDate: addDays(today, dueIn), open: BigInt(open), firstSeenAt: seenAt }))
    .sort((a, b) => (a.dueDate < b.dueDate ? -1 : 1));
  return factsOf({
    items,
    zones: place?.zones ?? ["UTC"],
    jurisdiction: place?.jurisdiction ?? "ES",
    role: place?.role ?? "creditor",
  });
}

const shown = ({ at, stepId, amount }: Pick<ForecastEntry, "at" | "stepId" | "amount">): string =>
  `${new Date(at).toISOString()} ${stepId} ${amount}`;

describe("9: the forecast is what then happens", () => {
  test("a scheduler that looks every half hour sends the same texts at the same instants", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const policy = preset(situation.policy);
        const brain = brainOf(policy);
        const start = startOf(situation);
        const days = 40;
        const forecast = forecastCase(brain, zones, caseOf(situation), start, { days });
        let facts = caseOf(situation);
        const happened: string[] = [];
        for (let now = start; now < start + days * DAY; now += 1_800_000) {
          let decision = brain.decide(facts, now);
          if (
            decision.kind === "hold" &&
            decision.rule === "step.approval" &&
            decision.message !== undefined
          ) {
            const approved = afterSending(facts, decision.message, now);
            const occurrences = approved.occurrences.map((one, i, all) =>
              i === all.length - 1 ? { ...one, state: "approved" as const } : one,
            );
            facts = { ...facts, occurrences };
            decision = brain.decide(facts, now);
          }
          if (decision.kind !== "send") continue;
          const text = brain.compose(facts, decision.message);
          if (text.kind === "blocked") throw new Error(text.detail);
          happened.push(shown({ ...decision.message, at: now }));
          facts = afterSending(facts, decision.message, now);
        }
        expect(forecast.entries.map(shown)).toEqual(happened);
      }),
      { numRuns: 40 },
    );
  });

  test("an approved text that waits for its hour lists what became late meanwhile", () => {
    const policy = policyOf(`
      minimumInterval = 5
      grace = { days = 0, kind = "calendar" }
      [[steps]]
      id = "early"
      kind = "early"
      offset = 2
      template = "utility.early"
      [[steps]]
      id = "final"
      kind = "final"
      offset = 4
      template = "utility.final"
      formal = true
      approval = true
    `);
    const facts = factsOf({
      items: [
        { dueDate: "2026-03-02", open: 500n },
        { dueDate: "2026-03-06", open: 70n },
      ],
    });
    const start = Date.UTC(2026, 2, 3);
    const { entries } = forecastCase(brainOf(policy), zones, facts, start, { days: 12 });
    expect(entries.map(shown)).toEqual([
      "2026-03-04T07:00:00.000Z early 500",
      "2026-03-09T07:00:00.000Z final 570",
    ]);
    expect(entries.map(({ needsApproval }) => needsApproval)).toEqual([false, true]);
  });

  test("a long look ahead begins with a short one", () => {
    fc.assert(
      fc.property(situations, fc.integer({ min: 1, max: 60 }), (situation, days) => {
        const brain = brainOf(preset(situation.policy));
        const start = startOf(situation);
        const short = forecastCase(brain, zones, caseOf(situation), start, { days });
        const long = forecastCase(brain, zones, caseOf(situation), start, { days: days + 30 });
        expect(long.entries.slice(0, short.entries.length)).toEqual(short.entries);
        expect(long.entries.slice(short.entries.length).every(({ at }) => at >= start + days * DAY)).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("15: shifted by seven days without holidays, the plan shifts by seven days", () => {
  const books = createLawBook(
    shippedPacks(),
    createHolidayBook(
      [],
      [2025, 2026, 2027].map((year) => ({ jurisdiction: "CO", year })),
    ),
    zones,
  );
  // Bogota has no summer time, so one offset holds all year.
  const pack = books.packFor({ jurisdictions: ["CO"], role: "creditor", debtor: "consumer" });

  test("same steps, same weekdays, same hours", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const policy = preset(situation.policy);
        const brain: ForecastBrain = {
          ...brainOf(policy),
          decide: (facts, now) => decide(policy, pack, facts, now),
        };
        const at = startOf(situation);
        const here = { ...situation, place: 3 };
        const first = forecastCase(brain, zones, caseOf(here), at, { days: 60 });
        const later = { ...here, startDay: here.startDay + 7 };
        const second = forecastCase(brain, zones, caseOf(later), at + 7 * DAY, { days: 60 });
        expect(second.entries.map((entry) => shown({ ...entry, at: entry.at - 7 * DAY }))).toEqual(
          first.entries.map(shown),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("14: an open promise", () => {
  test("only its own texts while it is open; broken once, and then the ladder goes on", () => {
    const promises = fc.record({
      madeIn: fc.integer({ min: 1, max: 20 }),
      paysIn: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(situations, promises, (situation, { madeIn, paysIn }) => {
        const policy = preset(situation.policy);
        const brain = brainOf(policy);
        const start = startOf(situation);
        const madeAt = start + madeIn * DAY;
        const dueDate = addDays(new Date(madeAt).toISOString().slice(0, 10), paysIn);
        const promise = { id: "prom_1", caseId: 1, amount: 100n, dueDate, madeAt };
        const facts: CaseFacts = { ...caseOf(situation), promises: [{ ...promise, state: "confirmed" }] };
        const forecast = forecastCase(brain, zones, facts, madeAt, { days: 60 });
        const end = addDays(dueDate, policy.document.promise.grace);
        for (const entry of forecast.entries) {
          if (entry.date <= end) expect(entry.class).toBe("promise");
          else expect(entry.class).not.toBe("promise");
        }
        const late = Date.parse(`${addDays(end, 2)}T12:00:00Z`);
        const broken = brain.decide(facts, late);
        if (broken.rule.startsWith("promise"))
          expect(broken.effects.filter(({ kind }) => kind === "promise-broken")).toHaveLength(1);
        const after = brain.decide({ ...facts, promises: [{ ...promise, state: "broken" }] }, late);
        expect(after.effects.some(({ kind }) => kind === "promise-broken")).toBe(false);
      }),
      { numRuns: 80 },
    );
  });
});

describe("totals", () => {
  test("sums by day, by step and by what ends each case; days above the capacity say so", () => {
    const brain = brainOf(preset("utility"));
    const totals = forecastTotals(1);
    const today = new Date(START).toISOString().slice(0, 10);
    const facts = factsOf({ items: [{ dueDate: addDays(today, 6), firstSeenAt: START }] });
    for (let i = 0; i < 2; i++)
      totals.add(forecastCase(brain, zones, facts, START, { days: 3, segmentPriceMicro: 75_000 }));
    const { cases, messages, segments, costMicro, days } = totals.totals();
    expect({ cases, messages, segments, costMicro }).toEqual({
      cases: 2,
      messages: 2,
      segments: 2,
      costMicro: 150_000,
    });
    expect(days).toEqual([
      {
        // The sixth is a holiday in Spain, so the note goes a day earlier.
        date: "2026-01-05",
        messages: 2,
        segments: 2,
        costMicro: 150_000,
        needApproval: 0,
        bySteps: { preventive: 2 },
        overCapacity: 1,
      },
    ]);
  });

  test("a forecast of no days is refused", () => {
    const facts = factsOf();
    expect(() => forecastCase(brainOf(preset("utility")), zones, facts, START, { days: 0 })).toThrow(
      RangeError,
    );
  });
});
