/** How answers look on the wire (V.250 5.7.1): verbose or numeric, with the result codes of 27.007 and 27.005. */
import type { Failure, Final } from "./answers.ts";
import { CME_TEXTS, CMS_TEXTS } from "./error-texts.ts";

export interface SpellingRules {
  /** ATV and ATQ. */
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** AT+CMEE. */
  readonly errorLevel: number;
  /** ATS3 and ATS4: what stands for CR and LF. */
  readonly lineEnd: number;
  readonly lineFeed: number;
}

const CR = 13;
const LF = 10;

/** An information line or an unsolicited one. */
export function lineText(line: string, rules: SpellingRules): string {
  const end = lineEnd(rules);
  return rules.verbose ? `${end}${line}${end}` : `${line}${end}`;
}

function lineEnd({ lineEnd: end, lineFeed: feed }: SpellingRules): string {
  return end === CR && feed === LF ? "\r\n" : String.fromCharCode(end, feed);
}

/** Result codes in words and in numbers (V.250 table 1). */
const RESULTS = { ok: ["OK", 0], error: ["ERROR", 4], "no-carrier": ["NO CARRIER", 3] } as const;

export function finalText(final: Final, rules: SpellingRules): string {
  if (rules.quiet || final === "silent") return "";
  if (typeof final === "object") return failureText(final, rules);
  const [word, number] = RESULTS[final];
  return rules.verbose ? lineText(word, rules) : `${number}${String.fromCharCode(rules.lineEnd)}`;
}

/** +CMS ERROR comes at every level of AT+CMEE (27.005 3.2.5); only its spelling follows it. */
function failureText({ family, code }: Failure, rules: SpellingRules): string {
  if (family === "cme" && rules.errorLevel === 0) return finalText("error", rules);
  const texts = family === "cme" ? CME_TEXTS : CMS_TEXTS;
  const detail = rules.errorLevel === 2 ? (texts[code] ?? `Unknown error ${code}`) : String(code);
  return lineText(`${family === "cme" ? "+CME" : "+CMS"} ERROR: ${detail}`, rules);
}
