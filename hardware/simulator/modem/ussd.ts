/** USSD dialogues of the operator (27.007 7.15) and how families spell the text. */
import { packedLength, packSeptets, septetsOf, textOfSeptets, unpackSeptets } from "#hardware/pdu/septets.ts";
import { DEFAULT_ALPHABET } from "#shared/sms-text.ts";
import { toWire } from "./character-set.ts";

/** A text ends the dialogue; with `answers` it asks, and each of them leads on. */
export type UssdEntry =
  | string
  | { readonly text: string; readonly answers: Readonly<Record<string, UssdEntry>> };

/** `<m>` of +CUSD: 0 done, 1 an answer is expected, 2 released, 4 not supported. */
export const USSD = { done: 0, asks: 1, released: 2, unsupported: 4 } as const;

export function ussdText(entry: UssdEntry): string {
  return typeof entry === "string" ? entry : entry.text;
}

/**
 * - `text`: in quotes with dcs 15
 * - `ucs2`: UCS-2 in hexadecimal with dcs 72; `ucs2-0` the same with dcs 0
 * - `ucs2-language`: dcs 17, two letters of language and a carriage return in front, rubbish behind
 * - `packed`: 7-bit octets in hexadecimal, no quotes and no dcs
 */
export type UssdSpelling = "text" | "ucs2" | "ucs2-0" | "ucs2-language" | "packed";

export function ussdLine(state: number, text: string, spelling: UssdSpelling): string {
  switch (spelling) {
    case "text":
      return `+CUSD: ${state},"${text}",15`;
    case "ucs2":
      return `+CUSD: ${state},"${toWire(text, "UCS2")}",72`;
    case "ucs2-0":
      return `+CUSD: ${state},"${toWire(text, "UCS2")}",0`;
    case "ucs2-language":
      return `+CUSD: ${state},"en\r${toWire(text, "UCS2")}\u00ff\u00fe",17`;
    case "packed":
      return `+CUSD: ${state},${packed(text)}`;
  }
}

/** What the host asked for, in its own spelling; undefined when it is not readable. */
export function ussdRequest(value: string, spelling: UssdSpelling): string | undefined {
  if (spelling !== "packed" || !/^(?:[0-9A-Fa-f]{2})+$/.test(value)) return value;
  const octets = Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const septets = unpackSeptets(octets, 0, Math.floor((octets.length * 8) / 7));
  // 23.038 6.1.2.3.1: seven spare bits at the end are filled with a carriage return.
  return textOfSeptets(septets).replace(/[\r@]$/, "");
}

function packed(text: string): string {
  const septets = new Uint8Array(2 * text.length);
  const count = septetsOf(text, DEFAULT_ALPHABET, septets);
  if (count < 0) throw new RangeError(`USSD text: character ${-count} is not in the GSM 7-bit alphabet`);
  const octets = new Uint8Array(packedLength(count));
  packSeptets(septets, count, 0, octets, 0);
  // 23.038 6.1.2.3.1: seven spare bits would read as an "@"; a carriage return fills them.
  if (count % 8 === 7) octets[octets.length - 1] = ((octets.at(-1) ?? 0) & 1) | (0x0d << 1);
  return Buffer.from(octets).toString("hex").toUpperCase();
}
