/** Hexadecimal as modems show PDUs (27.005 3.1): two digits an octet, upper case on output. */
import { PduError } from "./types.ts";

/** Twice a full PDU with its service centre field; SIM records padded with FF come close to half. */
const OCTETS_MAX = 512;

/** Negative, so that it shows in whatever it is joined with. */
const NOT_HEX = -1;
const DIGIT_VALUES = new Int16Array(128).fill(NOT_HEX);
for (const digit of "0123456789abcdefABCDEF") DIGIT_VALUES[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/** Of each octet its two digits. */
const OCTET_TEXT: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).toUpperCase().padStart(2, "0"),
);

/** The same, two digits at a time, in the order of this machine. */
const OCTET_DIGITS = new Uint16Array(256);
Buffer.from(OCTET_DIGITS.buffer).write(OCTET_TEXT.join(""), "latin1");

/** Digits on their way; lasts for one call of `hexFromOctets`. */
const DIGITS = new Uint16Array(OCTETS_MAX);
const DIGIT_CHARACTERS = Buffer.from(DIGITS.buffer);

/** Below it, putting strings together is quicker. */
const SHORT_OCTETS = 16;

/**
 * Strict: an even number of hex digits in either case, and nothing else.
 *
 * @throws PduError `not-hex` or `too-long`, naming the octet.
 */
export function octetsFromHex(hex: string): Buffer {
  const count = hex.length >> 1;
  if (count > OCTETS_MAX) {
    throw new PduError("too-long", "hex", OCTETS_MAX, `${count} octets, a PDU has at most ${OCTETS_MAX}`);
  }
  const octets = Buffer.allocUnsafe(count);
  for (let at = 0, i = 0; at < count; at++, i += 2) {
    const high = hex.charCodeAt(i);
    const low = hex.charCodeAt(i + 1);
    if ((high | low) > 127) throw notHex(hex, at);
    const value = ((DIGIT_VALUES[high] as number) << 4) | (DIGIT_VALUES[low] as number);
    if (value < 0) throw notHex(hex, at);
    octets[at] = value;
  }
  if (hex.length % 2 !== 0) {
    throw new PduError("not-hex", "hex", count, `${hex.length} digits; an octet has two, so one is missing`);
  }
  return octets;
}

function notHex(hex: string, octet: number): PduError {
  const pair = JSON.stringify(hex.slice(2 * octet, 2 * octet + 2));
  return new PduError("not-hex", "hex", octet, `${pair} is not two hexadecimal digits`);
}

/** Upper-case digits of `octets` from `start` up to `end`. */
export function hexFromOctets(octets: Uint8Array, start = 0, end: number = octets.length): string {
  const count = end - start;
  if (count < SHORT_OCTETS || count > OCTETS_MAX) {
    let hex = "";
    for (let at = start; at < end; at++) hex += OCTET_TEXT[octets[at] as number];
    return hex;
  }
  for (let i = 0; i < count; i++) DIGITS[i] = OCTET_DIGITS[octets[start + i] as number] as number;
  return DIGIT_CHARACTERS.toString("latin1", 0, 2 * count);
}
