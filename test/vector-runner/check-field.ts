/** Single fields: time stamps, addresses, validity periods, packing, 7-bit text, headers. */
import { readAddress, readServiceCentre, writeAddress } from "#hardware/pdu/address.ts";
import { dataCoding } from "#hardware/pdu/coding.ts";
import { type Header, readHeader } from "#hardware/pdu/header.ts";
import { hexFromOctets, octetsFromHex } from "#hardware/pdu/hex.ts";
import { PduReader } from "#hardware/pdu/reader.ts";
import {
  packedLength,
  packSeptets,
  textOfSeptets,
  unpackSeptets,
  unpackText,
} from "#hardware/pdu/septets.ts";
import { readTimestamp } from "#hardware/pdu/timestamp.ts";
import { type Address, PduError } from "#hardware/pdu/types.ts";
import { readUserData } from "#hardware/pdu/user-data.ts";
import { readValidity } from "#hardware/pdu/validity.ts";
import { PduWriter } from "#hardware/pdu/writer.ts";
import { lockingCodes, shiftCodes } from "#shared/sms-text.ts";
import { describeAddress, describeElements, describeTimestamp, describeValidity } from "./expectation.ts";
import { differences, type Findings, refusalOf, type Vector } from "./vector.ts";

/** What a locking table holds where it has no symbol. */
const NO_SYMBOL = 0xfffd;

type Outcome = Readonly<Record<string, unknown>>;

const FORMAT_BITS: Readonly<Record<string, number>> = { none: 0, enhanced: 1, relative: 2, absolute: 3 };

const READERS: Readonly<Record<string, (vector: Vector) => Outcome>> = {
  timestamp: (vector) => describeTimestamp(readTimestamp(readerOf(vector.hex), "timestamp")),
  address: (vector) => {
    const address = readAddress(readerOf(vector.hex), "address");
    return { ...describeAddress(address), ...notTheSameAgain(address) };
  },
  "smsc-address": (vector) => ({ ...readServiceCentre(readerOf(vector.hex)) }),
  "validity-period": (vector) => {
    const bits = FORMAT_BITS[String(vector.vpf)] ?? Number(vector.vpf);
    if (!(bits >= 0 && bits <= 3))
      throw new PduError("out-of-range", "vpf", undefined, "there are four formats");
    // The offset of an absolute period stands in whole PDUs only.
    const validity = readValidity(readerOf(vector.hex), bits);
    const { tz_quarters, ...period } = describeValidity(validity) ?? { format: "none" };
    return "tz_quarters" in vector.expect ? { tz_quarters, ...period } : period;
  },
  "gsm7-packed-text": (vector) => {
    const reader = readerOf(vector.packed);
    const count = Number(vector.septet_count);
    const start = reader.take(packedLength(count), "packed");
    const [locking, single] = [shift(vector.locking), shift(vector.shift)];
    return { text: unpackText(reader.octets, start, count, 0, locking, single).text };
  },
  "gsm7-text": (vector) => {
    const septets = octetsFromHex(String(vector.septets));
    return { text: textOfSeptets(septets, shift(vector.locking), shift(vector.shift)) };
  },
  "gsm7-ud-with-udh": (vector) => {
    const udl = Number(vector.udl).toString(16).padStart(2, "0");
    return { text: readUserData(readerOf(udl + vector.ud), dataCoding(0), true).text };
  },
  udh: (vector) => {
    const header = readWhole(readerOf(vector.hex));
    if (header.malformed)
      throw new PduError("truncated", "udh", 0, "the header is void and would be ignored");
    return { udh: describeElements(header.elements) };
  },
  "gsm7-char": (vector) => {
    const codes = vector.table === "locking" ? lockingCodes : shiftCodes;
    const code = codes(Number(vector.language))[Number(vector.code)];
    return { char: code && code !== NO_SYMBOL ? String.fromCharCode(code) : null };
  },
};

export const FIELD_KINDS: readonly string[] = [...Object.keys(READERS), "packing"];

export function checkField(vector: Vector): Findings {
  if (vector.kind === "packing") return checkPacking(vector);
  const read = READERS[vector.kind];
  if (read === undefined) return [`no reader for the kind ${vector.kind}`];
  const refusal = refusalOf(() => read(vector), [PduError]);
  if (vector.expect.refuse) return refusal ? [] : ["decoded, but it must be refused"];
  if (refusal) return [`refused, but it is valid: ${refusal.message}`];
  return differences(vector.expect, read(vector));
}

function readerOf(hex: unknown): PduReader {
  return new PduReader(octetsFromHex(String(hex)));
}

function readWhole(reader: PduReader): Header {
  return readHeader(reader, reader.octets.length);
}

function shift(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** An address written and read again is the same one. */
function notTheSameAgain(address: Address): Outcome {
  const writer = new PduWriter();
  writeAddress(writer, address, "address");
  const again = readAddress(new PduReader(writer.octets), "address");
  const found = differences({ ...address }, { ...again });
  return found.length > 0 ? { again: found } : {};
}

function checkPacking(vector: Vector): Findings {
  const septets = octetsFromHex(String(vector.septets));
  const packed = octetsFromHex(String(vector.packed));
  const fill = Number(vector.fill);
  const target = new Uint8Array(packedLength(septets.length, fill));
  const end = packSeptets(septets, septets.length, fill, target, 0);
  const unpacked = new Uint8Array(septets.length);
  unpackSeptets(packed, 0, septets.length, fill, unpacked);
  return differences(
    { packed: vector.packed, septets: vector.septets },
    { packed: hexFromOctets(target, 0, end), septets: hexFromOctets(unpacked) },
  );
}
