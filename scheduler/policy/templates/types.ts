/** Templates: a text per key and language, versioned, approved before it may leave. */

export type TemplateState = "draft" | "approved" | "retired";

export const TEMPLATE_MOVES: Readonly<Record<TemplateState, readonly TemplateState[]>> = {
  draft: ["approved", "retired"],
  approved: ["retired"],
  retired: [],
};

export interface TemplateVersion {
  /** "utility.early" */
  readonly key: string;
  /** BCP 47: "pt", "pt-BR". */
  readonly language: string;
  /** Counts from 1 for each key and language. */
  readonly version: number;
  readonly text: string;
  readonly state: TemplateState;
  /** The text asks why the debt is unpaid: refused where the law forbids the question. */
  readonly asksReason: boolean;
  /** Characters that no 7-bit alphabet has are replaced by their nearest, when that saves the whole text. */
  readonly transliterate: boolean;
}

/** What decides and renders look into. It never changes; an approval makes a new one. */
export interface TemplateCatalogue {
  /**
   * The approved version for a debtor's language: the exact one ("pt-BR"), else that of its base ("pt").
   * Never another language: a missing one is for a person to write.
   */
  find(key: string, language: string): TemplateVersion | undefined;
  languagesOf(key: string): readonly string[];
}

export function createCatalogue(versions: Iterable<TemplateVersion>): TemplateCatalogue {
  const latest = new Map<string, Map<string, TemplateVersion>>();
  for (const version of versions) {
    if (version.state !== "approved") continue;
    const languages = latest.get(version.key) ?? new Map<string, TemplateVersion>();
    const known = languages.get(version.language);
    if (known === undefined || known.version < version.version) languages.set(version.language, version);
    latest.set(version.key, languages);
  }
  return {
    find: (key, language) => {
      const languages = latest.get(key);
      return languages?.get(language) ?? languages?.get(language.split("-")[0] ?? "");
    },
    languagesOf: (key) => [...(latest.get(key)?.keys() ?? [])].sort(),
  };
}
