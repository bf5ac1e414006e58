/**
 * TP-OA, TP-DA, TP-RA (23.040 9.1.2.5) and the service centre address in front of the TPDU (27.005 3.1,
 * 24.011 8.2.5.1). The first count semi-octets, the latter counts octets.
 */
import { DEFAULT_ALPHABET } from "#shared/sms-text.ts";
import type { PduReader } from "./reader.ts";
import { packedLength, packText, unpackText } from "./septets.ts";
import { type Address, type AlphanumericAddress, type NumericAddress, PduError } from "./types.ts";
import type { PduWriter } from "./writer.ts";

/** 9.1.2.5: ten octets of address value. */
const SEMI_OCTETS_MAX = 20;
const NAME_SEPTETS_MAX = 11;
/** 24.011 8.2.5.1: type of address and ten octets. */
const SERVICE_CENTRE_OCTETS_MAX = 11;

const TON_UNKNOWN = 0;
const TON_INTERNATIONAL = 1;
const TON_ALPHANUMERIC = 5;
const NPI_TELEPHONE = 1;

/** 9.1.2.3; the sixteenth is the filler. */
const DIGITS = "0123456789*#abc";
const FILLER = 0xf;
const NOT_A_DIGIT = 0xff;
const DIGIT_VALUES = new Uint8Array(128).fill(NOT_A_DIGIT);
[...DIGITS].forEach((digit, value) => {
  DIGIT_VALUES[digit.charCodeAt(0)] = value;
});

/** Of each octet its two digits, low semi-octet first; undefined where one is the filler. */
const DIGIT_PAIRS: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, octet) => {
  const low = DIGITS[octet & 0xf];
  const high = DIGITS[octet >> 4];
  return low !== undefined && high !== undefined ? low + high : undefined;
});

/**
 * A number as people write it: `+` and digits is international (TON 1), digits alone are of unknown type
 * (TON 0, short codes and national numbers), both of the telephone plan (NPI 1). Nothing is removed,
 * added or guessed: separators, letters and an empty number are refused.
 *
 * @throws PduError `out-of-range` with field `address`.
 */
export function addressOf(number: string): NumericAddress {
  if (!/^\+?[0-9*#abc]{1,20}$/.test(number)) {
    throw new PduError(
      "out-of-range",
      "address",
      undefined,
      "a number is 1 to 20 of the digits 0-9 * # a b c, with a + in front when it is international",
    );
  }
  const international = number.startsWith("+");
  return Object.freeze({
    ton: international ? TON_INTERNATIONAL : TON_UNKNOWN,
    npi: NPI_TELEPHONE,
    digits: international ? number.slice(1) : number,
  });
}

/** The address for people: with `+` when it is international, or the name of an alphanumeric sender. */
export function addressText(address: Address): string {
  if ("text" in address) return address.text;
  return address.ton === TON_INTERNATIONAL ? `+${address.digits}` : address.digits;
}

export function readAddress(reader: PduReader, field: string): Address {
  const lengthAt = reader.at;
  const semiOctets = reader.octet(`${field}.length`);
  if (semiOctets > SEMI_OCTETS_MAX) {
    throw reader.error(
      "too-long",
      `${field}.length`,
      lengthAt,
      `${semiOctets} semi-octets, an address has at most ${SEMI_OCTETS_MAX}`,
    );
  }
  const type = reader.octet(`${field}.type`);
  const start = reader.take((semiOctets + 1) >> 1, field);
  return addressAt(reader.octets, start, semiOctets, type);
}

/** `null` when its length is 0: then the modem uses the service centre of the SIM. */
export function readServiceCentre(reader: PduReader): Address | null {
  const octets = reader.octet("smsc.length");
  if (octets === 0) return null;
  if (octets > SERVICE_CENTRE_OCTETS_MAX) {
    throw reader.error(
      octets > reader.left ? "truncated" : "too-long",
      "smsc.length",
      0,
      `${octets} octets, a service centre address has at most ${SERVICE_CENTRE_OCTETS_MAX}; ` +
        "is the service centre field missing?",
    );
  }
  const type = reader.octet("smsc.type");
  const start = reader.take(octets - 1, "smsc");
  return addressAt(reader.octets, start, 2 * (octets - 1), type);
}

function addressAt(octets: Uint8Array, start: number, semiOctets: number, type: number): Address {
  const ton = (type >> 4) & 7;
  const npi = type & 0xf;
  if (ton === TON_ALPHANUMERIC) {
    const { text } = unpackText(octets, start, Math.floor((semiOctets * 4) / 7));
    return Object.freeze({ ton: TON_ALPHANUMERIC, npi, text });
  }
  return Object.freeze({ ton, npi, digits: digitsAt(octets, start, semiOctets) });
}

/** A filler ends the number wherever it stands: some modems count it in the length. */
function digitsAt(octets: Uint8Array, start: number, semiOctets: number): string {
  let digits = "";
  for (let i = 0; i < semiOctets; i += 2) {
    const octet = octets[start + (i >> 1)] as number;
    const pair = DIGIT_PAIRS[octet];
    if (pair === undefined || i + 1 === semiOctets) {
      const low = octet & 0xf;
      if (low === FILLER) return digits;
      digits += DIGITS[low];
      if (pair === undefined) return digits;
    } else digits += pair;
  }
  return digits;
}

export function writeAddress(writer: PduWriter, address: Address, field: string): void {
  if ("text" in address) {
    writeName(writer, address, field);
    return;
  }
  const { digits } = address;
  if (digits.length > SEMI_OCTETS_MAX) {
    throw writer.error(
      "too-long",
      field,
      `${digits.length} digits, an address has at most ${SEMI_OCTETS_MAX}`,
    );
  }
  writer.push(digits.length);
  writer.push(typeOctet(writer, address, field));
  writeDigits(writer, digits, field);
}

/** 9.1.2.5: the length counts useful semi-octets, so eleven characters are twenty and seven are thirteen. */
function writeName(writer: PduWriter, address: AlphanumericAddress, field: string): void {
  const { text } = address;
  if (text.length > NAME_SEPTETS_MAX) throw nameTooLong(writer, text.length, field);
  const lengthAt = writer.at;
  writer.push(0);
  writer.push(typeOctet(writer, address, field));
  const count = packText(text, DEFAULT_ALPHABET, 0, writer.octets, writer.at);
  if (count < 0) {
    throw writer.error("not-encodable", field, `character ${-count} of the name is not GSM 7-bit`);
  }
  if (count > NAME_SEPTETS_MAX) throw nameTooLong(writer, count, field);
  writer.octets[lengthAt] = (count * 7 + 3) >> 2;
  writer.at += packedLength(count);
}

function nameTooLong(writer: PduWriter, count: number, field: string): PduError {
  return writer.error("too-long", field, `${count} septets, a name has at most ${NAME_SEPTETS_MAX}`);
}

function typeOctet(writer: PduWriter, address: Address, field: string): number {
  const { ton, npi } = address;
  if (!(ton >= 0 && ton <= 7 && npi >= 0 && npi <= 15 && Number.isInteger(ton) && Number.isInteger(npi))) {
    throw writer.error("out-of-range", field, `TON ${ton} is not 0..7 or NPI ${npi} is not 0..15`);
  }
  return 0x80 | (ton << 4) | npi;
}

function writeDigits(writer: PduWriter, digits: string, field: string): void {
  for (let i = 0; i < digits.length; i += 2) {
    const low = digitValue(writer, digits, i, field);
    const high = i + 1 < digits.length ? digitValue(writer, digits, i + 1, field) : FILLER;
    writer.push((high << 4) | low);
  }
}

function digitValue(writer: PduWriter, digits: string, index: number, field: string): number {
  const value = DIGIT_VALUES[digits.charCodeAt(index)] ?? NOT_A_DIGIT;
  if (value === NOT_A_DIGIT) {
    throw writer.error("out-of-range", field, `character ${index + 1} is not one of the digits ${DIGITS}`);
  }
  return value;
}

export function writeServiceCentre(writer: PduWriter, address: Address | null | undefined): void {
  if (!address) {
    writer.push(0);
  } else if ("text" in address) {
    throw writer.error("unsupported", "smsc", "a service centre has a number, not a name");
  } else {
    const { digits } = address;
    if (digits.length > SEMI_OCTETS_MAX) {
      throw writer.error("too-long", "smsc", `${digits.length} digits, at most ${SEMI_OCTETS_MAX}`);
    }
    writer.push(1 + ((digits.length + 1) >> 1));
    writer.push(typeOctet(writer, address, "smsc"));
    writeDigits(writer, digits, "smsc");
  }
  writer.tpduStart = writer.at;
}
