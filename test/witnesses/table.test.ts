/** The verdict must not be kinder than what was seen. */
import { describe, expect, test } from "vitest";
import type { Row } from "./hearings.ts";
import { REFUSALS } from "./known.ts";
import type { Answer } from "./stage.ts";
import { report } from "./table.ts";
import { STEPS, type Step } from "./witness.ts";

const NO: Answer = { kind: "no", reason: "it said nothing" };

function row(client: string, profile: string, no: readonly Step[]): Row {
  const answers = Object.fromEntries(
    STEPS.map((step) => [step, no.includes(step) ? NO : { kind: "yes" }]),
  ) as Record<Step, Answer>;
  return { client, profile, hearing: { answers, tookMs: 1_500 } };
}

describe("the witness table", () => {
  test("four times yes is good", () => {
    const { text, surprises } = report([row("smstools", "quectel-ec25", [])]);
    expect(surprises).toEqual([]);
    expect(text).toContain("| smstools | quectel-ec25 | yes | yes | yes | yes | 1.5 |");
  });

  test("a refusal that nobody knew of is a surprise, with what the witness said", () => {
    const { surprises } = report([row("smstools", "quectel-ec25", ["receive"])]);
    expect(surprises).toEqual(["smstools on quectel-ec25, receive: it said nothing"]);
  });

  test("a known refusal is noted, and its absence is a surprise", () => {
    const [known] = REFUSALS;
    if (known === undefined) throw new Error("there is nothing to look at");
    const { client, profile } = known;
    const refused = REFUSALS.filter((row) => row.client === client && row.profile === profile);
    const asKnown = report([
      row(
        client,
        profile,
        refused.map(({ step }) => step),
      ),
    ]);
    expect(asKnown.surprises).toEqual([]);
    expect(asKnown.text).toContain(known.why);
    expect(report([row(client, profile, [])]).surprises).toHaveLength(refused.length);
  });

  test("a witness that could not be had is in the table with the reason", () => {
    const { text, surprises } = report([{ client: "kannel", profile: "quectel-ec25", skipped: "no root" }]);
    expect(surprises).toEqual([]);
    expect(text).toContain("left out (1)");
    expect(text).toContain("1. no root");
  });
});
