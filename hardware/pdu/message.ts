/** From a text to the PDUs that a modem sends, one for each segment. */
import { type EncodableLanguage, type Segmentation, segmentText } from "#shared/sms-text.ts";
import { addressOf } from "./address.ts";
import { codingOctet } from "./coding.ts";
import { concatenationElement, shiftElements } from "./header.ts";
import { type SubmitFields, startSubmit } from "./submit.ts";
import { type EncodedPdu, PduError } from "./types.ts";
import { NO_VALIDITY, relativeValidity } from "./validity.ts";

export interface TextMessage {
  /** `+` and digits, or a short code; see `addressOf`. */
  readonly to: string;
  readonly text: string;
  /** Joins the segments at the receiver: 0..255 or 0..65535 by `referenceBits`. Not used for one segment. */
  readonly concatenationReference: number;
  /** Default 8. */
  readonly referenceBits?: 8 | 16;
  /** TP-DCS message class; 0 is shown at once ("flash"). */
  readonly class?: 0 | 1 | 2 | 3;
  readonly statusReportRequest?: boolean;
  readonly rejectDuplicates?: boolean;
  /** Rounded up to what TP-VP can say, at most 63 weeks; absent leaves it to the service centre. */
  readonly validitySeconds?: number;
  /** TP-PID, default 0. */
  readonly pid?: number;
  readonly languages?: readonly EncodableLanguage[];
  readonly transliterate?: boolean;
  /** Absent: the service centre that the SIM knows. */
  readonly smsc?: string;
}

export interface EncodedMessage {
  readonly segmentation: Segmentation;
  readonly pdus: readonly EncodedPdu[];
}

/**
 * A pure function of its argument: the same message gives the same octets.
 *
 * @throws SmsTextError when the text cannot be sent as asked.
 * @throws PduError when another field cannot be encoded.
 */
export function encodeMessage(message: TextMessage): EncodedMessage {
  const referenceBits = message.referenceBits ?? 8;
  const segmentation = segmentText(message.text, {
    referenceBits,
    ...(message.languages && { languages: message.languages }),
    ...(message.transliterate !== undefined && { transliterate: message.transliterate }),
  });
  const { alphabet, segments, singleShift, lockingShift } = segmentation;
  const total = segments.length;
  if (total > 1) checkReference(message.concatenationReference, referenceBits);
  const shifts = shiftElements(singleShift, lockingShift);
  const submit = startSubmit(submitFields(message, alphabet), total > 1 || shifts.length > 0);
  const pdus =
    total === 1
      ? [submit.finish({ header: shifts, text: segmentation.text })]
      : segments.map(({ text }, i) => {
          const part = { referenceBits, reference: message.concatenationReference, total, sequence: i + 1 };
          return submit.finish({ header: [concatenationElement(part), ...shifts], text });
        });
  return Object.freeze({ segmentation, pdus: Object.freeze(pdus) });
}

function submitFields(message: TextMessage, alphabet: "gsm7" | "ucs2"): Omit<SubmitFields, "userData"> {
  const { validitySeconds } = message;
  return {
    smsc: message.smsc === undefined ? null : addressOf(message.smsc),
    destination: addressOf(message.to),
    statusReportRequest: message.statusReportRequest ?? false,
    rejectDuplicates: message.rejectDuplicates ?? false,
    pid: message.pid ?? 0,
    coding: codingOctet(alphabet, message.class),
    validity: validitySeconds === undefined ? NO_VALIDITY : relativeValidity(validitySeconds),
  };
}

function checkReference(reference: number, bits: 8 | 16): void {
  const max = 2 ** bits - 1;
  if (!Number.isInteger(reference) || reference < 0 || reference > max) {
    throw new PduError(
      "out-of-range",
      "concatenationReference",
      undefined,
      `${reference} is not a whole number from 0 to ${max}`,
    );
  }
}
