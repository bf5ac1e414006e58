/** TP-PI and the optional fields that it announces, at the end of all report types (23.040 9.2.3.27). */
import { dataCoding } from "./coding.ts";
import type { PduReader } from "./reader.ts";
import type { DataCoding, UserData } from "./types.ts";
import { readUserData, type UserDataFields, writeUserData } from "./user-data.ts";
import type { PduWriter } from "./writer.ts";

const PID = 0x01;
const CODING = 0x02;
const USER_DATA = 0x04;
const EXTENSION = 0x80;

/** Without TP-DCS the default alphabet holds (9.2.3.27). */
const DEFAULT_CODING = dataCoding(0);

/** Of a report while it is being read. */
export interface ReportInReading {
  parameterIndicator?: number;
  parameterExtension?: readonly number[];
  pid?: number;
  coding?: DataCoding;
  userData?: UserData;
}

/**
 * Puts TP-PI into `report` and returns it. Bit 7 says that another octet follows; what those mean is not
 * defined, so they are only kept.
 */
export function readParameterIndicator(reader: PduReader, report: ReportInReading): number {
  const indicator = reader.octet("parameterIndicator");
  report.parameterIndicator = indicator;
  if ((indicator & EXTENSION) === 0) return indicator;
  const extension: number[] = [];
  do extension.push(reader.octet("parameterIndicator"));
  while (((extension.at(-1) as number) & EXTENSION) !== 0);
  report.parameterExtension = Object.freeze(extension);
  return indicator;
}

/** Puts the fields that TP-PI announces into `report`. */
export function readParameters(
  reader: PduReader,
  indicator: number,
  hasHeader: boolean,
  report: ReportInReading,
  userDataLimit?: number,
): void {
  if ((indicator & PID) !== 0) report.pid = reader.octet("pid");
  if ((indicator & CODING) !== 0) report.coding = dataCoding(reader.octet("coding"));
  if ((indicator & USER_DATA) !== 0) {
    report.userData = readUserData(reader, report.coding ?? DEFAULT_CODING, hasHeader, userDataLimit);
  }
}

/** The fields of a report that TP-PI announces. Its octets follow from which of them are there. */
export interface ParameterFields {
  readonly pid?: number;
  readonly coding?: DataCoding | number;
  readonly userData?: UserDataFields;
  /** Bits beyond the three that follow from the fields. */
  readonly parameterIndicator?: number;
  readonly parameterExtension?: readonly number[];
}

export function writeParameterIndicator(writer: PduWriter, fields: ParameterFields): void {
  const { parameterExtension = [] } = fields;
  const known =
    (fields.pid === undefined ? 0 : PID) |
    (fields.coding === undefined ? 0 : CODING) |
    (fields.userData === undefined ? 0 : USER_DATA);
  const others = (fields.parameterIndicator ?? 0) & ~(PID | CODING | USER_DATA | EXTENSION);
  writer.octet(known | others | (parameterExtension.length > 0 ? EXTENSION : 0), "parameterIndicator");
  parameterExtension.forEach((octet, i) => {
    const follows = i < parameterExtension.length - 1;
    writer.octet((octet & ~EXTENSION) | (follows ? EXTENSION : 0), "parameterIndicator");
  });
}

export function writeParameters(writer: PduWriter, fields: ParameterFields, userDataLimit?: number): void {
  if (fields.pid !== undefined) writer.octet(fields.pid, "pid");
  const coding = fields.coding === undefined ? DEFAULT_CODING : writer.coding(fields.coding);
  if (fields.userData !== undefined) writeUserData(writer, coding, fields.userData, userDataLimit);
}
