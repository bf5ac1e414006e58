import { describe, expect, it } from "vitest";
import { runVectors } from "#test/vector-runner/run.ts";

/** Choices where we do otherwise than the vector; the reasons are in `hardware/pdu/README.md`. */
const DECIDED_OTHERWISE = ["ofono-0012"];

describe("the vectors", () => {
  const results = runVectors("test/vectors");

  it("all pass", () => {
    expect(results.filter(({ kind }) => kind === "failed")).toEqual([]);
    expect(results.filter(({ kind }) => kind === "passed").length).toBeGreaterThan(790);
  });

  it("leave no choice undecided", () => {
    const otherwise = results.filter((each) => each.kind === "choice" && each.findings.length > 0);
    expect(otherwise.map(({ name }) => name.split(" ", 1)[0])).toEqual(DECIDED_OTHERWISE);
  });
});
