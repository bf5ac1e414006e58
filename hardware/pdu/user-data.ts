/** TP-UDL and TP-UD (23.040 9.2.3.16, 9.2.3.24): header, then septets, UCS-2 or octets. */
import {
  type Header,
  type HeaderMeaning,
  headerMeaning,
  NO_HEADER,
  readHeader,
  writeHeader,
} from "./header.ts";
import type { PduReader } from "./reader.ts";
import {
  encodableAlphabet,
  packedLength,
  packSeptets,
  septetsOf,
  textOfSeptets,
  unpackSeptets,
} from "./septets.ts";
import type { DataCoding, InformationElement, UserData } from "./types.ts";
import type { PduWriter } from "./writer.ts";

/** 9.2.3.24: of a SUBMIT or DELIVER; the report types have their own limits. */
export const USER_DATA_OCTETS = 140;

/** What an encoder needs; a decoded `UserData` is one too. Exact octets win over a text. */
export interface UserDataFields {
  readonly header?: readonly InformationElement[];
  readonly text?: string;
  readonly data?: Uint8Array;
}

function isSeptets(coding: DataCoding): boolean {
  return coding.alphabet === "gsm7" && !coding.compressed;
}

/**
 * @throws PduError when TP-UDL says more than is there or more than `limit` octets, or when the header
 *   is longer than the user data.
 */
export function readUserData(
  reader: PduReader,
  coding: DataCoding,
  hasHeader: boolean,
  limit = USER_DATA_OCTETS,
): UserData {
  const lengthAt = reader.at;
  const length = reader.octet("userData.length");
  const septets = isSeptets(coding);
  const octets = septets ? packedLength(length) : length;
  if (octets > limit) {
    throw reader.error(
      "too-long",
      "userData.length",
      lengthAt,
      `${length} ${septets ? "septets" : "octets"} of user data, at most ${limit} octets fit`,
    );
  }
  if (octets > reader.left) reader.take(octets, "userData");
  const start = reader.at;
  const end = start + octets;
  const header = hasHeader ? readHeaderWithin(reader, end) : NO_HEADER;
  const meaning = headerMeaning(header.elements);
  const content = septets ? septetContent(reader, start, length, meaning) : octetContent(reader, end, coding);
  return Object.freeze({
    length,
    ...(header.malformed && { headerMalformed: true as const }),
    header: header.elements,
    ...meaning,
    ...content,
  });
}

function readHeaderWithin(reader: PduReader, end: number): Header {
  if (reader.at === end) {
    const detail = "TP-UDHI says that there is a header, and the user data is empty";
    throw reader.error("truncated", "userData.header", reader.at, detail);
  }
  return readHeader(reader, end);
}

/** Text starts on a septet boundary counted from the start of the user data, header included. */
function septetContent(
  reader: PduReader,
  start: number,
  length: number,
  meaning: HeaderMeaning,
): { text: string } {
  const headerOctets = reader.at - start;
  const headerSeptets = Math.ceil((headerOctets * 8) / 7);
  if (headerSeptets > length) {
    throw reader.error(
      "truncated",
      "userData.header",
      start,
      `a header of ${headerSeptets} septets in user data of ${length}`,
    );
  }
  const fillBits = headerSeptets * 7 - headerOctets * 8;
  const at = reader.take(packedLength(length) - headerOctets, "userData.text");
  const septets = unpackSeptets(reader.octets, at, length - headerSeptets, fillBits);
  return { text: textOfSeptets(septets, meaning.lockingShift, meaning.singleShift) };
}

function octetContent(reader: PduReader, end: number, coding: DataCoding): Partial<UserData> {
  const data = reader.slice(end - reader.at, "userData.data");
  if (coding.alphabet !== "ucs2" || coding.compressed) return { data };
  const odd = data.length % 2 === 1;
  return { text: textOfUcs2(data), data, ...(odd && { oddUcs2: true as const }) };
}

/** UTF-16BE; an odd last octet is left out, half of a surrogate pair shows as U+FFFD. */
export function textOfUcs2(octets: Uint8Array): string {
  const even = octets.length & ~1;
  return Buffer.from(octets.subarray(0, even)).swap16().toString("utf16le").toWellFormed();
}

export function ucs2Of(text: string): Uint8Array {
  return Buffer.from(text, "utf16le").swap16();
}

/** Writes TP-UDL and TP-UD. */
export function writeUserData(
  writer: PduWriter,
  coding: DataCoding,
  fields: UserDataFields,
  limit = USER_DATA_OCTETS,
): void {
  const lengthAt = writer.at;
  writer.push(0);
  const header = fields.header ?? NO_HEADER.elements;
  if (header.length > 0) writeHeader(writer, header);
  const headerOctets = writer.at - lengthAt - 1;
  const length = isSeptets(coding)
    ? writeSeptets(writer, fields, headerOctets)
    : headerOctets + writeOctets(writer, coding, fields);
  const octets = writer.at - lengthAt - 1;
  if (octets > limit) {
    writer.at = lengthAt;
    throw writer.error("too-long", "userData", `${octets} octets of user data, at most ${limit} fit`);
  }
  writer.octets[lengthAt] = length;
}

/** Returns TP-UDL in septets, the header counted in. */
function writeSeptets(writer: PduWriter, fields: UserDataFields, headerOctets: number): number {
  const { text } = fields;
  if (text === undefined) {
    throw writer.error("unsupported", "userData.text", "a 7-bit message is made from a text");
  }
  const { lockingShift = 0, singleShift = 0 } = headerMeaning(fields.header ?? NO_HEADER.elements);
  const alphabet = encodableAlphabet(lockingShift, singleShift);
  if (alphabet === undefined) {
    throw writer.error(
      "unsupported",
      "userData.header",
      `no encoder for locking shift ${lockingShift} with single shift ${singleShift}`,
    );
  }
  const septets = septetsOf(text, alphabet);
  if ("missing" in septets) {
    throw writer.error(
      "not-encodable",
      "userData.text",
      `character ${septets.missing + 1} is not in the GSM 7-bit alphabet`,
    );
  }
  const headerSeptets = Math.ceil((headerOctets * 8) / 7);
  const fillBits = headerSeptets * 7 - headerOctets * 8;
  const length = headerSeptets + septets.count;
  // A header without text may end in fill bits alone, and they need their octet too.
  const end = writer.at + packedLength(length) - headerOctets;
  if (end > writer.octets.length) {
    throw writer.error("too-long", "userData.text", `${septets.count} septets do not fit in a PDU`);
  }
  packSeptets(septets.septets, septets.count, fillBits, writer.octets, writer.at);
  writer.at = end;
  return length;
}

/** Returns how many octets it wrote. */
function writeOctets(writer: PduWriter, coding: DataCoding, fields: UserDataFields): number {
  const { data, text } = fields;
  const octets =
    data ??
    (coding.alphabet === "ucs2" && text !== undefined && !coding.compressed ? ucs2Of(text) : undefined);
  if (octets === undefined) {
    throw writer.error("unsupported", "userData.data", "this coding carries octets, and none are given");
  }
  writer.bytes(octets, "userData.data");
  return octets.length;
}
