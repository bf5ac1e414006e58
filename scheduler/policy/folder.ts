/**
 * A folder of rules as an operator keeps it: `policies/*.toml`, `templates/*.toml` (`[step]` with a line for
 * each language; the file's name is the first part of the key), `packs/*.toml`, `assignments.toml`,
 * `holidays.toml`. All of it is read and checked before anything of it is used.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { PolicyDocument } from "./document.ts";
import { type FileProblem, formatOf, type Read, readDocument } from "./files.ts";
import { readPack } from "./law/read.ts";
import type { PackDocument } from "./law/rows.ts";
import { readPolicy } from "./read.ts";
import { type ShippedText, TextFile, textsOf } from "./templates/shipped.ts";

export interface FolderProblem extends FileProblem {
  readonly file: string;
}

export interface RulesFolder {
  readonly policies: readonly PolicyDocument[];
  readonly texts: readonly ShippedText[];
  readonly packs: readonly PackDocument[];
  readonly assignments: readonly FolderAssignment[];
  readonly holidays: readonly FolderHoliday[];
}

const Assignments = z.strictObject({
  assignment: z.array(
    z.strictObject({
      creditor: z.string().min(1).default("*"),
      segment: z.string().min(1).default("*"),
      policy: z.string().min(1),
    }),
  ),
});
export type FolderAssignment = z.output<typeof Assignments>["assignment"][number];

const Holidays = z.strictObject({
  holiday: z.array(
    z.strictObject({
      jurisdiction: z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/),
      date: z.iso.date(),
      name: z.string().min(1).default("Holiday"),
      /** True: the day is an ordinary one, whatever the seed says. */
      removed: z.boolean().default(false),
    }),
  ),
});
export type FolderHoliday = z.output<typeof Holidays>["holiday"][number];

export class FolderError extends Error {
  override name = "FolderError";
  readonly problems: readonly FolderProblem[];
  constructor(problems: readonly FolderProblem[]) {
    super(problems.map(problemLine).join("\n"));
    this.problems = problems;
  }
}

/** `policies/shop.toml: steps[2].offset is 3, but … Write -3.` */
export function problemLine({ file, field, rule, remedy, line }: FolderProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${field === "" ? "the file" : field} ${rule}${/[.!?]$/.test(rule) ? "" : "."} ${remedy}`;
}

/** @throws FolderError with everything that is wrong, of all files */
export function readRulesFolder(folder: string): RulesFolder {
  const problems: FolderProblem[] = [];
  const read = <T>(file: string, parse: (text: string) => Read<T>): T[] => {
    const result = parse(readFileSync(join(folder, file), "utf8"));
    if (result.ok) return [result.value];
    problems.push(...result.problems.map((problem) => ({ file, ...problem })));
    return [];
  };
  const all = <T>(part: string, parse: (text: string, file: string) => Read<T>): T[] =>
    filesOf(folder, part).flatMap((file) => read(file, (text) => parse(text, file)));
  const one = <T>(file: string, schema: z.ZodType<T>): T[] =>
    existsSync(join(folder, file)) ? read(file, (text) => readDocument(text, "toml", schema)) : [];
  const rules: RulesFolder = {
    policies: all("policies", (text, file) => readPolicy(text, formatOf(file))),
    texts: all("templates", (text, file) => asTexts(text, file)).flat(),
    packs: all("packs", (text, file) => readPack(text, formatOf(file))),
    assignments: one("assignments.toml", Assignments).flatMap(({ assignment }) => assignment),
    holidays: one("holidays.toml", Holidays).flatMap(({ holiday }) => holiday),
  };
  if (problems.length > 0) throw new FolderError(problems);
  return rules;
}

function asTexts(text: string, file: string): Read<ShippedText[]> {
  const read = readDocument(text, formatOf(file), TextFile);
  if (!read.ok) return read;
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.(toml|json)$/i, "");
  return { ok: true, value: textsOf(name, read.value) };
}

function filesOf(folder: string, part: string): string[] {
  const path = join(folder, part);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => /\.(toml|json)$/i.test(name))
    .sort()
    .map((name) => `${part}/${name}`);
}
