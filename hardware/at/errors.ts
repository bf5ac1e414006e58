/** From what a modem says to what should be done about it. */
import type { ErrorAction, ModemError } from "#hardware/modem/types.ts";
import { CME } from "./error-tables/cme.ts";
import { CMS_MODEM } from "./error-tables/cms-modem.ts";
import { RP_CAUSES, TP_FAILURE_CAUSES } from "./error-tables/cms-network.ts";
import { CMS_ANY_VENDOR, CMS_BY_VENDOR } from "./error-tables/cms-vendor.ts";
import { type ErrorRow, type ErrorTable, retry, unknown } from "./error-tables/row.ts";
import type { AtError } from "./results.ts";

/** Whether the PDU had been written when the error came: only then can a message have been sent. */
export type ErrorPhase = "before-pdu" | "after-pdu";

const PLAIN = retry("ERROR without a reason", { escalation: [1, "reset-modem"] });

const CMS_COMMON: readonly ErrorTable[] = [RP_CAUSES, TP_FAILURE_CAUSES, CMS_MODEM];

/**
 * The error as the rest of the house knows it. `vendor` is the profile's (`quectel`, `cinterion`, …).
 * An error before the PDU was written is proof that nothing was sent, so it never asks for `unknown`.
 */
export function modemError(
  family: AtError["family"],
  code: number | undefined,
  vendor: string,
  phase: ErrorPhase,
): ModemError {
  return fromRow(family, code, rowFor(family, code, vendor), phase);
}

/** The same from a parsed result, whose text may stand for a code (AT+CMEE=2). */
export function modemErrorOf(error: AtError, vendor: string, phase: ErrorPhase): ModemError {
  const code = error.code ?? codeOfText(error.family, error.text);
  const described = modemError(error.family, code, vendor, phase);
  return code === undefined ? { ...described, text: error.text } : described;
}

function fromRow(
  family: AtError["family"],
  code: number | undefined,
  row: ErrorRow,
  phase: ErrorPhase,
): ModemError {
  const provenUnsent = phase === "before-pdu" && (row.action === "unknown" || row.action === "done");
  const action: ErrorAction = provenUnsent ? "retry" : row.action;
  const name = family === "plain" ? "ERROR" : `+${family.toUpperCase()} ERROR: ${code ?? "?"}`;
  return {
    family,
    text: family === "plain" ? row.text : `${name} ${row.text}`,
    action,
    ...(code === undefined ? {} : { code }),
    ...(row.retryAfterMs === undefined ? {} : { retryAfterMs: row.retryAfterMs }),
    ...(row.escalation === undefined ? {} : { escalation: row.escalation }),
  };
}

function rowFor(family: AtError["family"], code: number | undefined, vendor: string): ErrorRow {
  if (family === "plain") return PLAIN;
  if (code === undefined) return retry("an error without a number");
  const tables = family === "cme" ? [CME] : [...CMS_COMMON, CMS_BY_VENDOR[vendor] ?? CMS_ANY_VENDOR];
  for (const table of tables) {
    const row = table[code];
    if (row !== undefined) return row;
  }
  return family === "cms" && code >= 512
    ? unknown("a code of the vendor that no table explains")
    : retry("a code that no table explains", { escalation: [2, "other-sim"] });
}

/** The number behind a text, compared without case, spaces and signs. */
function codeOfText(family: AtError["family"], text: string): number | undefined {
  if (family === "plain") return undefined;
  const wanted = bare(text.replace(/^\+CM[ES] ERROR: ?/, ""));
  const tables = family === "cme" ? [CME] : CMS_COMMON;
  for (const table of tables) {
    for (const [code, row] of Object.entries(table)) if (bare(row.text) === wanted) return Number(code);
  }
  return undefined;
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("(u)", "")
    .replace(/[^a-z0-9]/g, "");
}
