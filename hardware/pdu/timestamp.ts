/**
 * TP-SCTS, TP-DT and the absolute TP-VP (23.040 9.2.3.11): seven octets of swapped digits, the last one
 * the offset from UTC in quarter hours with its sign in bit 3.
 */
import { hexFromOctets } from "./hex.ts";
import type { PduReader } from "./reader.ts";
import type { Timestamp } from "./types.ts";
import type { PduWriter } from "./writer.ts";

const TIMESTAMP_OCTETS = 7;
const QUARTERS_MAX = 79;
const QUARTER_MS = 15 * 60 * 1000;
const SIGN_BIT = 0x08;

/** Two-digit years from here on are of the 1900s; no network stamped a message before 1992. */
const CENTURY_PIVOT = 90;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const NOT_DECIMAL = -1;
/** Of an octet of two swapped digits its value 0..99, or NOT_DECIMAL. */
const DECIMAL_VALUES = Int8Array.from({ length: 256 }, (_, octet) =>
  (octet & 0xf) < 10 && octet >> 4 < 10 ? (octet & 0xf) * 10 + (octet >> 4) : NOT_DECIMAL,
);
const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(2, "0"));
/** Parts of ISO 8601 with what stands before them. */
const YEARS = TWO_DIGITS.map((digits, n) => (n >= CENTURY_PIVOT ? "19" : "20") + digits);
const AFTER_DASH = TWO_DIGITS.map((digits) => `-${digits}`);
const AFTER_T = TWO_DIGITS.map((digits) => `T${digits}`);
const AFTER_COLON = TWO_DIGITS.map((digits) => `:${digits}`);

/** `+02:00` and so on, by quarter hours from -79 on. */
const OFFSETS: readonly string[] = Array.from({ length: 2 * QUARTERS_MAX + 1 }, (_, i) => {
  const quarters = Math.abs(i - QUARTERS_MAX);
  const sign = i < QUARTERS_MAX ? "-" : "+";
  return `${sign}${TWO_DIGITS[quarters >> 2]}:${TWO_DIGITS[(quarters & 3) * 15]}`;
});

export function readTimestamp(reader: PduReader, field: string): Timestamp {
  const at = reader.take(TIMESTAMP_OCTETS, field);
  return timestampAt(reader.octets, at);
}

/** A digit that is not decimal counts as 0 in the offset; `raw` keeps the field as received (9.2.3.11). */
function timestampAt(octets: Uint8Array, at: number): Timestamp {
  const raw = hexFromOctets(octets, at, at + TIMESTAMP_OCTETS);
  const zone = octets[at + 6] as number;
  const units = zone >> 4;
  const quarters = (zone & 0x7) * 10 + (units < 10 ? units : 0);
  const timeZoneQuarters = (zone & SIGN_BIT) !== 0 && quarters !== 0 ? -quarters : quarters;
  const date = units < 10 ? isoDate(octets, at) : undefined;
  if (date === undefined) return Object.freeze({ raw, timeZoneQuarters, invalidDigits: true as const });
  return Object.freeze({ raw, timeZoneQuarters, iso: date + OFFSETS[timeZoneQuarters + QUARTERS_MAX] });
}

/** Date and time without the offset; undefined when a digit is not decimal or the date does not exist. */
function isoDate(octets: Uint8Array, at: number): string | undefined {
  const year = DECIMAL_VALUES[octets[at] as number] as number;
  const month = DECIMAL_VALUES[octets[at + 1] as number] as number;
  const day = DECIMAL_VALUES[octets[at + 2] as number] as number;
  const hour = DECIMAL_VALUES[octets[at + 3] as number] as number;
  const minute = DECIMAL_VALUES[octets[at + 4] as number] as number;
  const second = DECIMAL_VALUES[octets[at + 5] as number] as number;
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  return (
    (YEARS[year] as string) +
    AFTER_DASH[month] +
    AFTER_DASH[day] +
    AFTER_T[hour] +
    AFTER_COLON[minute] +
    AFTER_COLON[second]
  );
}

/** 1990 to 2089: every fourth year is a leap year. */
function daysIn(year: number, month: number): number {
  return month === 2 && year % 4 === 0 ? 29 : (DAYS[month - 1] as number);
}

/**
 * The stamp of a moment, milliseconds since 1970, as a clock at this offset shows it.
 *
 * @throws RangeError outside 1990 to 2089 or beyond 79 quarter hours.
 */
export function timestampOf(epochMs: number, timeZoneQuarters = 0): Timestamp {
  const quarters = Math.abs(timeZoneQuarters);
  if (!Number.isInteger(timeZoneQuarters) || quarters > QUARTERS_MAX) {
    throw new RangeError(`timeZoneQuarters: ${timeZoneQuarters} is not a whole number from -79 to 79`);
  }
  const local = new Date(epochMs + timeZoneQuarters * QUARTER_MS);
  const year = local.getUTCFullYear();
  if (!(year >= 1900 + CENTURY_PIVOT && year < 2000 + CENTURY_PIVOT)) {
    throw new RangeError(`epochMs: ${epochMs} is not a moment of 1990 to 2089, which two digits can show`);
  }
  const octets = Uint8Array.of(
    swapped(year % 100),
    swapped(local.getUTCMonth() + 1),
    swapped(local.getUTCDate()),
    swapped(local.getUTCHours()),
    swapped(local.getUTCMinutes()),
    swapped(local.getUTCSeconds()),
    swapped(quarters) | (timeZoneQuarters < 0 ? SIGN_BIT : 0),
  );
  return timestampAt(octets, 0);
}

function swapped(value: number): number {
  return ((value % 10) << 4) | Math.floor(value / 10);
}

/** Writes the raw digits, so that what was received goes out unchanged. */
export function writeTimestamp(writer: PduWriter, timestamp: { readonly raw: string }, field: string): void {
  writeRaw(writer, timestamp.raw, TIMESTAMP_OCTETS, field);
}

/** Hexadecimal digits of exactly `count` octets. */
export function writeRaw(writer: PduWriter, raw: string, count: number, field: string): void {
  if (raw.length !== 2 * count || !/^[0-9A-Fa-f]*$/.test(raw)) {
    throw writer.error("out-of-range", `${field}.raw`, `is not ${2 * count} hexadecimal digits`);
  }
  for (let i = 0; i < raw.length; i += 2) writer.push(Number.parseInt(raw.slice(i, i + 2), 16));
}
