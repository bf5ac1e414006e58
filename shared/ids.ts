/**
 * Public identifiers: a prefix that says what it is, then a UUIDv7 (RFC 9562 5.7) in 26 characters of
 * Crockford's base 32. They sort by the time they were made, so an index on them stays compact.
 */
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_OCTETS = 16;
const TAIL_OCTETS = 8;
/** Chance is fetched for this many ids at once: a call to the kernel's source costs more than an id. */
const POOLED_TAILS = 128;
/** What the 12 bits after the version can count to (RFC 9562 6.2, method 1). */
const COUNTER_MAX = 0xfff;

export type IdFactory = (prefix: string) => string;

/** Ids made by one factory never repeat and, within one millisecond, count upwards. */
export function createIds(clock: Clock, random: Random): IdFactory {
  const octets = new Uint8Array(ID_OCTETS);
  let pool = new Uint8Array(0);
  let pooled = 0;
  let lastMs = -1;
  let counter = 0;
  return (prefix) => {
    const ms = Math.max(clock.now(), lastMs);
    counter = ms === lastMs ? counter + 1 : random.int(0, 0x7ff);
    // When the counter is used up the clock is led by 1 ms.
    lastMs = counter > COUNTER_MAX ? ms + 1 : ms;
    if (counter > COUNTER_MAX) counter = 0;
    if (pooled === pool.length) {
      pool = Uint8Array.from(random.bytes(TAIL_OCTETS * POOLED_TAILS));
      pooled = 0;
    }
    stamp(octets, lastMs, counter);
    octets.set(pool.subarray(pooled, pooled + TAIL_OCTETS), TAIL_OCTETS);
    pooled += TAIL_OCTETS;
    octets[TAIL_OCTETS] = ((octets[TAIL_OCTETS] ?? 0) & 0x3f) | 0x80;
    return `${prefix}_${base32(octets)}`;
  };
}

/** 48 bits of time, the version 7, 12 bits of counter. */
function stamp(octets: Uint8Array, ms: number, counter: number): void {
  let rest = ms;
  for (let i = 5; i >= 0; i--) {
    octets[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  octets[6] = 0x70 | (counter >> 8);
  octets[7] = counter & 0xff;
}

/** 26 digits hold 130 bits: two zero bits go before the 128. */
function base32(octets: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 2;
  for (const octet of octets) {
    bits = ((bits << 8) | octet) & 0x1fff;
    held += 8;
    for (; held >= 5; held -= 5) text += ALPHABET[(bits >> (held - 5)) & 31];
  }
  return text;
}
