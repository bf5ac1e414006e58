/** A judge who never finds anything is no judge: a year with a planted fault is found out, by its number. */
import { expect, test } from "vitest";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { zones } from "#test/scheduler/decide/law.ts";
import { judgeYear } from "./judge/judge.ts";
import { AGENCY } from "./people.ts";
import { type YearRules, yearRules } from "./rules.ts";
import { Year } from "./year.ts";

const PEOPLE = 40;
const DAYS = 100;
/** Not in each small world does somebody come by the planted fault. */
const SEEDS = [1, 2, 3, 4, 5];
const TIMEOUT_MS = 120_000;
const rules = yearRules();

function seeing(change: (facts: CaseFacts) => Partial<CaseFacts>): YearRules {
  return { ...rules, decide: (facts, now) => rules.decide({ ...facts, ...change(facts) }, now) };
}

function inZone(zone: string): YearRules {
  return seeing(({ contactPoints }) => ({
    zones: [zone],
    contactPoints: contactPoints.map((point) => ({ ...point, zones: [zone] })),
  }));
}

/** Facts are left out, or other ones are put in their place. */
const FAULTS: readonly (readonly [fault: string, invariant: number, rules: YearRules])[] = [
  ["the bank's word may be of any age", 2, seeing(() => ({ feeds: [] }))],
  ["everybody lives in New Zealand", 3, inZone("Pacific/Auckland")],
  ["nobody was ever written to", 4, seeing(() => ({ contacts: [] }))],
  [
    "a STOP is not heard",
    5,
    seeing(({ contactPoints }) => ({
      contactPoints: contactPoints.map(({ optedOut: _, ...point }) => ({
        ...point,
        state: "valid" as const,
      })),
    })),
  ],
  ["nobody ever promised anything", 14, seeing(() => ({ promises: [] }))],
  ["holds hold nothing", 6, seeing(() => ({ holds: [] }))],
  [
    "the collector has the policy of the water works",
    23,
    seeing(({ debtor }) => ({
      debtor: { ...debtor, segment: debtor.segment === AGENCY ? "1" : debtor.segment },
    })),
  ],
  [
    "a unit too much",
    11,
    {
      ...rules,
      compose: (facts, message) => rules.compose(facts, { ...message, amount: message.amount + 1n }),
    },
  ],
  [
    "a hole in the text",
    17,
    {
      ...rules,
      compose(facts, message) {
        const composed = rules.compose(facts, message);
        return composed.kind === "text" ? { ...composed, text: `${composed.text} {{ name }}` } : composed;
      },
    },
  ],
];

test.each(FAULTS)(
  "%s: %i is broken, and the judge says so",
  { timeout: TIMEOUT_MS },
  async (_, invariant, planted) => {
    let found: readonly string[] = [];
    for (let i = 0; i < SEEDS.length && found.length === 0; i++)
      found = (await violationsOf(SEEDS[i] as number, planted)).filter((one) =>
        one.startsWith(`${invariant}:`),
      );
    expect(found).not.toEqual([]);
  },
);

async function violationsOf(seed: number, rulebook: YearRules): Promise<readonly string[]> {
  const year = new Year({ seed, people: PEOPLE, days: DAYS, zones, rulebook });
  try {
    await year.run();
    return (await judgeYear(year)).violations;
  } finally {
    year.remove();
  }
}
