/** `dunlin policies check|list|law`: what was written, what ships, the law on file; nothing is opened. */
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Command } from "commander";
import { checkPolicy, type PolicyCheck } from "#scheduler/policy/check.ts";
import type { PolicyDocument } from "#scheduler/policy/document.ts";
import { formatOf } from "#scheduler/policy/files.ts";
import {
  FolderError,
  type FolderProblem,
  problemLine,
  type RulesFolder,
  readRulesFolder,
} from "#scheduler/policy/folder.ts";
import { describeRow } from "#scheduler/policy/law/describe.ts";
import { shippedPacks } from "#scheduler/policy/law/read.ts";
import { previewLadder } from "#scheduler/policy/preview.ts";
import { readPolicy, shippedPolicies } from "#scheduler/policy/read.ts";
import { type ShippedText, shippedTexts } from "#scheduler/policy/templates/shipped.ts";
import { createCatalogue, type TemplateCatalogue } from "#scheduler/policy/templates/types.ts";
import { parseLocalDate } from "#shared/local-date.ts";
import { policiesOnFile } from "./policies-on-file.ts";

export interface PoliciesOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

const STANDARD: PoliciesOutput = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
};

export function policiesCommand(output: PoliciesOutput = STANDARD): Command {
  const command = new Command("policies").description(
    "Check policies, show presets and law; put policies, and say whom they hold for.",
  );
  command
    .command("check")
    .description("Check policy files, or folders of policies, templates, packs, assignments and holidays.")
    .argument("<file...>", "TOML or JSON files, or folders")
    .option("--due <date>", "show the ladder's dates for a due date, such as 2026-03-31")
    .action((files: string[], options: { due?: string }) => {
      if (!checkAll(files, options, output)) process.exitCode = 1;
    });
  command
    .command("list")
    .description("The policies that ship with Dunlin.")
    .action(() => {
      for (const { name, title, description } of shippedPolicies())
        output.out(`${name}\n  ${title}. ${description ?? ""}\n`);
    });
  command
    .command("law")
    .description("The rules of law on file, each with its source.")
    .argument("[country]", "two letters, such as CO; all when absent")
    .action((country?: string) => {
      if (!showLaw(country, output)) process.exitCode = 1;
    });
  for (const one of policiesOnFile()) command.addCommand(one);
  return command;
}

interface CheckOptions {
  readonly due?: string;
}

/** False when anything is wrong. */
function checkAll(files: readonly string[], options: CheckOptions, output: PoliciesOutput): boolean {
  if (options.due !== undefined && parseLocalDate(options.due) === undefined) {
    output.error(`--due is "${options.due}", which is not a day. Write it as 2026-03-31.\n`);
    return false;
  }
  let good = true;
  for (const file of files) {
    const found = readFile(file);
    if ("problems" in found) {
      good = false;
      for (const problem of found.problems) output.error(`${problemLine(problem)}\n`);
      continue;
    }
    for (const document of found.policies) {
      const check = checkPolicy(document, catalogueOf(found.texts));
      report(file, document, check, options, output);
      if (!check.ok) good = false;
    }
    if (found.policies.length === 0) output.out(`${file}: no policy in it; the rest reads well\n`);
  }
  return good;
}

type Found = Pick<RulesFolder, "policies" | "texts"> | { readonly problems: readonly FolderProblem[] };

function readFile(file: string): Found {
  try {
    if (statSync(file).isDirectory()) return readRulesFolder(file);
    const read = readPolicy(readFileSync(file, "utf8"), formatOf(file));
    if (read.ok) return { policies: [read.value], texts: textsBeside(file) };
    return { problems: read.problems.map((problem) => ({ file, ...problem })) };
  } catch (error) {
    if (error instanceof FolderError)
      return { problems: error.problems.map((problem) => ({ ...problem, file: join(file, problem.file) })) };
    const rule = `cannot be read: ${(error as Error).message}`;
    return { problems: [{ file, field: "", rule, remedy: "Check the path and its permissions." }] };
  }
}

/** A policy in `…/policies/` brings the texts of the `templates` folder next to it. */
function textsBeside(file: string): readonly ShippedText[] {
  const folder = dirname(dirname(file));
  return basename(dirname(file)) === "policies" ? readRulesFolder(folder).texts : [];
}

function catalogueOf(own: readonly ShippedText[]): TemplateCatalogue {
  const asVersion = (version: number) => (text: ShippedText) => ({
    ...text,
    version,
    state: "approved" as const,
    asksReason: false,
    transliterate: true,
  });
  return createCatalogue([...shippedTexts().map(asVersion(1)), ...own.map(asVersion(2))]);
}

function report(
  file: string,
  document: PolicyDocument,
  check: PolicyCheck,
  options: CheckOptions,
  output: PoliciesOutput,
): void {
  for (const problem of check.problems) output.error(`${problemLine({ file, ...problem })}\n`);
  for (const { key, language, report: lint } of check.texts)
    for (const { severity, detail, remedy } of lint.findings)
      if (severity === "warning") output.out(`${file}: ${key} (${language}): ${detail}. ${remedy}\n`);
  if (!check.ok) return;
  const most = Math.max(0, ...check.texts.map(({ report: lint }) => lint.worst?.segments ?? 0));
  output.out(
    `${file}: good. "${document.name}" has ${document.steps.length} steps in ${document.languages.length} languages; the longest text takes ${most} segments.\n`,
  );
  if (options.due === undefined) return;
  for (const line of previewLadder(document, options.due))
    output.out(`  ${line.date} ${line.weekday}  ${line.stepId.padEnd(14)} ${line.offset}\n`);
}

/** ISO 3166-1 or 3166-2. */
const PLACE = /^[a-z]{2}(-[a-z0-9]{1,3})?$/i;

function showLaw(country: string | undefined, output: PoliciesOutput): boolean {
  const wanted = country?.toUpperCase() === "UK" ? "GB" : country?.toUpperCase();
  const packs = shippedPacks().filter(
    ({ jurisdiction, members }) =>
      wanted === undefined || jurisdiction.toUpperCase() === wanted || members.includes(wanted),
  );
  if (packs.length === 0) {
    output.error(
      PLACE.test(country ?? "")
        ? `No law is on file for ${country}. Cases there are held until a pack is added.\n`
        : `"${country}" is no country. Write two letters of ISO 3166, such as ES.\n`,
    );
    return false;
  }
  for (const { jurisdiction, title, reviewed, rule } of packs) {
    output.out(`${title} (${jurisdiction}), reviewed ${reviewed}\n`);
    for (const row of rule) {
      const since = row.from === undefined ? "" : ` from ${row.from}`;
      const until = row.until === undefined ? "" : ` until ${row.until}`;
      const doubt = row.verified ? "" : " [not verified]";
      output.out(`  ${row.id}${doubt}\n    ${describeRow(row)}${since}${until}\n    ${row.source}\n`);
    }
  }
  return true;
}
