/** `dunlin policies assigned|show|put|assign|unassign`: the policies in the database, and whom they hold for. */
import type { Command } from "commander";
import { DEFAULT_POLICY } from "#scheduler/decide/live-rules.ts";
import { createPolicyEditor, type PolicyRefusal, todayUtc } from "#scheduler/policy/edit/policies.ts";
import { type FileProblem, formatOf } from "#scheduler/policy/files.ts";
import { problemLine } from "#scheduler/policy/folder.ts";
import { readPolicy } from "#scheduler/policy/read.ts";
import { systemClock } from "#shared/clock.ts";
import { parseLocalDate } from "#shared/local-date.ts";
import { actor } from "./actor.ts";
import { type Look, look } from "./look.ts";
import { type CommonOptions, command, complain, print, readNamedFile, table } from "./options.ts";

interface ScopeOptions extends CommonOptions {
  readonly creditor: string;
  readonly segment: string;
}

interface AssignOptions extends ScopeOptions {
  readonly since?: string;
}

interface UnassignOptions extends ScopeOptions {
  readonly everybody?: boolean;
}

export function policiesOnFile(): Command[] {
  return [
    command("assigned", "The policies on file, and whom they hold for.").action((options: CommonOptions) =>
      look(options, assigned),
    ),
    command("show", "A policy on file, as JSON.")
      .argument("<name>", "such as utility")
      .action((name: string, options: CommonOptions) => look(options, (opened) => show(opened, name))),
    command("put", "Write a new version of a policy from a file.")
      .argument("<file>", "TOML or JSON")
      .action((file: string, options: CommonOptions) => look(options, (opened) => put(opened, file))),
    scoped("assign", "Let a policy hold; the most exact assignment wins.")
      .argument("<name>", "such as utility")
      .option("--since <YYYY-MM-DD>", "debts due before it enter by the rule for old debt; today when absent")
      .action((name: string, options: AssignOptions) =>
        look(options, (opened) => assign(opened, name, options)),
      ),
    scoped("unassign", "Take an assignment away; the next less exact one holds.")
      .option("--everybody", "the one that holds for every creditor and segment")
      .action((options: UnassignOptions) => look(options, (opened) => unassign(opened, options))),
  ];
}

function scoped(name: string, description: string): Command {
  return command(name, description)
    .option("--creditor <id>", "for this creditor; every one when absent", "*")
    .option("--segment <name>", "for this segment; every one when absent", "*");
}

async function assigned(opened: Look): Promise<number> {
  const rows = (await editorOf(opened).heads()).map(({ policy, assigned: scopes }) => [
    `${policy.name}@${policy.version}`,
    policy.createdBy,
    scopes.map(({ creditor, segment, since }) => `${creditor}/${segment} since ${since}`).join(", "),
  ]);
  print(table(["policy", "written by", "holds for creditor/segment"], rows));
  return 0;
}

async function show(opened: Look, name: string): Promise<number> {
  const found = (await editorOf(opened).heads()).find(({ policy }) => policy.name === name);
  if (found === undefined) return refuse(`There is no policy "${name}".`);
  print(JSON.stringify(found.policy.document, null, 2));
  return 0;
}

async function put(opened: Look, file: string): Promise<number> {
  const text = readNamedFile(file);
  if (text === undefined) return 1;
  const read = readPolicy(text, formatOf(file));
  if (!read.ok) return refuseAll(file, read.problems);
  const result = await editorOf(opened).put(read.value, actor(), systemClock.now());
  if (result.kind === "refused") return refusedFor(file, result.refusal);
  const { policy, changes, problems } = result;
  for (const change of changes) print(`  ${change}`);
  print(
    changes.length === 0
      ? `${policy.name}@${policy.version} says this already.`
      : `${policy.name}@${policy.version} is on file.`,
  );
  if (problems.length === 0) return 0;
  complain("It cannot be assigned yet:");
  return refuseAll(file, problems);
}

async function assign(opened: Look, policy: string, options: AssignOptions): Promise<number> {
  const { creditor, segment, since = todayUtc(systemClock.now()) } = options;
  if (parseLocalDate(since) === undefined) return refuse(`--since ${since}: write a day as YYYY-MM-DD.`);
  const assignment = { creditor, segment, policy, since };
  const result = await editorOf(opened).assign(assignment, actor(), systemClock.now());
  if (result.kind === "refused") return refusedFor(policy, result.refusal);
  print(`${policy} holds for creditor ${creditor}, segment ${segment}, since ${result.assignment.since}.`);
  return 0;
}

async function unassign(
  opened: Look,
  { creditor, segment, everybody = false }: UnassignOptions,
): Promise<number> {
  if (everybody !== (creditor === "*" && segment === "*"))
    return refuse(
      everybody
        ? "Give --everybody, or a creditor and a segment, not both."
        : "Name --creditor, --segment or both. With --everybody, cases that no other assignment covers are held.",
    );
  if (await editorOf(opened).unassign(creditor, segment)) {
    print(`No policy is assigned to creditor ${creditor}, segment ${segment} any more.`);
    const left = await opened.rules.policies.assignments();
    if (left.length === 0)
      print(`It was the last one: with the next start ${DEFAULT_POLICY} holds for everybody.`);
    return 0;
  }
  return refuse(`Nothing is assigned to creditor ${creditor}, segment ${segment}.`);
}

function editorOf({ db, rules }: Look) {
  return createPolicyEditor({ db, ...rules });
}

function refusedFor(file: string, refusal: PolicyRefusal): number {
  if (refusal.kind === "not-whole") refuseAll(file, refusal.problems);
  return refuse(refusal.detail);
}

function refuseAll(file: string, problems: readonly FileProblem[]): number {
  for (const problem of problems) complain(problemLine({ file, ...problem }));
  return 1;
}

function refuse(why: string): number {
  complain(why);
  return 1;
}
