/** TP-UDL and TP-UD (23.040 9.2.3.16, 9.2.3.24): header, then septets, UCS-2 or octets. */
import { type Header, headerMeaning, NO_HEADER, readHeader, writeHeader } from "./header.ts";
import type { PduReader } from "./reader.ts";
import { encodableAlphabet, packedLength, packText, SEPTETS_MAX, unpackText } from "./septets.ts";
import type { DataCoding, InformationElement, Mutable, UserData } from "./types.ts";
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
  const userData: Mutable<UserData> = { length, header: header.elements };
  if (header.malformed) userData.headerMalformed = true;
  if (header.elements.length > 0) Object.assign(userData, headerMeaning(header.elements));
  if (septets) readSeptets(reader, start, userData);
  else readOctets(reader, end, coding, userData);
  return Object.freeze(userData);
}

function readHeaderWithin(reader: PduReader, end: number): Header {
  if (reader.at === end) {
    const detail = "TP-UDHI says that there is a header, and the user data is empty";
    throw reader.error("truncated", "userData.header", reader.at, detail);
  }
  return readHeader(reader, end);
}

/** Text starts on a septet boundary counted from the start of the user data, header included. */
function readSeptets(reader: PduReader, start: number, userData: Mutable<UserData>): void {
  const { length } = userData;
  const headerOctets = reader.at - start;
  const headerSeptets = Math.ceil((headerOctets * 8) / 7);
  if (headerSeptets > length) {
    const detail = `a header of ${headerSeptets} septets in user data of ${length}`;
    throw reader.error("truncated", "userData.header", start, detail);
  }
  const fillBits = headerSeptets * 7 - headerOctets * 8;
  const count = length - headerSeptets;
  const at = reader.take(packedLength(length) - headerOctets, "userData.text");
  const { lockingShift, singleShift } = userData;
  const { text, escapeAtEnd } = unpackText(reader.octets, at, count, fillBits, lockingShift, singleShift);
  userData.text = text;
  if (escapeAtEnd) userData.escapeAtEnd = true;
}

function readOctets(reader: PduReader, end: number, coding: DataCoding, userData: Mutable<UserData>): void {
  const data = reader.slice(end - reader.at, "userData.data");
  if (coding.alphabet === "ucs2" && !coding.compressed) {
    userData.text = textOfUcs2(data);
    if (data.length % 2 === 1) userData.oddUcs2 = true;
  }
  userData.data = data;
}

/** UTF-16BE; an odd last octet is left out, half of a surrogate pair shows as U+FFFD. */
export function textOfUcs2(octets: Uint8Array): string {
  const end = octets.length & ~1;
  const swapped = Buffer.allocUnsafe(end);
  for (let at = 0; at < end; at += 2) {
    swapped[at] = octets[at + 1] as number;
    swapped[at + 1] = octets[at] as number;
  }
  return swapped.toString("utf16le").toWellFormed();
}

function writeUcs2(writer: PduWriter, text: string): void {
  if (writer.at + 2 * text.length > writer.octets.length) {
    throw writer.error("too-long", "userData.text", `${text.length} UTF-16 units do not fit in a PDU`);
  }
  const { octets } = writer;
  const start = writer.at;
  writer.at += octets.write(text, start, "utf16le");
  for (let at = start; at < writer.at; at += 2) {
    const low = octets[at] as number;
    octets[at] = octets[at + 1] as number;
    octets[at + 1] = low;
  }
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
  if (text.length > SEPTETS_MAX) {
    throw writer.error("too-long", "userData.text", `${text.length} characters do not fit in a PDU`);
  }
  const headerSeptets = Math.ceil((headerOctets * 8) / 7);
  const fillBits = headerSeptets * 7 - headerOctets * 8;
  const count = packText(text, alphabet, fillBits, writer.octets, writer.at);
  if (count < 0) {
    const detail = `character ${-count} is not in the GSM 7-bit alphabet`;
    throw writer.error("not-encodable", "userData.text", detail);
  }
  const length = headerSeptets + count;
  // A header without text may end in fill bits alone, and they need their octet too.
  if (count === 0) writer.octets[writer.at] = 0;
  writer.at += packedLength(length) - headerOctets;
  return length;
}

/** Returns how many octets it wrote. */
function writeOctets(writer: PduWriter, coding: DataCoding, fields: UserDataFields): number {
  const start = writer.at;
  const { data, text } = fields;
  if (data !== undefined) writer.bytes(data, "userData.data");
  else if (text !== undefined && coding.alphabet === "ucs2" && !coding.compressed) writeUcs2(writer, text);
  else throw writer.error("unsupported", "userData.data", "this coding carries octets, and none are given");
  return writer.at - start;
}
