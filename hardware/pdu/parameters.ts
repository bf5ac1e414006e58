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

export interface ParameterIndicator {
  readonly parameterIndicator: number;
  readonly parameterExtension?: readonly number[];
}

/** Bit 7 says that another octet follows; what those mean is not defined, so they are only kept. */
export function readParameterIndicator(reader: PduReader): ParameterIndicator {
  const parameterIndicator = reader.octet("parameterIndicator");
  if ((parameterIndicator & EXTENSION) === 0) return { parameterIndicator };
  const parameterExtension: number[] = [];
  do parameterExtension.push(reader.octet("parameterIndicator"));
  while (((parameterExtension.at(-1) as number) & EXTENSION) !== 0);
  return { parameterIndicator, parameterExtension: Object.freeze(parameterExtension) };
}

export interface Parameters {
  pid?: number;
  coding?: DataCoding;
  userData?: UserData;
}

export function readParameters(
  reader: PduReader,
  indicator: number,
  hasHeader: boolean,
  userDataLimit?: number,
): Parameters {
  const parameters: Parameters = {};
  if ((indicator & PID) !== 0) parameters.pid = reader.octet("pid");
  if ((indicator & CODING) !== 0) parameters.coding = dataCoding(reader.octet("coding"));
  if ((indicator & USER_DATA) !== 0) {
    parameters.userData = readUserData(reader, parameters.coding ?? DEFAULT_CODING, hasHeader, userDataLimit);
  }
  return parameters;
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
