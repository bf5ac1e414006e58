/** What is refused of policies and texts, as problem details. */
import type { PolicyRefusal } from "#scheduler/policy/edit/policies.ts";
import type { TemplateRefusal } from "#scheduler/policy/edit/texts.ts";
import type { FileProblem } from "#scheduler/policy/files.ts";
import { type Problem, type ProblemCatalogue, problemsOf, problem as shared } from "#shared/problems.ts";

export const RULES_PROBLEMS = {
  text_refused: {
    status: 422,
    title: "The text has an error, and a text with errors is never approved.",
    remedy: "Mend what `errors` names, put the text again, and approve the new version.",
    retryable: false,
  },
  text_purpose_unknown: {
    status: 422,
    title: "No policy names the text, so nobody knows what it must say.",
    remedy: "Correct the key, or say with `purpose` what the text is for.",
    retryable: false,
  },
  text_state_conflict: {
    status: 409,
    title: "The version is not in a state for that.",
    remedy: "Read the versions of the text, and name the one you mean.",
    retryable: false,
  },
  policy_invalid: {
    status: 422,
    title: "The policy does not read.",
    remedy: "Correct what `errors` names. `dunlin policies check` says the same of a file.",
    retryable: false,
  },
  policy_not_whole: {
    status: 422,
    title: "The policy is not whole, and so it cannot hold.",
    remedy: "Mend what `errors` names: approve the missing texts, or take the language out of the policy.",
    retryable: false,
  },
} as const satisfies ProblemCatalogue;

const problem = problemsOf(RULES_PROBLEMS);

const TEXT_CODES = {
  lint: "text_refused",
  "purpose-unknown": "text_purpose_unknown",
  state: "text_state_conflict",
} as const;

export function textProblem(refusal: TemplateRefusal): Problem {
  const { kind, detail } = refusal;
  if (kind === "not-found") return shared("not_found", { detail });
  if (kind !== "lint") return problem(TEXT_CODES[kind], { detail });
  const errors = refusal.lint.findings
    .filter(({ severity }) => severity === "error")
    .map((finding) => ({ pointer: "/text", detail: `${finding.detail}. ${finding.remedy}` }));
  return problem("text_refused", { detail, errors });
}

export function policyProblem(refusal: PolicyRefusal): Problem {
  const { kind, detail } = refusal;
  if (kind === "not-found") return shared("not_found", { detail });
  return problem("policy_not_whole", { detail, errors: refusal.problems.map(fieldError) });
}

export function policyInvalid(problems: readonly FileProblem[]): Problem {
  return problem("policy_invalid", { errors: problems.map(fieldError) });
}

/** `steps[2].offset` → `/steps/2/offset` */
function fieldError({ field, rule, remedy }: FileProblem) {
  // A text that a policy names has no place in the policy's own document.
  if (field.includes(" ")) return { pointer: "", detail: `${field}: ${rule}. ${remedy}` };
  const pointer = field === "" ? "" : `/${field.replaceAll(/[[.]/g, "/").replaceAll("]", "")}`;
  return { pointer, detail: `${field === "" ? "The policy" : field} ${rule}. ${remedy}` };
}
