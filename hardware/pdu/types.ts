/**
 * The TPDUs of 3GPP TS 23.040 clause 9.2.2 as plain data. Names follow the clause titles; octets are
 * `Uint8Array`, whole PDUs are upper-case hexadecimal as a modem shows them (3GPP TS 27.005 3.1).
 */

/** TP-OA, TP-DA, TP-RA or a service centre address (23.040 9.1.2.5). TON and NPI are 0..7 and 0..15. */
export type Address = NumericAddress | AlphanumericAddress;
export interface NumericAddress {
  readonly ton: number;
  readonly npi: number;
  /** `0-9 * # a b c`; without the `+`. */
  readonly digits: string;
}
export interface AlphanumericAddress {
  readonly ton: 5;
  readonly npi: number;
  readonly text: string;
}

export interface InformationElement {
  /** Information element identifier, 0..255 (9.2.3.24). */
  readonly iei: number;
  readonly data: Uint8Array;
}

export type Alphabet = "gsm7" | "8bit" | "ucs2";

/** TP-DCS taken apart (23.038 clause 4). */
export interface DataCoding {
  readonly octet: number;
  readonly alphabet: Alphabet;
  readonly class: 0 | 1 | 2 | 3 | null;
  readonly compressed: boolean;
  readonly autoDelete: boolean;
  readonly messageWaiting: {
    readonly store: boolean;
    readonly active: boolean;
    readonly type: number;
  } | null;
}

/** Seven octets of TP-SCTS or TP-DT (9.2.3.11). */
export interface Timestamp {
  readonly raw: string;
  /** Offset from UTC in quarter hours, -79..79. */
  readonly timeZoneQuarters: number;
  /** ISO 8601 with the sender's offset; absent when a digit is not decimal or the date does not exist. */
  readonly iso?: string;
  readonly invalidDigits?: true;
}

/** TP-VP (9.2.3.12). */
export type ValidityPeriod =
  | { readonly format: "none" }
  | { readonly format: "relative"; readonly octet: number; readonly seconds: number }
  | { readonly format: "absolute"; readonly time: Timestamp }
  | {
      readonly format: "enhanced";
      readonly raw: string;
      readonly seconds?: number;
      readonly singleShot?: boolean;
    };

/** 9.2.3.24.1 and .8. `total` and `sequence` are 1..255. */
export interface Concatenation {
  readonly referenceBits: 8 | 16;
  readonly reference: number;
  readonly total: number;
  readonly sequence: number;
}

/** 9.2.3.24.3 and .4. */
export interface Ports {
  readonly bits: 8 | 16;
  readonly destination: number;
  readonly source: number;
}

/** Messages that wait elsewhere, with their number (9.2.3.24.2). */
export interface WaitingMessages {
  /** Whether this message is to be kept after the indication was shown. */
  readonly store: boolean;
  /** 0 voicemail, 1 fax, 2 email, 3 other; then `extension` says more (1 is a video message). */
  readonly type: number;
  readonly extension: number;
  /** Subscriber profile, 0..3 for the first to fourth. */
  readonly profile: number;
  readonly count: number;
}

/** TP-UDL and TP-UD decoded (9.2.3.16, 9.2.3.24). */
export interface UserData {
  /** As sent: septets for an uncompressed 7-bit alphabet, else octets. */
  readonly length: number;
  readonly headerMalformed?: true;
  readonly header: readonly InformationElement[];
  readonly concatenation?: Concatenation;
  readonly ports?: Ports;
  /** One for each kind and profile. */
  readonly waiting?: readonly WaitingMessages[];
  /** National language identifiers (23.038 6.2.1.2.4); 0 is the default alphabet. */
  readonly singleShift?: number;
  readonly lockingShift?: number;
  /** Present for `gsm7` and `ucs2` that is not compressed. */
  readonly text?: string;
  /** The octets after the header for `8bit`, `ucs2` and compressed data. */
  readonly data?: Uint8Array;
  readonly oddUcs2?: true;
  /** The 7-bit text ends in an escape without its character, which some senders put into the next part. */
  readonly escapeAtEnd?: true;
}

interface Common {
  readonly smsc: Address | null;
  readonly firstOctet: number;
  /** Octets found after the user data, and not read. */
  readonly trailingOctets?: number;
}

export interface Deliver extends Common {
  readonly kind: "deliver";
  readonly moreMessages: boolean;
  readonly loopPrevention: boolean;
  readonly statusReportIndication: boolean;
  readonly replyPath: boolean;
  readonly originator: Address;
  readonly pid: number;
  readonly coding: DataCoding;
  readonly timestamp: Timestamp;
  readonly userData: UserData;
}

export interface Submit extends Common {
  readonly kind: "submit";
  readonly rejectDuplicates: boolean;
  readonly statusReportRequest: boolean;
  readonly replyPath: boolean;
  readonly messageReference: number;
  readonly destination: Address;
  readonly pid: number;
  readonly coding: DataCoding;
  readonly validity: ValidityPeriod;
  readonly userData: UserData;
}

export interface StatusReport extends Common {
  readonly kind: "status-report";
  readonly moreMessages: boolean;
  readonly loopPrevention: boolean;
  readonly statusReportQualifier: boolean;
  readonly messageReference: number;
  readonly recipient: Address;
  readonly timestamp: Timestamp;
  readonly discharge: Timestamp;
  /** TP-ST as sent (9.2.3.15). */
  readonly status: number;
  readonly statusCategory: StatusCategory;
  /** First octet of TP-PI (9.2.3.27); the octets that its bit 7 adds are `parameterExtension`. */
  readonly parameterIndicator?: number;
  readonly parameterExtension?: readonly number[];
  readonly pid?: number;
  readonly coding?: DataCoding;
  readonly userData?: UserData;
  /** Octets FF after TP-ST: fill of a SIM record, not parameters. */
  readonly paddingOctets?: number;
}

interface ReportParameters extends Common {
  /** TP-FCS: present in the form that goes with RP-ERROR (9.2.3.22). */
  readonly failureCause?: number;
  /** First octet of TP-PI (9.2.3.27). */
  readonly parameterIndicator: number;
  readonly parameterExtension?: readonly number[];
  readonly pid?: number;
  readonly coding?: DataCoding;
  readonly userData?: UserData;
}

/** The mobile's answer to a DELIVER or STATUS-REPORT (9.2.2.1a); what `AT+CNMA` sends. */
export interface DeliverReport extends ReportParameters {
  readonly kind: "deliver-report";
}

/** The service centre's answer to a SUBMIT or COMMAND (9.2.2.2a). */
export interface SubmitReport extends ReportParameters {
  readonly kind: "submit-report";
  readonly timestamp: Timestamp;
}

/** 9.2.2.4. */
export interface Command extends Common {
  readonly kind: "command";
  readonly userDataHeader: boolean;
  readonly statusReportRequest: boolean;
  readonly messageReference: number;
  readonly pid: number;
  /** TP-CT (9.2.3.19): 0 enquiry, 1 cancel report, 2 delete, 3 enable report; 224.. by service centre. */
  readonly commandType: number;
  /** TP-MN: the reference of the SUBMIT that is meant. */
  readonly messageNumber: number;
  readonly destination: Address;
  readonly data: Uint8Array;
}

export type Tpdu = Deliver | Submit | StatusReport | DeliverReport | SubmitReport | Command;

/** Reserved values of TP-ST count as "service rejected" (9.2.3.15), so they are final. */
export type StatusCategory =
  | "completed"
  | "still-trying"
  | "permanent-failure"
  | "temporary-failure-final"
  | "reserved";

/** While it is being read; results are frozen. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A PDU ready for `AT+CMGS=<tpduLength>`: the length leaves the service centre field out (27.005 4.3). */
export interface EncodedPdu {
  readonly hex: string;
  readonly tpduLength: number;
}

export type PduErrorCode =
  | "not-hex"
  | "truncated"
  | "too-long"
  | "out-of-range"
  | "unsupported"
  | "not-encodable";

/**
 * The one error of the codec. `field` is dotted as in the types above. `octet` counts from the start of
 * the given hex, 0-based; it is absent when there is no PDU yet, because a field cannot be encoded.
 */
export class PduError extends Error {
  override name = "PduError";
  readonly code: PduErrorCode;
  readonly field: string;
  readonly octet?: number;
  constructor(code: PduErrorCode, field: string, octet: number | undefined, detail: string) {
    super(octet === undefined ? `${field}: ${detail}` : `${field} at octet ${octet}: ${detail}`);
    this.code = code;
    this.field = field;
    if (octet !== undefined) this.octet = octet;
  }
}
