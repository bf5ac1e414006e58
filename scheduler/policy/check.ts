/** A policy against its texts: every step in every language, each text good enough to be approved. */
import type { PolicyDocument } from "./document.ts";
import type { FileProblem } from "./files.ts";
import { createLinter, type Linter, type LintReport } from "./templates/lint.ts";
import { LEGAL_WORDS, type TextUse, textUses } from "./templates/purposes.ts";
import type { TemplateCatalogue } from "./templates/types.ts";
import type { TextPurpose } from "./templates/variables.ts";

export interface CheckedText {
  readonly key: string;
  readonly language: string;
  readonly purpose: TextPurpose;
  readonly report: LintReport;
}

export interface PolicyCheck {
  readonly ok: boolean;
  readonly problems: readonly FileProblem[];
  readonly texts: readonly CheckedText[];
}

export function checkPolicy(
  document: PolicyDocument,
  catalogue: TemplateCatalogue,
  linter: Linter = createLinter(),
): PolicyCheck {
  const problems: FileProblem[] = [];
  const texts: CheckedText[] = [];
  for (const wanted of textUses(document))
    for (const language of document.languages) {
      const template = catalogue.find(wanted.key, language);
      if (template === undefined) {
        problems.push(missing(wanted, language, catalogue));
        continue;
      }
      const report = linter.lint({
        text: template.text,
        language,
        purpose: wanted.purpose,
        maxSegments: document.maxSegments,
        transliterate: template.transliterate,
        asksReason: template.asksReason,
        notices: noticesIn(catalogue, language),
      });
      texts.push({ key: wanted.key, language, purpose: wanted.purpose, report });
      for (const { severity, rule, detail, remedy } of report.findings)
        if (severity === "error")
          problems.push({ field: `${wanted.key} (${language})`, rule: `${detail} [${rule}]`, remedy });
    }
  return { ok: problems.length === 0, problems, texts };
}

function missing({ field, key }: TextUse, language: string, catalogue: TemplateCatalogue): FileProblem {
  const known = catalogue.languagesOf(key);
  return {
    field,
    rule: known.length === 0 ? `names no text ("${key}")` : `"${key}" has no approved text in "${language}"`,
    remedy:
      known.length === 0
        ? "Correct the name, or add the text in templates/*.toml."
        : `Write it and approve it, or take "${language}" out of languages. There are: ${known.join(", ")}.`,
  };
}

/** The words that some law may add to every text, all of them: the worst case for its length. */
export function noticesIn(catalogue: TemplateCatalogue, language: string): string {
  return LEGAL_WORDS.flatMap((key) => catalogue.find(key, language)?.text ?? []).join(" ");
}
