/** From a text to the PDUs that a modem sends, one for each segment. */
import { type Segmentation, type SegmentOptions, splitText } from "#shared/sms-text.ts";
import { addressOf } from "./address.ts";
import { codingOctet } from "./coding.ts";
import { concatenationElement, shiftElements } from "./header.ts";
import { encodeSubmits, type SubmitFields } from "./submit.ts";
import { type EncodedPdu, PduError } from "./types.ts";
import { NO_VALIDITY, relativeValidity } from "./validity.ts";

export interface TextMessage extends Pick<SegmentOptions, "languages" | "transliterate"> {
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
  /** Absent: the service centre that the SIM knows. */
  readonly smsc?: string;
}

export interface EncodedMessage {
  /** As `splitText` gives it: without the characters that force UCS-2. */
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
  const segmentation = splitText(message.text, message);
  const { alphabet, segments, singleShift, lockingShift } = segmentation;
  const total = segments.length;
  if (total > 1) checkReference(message.concatenationReference, referenceBits);
  const shifts = shiftElements(singleShift, lockingShift);
  const reference = message.concatenationReference;
  const parts = segments.map(({ text }, i) => {
    if (total === 1) return { header: shifts, text };
    const part = concatenationElement({ referenceBits, reference, total, sequence: i + 1 });
    return { header: shifts.length === 0 ? [part] : [part, ...shifts], text };
  });
  const pdus = encodeSubmits(submitFields(message, alphabet), parts);
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
