/** Messages that come from outside: text to the DELIVERs that carry it (23.040 9.2.2.1). */
import { addressOf } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import type { Address } from "#hardware/pdu/types.ts";
import { type MobileTerminated, mobileTerminated } from "./mobile-terminated.ts";

export interface TextToSim {
  /** A number, or a name of up to eleven characters. */
  readonly from: string;
  readonly text: string;
  readonly class?: 0 | 1 | 2 | 3;
  readonly concatenationReference?: number;
  readonly referenceBits?: 8 | 16;
  readonly pid?: number;
}

/** Any number: the SUBMITs that are made on the way are never sent. */
const NOBODY = "0";

/** @throws SmsTextError or PduError when the text or the sender cannot be encoded. */
export function composeDelivers(
  message: TextToSim,
  fields: { readonly serviceCentre: string; readonly timestamp: string; readonly reference: number },
): readonly MobileTerminated[] {
  const originator = originatorOf(message.from);
  const { pdus } = encodeMessage({
    to: NOBODY,
    text: message.text,
    concatenationReference: message.concatenationReference ?? fields.reference,
    ...(message.referenceBits && { referenceBits: message.referenceBits }),
    ...(message.class !== undefined && { class: message.class }),
    ...(message.pid !== undefined && { pid: message.pid }),
  });
  return pdus.map(({ hex }, index) => {
    const submit = decodePdu(hex, { direction: "mo" });
    if (submit.kind !== "submit") throw new TypeError(`encoded as ${submit.kind}`);
    const { hex: pduHex } = encodeDeliver({
      smsc: addressOf(fields.serviceCentre),
      moreMessages: index + 1 < pdus.length,
      originator,
      pid: submit.pid,
      coding: submit.coding,
      timestamp: { raw: fields.timestamp },
      userData: submit.userData,
    });
    return mobileTerminated(pduHex);
  });
}

function originatorOf(from: string): Address {
  return /^\+?[0-9*#]{1,20}$/.test(from) ? addressOf(from) : { ton: 5, npi: 0, text: from };
}
