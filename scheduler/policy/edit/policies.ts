/** Policies as people edit them: a new version of one, and for whom it holds. */

import { checkPolicy, type PolicyCheck } from "#scheduler/policy/check.ts";
import type { PolicyDocument, PolicyStep } from "#scheduler/policy/document.ts";
import type { FileProblem } from "#scheduler/policy/files.ts";
import type { Assignment, PolicyStore, StoredPolicy } from "#scheduler/policy/store.ts";
import type { TemplateStore } from "#scheduler/policy/templates/store.ts";
import { createCatalogue } from "#scheduler/policy/templates/types.ts";
import type { LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";

export interface PolicyHead {
  readonly policy: StoredPolicy;
  /** Scopes in which it holds. */
  readonly assigned: readonly Assignment[];
}

export type PolicyRefusal =
  | { readonly kind: "not-found"; readonly detail: string }
  /** It holds for somebody, or is to hold, and its texts are not whole. */
  | { readonly kind: "not-whole"; readonly detail: string; readonly problems: readonly FileProblem[] };

export type PolicyPut =
  | {
      readonly kind: "done";
      readonly policy: StoredPolicy;
      /** What changed against the version before, in sentences; empty when nothing did. */
      readonly changes: readonly string[];
      /** What must be mended before it can be assigned. */
      readonly problems: readonly FileProblem[];
    }
  | { readonly kind: "refused"; readonly refusal: PolicyRefusal };

export type AssignResult =
  | { readonly kind: "done"; readonly assignment: Assignment }
  | { readonly kind: "refused"; readonly refusal: PolicyRefusal };

export interface PolicyEditor {
  heads(): Promise<readonly PolicyHead[]>;
  check(document: PolicyDocument): Promise<PolicyCheck>;
  put(document: PolicyDocument, by: string, now: number): Promise<PolicyPut>;
  /** @param since the first day: debts that were due before it enter by the rule for old debt */
  assign(assignment: Assignment, by: string, now: number): Promise<AssignResult>;
  unassign(creditor: string, segment: string): Promise<boolean>;
}

export interface PolicyEditorDeps {
  readonly db: Database;
  readonly policies: PolicyStore;
  readonly templates: TemplateStore;
}

export function createPolicyEditor({ db, policies, templates }: PolicyEditorDeps): PolicyEditor {
  const check = async (document: PolicyDocument): Promise<PolicyCheck> =>
    checkPolicy(document, createCatalogue(await templates.all()));
  const latest = async (name: string): Promise<StoredPolicy | undefined> =>
    (await policies.latest()).find((one) => one.name === name);
  return {
    heads: async () => {
      const assignments = await policies.assignments();
      return (await policies.latest()).map((policy) => ({
        policy,
        assigned: assignments.filter((one) => one.policy === policy.name),
      }));
    },
    check,
    put: async (document, by, now) => {
      const assigned = (await policies.assignments()).filter(({ policy }) => policy === document.name);
      const holds = assigned.length > 0;
      const creditors = assigned.map(({ creditor }) => creditor);
      const problems = [...(await check(document)).problems, ...tellsStrangers(db, document, creditors)];
      if (holds && problems.length > 0)
        return refused({ kind: "not-whole", detail: `"${document.name}" holds for somebody.`, problems });
      const before = await latest(document.name);
      const policy = await policies.save(document, by, now);
      return { kind: "done", policy, changes: changesOf(before?.document, document), problems };
    },
    assign: async (assignment, by, now) => {
      const found = await latest(assignment.policy);
      if (found === undefined) return refused(unknown(`policy "${assignment.policy}"`));
      if (!isCreditor(db, assignment.creditor)) return refused(unknown(`creditor "${assignment.creditor}"`));
      const { document } = found;
      const strangers = tellsStrangers(db, document, [assignment.creditor]);
      const problems = [...(await check(document)).problems, ...strangers];
      if (problems.length > 0)
        return refused({ kind: "not-whole", detail: `"${found.name}" cannot hold yet.`, problems });
      await policies.assign(assignment, by, now);
      const { creditor, segment } = assignment;
      const all = await policies.assignments();
      const made = all.find((one) => one.creditor === creditor && one.segment === segment);
      return { kind: "done", assignment: made ?? assignment };
    },
    unassign: (creditor, segment) => policies.unassign(creditor, segment),
  };
}

function refused(refusal: PolicyRefusal): { readonly kind: "refused"; readonly refusal: PolicyRefusal } {
  return { kind: "refused", refusal };
}

function unknown(what: string): PolicyRefusal {
  return { kind: "not-found", detail: `There is no ${what}.` };
}

function isCreditor(db: Database, externalId: string): boolean {
  return (
    externalId === "*" || db.sql("select 1 from creditor where external_id = ?").get(externalId) !== undefined
  );
}

/**
 * Who collects for others has numbers from others: until somebody answered, a stranger may read the text.
 * Asked of creditors that are named. Whoever comes to such a policy by an assignment to all is held back
 * by each decision ("policy.first-contact").
 */
function tellsStrangers(db: Database, document: PolicyDocument, creditors: readonly string[]): FileProblem[] {
  if (document.steps[0]?.firstContact === true) return [];
  const collector = db.sql("select 1 from creditor where external_id = ? and role = 'collector'");
  return [...new Set(creditors)]
    .filter((creditor) => collector.get(creditor) !== undefined)
    .map((creditor) => ({
      field: "steps[0].firstContact",
      rule: `is not set, but "${creditor}" collects for others: a stranger would read of the debt`,
      remedy: 'Begin with a step that has firstContact = true, as "collection-agency" does.',
    }));
}

/** Where the cases of the old version go is told by the step ids: a new id is a new step. */
function changesOf(before: PolicyDocument | undefined, after: PolicyDocument): string[] {
  if (before === undefined) return ["the policy is new"];
  const old = new Map(before.steps.map((step) => [step.id, step]));
  const changes = after.steps.flatMap((step) => stepChanges(old.get(step.id), step));
  const kept = new Set(after.steps.map(({ id }) => id));
  for (const id of old.keys()) if (!kept.has(id)) changes.push(`step "${id}" is gone`);
  const members = Object.keys({ ...before, ...after }) as (keyof PolicyDocument)[];
  for (const member of members)
    if (member !== "steps" && !same(before[member], after[member])) changes.push(`${member} changed`);
  return changes;
}

function stepChanges(before: PolicyStep | undefined, after: PolicyStep): string[] {
  if (before === undefined) return [`step "${after.id}" is new`];
  const members = Object.keys({ ...before, ...after }) as (keyof PolicyStep)[];
  return members
    .filter((member) => !same(before[member], after[member]))
    .map((member) => `step "${after.id}": ${member} ${said(before[member])} → ${said(after[member])}`);
}

function said(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Today as the first day of an assignment, where none is named. */
export function todayUtc(now: number): LocalDate {
  return new Date(now).toISOString().slice(0, 10);
}
