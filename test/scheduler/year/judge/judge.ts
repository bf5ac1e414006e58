/** Judges a year that has passed. The numbers are those of the invariants; `../README.md` says what is held where. */
import type { Year } from "#test/scheduler/year/year.ts";
import { readTexts, Verdicts } from "./evidence.ts";
import { judgePromises } from "./promises.ts";
import { digestOf, judgeStanding } from "./standing.ts";
import { judgeTexts } from "./texts.ts";

/** Those that a year can break; the others are properties with tests of their own. 23 is the house's own. */
export const JUDGED = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 22, 23] as const;

export async function judgeYear(year: Year): Promise<Verdicts> {
  const verdicts = new Verdicts();
  const texts = readTexts(year);
  judgeTexts(year, texts, verdicts);
  judgePromises(year, texts, verdicts);
  judgeStanding(year, texts, verdicts);
  const before = digestOf(year);
  await year.sayAgain();
  verdicts.check(10, digestOf(year) === before, () => "what was said twice changed something");
  return verdicts;
}
