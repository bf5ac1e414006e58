/**
 * Septets in octets (23.038 6.1.2.1) and the text they spell (6.2.1). A septet starts where the one
 * before ends, lowest bit first; `fillBits` keep the first one clear of a user data header.
 */
import {
  ESCAPE,
  ESCAPED,
  encodableAlphabet,
  type Gsm7Alphabet,
  lockingCodes,
  NOT_IN_ALPHABET,
  shiftCodes,
} from "#shared/sms-text.ts";

/** TP-UD of a DELIVER-REPORT: 159 octets (9.2.2.1a). The most septets that one PDU can hold. */
const SEPTETS_MAX = 182;

/** The octets that `count` septets take after `fillBits`. */
export function packedLength(count: number, fillBits = 0): number {
  return (count * 7 + fillBits + 7) >> 3;
}

/** The septets of a text, or the index of the first character that the alphabet lacks. */
export type Septets = { readonly septets: Uint8Array; readonly count: number } | { readonly missing: number };

export function septetsOf(text: string, alphabet: Gsm7Alphabet): Septets {
  const { septets: table } = alphabet;
  const septets = new Uint8Array(2 * text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const septet = table[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
    if (septet < ESCAPED) {
      septets[count++] = septet;
    } else {
      if (septet === NOT_IN_ALPHABET) return { missing: i };
      septets[count++] = ESCAPE;
      septets[count++] = septet - ESCAPED;
    }
  }
  return { septets, count };
}

/** Packs `count` septets into `target` from `at` on; returns where they end. Spare bits are 0. */
export function packSeptets(
  septets: Uint8Array,
  count: number,
  fillBits: number,
  target: Uint8Array,
  at: number,
): number {
  let bits = fillBits;
  let carry = 0;
  let end = at;
  for (let i = 0; i < count; i++) {
    carry |= (septets[i] as number) << bits;
    bits += 7;
    if (bits >= 8) {
      target[end++] = carry & 0xff;
      carry >>= 8;
      bits -= 8;
    }
  }
  if (bits > 0 && count > 0) target[end++] = carry;
  return end;
}

/** `count` septets from the octets that start at `at`; the caller has checked that they are all there. */
export function unpackSeptets(octets: Uint8Array, at: number, count: number, fillBits = 0): Uint8Array {
  const septets = new Uint8Array(count);
  let bits = 0;
  let window = 0;
  let next = at;
  if (fillBits > 0 && count > 0) {
    window = (octets[next++] as number) >> fillBits;
    bits = 8 - fillBits;
  }
  for (let i = 0; i < count; i++) {
    if (bits < 7) {
      window |= (octets[next++] as number) << bits;
      bits += 8;
    }
    septets[i] = window & 0x7f;
    window >>= 7;
    bits -= 7;
  }
  return septets;
}

/**
 * The text of septets. An escape and a code without a symbol show the code's own character; two escapes,
 * and an escape at the end, show a space (6.2.1.1). A code without a symbol in a locking table shows U+FFFD.
 */
export function textOfSeptets(septets: Uint8Array, lockingShift = 0, singleShift = 0): string {
  const locking = lockingCodes(lockingShift);
  const shift = shiftCodes(singleShift);
  const characters = new Uint16Array(septets.length);
  let length = 0;
  for (let i = 0; i < septets.length; i++) {
    const septet = septets[i] as number;
    if (septet !== ESCAPE) {
      characters[length++] = locking[septet] as number;
      continue;
    }
    const code = septets[++i] ?? ESCAPE;
    if (code === ESCAPE) characters[length++] = SPACE;
    else characters[length++] = (shift[code] as number) || (locking[code] as number);
  }
  return Buffer.from(characters.buffer).toString("utf16le", 0, 2 * length);
}

const SPACE = 0x20;

export { encodableAlphabet, SEPTETS_MAX };
