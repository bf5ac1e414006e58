/** How answers look on the wire (V.250 5.7.1): verbose or numeric, with the result codes of 27.007 and 27.005. */
import type { Failure, Final } from "./answers.ts";
import { CME_TEXTS, CMS_TEXTS } from "./error-texts.ts";

export interface SpellingRules {
  /** ATV and ATQ. */
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** AT+CMEE. */
  readonly errorLevel: number;
}

export function lineText(line: string, { verbose }: SpellingRules): string {
  return verbose ? `\r\n${line}\r\n` : `${line}\r\n`;
}

export function finalText(final: Final, rules: SpellingRules): string {
  if (rules.quiet || final === "silent") return "";
  if (final === "ok") return rules.verbose ? "\r\nOK\r\n" : "0\r";
  if (final === "no-carrier") return rules.verbose ? "\r\nNO CARRIER\r\n" : "3\r";
  if (final === "error") return rules.verbose ? "\r\nERROR\r\n" : "4\r";
  return failureText(final, rules);
}

/** +CMS ERROR comes at every level of AT+CMEE (27.005 3.2.5); only its spelling follows it. */
function failureText({ family, code }: Failure, rules: SpellingRules): string {
  if (family === "cme" && rules.errorLevel === 0) return finalText("error", rules);
  const texts = family === "cme" ? CME_TEXTS : CMS_TEXTS;
  const detail = rules.errorLevel === 2 ? (texts[code] ?? `Unknown error ${code}`) : String(code);
  return lineText(`${family === "cme" ? "+CME" : "+CMS"} ERROR: ${detail}`, rules);
}
