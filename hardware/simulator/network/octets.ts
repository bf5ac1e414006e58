/** Hexadecimal as the AT interface carries it: quick reads without making byte arrays. */

const DIGITS = "0123456789ABCDEF";
const VALUE = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  VALUE[DIGITS.charCodeAt(i)] = i;
  VALUE[DIGITS.toLowerCase().charCodeAt(i)] = i;
}
const PAIRS: readonly string[] = Array.from(
  { length: 256 },
  (_, octet) => `${DIGITS[octet >> 4]}${DIGITS[octet & 15]}`,
);

export function octetHex(octet: number): string {
  return PAIRS[octet & 0xff] as string;
}

/** The octet whose two digits start at `index`; -1 when they are missing or not hexadecimal. */
export function octetAt(hex: string, index: number): number {
  const high = VALUE[hex.charCodeAt(index) & 0xff] as number;
  const low = VALUE[hex.charCodeAt(index + 1) & 0xff] as number;
  return index + 1 < hex.length && high >= 0 && low >= 0 ? high * 16 + low : -1;
}

export function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255 || (VALUE[code] as number) < 0) return false;
  }
  return text.length % 2 === 0;
}

/** Two digits with the low one first, as time stamps and addresses have them (23.040 9.1.2.3). */
export function swappedDecimal(value: number): string {
  return `${value % 10}${Math.floor(value / 10) % 10}`;
}

/** Decimal digits (and `*#abc`) as semi-octets, filled up with F. */
export function semiOctets(digits: string): string {
  let hex = "";
  for (let i = 0; i < digits.length; i += 2) {
    hex += (i + 1 < digits.length ? semiOctet(digits, i + 1) : "F") + semiOctet(digits, i);
  }
  return hex;
}

function semiOctet(digits: string, index: number): string {
  const character = (digits[index] as string).toLowerCase();
  const special = "*#abc".indexOf(character);
  return special < 0 ? character : (DIGITS[10 + special] as string);
}

/** The first `count` semi-octets from `index` on, as digits. */
export function digitsFrom(hex: string, index: number, count: number): string {
  let digits = "";
  for (let i = 0; i < count; i++) {
    const nibble = VALUE[hex.charCodeAt(index + (i % 2 === 0 ? i + 1 : i - 1)) & 0xff] as number;
    digits += nibble < 10 ? String(nibble) : "*#abcF"[nibble - 10];
  }
  return digits;
}
