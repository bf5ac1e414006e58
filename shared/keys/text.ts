/**
 * The text of an API key: `dunlin_`, 32 random octets in 43 characters of base 62, then their CRC-32
 * in 6. The prefix lets secret scanners find a leaked key; the sum tells a typing error from a key
 * that was revoked, without a look into the database. Only the SHA-256 of a key is ever stored.
 */
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Random } from "#shared/random.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_OCTETS = 32;
const SECRET_CHARS = 43;
const SUM_CHARS = 6;
/** Characters of the secret that lists show, so that a person can tell keys apart. */
const SHOWN_CHARS = 4;
const SHAPE = /^[a-z]{2,12}_[0-9A-Za-z]{49}$/;

export const KEY_PREFIX = "dunlin";

export function createKeyText(random: Random, prefix = KEY_PREFIX): string {
  let value = 0n;
  for (const octet of random.bytes(SECRET_OCTETS)) value = (value << 8n) | BigInt(octet);
  const head = `${prefix}_${base62(value, SECRET_CHARS)}`;
  return head + base62(BigInt(crc32(head)), SUM_CHARS);
}

/** True when the shape and the sum are right; says nothing about whether the key is known. */
export function isKeyText(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const head = text.slice(0, -SUM_CHARS);
  return text.endsWith(base62(BigInt(crc32(head)), SUM_CHARS));
}

/** SHA-256, hexadecimal. A key has 256 random bits, so a slow hash would protect nothing. */
export function hashKey(text: string): string {
  return hash("sha256", text, "hex");
}

/** `dunlin_4fQz`: enough to recognise a key, useless to anybody else. */
export function shownPart(text: string): string {
  return text.slice(0, text.indexOf("_") + 1 + SHOWN_CHARS);
}

function base62(value: bigint, length: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = DIGITS[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return text;
}
