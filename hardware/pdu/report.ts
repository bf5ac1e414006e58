/**
 * SMS-DELIVER-REPORT and SMS-SUBMIT-REPORT (23.040 9.2.2.1a, 9.2.2.2a): the answers that travel with
 * RP-ACK, or with RP-ERROR and then hold a cause. The octets do not tell which of the two it is.
 */
import { writeServiceCentre } from "./address.ts";
import {
  type ParameterFields,
  readParameterIndicator,
  readParameters,
  writeParameterIndicator,
  writeParameters,
} from "./parameters.ts";
import type { PduReader } from "./reader.ts";
import { readTimestamp, writeTimestamp } from "./timestamp.ts";
import type { Address, DeliverReport, EncodedPdu, SubmitReport } from "./types.ts";
import { PduWriter } from "./writer.ts";

/** Which RP message carries the report. */
export type ReportForm = "ack" | "error";

const DELIVER_REPORT = 0x00;
const SUBMIT_REPORT = 0x01;
const USER_DATA_HEADER = 0x40;

/** 9.2.2.1a, 9.2.2.2a: octets of user data without TP-FCS; it takes one of them. */
const DELIVER_REPORT_USER_DATA = 159;
const SUBMIT_REPORT_USER_DATA = 152;

/** A decoded `DeliverReport` is one too. With `failureCause` it is the form for RP-ERROR. */
export interface DeliverReportFields extends ParameterFields {
  readonly smsc?: Address | null;
  readonly failureCause?: number;
}

export interface SubmitReportFields extends DeliverReportFields {
  readonly timestamp: { readonly raw: string };
}

export function readDeliverReport(
  reader: PduReader,
  smsc: Address | null,
  firstOctet: number,
  form: ReportForm,
): DeliverReport {
  const head = readHead(reader, form);
  const limit = DELIVER_REPORT_USER_DATA - (form === "error" ? 1 : 0);
  const parameters = readParameters(reader, head.parameterIndicator, hasHeader(firstOctet), limit);
  return Object.freeze({
    kind: "deliver-report",
    smsc,
    firstOctet,
    ...head,
    ...parameters,
    ...reader.trailing(),
  });
}

export function readSubmitReport(
  reader: PduReader,
  smsc: Address | null,
  firstOctet: number,
  form: ReportForm,
): SubmitReport {
  const head = readHead(reader, form);
  const timestamp = readTimestamp(reader, "timestamp");
  const limit = SUBMIT_REPORT_USER_DATA - (form === "error" ? 1 : 0);
  const parameters = readParameters(reader, head.parameterIndicator, hasHeader(firstOctet), limit);
  return Object.freeze({
    kind: "submit-report",
    smsc,
    firstOctet,
    ...head,
    timestamp,
    ...parameters,
    ...reader.trailing(),
  });
}

function hasHeader(firstOctet: number): boolean {
  return (firstOctet & USER_DATA_HEADER) !== 0;
}

function readHead(
  reader: PduReader,
  form: ReportForm,
): { parameterIndicator: number; failureCause?: number } {
  if (form === "ack") return readParameterIndicator(reader);
  const failureCause = reader.octet("failureCause");
  return { failureCause, ...readParameterIndicator(reader) };
}

/** @throws PduError naming the field that cannot be encoded. */
export function encodeDeliverReport(fields: DeliverReportFields): EncodedPdu {
  const writer = start(fields, DELIVER_REPORT);
  writeParameters(writer, fields, DELIVER_REPORT_USER_DATA - (fields.failureCause === undefined ? 0 : 1));
  return writer.finish();
}

/** @throws PduError naming the field that cannot be encoded. */
export function encodeSubmitReport(fields: SubmitReportFields): EncodedPdu {
  const writer = start(fields, SUBMIT_REPORT);
  writeTimestamp(writer, fields.timestamp, "timestamp");
  writeParameters(writer, fields, SUBMIT_REPORT_USER_DATA - (fields.failureCause === undefined ? 0 : 1));
  return writer.finish();
}

function start(fields: DeliverReportFields, messageType: number): PduWriter {
  const writer = new PduWriter();
  writeServiceCentre(writer, fields.smsc);
  writer.push(messageType | (fields.userData?.header?.length ? USER_DATA_HEADER : 0));
  if (fields.failureCause !== undefined) writer.octet(fields.failureCause, "failureCause");
  writeParameterIndicator(writer, fields);
  return writer;
}
