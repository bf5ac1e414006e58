/**
 * A year of days over random debtors, judged by the book of what the network took. `README.md` says which
 * invariant is held where; `node test/year.ts` runs the long form.
 */
import { describe, expect, test } from "vitest";
import { zones } from "#test/scheduler/decide/law.ts";
import { JUDGED, judgeYear } from "./judge/judge.ts";
import { yearRules } from "./rules.ts";
import { Year } from "./year.ts";

const SEEDS = Number(process.env.SEEDS ?? 2);
const PEOPLE = Number(process.env.DEBTORS ?? 60);
const DAYS = Number(process.env.DAYS ?? 365);
const FIRST_SEED = Number(process.env.SEED ?? 1);
const TIMEOUT_MS = 600_000;

describe("a year of days", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i))(
    "seed %i holds every invariant",
    async (seed) => {
      const year = new Year({ seed, people: PEOPLE, days: DAYS, zones, rulebook: yearRules() });
      try {
        await year.run();
        const { violations, looked } = await judgeYear(year);
        expect(violations).toEqual([]);
        expect(
          JUDGED.filter((invariant) => (looked.get(invariant) ?? 0) === 0),
          "each was looked at",
        ).toEqual([]);
        expect(year.kills, "the process was killed at named places").toBeGreaterThan(0);
      } finally {
        year.remove();
      }
    },
    TIMEOUT_MS,
  );
});
