/** SMS-SUBMIT, from the mobile to the service centre (23.040 9.2.2.2). */
import { readAddress, writeAddress, writeServiceCentre } from "./address.ts";
import { dataCoding } from "./coding.ts";
import type { PduReader } from "./reader.ts";
import type { Address, DataCoding, EncodedPdu, Mutable, Submit, ValidityPeriod } from "./types.ts";
import { readUserData, type UserDataFields, writeUserData } from "./user-data.ts";
import { NO_VALIDITY, readValidity, validityFormatBits, writeValidity } from "./validity.ts";
import { PduWriter } from "./writer.ts";

/** TP-MTI 01 and the other bits of the first octet (9.2.3.1, .3, .5, .17, .23, .25). */
const SUBMIT = 0x01;
const REJECT_DUPLICATES = 0x04;
const VALIDITY_FORMAT_SHIFT = 3;
const STATUS_REPORT_REQUEST = 0x20;
const USER_DATA_HEADER = 0x40;
const REPLY_PATH = 0x80;

/** A decoded `Submit` is one too. */
export interface SubmitFields {
  readonly smsc?: Address | null;
  readonly rejectDuplicates?: boolean;
  readonly statusReportRequest?: boolean;
  readonly replyPath?: boolean;
  /** TP-MR, default 0; the modem puts its own number there (9.2.3.6). */
  readonly messageReference?: number;
  readonly destination: Address;
  /** TP-PID, default 0. */
  readonly pid?: number;
  /** TP-DCS, default 0: GSM 7-bit. */
  readonly coding?: DataCoding | number;
  readonly validity?: ValidityPeriod;
  readonly userData: UserDataFields;
}

export function readSubmit(reader: PduReader, smsc: Address | null, firstOctet: number): Submit {
  const messageReference = reader.octet("messageReference");
  const destination = readAddress(reader, "destination");
  const pid = reader.octet("pid");
  const coding = dataCoding(reader.octet("coding"));
  const validity = readValidity(reader, (firstOctet >> VALIDITY_FORMAT_SHIFT) & 3);
  const userData = readUserData(reader, coding, (firstOctet & USER_DATA_HEADER) !== 0);
  const submit: Mutable<Submit> = {
    kind: "submit",
    smsc,
    firstOctet,
    rejectDuplicates: (firstOctet & REJECT_DUPLICATES) !== 0,
    statusReportRequest: (firstOctet & STATUS_REPORT_REQUEST) !== 0,
    replyPath: (firstOctet & REPLY_PATH) !== 0,
    messageReference,
    destination,
    pid,
    coding,
    validity,
    userData,
  };
  if (reader.left > 0) submit.trailingOctets = reader.left;
  return Object.freeze(submit);
}

/** @throws PduError naming the field that cannot be encoded. */
export function encodeSubmit(fields: SubmitFields): EncodedPdu {
  const [pdu] = encodeSubmits(fields, [fields.userData]);
  return pdu as EncodedPdu;
}

/** SUBMITs that differ in their user data alone: the segments of one message. All or none have a header. */
export function encodeSubmits(
  fields: Omit<SubmitFields, "userData">,
  parts: readonly UserDataFields[],
): readonly EncodedPdu[] {
  const writer = new PduWriter();
  const validity = fields.validity ?? NO_VALIDITY;
  writeServiceCentre(writer, fields.smsc);
  writer.push(
    SUBMIT |
      (fields.rejectDuplicates ? REJECT_DUPLICATES : 0) |
      (validityFormatBits(validity) << VALIDITY_FORMAT_SHIFT) |
      (fields.statusReportRequest ? STATUS_REPORT_REQUEST : 0) |
      (parts[0]?.header?.length ? USER_DATA_HEADER : 0) |
      (fields.replyPath ? REPLY_PATH : 0),
  );
  writer.octet(fields.messageReference ?? 0, "messageReference");
  writeAddress(writer, fields.destination, "destination");
  writer.octet(fields.pid ?? 0, "pid");
  const coding = writer.coding(fields.coding);
  writeValidity(writer, validity);
  const userDataStart = writer.at;
  return parts.map((userData) => {
    writer.at = userDataStart;
    writeUserData(writer, coding, userData);
    return writer.finish();
  });
}
