/** What texts are for, told by the policies that name them: it decides what a text must say. */
import { isArrears, type PolicyDocument, type PolicyStep } from "#scheduler/policy/document.ts";
import type { TextPurpose } from "./variables.ts";

/** One place of a policy that names a text. */
export interface TextUse {
  readonly policy: string;
  /** `steps[2].template` */
  readonly field: string;
  readonly key: string;
  readonly purpose: TextPurpose;
  readonly maxSegments: number;
}

function purposeOf({ kind, firstContact }: PolicyStep): TextPurpose {
  if (firstContact === true) return "first-contact";
  if (!isArrears(kind)) return "before-due";
  return kind === "early" ? "arrears" : "notice-with-date";
}

/** Every text that a policy names, steps first. */
export function textUses(document: PolicyDocument): TextUse[] {
  const { steps, thanks, promise, name: policy, maxSegments } = document;
  const uses: TextUse[] = steps.map((step, i) => ({
    policy,
    field: `steps[${i}].template`,
    key: step.template,
    purpose: purposeOf(step),
    maxSegments,
  }));
  if (thanks)
    uses.push({ policy, field: "thanks.template", key: thanks.template, purpose: "thanks", maxSegments });
  for (const name of ["dayBefore", "morning"] as const) {
    const key = promise[name];
    if (key !== undefined)
      uses.push({ policy, field: `promise.${name}`, key, purpose: "promise", maxSegments });
  }
  return uses;
}

/** The words that the law may want in every text; no policy names them. */
export const LEGAL_WORDS: readonly string[] = ["common.notice-collector", "common.notice-opt-out"];
