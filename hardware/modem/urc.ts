/** What a modem says by itself, as values. */
import { afterPrefix, numberField, splitFields } from "#hardware/at/fields.ts";
import { type AtError, finalResult } from "#hardware/at/results.ts";
import type { Token } from "#hardware/at/tokenizer.ts";
import type { Profile } from "./profiles/profile.ts";
import { parseRegistrationUrc, type RegistrationDomain } from "./registration.ts";

export type Urc =
  /** A message or report waits in a storage; without an index, the modem could not say where. */
  | { readonly kind: "stored"; readonly storage: string; readonly index?: number }
  /** One that is not stored anywhere: it is ours alone now. */
  | { readonly kind: "direct"; readonly what: "message" | "report"; readonly pdu: string }
  | { readonly kind: "registration"; readonly domain: RegistrationDomain; readonly stat: number }
  /** `certain`: it has restarted. Else a part has come up, which may belong to a start that is known. */
  | { readonly kind: "boot"; readonly certain: boolean; readonly line: string }
  | { readonly kind: "sim-changed"; readonly line: string }
  | { readonly kind: "storage-full"; readonly line: string }
  | { readonly kind: "ring" }
  /** The answer to a submit that is not waited for any more. */
  | { readonly kind: "late-reference"; readonly reference: number | undefined }
  | { readonly kind: "late-error"; readonly error: AtError }
  /** A message in text mode: our settings are lost. */
  | { readonly kind: "text-mode" }
  | { readonly kind: "noise" }
  | { readonly kind: "strange"; readonly line: string };

export function classifyUrc(token: Token, profile: Profile): Urc {
  switch (token.kind) {
    case "record":
      return fromRecord(token.header, token.data, token.textMode);
    case "line":
      return fromLine(token.text, profile);
    case "prompt":
      return { kind: "noise" };
    case "overlong":
      return { kind: "strange", line: `a line of ${token.bytes} bytes` };
  }
}

function fromRecord(header: string, data: string, textMode: boolean): Urc {
  if (textMode) return { kind: "text-mode" };
  if (header.startsWith("+CMT:")) return { kind: "direct", what: "message", pdu: data };
  if (header.startsWith("+CDS:")) return { kind: "direct", what: "report", pdu: data };
  // +CBM is cell broadcast, which is nobody's message; +CMGR and +CMGL here answer a command given up.
  return { kind: "noise" };
}

function fromLine(line: string, profile: Profile): Urc {
  if (line.startsWith("+CMTI:") || line.startsWith("+CDSI:")) return stored(line);
  const registration = parseRegistrationUrc(line);
  if (registration !== undefined) return { kind: "registration", ...registration };
  const says = profile.announces;
  const matches = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(line));
  if (matches(says.restart)) return { kind: "boot", certain: true, line };
  if (matches(says.booting)) return { kind: "boot", certain: false, line };
  if (matches(says.simChanged)) return { kind: "sim-changed", line };
  if (matches(says.storageFull)) return { kind: "storage-full", line };
  if (line === "RING" || line.startsWith("+CRING:")) return { kind: "ring" };
  if (line.startsWith("+CMGS:") || line.startsWith("+CMSS:")) {
    return { kind: "late-reference", reference: numberField(splitFields(afterPrefix(line))[0]) };
  }
  const result = finalResult(line);
  if (result?.kind === "error" && result.error.family === "cms")
    return { kind: "late-error", error: result.error };
  if (result !== undefined || matches(says.noise)) return { kind: "noise" };
  return { kind: "strange", line };
}

/** `+CMTI: "SM",3`; an index of -1 has been seen. */
function stored(line: string): Urc {
  const [storage = "", index] = splitFields(afterPrefix(line));
  const number = numberField(index);
  return number === undefined || number < 0
    ? { kind: "stored", storage }
    : { kind: "stored", storage, index: number };
}
