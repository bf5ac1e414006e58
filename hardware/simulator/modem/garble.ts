/** What happens to octets on the line between modem and host. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { Random } from "#shared/random.ts";

/** Two pieces, the second `ms` after the first. */
export interface Garbled {
  readonly now: string;
  readonly later?: { readonly ms: number; readonly text: string };
}

const LINE_ENDS = { none: "", lf: "\n", cr: "\r", double: "\r\n\r\n", extra: "\r\r\n" } as const;
const GARBAGE_OCTETS = 12;
/** A log packet between the flags of Qualcomm's DIAG protocol, 7E. */
const DIAG_FRAME = "\x7e\x10\x00\x2c\x00\x2c\x00\x85\xb1\x0a\x4f\x31\xe1\x7e";

/** Any other action leaves the text as it is. */
export function garbled(text: string, action: FaultAction, random: Random): Garbled {
  switch (action.kind) {
    case "truncate":
      return { now: text.slice(0, action.length) };
    case "line-ends":
      return { now: text.replaceAll("\r\n", LINE_ENDS[action.form]) };
    case "insert": {
      const at = action.at ?? 0;
      return { now: text.slice(0, at) + inserted(action.what, random) + text.slice(at) };
    }
    case "replace":
      return { now: text.replace(new RegExp(action.pattern, "g"), action.by) };
    case "split":
      return { now: text.slice(0, action.at), later: { ms: action.ms, text: text.slice(action.at) } };
    case "merge":
      return { now: "", later: { ms: action.ms, text } };
    default:
      return { now: text };
  }
}

function inserted(what: "nul" | "garbage" | "diag", random: Random): string {
  if (what === "nul") return "\0\0\0";
  if (what === "diag") return DIAG_FRAME;
  return String.fromCharCode(...Array.from({ length: GARBAGE_OCTETS }, () => random.int(0x80, 0xff)));
}

/** A PDU as the modem gets it. */
export function damagedBody(body: string, damage: FaultAction | undefined): string {
  if (damage?.kind === "drop-octet") return body.slice(0, damage.index) + body.slice(damage.index + 1);
  return damage?.kind === "line-feed" ? `0A${body}` : body;
}
