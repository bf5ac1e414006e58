/** Final result codes: the lines that end a command (V.250 5.7.1, 27.007 9.2, 27.005 3.2.5). */

/** How a modem said no. `code` is absent for a bare ERROR and for texts that no table knows. */
export interface AtError {
  readonly family: "cms" | "cme" | "plain";
  readonly code?: number;
  /** As the modem said it. */
  readonly text: string;
}

export type FinalResult = { readonly kind: "ok" } | { readonly kind: "error"; readonly error: AtError };

const OK: FinalResult = { kind: "ok" };

/** What some modems say in place of ERROR: Huawei, Samsung, and E1550 as its answer to AT+CNUM. */
const PLAIN_ERRORS = new Set(["ERROR", "COMMAND NOT SUPPORT", "TOO MANY PARAMETERS", "NA", "ERROR+CNUM:"]);

/**
 * The result a line stands for; undefined when it is not one. RING, NO CARRIER and the like belong to
 * calls and never end an SMS command. `numeric` also takes the results of V0 (V.250 6.2.6): only
 * before ATV1 was answered, since a bare number may be an answer later.
 */
export function finalResult(line: string, numeric = false): FinalResult | undefined {
  if (line === "OK") return OK;
  const first = line.charCodeAt(0);
  // + C E M N T, and digits: the initials of all other results.
  if (first === 0x2b) return coded(line);
  const text = line.trimEnd();
  if (text === "OK") return OK;
  if (PLAIN_ERRORS.has(text)) return plain(text);
  if (first === 0x4d && /^MODEM ERROR: ?\d+$/.test(text)) return plain(text);
  if (numeric && text === "0") return OK;
  if (numeric && text === "4") return plain("4");
  return undefined;
}

function plain(text: string): FinalResult {
  return { kind: "error", error: { family: "plain", text } };
}

function coded(line: string): FinalResult | undefined {
  const match = /^\+CM([ES]) ERROR ?: ?(.*)$/.exec(line.trimEnd());
  if (!match) return undefined;
  const family = match[1] === "S" ? "cms" : "cme";
  const detail = (match[2] ?? "").trim();
  const text = `+CM${match[1]} ERROR: ${detail}`;
  if (!/^\d{1,5}$/.test(detail)) return { kind: "error", error: { family, text } };
  return { kind: "error", error: { family, code: Number(detail), text } };
}
