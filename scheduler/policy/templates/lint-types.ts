export interface LintFinding {
  readonly severity: "error" | "warning";
  /** "template.missing-part", "template.ucs2", … */
  readonly rule: string;
  readonly detail: string;
  readonly remedy: string;
}
