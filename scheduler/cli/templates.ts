/** `dunlin templates …`: the texts that leave, beside a running service, which takes a change within a minute. */
import { Command, Option } from "commander";
import { createTemplateEditor, type TemplateEdit, type TextDraft } from "#scheduler/policy/edit/texts.ts";
import { LANGUAGE_TAG, TEXT_KEY } from "#scheduler/policy/names.ts";
import type { LintReport } from "#scheduler/policy/templates/lint.ts";
import type { StoredTemplate } from "#scheduler/policy/templates/store.ts";
import { type TextPurpose, VARIABLES_FOR } from "#scheduler/policy/templates/variables.ts";
import { systemClock } from "#shared/clock.ts";
import { actor } from "./actor.ts";
import { type Look, look } from "./look.ts";
import {
  type CommonOptions,
  command,
  complain,
  parseCount,
  parseForm,
  print,
  readNamedFile,
  table,
} from "./options.ts";

const VERSION_MAX = 1_000_000;

interface ListOptions extends CommonOptions {
  readonly key?: string;
  readonly language?: string;
  readonly drafts?: boolean;
}

interface TextOptions extends CommonOptions {
  readonly text?: string;
  readonly file?: string;
  readonly for?: TextPurpose;
  readonly asksReason?: boolean;
  readonly transliterate: boolean;
}

interface VersionOptions extends CommonOptions {
  readonly revision?: number;
}

export function templatesCommand(): Command {
  const templates = new Command("templates").description(
    "The texts that leave: list, show, lint, put, approve.",
  );
  templates.addCommand(
    command("list", "The texts, their version that leaves, and what waits for approval.")
      .option("--key <key>", "only this text, such as utility.early")
      .option("--language <tag>", "only this language, such as de")
      .option("--drafts", "only those whose newest version waits for approval")
      .action((options: ListOptions) => look(options, (opened) => list(opened, options))),
  );
  templates.addCommand(
    keyed("show", "the versions of a text, with who wrote and who approved them").action(
      (key: string, language: string, options: CommonOptions) =>
        look(options, (opened) => show(opened, key, language)),
    ),
  );
  templates.addCommand(
    texted("lint", "judge a text, without keeping it; the newest version when no text is given").action(
      (key: string, language: string, options: TextOptions) =>
        look(options, (opened) => lint(opened, key, language, options)),
    ),
  );
  templates.addCommand(
    texted("put", "write a new version, as a draft").action(
      (key: string, language: string, options: TextOptions) =>
        look(options, (opened) => put(opened, key, language, options)),
    ),
  );
  for (const [name, description] of [
    ["approve", "approve a draft: from now on it leaves"],
    ["retire", "take a version back: the one approved before it holds again"],
  ] as const)
    templates.addCommand(
      keyed(name, description)
        .option("--revision <n>", "which version; the newest when absent", parseCount(1, VERSION_MAX))
        .action((key: string, language: string, options: VersionOptions) =>
          look(options, (opened) => settle(opened, name, key, language, options)),
        ),
    );
  return templates;
}

function keyed(name: string, description: string): Command {
  return command(name, description)
    .argument("<key>", "the text, such as utility.early", parseForm(TEXT_KEY, "utility.early"))
    .argument("<language>", "such as de or pt-BR", parseForm(LANGUAGE_TAG, "de or pt-BR"));
}

function texted(name: string, description: string): Command {
  return keyed(name, description)
    .option("--text <text>", "the text itself")
    .option("--file <file>", "a file that holds it; - is the standard input")
    .addOption(
      new Option("--for <purpose>", "what it is for; needed while no policy names it").choices(
        Object.keys(VARIABLES_FOR),
      ),
    )
    .option(
      "--asks-reason",
      "it asks why the debt is unpaid: stays unsent where the law forbids the question",
    )
    .option("--no-transliterate", "letters that no 7-bit alphabet has stay, and the text costs more");
}

async function list(opened: Look, options: ListOptions): Promise<number> {
  const heads = (await editorOf(opened).heads()).filter(
    ({ key, language, newest }) =>
      (options.key === undefined || key === options.key) &&
      (options.language === undefined || language === options.language) &&
      (options.drafts !== true || newest.state === "draft"),
  );
  const rows = heads.map(({ key, language, holds, newest, usedBy }) => [
    key,
    language,
    holds === undefined ? "none" : `@${holds}`,
    newest.version === holds ? "" : `@${newest.version} ${newest.state}`,
    newest.lint.worst?.segments ?? "",
    usedBy.join(", "),
  ]);
  print(table(["text", "language", "leaves", "newest", "segments", "policies"], rows));
  return 0;
}

async function show(opened: Look, key: string, language: string): Promise<number> {
  const versions = await editorOf(opened).versions(key, language);
  if (versions.length === 0) return refuse(`There is no text "${key}" in "${language}".`);
  for (const version of versions) {
    print(`${key}@${version.version}/${language}  ${version.state}`);
    print(`  written ${when(version.createdAt)} by ${version.createdBy}`);
    if (version.approvedAt !== undefined)
      print(`  approved ${when(version.approvedAt)} by ${version.approvedBy}`);
    print(`  ${version.text}`);
    printLint(version.lint);
  }
  return 0;
}

async function lint(opened: Look, key: string, language: string, options: TextOptions): Promise<number> {
  const editor = editorOf(opened);
  const given = textOf(options);
  if (given === undefined && options.file !== undefined) return 1;
  const draft =
    given === undefined ? (await editor.versions(key, language))[0] : draftOf(key, language, given, options);
  if (draft === undefined) return refuse(`There is no text "${key}" in "${language}". Give one with --text.`);
  const report = await editor.lint(draft);
  if ("kind" in report) return refuse(`${report.detail} Use --for.`);
  printLint(report);
  print(report.ok ? "It may be approved." : "It may not be approved.");
  return report.ok ? 0 : 1;
}

async function put(opened: Look, key: string, language: string, options: TextOptions): Promise<number> {
  const given = textOf(options);
  if (given === undefined)
    return options.file === undefined ? refuse("Give the text with --text or --file.") : 1;
  const draft = draftOf(key, language, given, options);
  return tell(await editorOf(opened).put(draft, actor(), systemClock.now()));
}

async function settle(
  opened: Look,
  what: "approve" | "retire",
  key: string,
  language: string,
  options: VersionOptions,
): Promise<number> {
  const editor = editorOf(opened);
  const version = options.revision ?? (await editor.versions(key, language))[0]?.version ?? 1;
  return tell(
    what === "retire"
      ? await editor.retire(key, language, version)
      : await editor.approve(key, language, version, actor(), systemClock.now()),
  );
}

function tell(edit: TemplateEdit): number {
  if (edit.kind === "done") {
    printVersion(edit.template);
    return 0;
  }
  const { refusal } = edit;
  if (refusal.kind === "lint") printLint(refusal.lint);
  return refuse(refusal.kind === "purpose-unknown" ? `${refusal.detail} Use --for.` : refusal.detail);
}

function printVersion(template: StoredTemplate): void {
  const { key, version, language, state, lint: report } = template;
  printLint(report);
  print(`${key}@${version}/${language} is ${state}.`);
  if (state !== "draft") return;
  print(
    report.ok
      ? `It leaves nobody yet: dunlin templates approve ${key} ${language}`
      : "It has errors, so it cannot be approved: put a better one.",
  );
}

function printLint({ findings, worst }: LintReport): void {
  if (worst !== undefined) {
    print(
      `  longest (${worst.of ?? "sample"}): ${worst.segments} ${worst.segments === 1 ? "segment" : "segments"}, ${worst.alphabet}`,
    );
    print(`    ${worst.text}`);
  }
  for (const { severity, detail, remedy, rule } of findings)
    print(`  ${severity}: ${detail}. ${remedy} [${rule}]`);
}

function textOf({ text, file }: TextOptions): string | undefined {
  if (text !== undefined || file === undefined) return text;
  return readNamedFile(file)?.trim();
}

function draftOf(key: string, language: string, text: string, options: TextOptions): TextDraft {
  return {
    key,
    language,
    text,
    asksReason: options.asksReason === true,
    transliterate: options.transliterate,
    ...(options.for === undefined ? {} : { purpose: options.for }),
  };
}

function editorOf({ db, rules }: Look) {
  return createTemplateEditor({ db, ...rules });
}

function refuse(why: string): number {
  complain(why);
  return 1;
}

function when(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
