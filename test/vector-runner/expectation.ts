/** A decoded TPDU in the words of the vectors' `expect`. */
import { hexFromOctets } from "#hardware/pdu/hex.ts";
import type {
  Address,
  DataCoding,
  InformationElement,
  Timestamp,
  Tpdu,
  UserData,
  ValidityPeriod,
} from "#hardware/pdu/types.ts";

type Described = Record<string, unknown>;

const WAITING_TYPES = ["voicemail", "fax", "email", "other"];
const FORMATS = ["none", "enhanced", "relative", "absolute"];
const UDHI = 0x40;

/** Leaves out what is undefined, as JSON does. */
function defined(entries: Described): Described {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

export function describeAddress(address: Address): Described {
  return { ...address };
}

export function describeTimestamp(timestamp: Timestamp): Described {
  return defined({
    raw: timestamp.raw,
    tz_quarters: timestamp.timeZoneQuarters,
    iso: timestamp.iso,
    invalid_digits: timestamp.invalidDigits,
  });
}

export function describeValidity(validity: ValidityPeriod): Described | undefined {
  switch (validity.format) {
    case "none":
      return undefined;
    case "relative":
      return { format: "relative", octet: validity.octet, seconds: validity.seconds };
    case "absolute":
      return { format: "absolute", ...describeTimestamp(validity.time) };
    case "enhanced":
      return defined({
        format: "enhanced",
        raw: validity.raw,
        seconds: validity.seconds,
        single_shot: validity.singleShot,
      });
  }
}

export function describeCoding(coding: DataCoding): Described {
  const { messageWaiting } = coding;
  return defined({
    dcs: coding.octet,
    alphabet: coding.alphabet,
    class: coding.class,
    compressed: coding.compressed,
    auto_delete: coding.autoDelete || undefined,
    mwi: messageWaiting
      ? {
          store: messageWaiting.store,
          active: messageWaiting.active,
          type: WAITING_TYPES[messageWaiting.type],
        }
      : undefined,
  });
}

export function describeElements(elements: readonly InformationElement[]): Described[] {
  return elements.map(({ iei, data }) => ({ iei, data: hexFromOctets(data) }));
}

function describeUserData(userData: UserData, hasHeader: boolean): Described {
  const { concatenation, ports } = userData;
  return defined({
    udl: userData.length,
    udh: hasHeader && !userData.headerMalformed ? describeElements(userData.header) : undefined,
    udh_malformed: userData.headerMalformed,
    concat: concatenation
      ? {
          bits: concatenation.referenceBits,
          ref: concatenation.reference,
          total: concatenation.total,
          seq: concatenation.sequence,
        }
      : undefined,
    ports: ports ? { bits: ports.bits, dst: ports.destination, src: ports.source } : undefined,
    single_shift: userData.singleShift,
    locking_shift: userData.lockingShift,
    text: userData.text,
    data: userData.data ? hexFromOctets(userData.data) : undefined,
    odd_ucs2: userData.oddUcs2,
  });
}

export function describeTpdu(tpdu: Tpdu, withServiceCentre: boolean): Described {
  const hasHeader = (tpdu.firstOctet & UDHI) !== 0;
  const common = {
    first_octet: tpdu.firstOctet,
    udhi: hasHeader,
    ...(withServiceCentre && { smsc: tpdu.smsc && describeAddress(tpdu.smsc) }),
    trailing_octets: tpdu.trailingOctets,
  };
  const optional = "userData" in tpdu && tpdu.userData ? describeUserData(tpdu.userData, hasHeader) : {};
  const coding = "coding" in tpdu && tpdu.coding ? describeCoding(tpdu.coding) : {};
  return defined({ ...common, ...coding, ...optional, ...describeOwnFields(tpdu) });
}

function describeOwnFields(tpdu: Tpdu): Described {
  switch (tpdu.kind) {
    case "deliver":
      return {
        more_messages: tpdu.moreMessages,
        loop_prevention: tpdu.loopPrevention,
        status_report_indication: tpdu.statusReportIndication,
        reply_path: tpdu.replyPath,
        address: describeAddress(tpdu.originator),
        pid: tpdu.pid,
        scts: describeTimestamp(tpdu.timestamp),
      };
    case "submit":
      return {
        status_report_request: tpdu.statusReportRequest,
        reject_duplicates: tpdu.rejectDuplicates,
        reply_path: tpdu.replyPath,
        vpf: FORMATS.indexOf(tpdu.validity.format),
        vp: describeValidity(tpdu.validity),
        mr: tpdu.messageReference,
        address: describeAddress(tpdu.destination),
        pid: tpdu.pid,
      };
    case "status-report":
      return {
        more_messages: tpdu.moreMessages,
        loop_prevention: tpdu.loopPrevention,
        status_report_qualifier: tpdu.statusReportQualifier,
        mr: tpdu.messageReference,
        address: describeAddress(tpdu.recipient),
        scts: describeTimestamp(tpdu.timestamp),
        dt: describeTimestamp(tpdu.discharge),
        st: tpdu.status,
        status_category: tpdu.statusCategory,
        pi: tpdu.parameterIndicator,
        pid: tpdu.pid,
        padding_octets: tpdu.paddingOctets,
      };
    case "deliver-report":
      return { fcs: tpdu.failureCause, pi: tpdu.parameterIndicator, pid: tpdu.pid };
    case "submit-report":
      return {
        fcs: tpdu.failureCause,
        pi: tpdu.parameterIndicator,
        pid: tpdu.pid,
        scts: describeTimestamp(tpdu.timestamp),
      };
    case "command":
      return {
        status_report_request: tpdu.statusReportRequest,
        mr: tpdu.messageReference,
        pid: tpdu.pid,
        command_type: tpdu.commandType,
        message_number: tpdu.messageNumber,
        command_data: hexFromOctets(tpdu.data),
        address: describeAddress(tpdu.destination),
      };
  }
}
