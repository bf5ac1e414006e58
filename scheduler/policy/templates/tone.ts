/** Manners of a text: no shouting, no threats, no question that some laws forbid, no shortened links. */
import type { LintFinding } from "./lint-types.ts";

/** Words that are written in capitals without being loud: what is to be answered, and abbreviations. */
const QUIET = new Set(
  "STOP BAJA WRONG EQUIVOCADO FALSCH ERREUR ENGANO SMS IBAN BIC SEPA PIN EUR USD GBP CHF DKK COP CLP MXN PEN INR AUD OXXO SPEI PSE".split(
    " ",
  ),
);

/** Whole words in any alphabet; `\b` knows ASCII letters only and would miss "qué". */
function words(...alternatives: readonly string[]): RegExp {
  return new RegExp(`(?<!\\p{L})(${alternatives.join("|")})(?!\\p{L})`, "iu");
}

const THREATS: readonly RegExp[] = [
  words("court", "lawsuit", "sue", "police", "arrest", "bailiff", "blacklist", "seizure"),
  words("juzgado", "demanda judicial", "abogado", "embargo", "denuncia", "buró", "asnef"),
  /(gericht|anwalt|pfändung|polizei|schufa|vollstreckung)/iu,
  words("tribunal", "huissier", "avocat", "saisie", "poursuites"),
  words("advogado", "penhora", "polícia", "processo judicial", "protesto"),
];

const ASKS_WHY: readonly RegExp[] = [
  words("why", "reason"),
  words("por qu[eé]", "motivos?", "raz[oó]n"),
  words("warum", "wieso", "weshalb", "grund"),
  words("pourquoi", "raisons?"),
  words("porqu[eê]", "raz[aã]o"),
];

/** Carriers refuse them, and debtors should not trust them (bandwidth.com, activecampaign.com). */
const SHORTENERS = /\b(bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|cutt\.ly|rb\.gy)\b/iu;

export interface ToneInput {
  readonly text: string;
  readonly asksReason: boolean;
}

export function* judgeTone({ text, asksReason }: ToneInput): Generator<LintFinding> {
  const own = text.replace(/\{\{.*?\}\}|\{%.*?%\}/gsu, " ");
  const loud = [...own.matchAll(/\p{Lu}{2,}/gu)].map(([word]) => word).filter((word) => !QUIET.has(word));
  if (loud.some((word) => word.length >= 5) || loud.length >= 3 || /!{2,}|\?{2,}/.test(own))
    yield {
      severity: "error",
      rule: "template.shouting",
      detail:
        loud.length > 0 ? `capitals: ${loud.join(" ")}` : "several exclamation or question marks in a row",
      remedy: "Write it as you would say it to somebody you respect.",
    };
  const threat = THREATS.map((threats) => threats.exec(own)?.[0]).find((word) => word !== undefined);
  if (threat !== undefined)
    yield {
      severity: "warning",
      rule: "template.threat",
      detail: `"${threat}" reads as a threat`,
      remedy:
        "Name a consequence only when it is decided, lawful and near; have the text looked at by counsel.",
    };
  if (!asksReason && ASKS_WHY.some((asking) => asking.test(own)))
    yield {
      severity: "error",
      rule: "template.asks-why",
      detail: "the text seems to ask for the reason of not paying, which some laws forbid",
      remedy:
        "Take the question out, or mark the template with asksReason = true; it then stays unsent there.",
    };
  const link = SHORTENERS.exec(own)?.[0];
  if (link !== undefined)
    yield {
      severity: "warning",
      rule: "template.shortener",
      detail: `"${link}" is a public link shortener`,
      remedy: "Use a short domain of your own.",
    };
}
