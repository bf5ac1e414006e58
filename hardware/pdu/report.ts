/**
 * SMS-DELIVER-REPORT and SMS-SUBMIT-REPORT (23.040 9.2.2.1a, 9.2.2.2a): the answers that travel with
 * RP-ACK, or with RP-ERROR and then hold a cause. The octets do not tell which of the two it is.
 */
import { writeServiceCentre } from "./address.ts";
import {
  type ParameterFields,
  type ReportInReading,
  readParameterIndicator,
  readParameters,
  writeParameterIndicator,
  writeParameters,
} from "./parameters.ts";
import type { PduReader } from "./reader.ts";
import { readTimestamp, writeTimestamp } from "./timestamp.ts";
import type { Address, DeliverReport, EncodedPdu, Mutable, SubmitReport } from "./types.ts";
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
  const report: Mutable<DeliverReport> = { kind: "deliver-report", smsc, firstOctet, parameterIndicator: 0 };
  const indicator = readHead(reader, form, report);
  readTail(reader, indicator, report, DELIVER_REPORT_USER_DATA);
  return Object.freeze(report);
}

export function readSubmitReport(
  reader: PduReader,
  smsc: Address | null,
  firstOctet: number,
  form: ReportForm,
): SubmitReport {
  const head: Pick<Mutable<SubmitReport>, "failureCause" | "parameterIndicator"> = { parameterIndicator: 0 };
  const indicator = readHead(reader, form, head);
  const timestamp = readTimestamp(reader, "timestamp");
  const report: Mutable<SubmitReport> = { kind: "submit-report", smsc, firstOctet, ...head, timestamp };
  readTail(reader, indicator, report, SUBMIT_REPORT_USER_DATA);
  return Object.freeze(report);
}

function readHead(
  reader: PduReader,
  form: ReportForm,
  report: ReportInReading & { failureCause?: number },
): number {
  if (form === "error") report.failureCause = reader.octet("failureCause");
  return readParameterIndicator(reader, report);
}

function readTail(
  reader: PduReader,
  indicator: number,
  report: Mutable<DeliverReport> | Mutable<SubmitReport>,
  limit: number,
): void {
  const hasHeader = (report.firstOctet & USER_DATA_HEADER) !== 0;
  readParameters(reader, indicator, hasHeader, report, limit - (report.failureCause === undefined ? 0 : 1));
  if (reader.left > 0) report.trailingOctets = reader.left;
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
