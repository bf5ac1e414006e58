/** Policies as people write them: what is refused, in which words; folders of rules; the command. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { policiesCommand } from "#scheduler/cli/policies.ts";
import type { FileProblem } from "#scheduler/policy/files.ts";
import { FolderError, readRulesFolder } from "#scheduler/policy/folder.ts";
import { previewLadder } from "#scheduler/policy/preview.ts";
import { readPolicy } from "#scheduler/policy/read.ts";
import { readyPolicy } from "#scheduler/policy/ready.ts";
import { catalogue, presets } from "#test/scheduler/decide/law.ts";

const HEAD = 'format = 1\nname = "shop"\ntitle = "Shop"\nlanguages = ["en"]\n';
const EARLY = '[[steps]]\nid = "early"\nkind = "early"\noffset = 5\ntemplate = "utility.early"\n';
const step = (id: string, kind: string, rest: string): string =>
  `[[steps]]\nid = "${id}"\nkind = "${kind}"\ntemplate = "utility.early"\n${rest}\n`;

function problemsOf(toml: string): readonly FileProblem[] {
  const read = readPolicy(HEAD + toml, "toml");
  return read.ok ? [] : read.problems;
}

describe("a policy is refused by field, rule and remedy", () => {
  test.each([
    [
      "an unknown name",
      `minimumIntervall = 3\n${EARLY}`,
      "minimumIntervall",
      'Did you mean "minimumInterval"?',
    ],
    [
      "an unknown name in a step",
      step("a", "early", "offset = 5\nofset = 3"),
      "steps[0].ofset",
      'Did you mean "offset"?',
    ],
    ["an unknown kind", step("a", "erly", "offset = 5"), "steps[0].kind", 'Did you mean "early"?'],
    ["a missing offset", step("a", "early", ""), "steps[0].offset", "Add it."],
    [
      "a preventive step after the due date",
      step("a", "preventive", "offset = 3"),
      "steps[0].offset",
      'Write -3, or make it a "due-day" or "early" step.',
    ],
    [
      "an arrears step before the due date",
      step("a", "early", "offset = -3"),
      "steps[0].offset",
      'Write 3, or make it a "preventive" step.',
    ],
    ["a due-day step on another day", step("a", "due-day", "offset = 1"), "steps[0].offset", "Write 0."],
    [
      "two steps of one id",
      EARLY + step("early", "second", "offset = 9"),
      "steps[1].id",
      "Give each step an id of its own.",
    ],
    [
      "steps out of order",
      EARLY + step("b", "second", "offset = 4"),
      "steps[1].offset",
      "Give the steps in the order of their days, with their repeats.",
    ],
    [
      "a softer step after a louder one",
      step("a", "final", "offset = 4") + step("b", "early", "offset = 9"),
      "steps[1].kind",
      "Order the steps: preventive, due-day, early, second, insistence, final.",
    ],
    [
      "a formal step that may be left out",
      step("a", "second", "offset = 4\nformal = true\nnotAfter = 3"),
      "steps[0].notAfter",
      'Take "notAfter" out, or make the step not formal.',
    ],
    [
      "a repeated second notice",
      step("a", "second", "offset = 4\nrepeat = { every = 7, times = 2 }"),
      "steps[0].repeat",
      "Take it out.",
    ],
    [
      "repeats that run into the next step",
      step("a", "insistence", "offset = 4\nrepeat = { every = 7, times = 3 }") +
        step("b", "final", "offset = 18"),
      "steps[1].offset",
      "Give the steps in the order of their days, with their repeats.",
    ],
    [
      "an arrears step that rolls back",
      step("a", "early", 'offset = 4\nroll = "back"'),
      "steps[0].roll",
      'Use "forward".',
    ],
    [
      "a minimum finer than its currency",
      `minimum = { JPY = "1.5" }\n${EARLY}`,
      "minimum.JPY",
      "Correct it.",
    ],
    [
      "a branch that does not exist",
      `${EARLY}[promise]\nafterBroken = "secnd"`,
      "promise.afterBroken",
      'Use "resume" or one of: early.',
    ],
    [
      "hours that end before they begin",
      `hours = { "mon-fri" = "18:00-09:00" }\n${EARLY}`,
      "hours",
      "Correct it.",
    ],
    ["a segment limit of zero", `maxSegments = 0\n${EARLY}`, "maxSegments", "Give 1 or more."],
    ["no steps", "steps = []", "steps", "Give 1 or more."],
  ])("%s", (_, toml, field, remedy) => {
    expect(problemsOf(toml).map((problem) => [problem.field, problem.remedy])).toContainEqual([
      field,
      remedy,
    ]);
  });

  test("broken TOML names its line", () => {
    const read = readPolicy('format = 1\nname = "a\n', "toml");
    expect(read.ok ? undefined : read.problems[0]?.line).toBe(2);
  });

  test("a million characters are not a policy", () => {
    const read = readPolicy(`# ${"x".repeat(1_000_000)}`, "toml");
    expect(read.ok).toBe(false);
  });

  test("the same policy in JSON", () => {
    const document = presets.get("school");
    const read = readPolicy(JSON.stringify(document), "json");
    expect(read).toEqual({ ok: true, value: document });
  });
});

describe("a policy made ready", () => {
  test("an insistence is one step for each time", () => {
    const document = presets.get("bank-card");
    if (document === undefined) throw new Error("no preset");
    const ready = readyPolicy(document, catalogue, { version: 3 });
    expect(ready.version).toBe("bank-card@3");
    expect(ready.steps.map(({ id, offset }) => `${id} ${offset}`)).toEqual([
      "preventive -4",
      "due-day 0",
      "early 3",
      "second 12",
      "insistence 20",
      "insistence.2 27",
      "insistence.3 34",
      "final 45",
    ]);
  });

  test("its dates for an end of month", () => {
    const document = presets.get("bank-card");
    if (document === undefined) throw new Error("no preset");
    expect(previewLadder(document, "2028-01-31").slice(0, 4)).toEqual([
      { stepId: "preventive", date: "2028-01-27", weekday: "thu", offset: "4 days before the due date" },
      { stepId: "due-day", date: "2028-01-31", weekday: "mon", offset: "on the due date" },
      { stepId: "early", date: "2028-02-03", weekday: "thu", offset: "3 business days after the due date" },
      { stepId: "second", date: "2028-02-12", weekday: "sat", offset: "12 days after the due date" },
    ]);
  });
});

describe("files on disk", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dunlin-rules-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    process.exitCode = 0;
  });
  const write = (path: string, text: string): string => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  const run = async (...args: string[]): Promise<{ out: string; error: string; code: unknown }> => {
    let [out, error] = ["", ""];
    const command = policiesCommand({
      out: (text) => {
        out += text;
      },
      error: (text) => {
        error += text;
      },
    });
    await command.parseAsync(["node", "dunlin", ...args]);
    return { out, error, code: process.exitCode };
  };

  test("a folder is read whole, and everything that is wrong is named with its file", () => {
    write("policies/shop.toml", HEAD + EARLY);
    write("templates/shop.toml", '[early]\nen = "Hello"\n');
    write("assignments.toml", '[[assignment]]\npolicy = "shop"\n');
    write("holidays.toml", '[[holiday]]\njurisdiction = "CO"\ndate = "2026-07-21"\nremoved = true\n');
    expect(readRulesFolder(folder)).toMatchObject({
      policies: [{ name: "shop" }],
      texts: [{ key: "shop.early", language: "en", text: "Hello" }],
      assignments: [{ creditor: "*", segment: "*", policy: "shop" }],
      holidays: [{ jurisdiction: "CO", date: "2026-07-21", removed: true }],
    });
    write("policies/bad.toml", 'format = 2\nname = "Bad"\n');
    write("packs/bad.toml", "format = [");
    write("holidays.toml", '[[holiday]]\njurisdiction = "CO"\ndate = "2026-02-30"\n');
    const error = ((): unknown => {
      try {
        return readRulesFolder(folder);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(FolderError);
    const files = new Set((error as FolderError).problems.map(({ file }) => file));
    expect([...files].sort()).toEqual(["holidays.toml", "packs/bad.toml", "policies/bad.toml"]);
  });

  test("check says that a file is good, with its dates", async () => {
    const file = write("shop.toml", HEAD + EARLY);
    const { out, error, code } = await run("check", file, "--due", "2026-02-27");
    expect([error, code]).toEqual(["", 0]);
    expect(out).toContain('good. "shop" has 1 steps in 1 languages');
    expect(out).toContain("2026-03-04 wed  early");
  });

  test("check exits with 1 and one line for each thing that is wrong", async () => {
    const file = write(
      "shop.toml",
      HEAD.replace('["en"]', '["en", "it"]') + EARLY.replace("utility.early", "utility.erly"),
    );
    const { error, code } = await run("check", file, join(folder, "missing.toml"));
    expect(code).toBe(1);
    expect(error.split("\n").filter((line) => line !== "")).toHaveLength(3);
    expect(error).toContain('steps[0].template names no text ("utility.erly").');
  });

  test("law shows rows with their sources, and says where there is none", async () => {
    const colombia = await run("law", "co");
    expect(colombia.out).toContain("co.ley-2300.hours");
    expect(colombia.out).toContain("Contact Mon-Fri 07:00-19:00, Sat 08:00-15:00, not on public holidays");
    const brazil = await run("law", "BR");
    expect([brazil.out, brazil.code]).toEqual(["", 1]);
  });

  test("list names the presets", async () => {
    expect((await run("list")).out).toContain("friendly-small-business");
  });
});
