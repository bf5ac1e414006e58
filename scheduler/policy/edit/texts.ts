/**
 * Texts as people edit them: written as a draft with its lint report, approved by somebody, taken back. What
 * was sent names its version for ever, so a version is never changed.
 */
import { noticesIn } from "#scheduler/policy/check.ts";
import type { PolicyStore } from "#scheduler/policy/store.ts";
import { createFormats } from "#scheduler/policy/templates/format.ts";
import { createLinter, type LintReport } from "#scheduler/policy/templates/lint.ts";
import { portfolioRows } from "#scheduler/policy/templates/portfolio-rows.ts";
import { LEGAL_WORDS, type TextUse, textUses } from "#scheduler/policy/templates/purposes.ts";
import type { StoredTemplate, TemplateStore } from "#scheduler/policy/templates/store.ts";
import { createCatalogue, type TemplateCatalogue } from "#scheduler/policy/templates/types.ts";
import type { TextPurpose } from "#scheduler/policy/templates/variables.ts";
import type { Database } from "#shared/sqlite.ts";

/** Where no policy names a text yet; that of the shipped policies. */
const SEGMENTS_MAX = 3;

export interface TextDraft {
  /** "utility.early" */
  readonly key: string;
  /** BCP 47 */
  readonly language: string;
  readonly text: string;
  readonly asksReason: boolean;
  readonly transliterate: boolean;
  /** Needed only while no policy names the key. */
  readonly purpose?: TextPurpose;
}

/** A text in one language: the version that leaves, and the newest one, which may wait for approval. */
export interface TemplateHead {
  readonly key: string;
  readonly language: string;
  /** Version that leaves; absent: none does. */
  readonly holds?: number;
  readonly newest: StoredTemplate;
  /** Policies that name the key. */
  readonly usedBy: readonly string[];
}

export type TemplateRefusal =
  | { readonly kind: "not-found"; readonly detail: string }
  /** No policy names the key, so it is not known what the text must say. */
  | { readonly kind: "purpose-unknown"; readonly detail: string }
  | { readonly kind: "lint"; readonly detail: string; readonly lint: LintReport }
  | { readonly kind: "state"; readonly detail: string };

export type TemplateEdit =
  | { readonly kind: "done"; readonly template: StoredTemplate }
  | { readonly kind: "refused"; readonly refusal: TemplateRefusal };

export interface TemplateEditor {
  heads(): Promise<readonly TemplateHead[]>;
  /** All versions, newest first. */
  versions(key: string, language: string): Promise<readonly StoredTemplate[]>;
  lint(draft: TextDraft): Promise<LintReport | TemplateRefusal>;
  /** A new version, as a draft; the newest one when it says the same. */
  put(draft: TextDraft, by: string, now: number): Promise<TemplateEdit>;
  /** @param version the newest when absent. Judged anew, by the policies of now. */
  approve(
    key: string,
    language: string,
    version: number | undefined,
    by: string,
    now: number,
  ): Promise<TemplateEdit>;
  /** The version approved before it holds again; with none, the language is blocked. */
  retire(key: string, language: string, version: number): Promise<TemplateEdit>;
}

export interface TemplateEditorDeps {
  readonly db: Database;
  readonly templates: TemplateStore;
  readonly policies: PolicyStore;
}

export function createTemplateEditor(deps: TemplateEditorDeps): TemplateEditor {
  const { templates } = deps;
  const lint = (draft: TextDraft): Promise<LintReport | TemplateRefusal> => lintDraft(deps, draft);
  const versions = async (key: string, language: string): Promise<StoredTemplate[]> =>
    (await templates.all()).filter((one) => one.key === key && one.language === language).reverse();
  const one = async (key: string, language: string, version: number): Promise<StoredTemplate | undefined> =>
    (await versions(key, language)).find((each) => each.version === version);
  return {
    heads: () => headsOf(deps),
    versions,
    lint,
    put: async (draft, by, now) => {
      const report = await lint(draft);
      if ("kind" in report) return refused(report);
      return { kind: "done", template: await templates.draft({ ...draft, lint: report }, by, now) };
    },
    approve: async (key, language, version, by, now) => {
      const found = await versions(key, language);
      const wanted = version === undefined ? found[0] : found.find((each) => each.version === version);
      if (wanted === undefined) return refused(notFound(key, language, version));
      const report = await lint(wanted);
      if ("kind" in report) return refused(report);
      const [error] = report.findings.filter(({ severity }) => severity === "error");
      if (error !== undefined)
        return refused({ kind: "lint", detail: `${error.detail}. ${error.remedy}`, lint: report });
      const result = await templates.approve(key, language, wanted.version, by, now);
      if (result.kind === "approved") return { kind: "done", template: result.template };
      const detail = result.kind === "refused" ? result.because : "it is gone";
      return refused({ kind: "state", detail: `Version ${wanted.version} cannot be approved: ${detail}.` });
    },
    retire: async (key, language, version) => {
      if (!(await templates.retire(key, language, version))) {
        const known = await one(key, language, version);
        return refused(
          known === undefined
            ? notFound(key, language, version)
            : { kind: "state", detail: `Version ${version} was taken back before.` },
        );
      }
      return { kind: "done", template: (await one(key, language, version)) as StoredTemplate };
    },
  };
}

function refused(refusal: TemplateRefusal): TemplateEdit {
  return { kind: "refused", refusal };
}

function notFound(key: string, language: string, version: number | undefined): TemplateRefusal {
  const which = version === undefined ? "" : ` in version ${version}`;
  return { kind: "not-found", detail: `There is no text "${key}" in "${language}"${which}.` };
}

async function usesOf(policies: PolicyStore): Promise<TextUse[]> {
  return (await policies.latest()).flatMap(({ document }) => textUses(document));
}

async function headsOf({ templates, policies }: TemplateEditorDeps): Promise<TemplateHead[]> {
  const all = await templates.all();
  const catalogue = createCatalogue(all);
  const uses = await usesOf(policies);
  const newest = new Map(all.map((one) => [JSON.stringify([one.key, one.language]), one]));
  return [...newest.values()].map((one) => {
    const holds = holding(catalogue, one);
    const named = uses.filter(({ key }) => key === one.key).map(({ policy }) => policy);
    return {
      key: one.key,
      language: one.language,
      newest: one,
      usedBy: [...new Set(named)].sort(),
      ...(holds === undefined ? {} : { holds }),
    };
  });
}

/** The version that leaves in exactly this language; a base language that would stand in does not count. */
function holding(catalogue: TemplateCatalogue, { key, language }: StoredTemplate): number | undefined {
  const found = catalogue.find(key, language);
  return found?.language === language ? found.version : undefined;
}

/** For every use of the text; the first report with an error, else the first. */
async function lintDraft(
  { db, templates, policies }: TemplateEditorDeps,
  draft: TextDraft,
): Promise<LintReport | TemplateRefusal> {
  const uses = (await usesOf(policies)).filter(({ key }) => key === draft.key);
  const legal: TextPurpose[] = LEGAL_WORDS.includes(draft.key) ? ["legal-words"] : [];
  const told: TextPurpose[] = draft.purpose === undefined ? [] : [draft.purpose];
  const purposes = new Set<TextPurpose>([...uses.map(({ purpose }) => purpose), ...legal]);
  if (purposes.size === 0) for (const purpose of told) purposes.add(purpose);
  if (purposes.size === 0)
    return {
      kind: "purpose-unknown",
      detail: `No policy names "${draft.key}". Say what the text is for, or correct the key.`,
    };
  const linter = createLinter();
  const catalogue = createCatalogue(await templates.all());
  const rows = portfolioRows(db, createFormats(), draft.language);
  const maxSegments = Math.min(...uses.map((use) => use.maxSegments), uses.length === 0 ? SEGMENTS_MAX : 99);
  const notices = legal.length === 0 ? noticesIn(catalogue, draft.language) : "";
  const { text, language, transliterate, asksReason } = draft;
  const reports = [...purposes].map((purpose) =>
    linter.lint({ text, language, transliterate, asksReason, purpose, maxSegments, rows, notices }),
  );
  return reports.find(({ ok }) => !ok) ?? (reports[0] as LintReport);
}
