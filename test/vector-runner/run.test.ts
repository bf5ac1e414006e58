import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "dunlin-vectors-"));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMON = { source: "here", name: "made here", verified_by: [] };
const STAMP = { raw: "62202151436540", tz_quarters: 4, iso: "2026-02-12T15:34:56+01:00" };

function vector(id: string, fields: object): object {
  return { ...COMMON, id, ...fields };
}

const GOOD = vector("good", { kind: "timestamp", hex: STAMP.raw, expect: STAMP });

/** Each has something that the runner must see. */
const BAD: readonly (readonly [finding: string, vector: object])[] = [
  [
    "tz_quarters: expected 5, got 4",
    vector("zone", { kind: "timestamp", hex: STAMP.raw, expect: { ...STAMP, tz_quarters: 5 } }),
  ],
  [
    "refused, but it is valid: timestamp at octet 0",
    vector("short", { kind: "timestamp", hex: "62", expect: STAMP }),
  ],
  [
    "decoded, but it must be refused",
    vector("refuse", { kind: "timestamp", hex: STAMP.raw, expect: { refuse: true } }),
  ],
  ["unknown kind riddle", vector("kind", { kind: "riddle", expect: {} })],
  [
    'char: expected "B", got "A"',
    vector("char", { kind: "gsm7-char", language: 0, table: "locking", code: 65, expect: { char: "B" } }),
  ],
  ["packed: expected", vector("packing", { kind: "packing", fill: 0, septets: "3132", packed: "3100" })],
  [
    "units: expected [160]",
    vector("cut", {
      kind: "segmentation",
      text_runs: [["x", 161]],
      reference_bits: 8,
      expect: { alphabet: "gsm7", segments: 2, units: [160] },
    }),
  ],
  [
    "decoded, but it must be refused",
    vector("pdu", {
      kind: "malformed",
      direction: "mo",
      pdu_with_smsc: "00010003812143000001C1",
      expect: { refuse: true },
    }),
  ],
  [
    "decoded, but it must be refused",
    vector("report", { kind: "malformed", direction: "mo", tpdu: "000000", expect: { refuse: true } }),
  ],
  [
    'kind: expected "deliver", got "submit"',
    vector("type", { kind: "deliver", direction: "mo", pdu_with_smsc: "00010003812143000001C1", expect: {} }),
  ],
  ["stopped: ", vector("direction", { kind: "deliver", pdu_with_smsc: "00", expect: {} })],
];

function run(name: string, content: unknown): { lines: string[]; exitCode: number | null } {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return runPaths(path);
}

function runPaths(...paths: string[]): { lines: string[]; exitCode: number | null } {
  const { stdout, status } = spawnSync(process.execPath, ["test/vectors.ts", ...paths], { encoding: "utf8" });
  return { lines: stdout.trim().split("\n"), exitCode: status };
}

describe("npm run vectors", () => {
  it("says what passed", () => {
    const { lines, exitCode } = run("good.json", [GOOD]);
    expect(lines.at(-1)).toBe("1 passed, 0 failed");
    expect(exitCode).toBe(0);
  });

  it("has a line for each failure, and an exit code of 1", () => {
    const { lines, exitCode } = run("bad.json", [GOOD, ...BAD.map(([, each]) => each)]);
    const failures = lines.filter((line) => line.startsWith("FAIL "));
    for (const [i, [finding, each]] of BAD.entries()) {
      const { id } = each as { id: string };
      expect(
        failures.some((line) => line.startsWith(`FAIL ${id} `) && line.includes(finding)),
        `${i} ${id}`,
      ).toBe(true);
    }
    expect(lines.at(-1)).toBe(`1 passed, ${BAD.length} failed`);
    expect(exitCode).toBe(1);
  });

  it("notices a canonical PDU that does not come out again", () => {
    const expectation = {
      first_octet: 1,
      status_report_request: false,
      reject_duplicates: false,
      reply_path: false,
      udhi: false,
      vpf: 0,
      mr: 0,
      address: { ton: 0, npi: 1, digits: "123" },
      pid: 0,
      dcs: 0,
      alphabet: "gsm7",
      class: null,
      compressed: false,
      udl: 1,
      text: "A",
    };
    const fields = {
      kind: "submit",
      direction: "mo",
      tpdu: "010003812143000001C1",
      canonical: true,
      expect: expectation,
    };
    const { lines } = run("canonical.json", [vector("spare", fields)]);
    expect(lines[0]).toBe(
      "FAIL spare submit, made here: encoded again: expected 010003812143000001C1, got 0100038121F300000141",
    );
  });

  it("reports a choice and does not fail on it", () => {
    const fields = { kind: "timestamp", hex: STAMP.raw, implementation_choice: "a question" };
    const { lines, exitCode } = run("choice.json", [
      vector("agree", { ...fields, expect: STAMP }),
      vector("differ", { ...fields, expect: { ...STAMP, tz_quarters: 9 } }),
    ]);
    expect(lines[0]).toBe("CHOICE agree timestamp, made here: we agree. The question: a question");
    expect(lines[1]).toMatch(
      /^CHOICE differ .*we differ: tz_quarters: expected 9, got 4\. The question: a question$/,
    );
    expect(lines.at(-1)).toBe("0 passed, 0 failed");
    expect(exitCode).toBe(0);
  });

  it.each([
    ["not JSON", "{", /FAIL odd.json: not JSON/],
    ["something else", { a: 1 }, /FAIL odd.json: neither a list of vectors nor one of the two tables/],
    ["an empty list", [], /ERROR .*odd.json: no vectors there/],
  ])("does not pass over a file that is %s", (_name, content, expected) => {
    const { lines, exitCode } = run("odd.json", content);
    expect(lines.join("\n")).toMatch(expected);
    expect(exitCode).toBe(1);
    rmSync(join(folder, "odd.json"));
  });

  it("says which folder is missing, and runs the others", () => {
    const { lines, exitCode } = runPaths("/no/such/folder", join(folder, "good.json"));
    expect(lines).toContain("ERROR /no/such/folder: no such folder");
    expect(lines.at(-1)).toBe("1 passed, 0 failed");
    expect(exitCode).toBe(1);
    expect(runPaths().lines[0]).toMatch(/^Name at least one folder/);
  });
});
