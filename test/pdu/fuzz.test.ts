import { describe, expect, it } from "vitest";
import { systemClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";
import { defectOf } from "#test/fuzz/check.ts";
import { inputOf, lineOf, readCorpus } from "#test/fuzz/corpus.ts";
import { mutator } from "#test/fuzz/mutate.ts";

const corpus = readCorpus("test/vectors");

describe("fuzzing", () => {
  it("finds no defect in five thousand mutated PDUs", () => {
    const next = mutator(corpus, seededRandom(23_040));
    const defects: string[] = [];
    for (let i = 0; i < 5_000; i++) {
      const input = next();
      const defect = defectOf(input, systemClock);
      if (defect !== undefined) defects.push(`${lineOf(input)}: ${defect}`);
    }
    expect(defects).toEqual([]);
  });

  it("reaches valid and malformed PDUs alike", () => {
    const next = mutator(corpus, seededRandom(1));
    const hexes = new Set(Array.from({ length: 1_000 }, () => next().hex));
    expect(hexes.size).toBeGreaterThan(900);
    expect(corpus.length).toBeGreaterThan(300);
  });

  it("a kept line is the input again", () => {
    const next = mutator(corpus, seededRandom(2));
    for (let i = 0; i < 500; i++) {
      const input = next();
      expect(lineOf(inputOf(lineOf(input)))).toBe(lineOf(input));
    }
  });

  it("the same seed makes the same inputs", () => {
    const [one, other] = [mutator(corpus, seededRandom(3)), mutator(corpus, seededRandom(3))];
    for (let i = 0; i < 100; i++) expect(one()).toEqual(other());
  });
});
