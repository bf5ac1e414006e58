/** From a received PDU to a DELIVER, or to the reason why it is none. */
import { addressText } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { type Concatenation, type Deliver, PduError } from "#hardware/pdu/types.ts";

export interface ParsedDeliver {
  readonly deliver: Deliver;
  readonly sender: string;
  /** Absent for a message of one part, also when its header numbers it 1 of 1. */
  readonly concatenation: Concatenation | undefined;
}

export function parseDeliver(hex: string): ParsedDeliver | string {
  try {
    const pdu = decodePdu(hex, { direction: "mt" });
    if (pdu.kind !== "deliver") return `It is a ${pdu.kind}, not a received message.`;
    const { concatenation } = pdu.userData;
    const long = concatenation !== undefined && concatenation.total > 1;
    return {
      deliver: pdu,
      sender: addressText(pdu.originator),
      concatenation: long ? concatenation : undefined,
    };
  } catch (error) {
    if (error instanceof PduError) return error.message;
    throw error;
  }
}
