/**
 * A SUBMIT as the modem's firmware sees it: its fields found, its lengths checked, its text left alone.
 * The whole decoding is the ledger's business and happens only when somebody reads it.
 */
import { digitsFrom, isHex, octetAt, octetHex } from "./octets.ts";

export interface SubmitPdu {
  /** Upper-case hexadecimal of the TPDU, without the service centre field. */
  readonly tpdu: string;
  /** Service centre with `+` when international; undefined when the PDU leaves it to the modem (00). */
  readonly serviceCentre: string | undefined;
  readonly firstOctet: number;
  readonly destination: Destination;
  readonly pid: number;
  readonly dcs: number;
  /** Hexadecimal of TP-VP; empty when there is none. */
  readonly validity: string;
  /** TP-UDL and TP-UD in hexadecimal, as they travel on in the DELIVER. */
  readonly userData: string;
}

export interface Destination {
  readonly ton: number;
  readonly digits: string;
  /** Length octet, type octet and digits, as in the PDU: a status report repeats it. */
  readonly hex: string;
}

/** TP-SRR, TP-UDHI, TP-RD of the first octet (23.040 9.2.3). */
export const FIRST_OCTET = { reportRequest: 0x20, header: 0x40, rejectDuplicates: 0x04 } as const;

const TP_MTI_SUBMIT = 1;
const ADDRESS_DIGITS_MAX = 20;
/** TP-VPF 0 none, 1 enhanced, 2 relative, 3 absolute (23.040 9.2.3.3). */
const VALIDITY_OCTETS = [0, 7, 1, 7] as const;
const USER_DATA_OCTETS_MAX = 140;

/**
 * Reads what came between the prompt and Ctrl-Z. `tpduLength` is the number given to AT+CMGS.
 * Undefined stands for CMS 304, invalid PDU mode parameter (27.005 3.2.5).
 */
export function parseSubmit(hex: string, tpduLength: number): SubmitPdu | undefined {
  if (!isHex(hex)) return undefined;
  const centreOctets = octetAt(hex, 0);
  const start = 2 + centreOctets * 2;
  if (centreOctets < 0 || centreOctets > 12 || centreOctets === 1) return undefined;
  if (hex.length !== start + tpduLength * 2) return undefined;
  const fields = parseTpdu(hex.slice(start).toUpperCase());
  return (
    fields && { ...fields, serviceCentre: centreOctets === 0 ? undefined : centreNumber(hex, centreOctets) }
  );
}

function centreNumber(hex: string, octets: number): string {
  const digits = digitsFrom(hex, 4, (octets - 1) * 2).replace(/F$/, "");
  return (octetAt(hex, 2) & 0x70) === 0x10 ? `+${digits}` : digits;
}

function parseTpdu(tpdu: string): Omit<SubmitPdu, "serviceCentre"> | undefined {
  const firstOctet = octetAt(tpdu, 0);
  if (firstOctet < 0 || (firstOctet & 3) !== TP_MTI_SUBMIT) return undefined;
  const destination = parseDestination(tpdu, 4);
  if (destination === undefined) return undefined;
  const afterAddress = 4 + destination.hex.length;
  const validityLength = 2 * (VALIDITY_OCTETS[(firstOctet >> 3) & 3] as number);
  const pid = octetAt(tpdu, afterAddress);
  const dcs = octetAt(tpdu, afterAddress + 2);
  const userDataAt = afterAddress + 4 + validityLength;
  const length = octetAt(tpdu, userDataAt);
  if (pid < 0 || dcs < 0 || length < 0) return undefined;
  const octets = isSevenBit(dcs) ? Math.ceil((length * 7) / 8) : length;
  const present = (tpdu.length - userDataAt - 2) / 2;
  if (octets !== present || octets > USER_DATA_OCTETS_MAX) return undefined;
  if (firstOctet & FIRST_OCTET.header && !headerFits(octetAt(tpdu, userDataAt + 2), octets)) return undefined;
  return {
    tpdu,
    firstOctet,
    destination,
    pid,
    dcs,
    validity: tpdu.slice(afterAddress + 4, userDataAt),
    userData: tpdu.slice(userDataAt),
  };
}

/** TP-UDHL counts the octets after it; all of them must be there (9.2.3.24). */
function headerFits(headerLength: number, octets: number): boolean {
  return headerLength >= 0 && headerLength < octets;
}

function parseDestination(tpdu: string, at: number): Destination | undefined {
  const digits = octetAt(tpdu, at);
  const type = octetAt(tpdu, at + 2);
  if (digits < 1 || digits > ADDRESS_DIGITS_MAX || type < 0) return undefined;
  const length = 4 + 2 * Math.ceil(digits / 2);
  if (tpdu.length < at + length) return undefined;
  const ton = (type >> 4) & 7;
  return { ton, digits: digitsFrom(tpdu, at + 4, digits), hex: tpdu.slice(at, at + length) };
}

/** Whether TP-UDL counts septets (23.038 clause 4); compressed text counts octets. */
export function isSevenBit(dcs: number): boolean {
  const group = dcs >> 4;
  if (group < 8) return (dcs & 0x20) === 0 && (dcs & 0x0c) !== 0x04 && (dcs & 0x0c) !== 0x08;
  if (group === 0xf) return (dcs & 0x04) === 0;
  return group !== 0xe;
}

/** The modem writes its own TP-MR over the one it was given (23.040 9.2.3.6). */
export function withReference(tpdu: string, reference: number): string {
  return tpdu.slice(0, 2) + octetHex(reference) + tpdu.slice(4);
}

/** Message class of TP-DCS, or undefined when the message has none (23.038 clause 4). */
export function messageClass(dcs: number): 0 | 1 | 2 | 3 | undefined {
  const group = dcs >> 4;
  const has = (group < 8 && (dcs & 0x10) !== 0) || group === 0xf;
  return has ? ((dcs & 3) as 0 | 1 | 2 | 3) : undefined;
}

/** Seconds that TP-VP gives a relative validity (9.2.3.12.1); undefined for other formats. */
export function relativeValiditySeconds(submit: SubmitPdu): number | undefined {
  if (((submit.firstOctet >> 3) & 3) !== 2) return undefined;
  const octet = octetAt(submit.validity, 0);
  if (octet <= 143) return (octet + 1) * 300;
  if (octet <= 167) return 43_200 + (octet - 143) * 1_800;
  if (octet <= 196) return (octet - 166) * 86_400;
  return (octet - 192) * 604_800;
}
