/** TP-DCS taken apart (23.038 clause 4). All 256 values are worked out once. */
import type { Alphabet, DataCoding } from "./types.ts";

/** By the two alphabet bits; the reserved fourth counts as the default alphabet (clause 4). */
const ALPHABETS: readonly Alphabet[] = ["gsm7", "8bit", "ucs2", "gsm7"];
const CLASSES = [0, 1, 2, 3] as const;

const CODINGS: readonly DataCoding[] = Array.from({ length: 256 }, (_, octet) =>
  Object.freeze(decode(octet)),
);

function decode(octet: number): DataCoding {
  const group = octet >> 4;
  const messageClass = CLASSES[octet & 3] ?? null;
  const plain = { octet, class: null, compressed: false, autoDelete: false, messageWaiting: null };
  // 00xx and 01xx: general data coding; 01xx asks to be deleted once read.
  if (group < 8) {
    return {
      ...plain,
      alphabet: ALPHABETS[(octet >> 2) & 3] ?? "gsm7",
      class: (octet & 0x10) !== 0 ? messageClass : null,
      compressed: (octet & 0x20) !== 0,
      autoDelete: group >= 4,
    };
  }
  // 10xx is reserved: "any reserved coding shall be assumed to be the GSM 7 bit default alphabet".
  if (group < 12) return { ...plain, alphabet: "gsm7" };
  // 1111: data coding and class; bit 3 is reserved and ignored.
  if (group === 15) return { ...plain, alphabet: (octet & 4) !== 0 ? "8bit" : "gsm7", class: messageClass };
  // 1100 discard, 1101 store, 1110 store in UCS-2: message waiting.
  return {
    ...plain,
    alphabet: group === 14 ? "ucs2" : "gsm7",
    messageWaiting: Object.freeze({ store: group !== 12, active: (octet & 8) !== 0, type: octet & 3 }),
  };
}

/** The meaning of a TP-DCS octet, 0..255. */
export function dataCoding(octet: number): DataCoding {
  const coding = CODINGS[octet];
  if (coding === undefined) throw new RangeError(`TP-DCS ${octet} is not 0..255`);
  return coding;
}

/** The octet for text of this alphabet, with or without a message class (general data coding). */
export function codingOctet(alphabet: Alphabet, messageClass?: 0 | 1 | 2 | 3): number {
  const octet = alphabet === "gsm7" ? 0x00 : alphabet === "8bit" ? 0x04 : 0x08;
  return messageClass === undefined ? octet : 0x10 | octet | messageClass;
}
