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
export const SEPTETS_MAX = 182;

const SPACE = 0x20;

/**
 * Septets and characters on their way. What is here lasts for one call of `packText` or `unpackText` and
 * says nothing to the next: a buffer for each call would cost more than all the rest.
 */
const SEPTETS = Buffer.alloc(2 * SEPTETS_MAX);
const CHARACTERS = Buffer.alloc(2 * SEPTETS_MAX);

export interface SeptetText {
  readonly text: string;
  /** The last septet is an escape that is not itself escaped. */
  readonly escapeAtEnd: boolean;
}

const EMPTY: SeptetText = Object.freeze({ text: "", escapeAtEnd: false });

/** The octets that `count` septets take after `fillBits`. */
export function packedLength(count: number, fillBits = 0): number {
  return (count * 7 + fillBits + 7) >> 3;
}

/**
 * Writes the septets of `text` into `target`, which has room for two a character, and returns how many
 * they are; or -1 less the index of the first character that the alphabet lacks.
 */
export function septetsOf(text: string, alphabet: Gsm7Alphabet, target: Uint8Array): number {
  const { septets: table } = alphabet;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const septet = table[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
    if (septet < ESCAPED) {
      target[count++] = septet;
    } else {
      if (septet === NOT_IN_ALPHABET) return -1 - i;
      target[count++] = ESCAPE;
      target[count++] = septet - ESCAPED;
    }
  }
  return count;
}

/** Packs a text of at most SEPTETS_MAX characters into `target`; returns what `septetsOf` does. */
export function packText(
  text: string,
  alphabet: Gsm7Alphabet,
  fillBits: number,
  target: Uint8Array,
  at: number,
): number {
  const count = septetsOf(text, alphabet, SEPTETS);
  if (count > 0) packSeptets(SEPTETS, count, fillBits, target, at);
  return count;
}

/** The text of `count` septets, of at most SEPTETS_MAX, in the octets from `at` on. */
export function unpackText(
  octets: Uint8Array,
  at: number,
  count: number,
  fillBits = 0,
  lockingShift = 0,
  singleShift = 0,
): SeptetText {
  if (count === 0) return EMPTY;
  unpackSeptets(octets, at, count, fillBits, SEPTETS);
  const text = textOfSeptets(SEPTETS, lockingShift, singleShift, count);
  return { text, escapeAtEnd: endsInEscape(count) };
}

/**
 * Packs `count` septets into `target` from `at` on; returns where they end. Spare bits are 0. Where a
 * septet starts on an octet, eight of them make seven octets in one go.
 */
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
  for (let i = 0; i < count; ) {
    if (bits === 0 && count - i >= 8) {
      const low = fourSeptets(septets, i);
      const high = fourSeptets(septets, i + 4);
      target[end] = low & 0xff;
      target[end + 1] = (low >> 8) & 0xff;
      target[end + 2] = (low >> 16) & 0xff;
      target[end + 3] = (low >> 24) | ((high & 0xf) << 4);
      target[end + 4] = (high >> 4) & 0xff;
      target[end + 5] = (high >> 12) & 0xff;
      target[end + 6] = high >> 20;
      end += 7;
      i += 8;
      continue;
    }
    carry |= (septets[i++] as number) << bits;
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

function fourSeptets(septets: Uint8Array, i: number): number {
  return (
    (septets[i] as number) |
    ((septets[i + 1] as number) << 7) |
    ((septets[i + 2] as number) << 14) |
    ((septets[i + 3] as number) << 21)
  );
}

/**
 * Puts `count` septets into `septets` and returns them, from the octets that start at `at`. The caller
 * has checked that they are all there.
 */
export function unpackSeptets(
  octets: Uint8Array,
  at: number,
  count: number,
  fillBits = 0,
  septets: Uint8Array = new Uint8Array(count),
): Uint8Array {
  let bits = 0;
  let window = 0;
  let next = at;
  if (fillBits > 0 && count > 0) {
    window = (octets[next++] as number) >> fillBits;
    bits = 8 - fillBits;
  }
  for (let i = 0; i < count; ) {
    if (bits === 0 && count - i >= 8) {
      unpackEight(octets, next, septets, i);
      next += 7;
      i += 8;
      continue;
    }
    if (bits < 7) {
      window |= (octets[next++] as number) << bits;
      bits += 8;
    }
    septets[i++] = window & 0x7f;
    window >>= 7;
    bits -= 7;
  }
  return septets;
}

/** Seven octets that start a septet: eight septets. */
function unpackEight(octets: Uint8Array, at: number, septets: Uint8Array, i: number): void {
  const low = (octets[at] as number) | ((octets[at + 1] as number) << 8) | ((octets[at + 2] as number) << 16);
  const middle = octets[at + 3] as number;
  const high =
    (octets[at + 4] as number) | ((octets[at + 5] as number) << 8) | ((octets[at + 6] as number) << 16);
  septets[i] = low & 0x7f;
  septets[i + 1] = (low >> 7) & 0x7f;
  septets[i + 2] = (low >> 14) & 0x7f;
  septets[i + 3] = (low >> 21) | ((middle & 0xf) << 3);
  septets[i + 4] = (middle >> 4) | ((high & 0x7) << 4);
  septets[i + 5] = (high >> 3) & 0x7f;
  septets[i + 6] = (high >> 10) & 0x7f;
  septets[i + 7] = (high >> 17) & 0x7f;
}

/**
 * The text of septets. An escape and a code without a symbol show the code's own character; two escapes,
 * and an escape at the end, show a space (6.2.1.1). A code without a symbol in a locking table shows U+FFFD.
 */
export function textOfSeptets(
  septets: Uint8Array,
  lockingShift = 0,
  singleShift = 0,
  count: number = septets.length,
): string {
  const locking = lockingCodes(lockingShift);
  const shift = shiftCodes(singleShift);
  const characters = 2 * count <= CHARACTERS.length ? CHARACTERS : Buffer.alloc(2 * count);
  let end = 0;
  for (let i = 0; i < count; i++) {
    const septet = septets[i] as number;
    let character = locking[septet] as number;
    if (septet === ESCAPE) {
      const code = ++i < count ? (septets[i] as number) : ESCAPE;
      character = code === ESCAPE ? SPACE : (shift[code] as number) || (locking[code] as number);
    }
    characters[end++] = character & 0xff;
    characters[end++] = character >> 8;
  }
  return characters.toString("utf16le", 0, end);
}

function endsInEscape(count: number): boolean {
  let escapes = 0;
  while (escapes < count && SEPTETS[count - 1 - escapes] === ESCAPE) escapes++;
  return escapes % 2 === 1;
}

export { encodableAlphabet };
