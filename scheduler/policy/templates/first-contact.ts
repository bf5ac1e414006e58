/**
 * The first text to a number that is not proven to be the debtor's: whoever reads it must not learn of the
 * debt, and must be able to say that it is the wrong number.
 */
import { readReply } from "#scheduler/replies/intent.ts";
import type { LintFinding } from "./lint-types.ts";
import { type TextPurpose, VARIABLES_FOR, type VariableName } from "./variables.ts";

/** A variable that has a value, but not for a stranger's eyes. */
export function tellsDebt(purpose: TextPurpose, name: VariableName): boolean {
  return purpose === "first-contact" && !VARIABLES_FOR["first-contact"].includes(name);
}

export function* judgeFirstContact(
  { text, language }: { readonly text: string; readonly language: string },
  variables: readonly VariableName[],
): Generator<LintFinding> {
  for (const name of variables.filter((one) => tellsDebt("first-contact", one)))
    yield {
      severity: "error",
      rule: "template.debt-in-first-text",
      detail: `{{ ${name} }} tells of the debt, and the number may be a stranger's`,
      remedy: `Take it out; there are: ${VARIABLES_FOR["first-contact"].join(", ")}.`,
    };
  if (!saysHowToAnswer(text, language))
    yield {
      severity: "error",
      rule: "template.no-wrong-party-word",
      detail: "the text names no word with which a stranger can say that the number is wrong",
      remedy: 'Add it in capitals, such as "Not you? Reply WRONG" (EQUIVOCADO, FALSCH, ERREUR, ENGANO).',
    };
}

/** A word in capitals that a reply is understood by. */
function saysHowToAnswer(text: string, language: string): boolean {
  const own = text.replace(/\{\{.*?\}\}|\{%.*?%\}/gsu, " ");
  return [...own.matchAll(/\p{Lu}{4,}/gu)].some(
    ([word]) => readReply(word, [language]).intent === "wrong-party",
  );
}
