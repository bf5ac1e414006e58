/** TP-VPF and TP-VP: how long the service centre keeps trying (23.040 9.2.3.3, 9.2.3.12). */
import { hexFromOctets } from "./hex.ts";
import type { PduReader } from "./reader.ts";
import { readTimestamp, writeRaw, writeTimestamp } from "./timestamp.ts";
import { PduError, type ValidityPeriod } from "./types.ts";
import type { PduWriter } from "./writer.ts";

export const NO_VALIDITY: ValidityPeriod = Object.freeze({ format: "none" });

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** 9.2.3.12.1: each range of octets, the step it counts in, and the octet that would stand for no time. */
const RANGES = [
  { to: 143, zero: -1, base: 0, step: 5 * MINUTE },
  { to: 167, zero: 143, base: 12 * HOUR, step: 30 * MINUTE },
  { to: 196, zero: 166, base: 0, step: DAY },
  { to: 255, zero: 192, base: 0, step: WEEK },
] as const;

const ENHANCED_OCTETS = 7;
const EXTENSION_BIT = 0x80;
const SINGLE_SHOT_BIT = 0x40;
/** Bits 5 to 3 of the functionality indicator, which must be 0. */
const RESERVED_BITS = 0x38;

const SECONDS_BY_OCTET: readonly number[] = Array.from({ length: 256 }, (_, octet) => {
  const range = RANGES.find(({ to }) => octet <= to) ?? RANGES[3];
  return range.base + (octet - range.zero) * range.step;
});

/**
 * The shortest relative period that is not shorter than `seconds`, from 5 minutes to 63 weeks; what is
 * beyond either end is clamped to it.
 *
 * @throws PduError `out-of-range` when `seconds` is not a number from 0 on.
 */
export function relativeValidity(seconds: number): ValidityPeriod {
  if (!(seconds >= 0)) {
    throw new PduError(
      "out-of-range",
      "validity.seconds",
      undefined,
      `${seconds} is not a number of seconds`,
    );
  }
  const found = SECONDS_BY_OCTET.findIndex((each) => each >= seconds);
  const octet = found < 0 ? 255 : found;
  return Object.freeze({ format: "relative", octet, seconds: SECONDS_BY_OCTET[octet] as number });
}

/**
 * A period to the second, up to 99 h 59 min 59 s (9.2.3.12.3). Few service centres know this format;
 * `singleShot` asks for one try only.
 *
 * @throws PduError `out-of-range`.
 */
export function enhancedValidity(period: { seconds?: number; singleShot?: boolean }): ValidityPeriod {
  const { seconds, singleShot = false } = period;
  const flags = singleShot ? SINGLE_SHOT_BIT : 0;
  let octets: number[];
  if (seconds === undefined) {
    octets = [flags];
  } else if (!Number.isInteger(seconds) || seconds < 0 || seconds >= 100 * HOUR) {
    throw new PduError(
      "out-of-range",
      "validity.seconds",
      undefined,
      `${seconds} is not a whole number below 100 hours`,
    );
  } else if (seconds > 0 && seconds <= 255) {
    octets = [flags | 2, seconds];
  } else {
    const parts = [Math.floor(seconds / HOUR), Math.floor((seconds % HOUR) / MINUTE), seconds % MINUTE];
    octets = [flags | 3, ...parts.map((part) => ((part % 10) << 4) | Math.floor(part / 10))];
  }
  const field = new Uint8Array(ENHANCED_OCTETS);
  field.set(octets);
  return enhancedFrom(field);
}

/** TP-VPF 0 none, 1 enhanced, 2 relative, 3 absolute. */
export function validityFormatBits(validity: ValidityPeriod): number {
  if (validity.format === "none") return 0;
  if (validity.format === "enhanced") return 1;
  return validity.format === "relative" ? 2 : 3;
}

export function readValidity(reader: PduReader, formatBits: number): ValidityPeriod {
  switch (formatBits) {
    case 1: {
      return enhancedFrom(reader.slice(ENHANCED_OCTETS, "validity"));
    }
    case 2: {
      const octet = reader.octet("validity");
      return Object.freeze({ format: "relative", octet, seconds: SECONDS_BY_OCTET[octet] as number });
    }
    case 3: {
      return Object.freeze({ format: "absolute", time: readTimestamp(reader, "validity") });
    }
    default: {
      return NO_VALIDITY;
    }
  }
}

/**
 * `seconds` is absent when the format says none, is reserved, or its digits are no time. A functionality
 * indicator with more octets than one pushes the period back by as many.
 */
function enhancedFrom(octets: Uint8Array): ValidityPeriod {
  const indicator = octets[0] as number;
  let at = 0;
  while (at < ENHANCED_OCTETS && ((octets[at] as number) & EXTENSION_BIT) !== 0) at++;
  const seconds =
    (indicator & RESERVED_BITS) === 0 ? enhancedSeconds(indicator & 7, octets, at + 1) : undefined;
  return Object.freeze({
    format: "enhanced",
    raw: hexFromOctets(octets),
    ...(seconds !== undefined && { seconds }),
    singleShot: (indicator & SINGLE_SHOT_BIT) !== 0,
  });
}

function enhancedSeconds(format: number, octets: Uint8Array, at: number): number | undefined {
  const value = octets[at];
  if (value === undefined) return undefined;
  if (format === 1) return SECONDS_BY_OCTET[value];
  if (format === 2) return value;
  if (format !== 3 || at + 2 >= ENHANCED_OCTETS) return undefined;
  const [hours, minutes, seconds] = [...octets.subarray(at, at + 3)].map(
    (octet) => (octet & 0xf) * 10 + (octet >> 4),
  ) as [number, number, number];
  const decimal = [...octets.subarray(at, at + 3)].every((octet) => (octet & 0xf) < 10 && octet >> 4 < 10);
  return decimal && minutes < 60 && seconds < 60 ? hours * HOUR + minutes * MINUTE + seconds : undefined;
}

export function writeValidity(writer: PduWriter, validity: ValidityPeriod): void {
  switch (validity.format) {
    case "none":
      return;
    case "relative":
      writer.octet(validity.octet, "validity.octet");
      return;
    case "absolute":
      writeTimestamp(writer, validity.time, "validity.time");
      return;
    case "enhanced":
      writeRaw(writer, validity.raw, ENHANCED_OCTETS, "validity");
      return;
  }
}
