/** SMS-DELIVER, from the service centre to the mobile (23.040 9.2.2.1). */
import { readAddress, writeAddress, writeServiceCentre } from "./address.ts";
import { dataCoding } from "./coding.ts";
import type { PduReader } from "./reader.ts";
import { readTimestamp, writeTimestamp } from "./timestamp.ts";
import type { Address, DataCoding, Deliver, EncodedPdu, Mutable } from "./types.ts";
import { readUserData, type UserDataFields, writeUserData } from "./user-data.ts";
import { PduWriter } from "./writer.ts";

/** Bits of the first octet (9.2.3.2 to .5, .17, .23, .28). TP-MMS and TP-LP: 0 in the first means "more". */
const NO_MORE_MESSAGES = 0x04;
const LOOP_PREVENTION = 0x08;
const STATUS_REPORT_INDICATION = 0x20;
const USER_DATA_HEADER = 0x40;
const REPLY_PATH = 0x80;

/** A decoded `Deliver` is one too. */
export interface DeliverFields {
  readonly smsc?: Address | null;
  readonly moreMessages?: boolean;
  readonly loopPrevention?: boolean;
  readonly statusReportIndication?: boolean;
  readonly replyPath?: boolean;
  readonly originator: Address;
  /** TP-PID, default 0. */
  readonly pid?: number;
  /** TP-DCS, default 0: GSM 7-bit. */
  readonly coding?: DataCoding | number;
  readonly timestamp: { readonly raw: string };
  readonly userData: UserDataFields;
}

export function readDeliver(reader: PduReader, smsc: Address | null, firstOctet: number): Deliver {
  const originator = readAddress(reader, "originator");
  const pid = reader.octet("pid");
  const coding = dataCoding(reader.octet("coding"));
  const timestamp = readTimestamp(reader, "timestamp");
  const userData = readUserData(reader, coding, (firstOctet & USER_DATA_HEADER) !== 0);
  const deliver: Mutable<Deliver> = {
    kind: "deliver",
    smsc,
    firstOctet,
    moreMessages: (firstOctet & NO_MORE_MESSAGES) === 0,
    loopPrevention: (firstOctet & LOOP_PREVENTION) !== 0,
    statusReportIndication: (firstOctet & STATUS_REPORT_INDICATION) !== 0,
    replyPath: (firstOctet & REPLY_PATH) !== 0,
    originator,
    pid,
    coding,
    timestamp,
    userData,
  };
  if (reader.left > 0) deliver.trailingOctets = reader.left;
  return Object.freeze(deliver);
}

/** @throws PduError naming the field that cannot be encoded. */
export function encodeDeliver(fields: DeliverFields): EncodedPdu {
  const writer = new PduWriter();
  writeServiceCentre(writer, fields.smsc);
  writer.push(
    (fields.moreMessages ? 0 : NO_MORE_MESSAGES) |
      (fields.loopPrevention ? LOOP_PREVENTION : 0) |
      (fields.statusReportIndication ? STATUS_REPORT_INDICATION : 0) |
      (fields.userData.header?.length ? USER_DATA_HEADER : 0) |
      (fields.replyPath ? REPLY_PATH : 0),
  );
  writeAddress(writer, fields.originator, "originator");
  writer.octet(fields.pid ?? 0, "pid");
  const coding = writer.coding(fields.coding);
  writeTimestamp(writer, fields.timestamp, "timestamp");
  writeUserData(writer, coding, fields.userData);
  return writer.finish();
}
