import { describe, expect, it } from "vitest";
import { explainPdu, explanationText } from "#hardware/pdu/explain.ts";
import { PduError } from "#hardware/pdu/types.ts";
import { seededRandom } from "#shared/random.ts";
import { type FuzzInput, lineOf, readCorpus } from "#test/fuzz/corpus.ts";
import { mutator } from "#test/fuzz/mutate.ts";

const corpus = readCorpus("test/vectors");

/** Undefined when the PDU is refused; else what is wrong with the table, or an empty string. */
function gapIn({ hex, options }: FuzzInput): string | undefined {
  let explanation: ReturnType<typeof explainPdu>;
  try {
    explanation = explainPdu(hex, options);
  } catch (error) {
    if (error instanceof PduError) return undefined;
    throw error;
  }
  let next = 0;
  for (const { from, to, field, meaning } of explanation.rows) {
    if (from !== next) return `${field} starts at ${from}, not ${next}`;
    if (meaning === "") return `${field} has no meaning`;
    next = to + 1;
  }
  if (next !== hex.length / 2) return `ends at ${next} of ${hex.length / 2}`;
  return explanationText(explanation).includes("undefined") ? "shows an undefined value" : "";
}

describe("the field table", () => {
  it("has every octet once, and something to say of each field", () => {
    const next = mutator(corpus, seededRandom(27_005));
    const inputs = [...corpus, ...Array.from({ length: 3_000 }, next)];
    const outcomes = inputs.map((input) => ({ line: lineOf(input), gap: gapIn(input) }));
    const explained = outcomes.filter(({ gap }) => gap !== undefined);
    expect(explained.length).toBeGreaterThan(500);
    expect(explained.filter(({ gap }) => gap !== "")).toEqual([]);
  });
});
