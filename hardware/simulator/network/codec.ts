/**
 * The places where the simulator needs the whole codec: reading a ledger entry, showing a message on a
 * handset, and writing messages to a SIM. The way of a SUBMIT through the modem does without it.
 */
import { addressText } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { joinUserData } from "#hardware/pdu/reassembly.ts";
import type { Deliver, Submit } from "#hardware/pdu/types.ts";

/** Undefined when it is no SUBMIT that can be read. */
export function decodeSubmit(pduHex: string): Submit | undefined {
  return decodeAs("submit", pduHex, "mo") as Submit | undefined;
}

/** Text of a SUBMIT that the modem has taken apart; undefined for binary user data. */
export function textOfSubmit(tpdu: string): string | undefined {
  return decodeSubmit(`00${tpdu}`)?.userData.text;
}

export function decodeDeliver(pduHex: string): Deliver | undefined {
  return decodeAs("deliver", pduHex, "mt") as Deliver | undefined;
}

function decodeAs(kind: string, pduHex: string, direction: "mo" | "mt"): unknown {
  try {
    const pdu = decodePdu(pduHex, { direction });
    return pdu.kind === kind ? pdu : undefined;
  } catch {
    // A modem passes on what it cannot read; so does this one.
    return undefined;
  }
}

export function originatorOf(deliver: Deliver): string {
  return addressText(deliver.originator);
}

export function joinedText(parts: readonly Deliver[]): string | undefined {
  return joinUserData(parts.map((part) => part.userData)).text;
}
