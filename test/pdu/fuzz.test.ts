import { describe, expect, it } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { PduError } from "#hardware/pdu/types.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { defectOf } from "#test/fuzz/check.ts";
import { inputOf, lineOf, readCorpus } from "#test/fuzz/corpus.ts";
import { mutator } from "#test/fuzz/mutate.ts";

const corpus = readCorpus("test/vectors");

/** It stands still: how long a decode takes is for `npm run fuzz` to say. */
const clock = new SimulatedClock();

describe("fuzzing", () => {
  it("finds no defect in five thousand mutated PDUs", () => {
    const next = mutator(corpus, seededRandom(23_040));
    const defects: string[] = [];
    for (let i = 0; i < 5_000; i++) {
      const input = next();
      const defect = defectOf(input, clock);
      if (defect !== undefined) defects.push(`${lineOf(input)}: ${defect}`);
    }
    expect(defects).toEqual([]);
  });

  it("reaches valid and malformed PDUs alike", () => {
    const next = mutator(corpus, seededRandom(1));
    const outcomes = Array.from({ length: 1_000 }, () => {
      const { hex, options } = next();
      try {
        return decodePdu(hex, options).kind;
      } catch (error) {
        return error instanceof PduError ? error.code : "another error";
      }
    });
    const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
    for (const outcome of ["deliver", "submit", "truncated", "too-long", "not-hex"]) {
      expect(count(outcome), outcome).toBeGreaterThan(20);
    }
    expect(count("another error")).toBe(0);
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
