import type { TemplateValues } from "./engine.ts";

export interface LintFinding {
  readonly severity: "error" | "warning";
  /** "template.missing-part", "template.ucs2", … */
  readonly rule: string;
  readonly detail: string;
  readonly remedy: string;
}

/** Values that a text is tried on, and whose they are: "sample", or "creditor aqua". */
export interface LintRow {
  readonly of: string;
  readonly values: TemplateValues;
}
