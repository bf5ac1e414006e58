/**
 * Public identifiers: a prefix that says what it is, then a UUIDv7 (RFC 9562 5.7) in 26 characters of
 * Crockford's base 32. They sort by the time they were made, so an index on them stays compact.
 */
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export type IdFactory = (prefix: string) => string;

/** Ids made by one factory never repeat and, within one millisecond, count upwards. */
export function createIds(clock: Clock, random: Random): IdFactory {
  let lastMs = -1;
  let counter = 0;
  return (prefix) => {
    const ms = Math.max(clock.now(), lastMs);
    counter = ms === lastMs ? counter + 1 : random.int(0, 0x7ff);
    // The 12 bits after the version hold the counter; when they are used up the clock is led by 1 ms.
    lastMs = counter > 0xfff ? ms + 1 : ms;
    if (counter > 0xfff) counter = 0;
    const tail = random.bytes(8);
    const high = (BigInt(lastMs) << 16n) | 0x7000n | BigInt(counter);
    let low = 0x8000000000000000n;
    for (let i = 0; i < 8; i++) low |= BigInt(tail[i] ?? 0) << BigInt(8 * (7 - i));
    low &= 0xbfffffffffffffffn;
    return `${prefix}_${base32((high << 64n) | low)}`;
  };
}

function base32(value: bigint): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(rest & 31n)] + text;
    rest >>= 5n;
  }
  return text;
}
