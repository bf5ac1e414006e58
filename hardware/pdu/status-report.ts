/** SMS-STATUS-REPORT, from the service centre to the mobile (23.040 9.2.2.3). */
import { readAddress, writeAddress, writeServiceCentre } from "./address.ts";
import {
  type ParameterFields,
  readParameterIndicator,
  readParameters,
  writeParameterIndicator,
  writeParameters,
} from "./parameters.ts";
import type { PduReader } from "./reader.ts";
import { statusCategory } from "./status.ts";
import { readTimestamp, writeTimestamp } from "./timestamp.ts";
import type { Address, EncodedPdu, Mutable, StatusReport } from "./types.ts";
import { PduWriter } from "./writer.ts";

/** TP-MTI 10 and the other bits of the first octet (9.2.3.1, .4, .23, .26, .28). */
const STATUS_REPORT = 0x02;
const NO_MORE_MESSAGES = 0x04;
const LOOP_PREVENTION = 0x08;
const STATUS_REPORT_QUALIFIER = 0x20;
const USER_DATA_HEADER = 0x40;

const PADDING = 0xff;

/** A decoded `StatusReport` is one too. Without any parameter, TP-PI is left out. */
export interface StatusReportFields extends ParameterFields {
  readonly smsc?: Address | null;
  readonly moreMessages?: boolean;
  readonly loopPrevention?: boolean;
  /** True when the report answers a COMMAND, false when it answers a SUBMIT. */
  readonly statusReportQualifier?: boolean;
  readonly messageReference: number;
  readonly recipient: Address;
  readonly timestamp: { readonly raw: string };
  readonly discharge: { readonly raw: string };
  readonly status: number;
}

export function readStatusReport(reader: PduReader, smsc: Address | null, firstOctet: number): StatusReport {
  const messageReference = reader.octet("messageReference");
  const recipient = readAddress(reader, "recipient");
  const timestamp = readTimestamp(reader, "timestamp");
  const discharge = readTimestamp(reader, "discharge");
  const status = reader.octet("status");
  const report: Mutable<StatusReport> = {
    kind: "status-report",
    smsc,
    firstOctet,
    moreMessages: (firstOctet & NO_MORE_MESSAGES) === 0,
    loopPrevention: (firstOctet & LOOP_PREVENTION) !== 0,
    statusReportQualifier: (firstOctet & STATUS_REPORT_QUALIFIER) !== 0,
    messageReference,
    recipient,
    timestamp,
    discharge,
    status,
    statusCategory: statusCategory(status),
  };
  if (reader.left > 0) readRest(reader, report);
  return Object.freeze(report);
}

/** TP-PI and all after it is optional. A SIM record is filled with FF, which is no TP-PI. */
function readRest(reader: PduReader, report: Mutable<StatusReport>): void {
  if (isPadding(reader)) {
    report.paddingOctets = reader.left;
    reader.take(reader.left, "padding");
    return;
  }
  const hasHeader = (report.firstOctet & USER_DATA_HEADER) !== 0;
  readParameters(reader, readParameterIndicator(reader, report), hasHeader, report);
  if (reader.left > 0) report.trailingOctets = reader.left;
}

function isPadding(reader: PduReader): boolean {
  const { octets } = reader;
  for (let at = reader.at; at < octets.length; at++) if (octets[at] !== PADDING) return false;
  return true;
}

/** @throws PduError naming the field that cannot be encoded. */
export function encodeStatusReport(fields: StatusReportFields): EncodedPdu {
  const writer = new PduWriter();
  writeServiceCentre(writer, fields.smsc);
  writer.push(
    STATUS_REPORT |
      (fields.moreMessages ? 0 : NO_MORE_MESSAGES) |
      (fields.loopPrevention ? LOOP_PREVENTION : 0) |
      (fields.statusReportQualifier ? STATUS_REPORT_QUALIFIER : 0) |
      (fields.userData?.header?.length ? USER_DATA_HEADER : 0),
  );
  writer.octet(fields.messageReference, "messageReference");
  writeAddress(writer, fields.recipient, "recipient");
  writeTimestamp(writer, fields.timestamp, "timestamp");
  writeTimestamp(writer, fields.discharge, "discharge");
  writer.octet(fields.status, "status");
  if (hasParameters(fields)) {
    writeParameterIndicator(writer, fields);
    writeParameters(writer, fields);
  }
  return writer.finish();
}

function hasParameters(fields: StatusReportFields): boolean {
  return (
    fields.parameterIndicator !== undefined ||
    fields.pid !== undefined ||
    fields.coding !== undefined ||
    fields.userData !== undefined
  );
}
