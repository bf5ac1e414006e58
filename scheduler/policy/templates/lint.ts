/**
 * What is shown before a text is approved: how many segments the worst row takes, which characters make it
 * dear, which parts the law or good manners miss, what stays unfilled, and where it shouts.
 */
import { SmsTextError, segmentText } from "#shared/sms-text.ts";
import { createTemplateEngine, type TemplateEngine, TemplateError } from "./engine.ts";
import { judgeFirstContact, tellsDebt } from "./first-contact.ts";
import { createFormats, type Formats, smsSafe } from "./format.ts";
import type { LintFinding, LintRow } from "./lint-types.ts";
import { sampleRows } from "./samples.ts";
import { judgeTone } from "./tone.ts";
import { REQUIRED_FOR, type TextPurpose, VARIABLES_FOR, type VariableName } from "./variables.ts";

export type { LintFinding, LintRow } from "./lint-types.ts";

export interface LintReport {
  /** No error: it may be approved. */
  readonly ok: boolean;
  readonly findings: readonly LintFinding[];
  readonly variables: readonly VariableName[];
  /** The row that takes the most segments, as it would leave. */
  readonly worst?: {
    readonly row: number;
    /** Whose values they are: "sample", or "creditor aqua". */
    readonly of: string;
    readonly text: string;
    readonly segments: number;
    readonly alphabet: "gsm7" | "ucs2";
    readonly units: number;
  };
  /** Characters without a place in the 7-bit alphabet, and whether the text or a value brings them. */
  readonly forcingUcs2: readonly { readonly character: string; readonly from: "text" | "value" }[];
}

export interface LintInput {
  readonly text: string;
  readonly language: string;
  readonly purpose: TextPurpose;
  readonly maxSegments: number;
  readonly transliterate: boolean;
  readonly asksReason: boolean;
  /** Rows to try, of the portfolio; samples of the longest likely values when absent. */
  readonly rows?: readonly LintRow[];
  /** What the law may add in this language ("Reply STOP to opt out."). */
  readonly notices?: string;
}

export interface Linter {
  lint(input: LintInput): LintReport;
}

export function createLinter(): Linter {
  const engine = createTemplateEngine();
  const formats = createFormats();
  return { lint: (input) => lintText(engine, formats, input) };
}

function lintText(engine: TemplateEngine, formats: Formats, input: LintInput): LintReport {
  const findings: LintFinding[] = [];
  let variables: VariableName[] = [];
  try {
    variables = engine.variablesOf(input.text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    findings.push(broken(error));
    return { ok: false, findings, variables, forcingUcs2: [] };
  }
  findings.push(...judgeParts(input.purpose, variables), ...judgeTone(input));
  if (input.purpose === "first-contact") findings.push(...judgeFirstContact(input, variables));
  const rows = (input.rows ?? sampleRows(formats, input.language)).map(({ of, values }) => ({
    of,
    values: { ...values, notices: input.notices ?? values.notices ?? "" },
  }));
  const rendered = renderRows(engine, formats, input, rows, findings);
  const worst = rendered.toSorted((a, b) => b.segments - a.segments || b.units - a.units)[0];
  findings.push(...judgeLength(worst, input.maxSegments));
  const forcingUcs2 = forcing(input.text, rendered);
  findings.push(...judgeCharacters(input, forcingUcs2));
  return {
    ok: findings.every(({ severity }) => severity !== "error"),
    findings,
    variables,
    ...(worst === undefined ? {} : { worst: withoutForcing(worst) }),
    forcingUcs2,
  };
}

function broken(error: TemplateError): LintFinding {
  return {
    severity: "error",
    rule: "template.syntax",
    detail: error.message,
    remedy: "Correct the text at this place.",
  };
}

function* judgeParts(purpose: TextPurpose, variables: readonly VariableName[]): Generator<LintFinding> {
  for (const name of REQUIRED_FOR[purpose])
    if (!variables.includes(name))
      yield {
        severity: "error",
        rule: "template.missing-part",
        detail: `the text does not say {{ ${name} }}`,
        remedy: `Every text of this kind needs it: add {{ ${name} }}.`,
      };
  for (const name of variables)
    if (!VARIABLES_FOR[purpose].includes(name) && !tellsDebt(purpose, name))
      yield {
        severity: "error",
        rule: "template.unfilled",
        detail: `{{ ${name} }} has no value in a text of this kind`,
        remedy: `Take it out; there are: ${VARIABLES_FOR[purpose].join(", ")}.`,
      };
}

interface Rendered {
  readonly row: number;
  readonly of: string;
  readonly text: string;
  readonly segments: number;
  readonly alphabet: "gsm7" | "ucs2";
  readonly units: number;
  readonly forcing: readonly string[];
}

function renderRows(
  engine: TemplateEngine,
  formats: Formats,
  input: LintInput,
  rows: readonly LintRow[],
  findings: LintFinding[],
): Rendered[] {
  const rendered: Rendered[] = [];
  for (const [row, { of, values }] of rows.entries()) {
    try {
      const plural = (count: number): string => formats.plural(count, input.language);
      const text = smsSafe(engine.render(input.text, values, plural))
        .replace(/ +/g, " ")
        .trim();
      const plain = segmentText(text);
      const sent = segmentText(text, { transliterate: input.transliterate });
      rendered.push({
        row,
        of,
        text: sent.text,
        segments: sent.segments.length,
        alphabet: sent.alphabet,
        units: sent.units,
        forcing: plain.forcingUcs2.map(({ character }) => character),
      });
    } catch (error) {
      if (!(error instanceof TemplateError || error instanceof SmsTextError)) throw error;
      findings.push({
        severity: "error",
        rule: "template.unfilled",
        detail: `row ${row + 1} (${of}): ${error.message}`,
        remedy: "Fill the value, or do not name it in the text.",
      });
      // One row that fails says what all the others would.
      break;
    }
  }
  return rendered;
}

function withoutForcing({ forcing: _, ...rest }: Rendered): Omit<Rendered, "forcing"> {
  return rest;
}

function* judgeLength(worst: Rendered | undefined, maxSegments: number): Generator<LintFinding> {
  if (worst === undefined) return;
  if (worst.segments > maxSegments)
    yield {
      severity: "error",
      rule: "template.too-long",
      detail: `the worst row takes ${worst.segments} segments, ${maxSegments} are allowed`,
      remedy: "Shorten the text.",
    };
}

function forcing(text: string, rendered: readonly Rendered[]): LintReport["forcingUcs2"] {
  const all = new Set(rendered.flatMap((row) => row.forcing));
  return [...all].map((character) => ({ character, from: text.includes(character) ? "text" : "value" }));
}

function* judgeCharacters(input: LintInput, found: LintReport["forcingUcs2"]): Generator<LintFinding> {
  const own = found.filter(({ from }) => from === "text").map(({ character }) => character);
  if (own.length === 0) return;
  const effect = input.transliterate
    ? "are replaced by their nearest where that is possible, else the text costs more than twice as much"
    : "make every text cost more than twice as much (70 characters a segment)";
  yield {
    severity: "warning",
    rule: "template.ucs2",
    detail: `${own.map((character) => `"${character}"`).join(", ")} ${effect}`,
    remedy: "Choose other words if you can.",
  };
}
