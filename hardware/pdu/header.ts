/** The user data header: information elements in front of the message (23.040 9.2.3.24). */
import type { PduReader } from "./reader.ts";
import type { Concatenation, InformationElement, Ports, WaitingMessages } from "./types.ts";
import type { PduWriter } from "./writer.ts";

/** Information element identifiers of 9.2.3.24. */
const CONCATENATED_8 = 0x00;
const SPECIAL_INDICATION = 0x01;
const PORTS_8 = 0x04;
const PORTS_16 = 0x05;
const CONCATENATED_16 = 0x08;
const SINGLE_SHIFT = 0x24;
const LOCKING_SHIFT = 0x25;

export interface Header {
  readonly elements: readonly InformationElement[];
  readonly malformed: boolean;
}

const NO_ELEMENTS: readonly InformationElement[] = Object.freeze([]);
export const NO_HEADER: Header = Object.freeze({ elements: NO_ELEMENTS, malformed: false });

/**
 * TP-UDHL and the elements, which must lie before `limit`. A last element with too few or too many octets
 * makes the whole header void, and the message is read without it (9.2.3.24).
 *
 * @throws PduError when TP-UDHL says more octets than there are.
 */
export function readHeader(reader: PduReader, limit: number): Header {
  const lengthAt = reader.at;
  const length = reader.octet("userData.header.length");
  const end = reader.at + length;
  if (end > limit) {
    const detail = `a header of ${length} octets, ${limit - reader.at} are left`;
    throw reader.error("truncated", "userData.header.length", lengthAt, detail);
  }
  const elements: InformationElement[] = [];
  while (reader.at < end) {
    const iei = reader.octet("userData.header.iei");
    const size = reader.at < end ? reader.octet("userData.header.length") : Number.POSITIVE_INFINITY;
    if (size > end - reader.at) {
      reader.take(end - reader.at, "userData.header");
      return { elements: NO_ELEMENTS, malformed: true };
    }
    elements.push(Object.freeze({ iei, data: reader.slice(size, "userData.header.data") }));
  }
  return { elements: Object.freeze(elements), malformed: false };
}

export interface HeaderMeaning {
  concatenation?: Concatenation;
  ports?: Ports;
  waiting?: readonly WaitingMessages[];
  singleShift?: number;
  lockingShift?: number;
}

/** Of elements that repeat or exclude each other the last valid one counts (9.2.3.24). */
export function headerMeaning(elements: readonly InformationElement[]): HeaderMeaning {
  const meaning: HeaderMeaning = {};
  for (const { iei, data } of elements) {
    if (iei === CONCATENATED_8 && data.length === 3) {
      const [reference = 0, total = 0, sequence = 0] = data;
      concatenate(meaning, { referenceBits: 8, reference, total, sequence });
    } else if (iei === CONCATENATED_16 && data.length === 4) {
      const [high = 0, low = 0, total = 0, sequence = 0] = data;
      concatenate(meaning, { referenceBits: 16, reference: (high << 8) | low, total, sequence });
    } else if (iei === SPECIAL_INDICATION && data.length === 2) {
      meaning.waiting = withIndication(meaning.waiting ?? [], data);
    } else if (iei === PORTS_8 && data.length === 2) {
      const [destination = 0, source = 0] = data;
      meaning.ports = Object.freeze({ bits: 8, destination, source });
    } else if (iei === PORTS_16 && data.length === 4) {
      const [a = 0, b = 0, c = 0, d = 0] = data;
      meaning.ports = Object.freeze({ bits: 16, destination: (a << 8) | b, source: (c << 8) | d });
    } else if (iei === SINGLE_SHIFT && data.length === 1) {
      meaning.singleShift = data[0] as number;
    } else if (iei === LOCKING_SHIFT && data.length === 1) {
      meaning.lockingShift = data[0] as number;
    }
  }
  return meaning;
}

/** A sequence number of 0 or beyond the total makes the element void (9.2.3.24.1). */
function concatenate(meaning: HeaderMeaning, concatenation: Concatenation): void {
  const { sequence, total } = concatenation;
  if (sequence >= 1 && sequence <= total) meaning.concatenation = Object.freeze(concatenation);
}

/** Of indications for the same kind and profile, the last one counts (9.2.3.24.2). */
function withIndication(waiting: readonly WaitingMessages[], data: Uint8Array): readonly WaitingMessages[] {
  const [what = 0, count = 0] = data;
  const indication = Object.freeze({
    store: (what & 0x80) !== 0,
    type: what & 3,
    extension: (what >> 2) & 7,
    profile: (what >> 5) & 3,
    count,
  });
  const others = waiting.filter(
    ({ type, extension, profile }) =>
      type !== indication.type || extension !== indication.extension || profile !== indication.profile,
  );
  return Object.freeze([...others, indication]);
}

/** TP-UDHL and the elements. */
export function writeHeader(writer: PduWriter, elements: readonly InformationElement[]): void {
  const lengthAt = writer.at;
  writer.push(0);
  for (const { iei, data } of elements) {
    writer.octet(iei, "userData.header.iei");
    writer.octet(data.length, "userData.header.length");
    writer.bytes(data, "userData.header.data");
  }
  const length = writer.at - lengthAt - 1;
  if (length > 255) throw writer.error("too-long", "userData.header", `${length} octets`);
  writer.octets[lengthAt] = length;
}

export function concatenationElement(concatenation: Concatenation): InformationElement {
  const { referenceBits, reference, total, sequence } = concatenation;
  const octets = referenceBits === 8 ? 1 : 2;
  const data = new Uint8Array(octets + 2);
  if (octets === 2) data[0] = reference >> 8;
  data[octets - 1] = reference;
  data[octets] = total;
  data[octets + 1] = sequence;
  return { iei: octets === 1 ? CONCATENATED_8 : CONCATENATED_16, data };
}

/** Application port addressing, 8 or 16 bits (9.2.3.24.3, .4). WAP push is destination 2948. */
export function portsElement(ports: Ports): InformationElement {
  const { bits, destination, source } = ports;
  if (bits === 8) return { iei: PORTS_8, data: Uint8Array.of(destination, source) };
  const octets = [destination >> 8, destination & 0xff, source >> 8, source & 0xff];
  return { iei: PORTS_16, data: Uint8Array.from(octets) };
}

/** The elements that switch to national tables; none for the default alphabet (9.2.3.24.15, .16). */
export function shiftElements(singleShift: number, lockingShift: number): readonly InformationElement[] {
  const elements: InformationElement[] = [];
  if (singleShift !== 0) elements.push({ iei: SINGLE_SHIFT, data: Uint8Array.of(singleShift) });
  if (lockingShift !== 0) elements.push({ iei: LOCKING_SHIFT, data: Uint8Array.of(lockingShift) });
  return elements;
}
