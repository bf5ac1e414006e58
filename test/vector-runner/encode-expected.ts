/** The octets that our encoder makes from a vector's `expect`; no decoded value takes part. */
import { encodeCommand } from "#hardware/pdu/command.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { octetsFromHex } from "#hardware/pdu/hex.ts";
import { encodeDeliverReport, encodeSubmitReport } from "#hardware/pdu/report.ts";
import { encodeStatusReport } from "#hardware/pdu/status-report.ts";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import type { Address, EncodedPdu, ValidityPeriod } from "#hardware/pdu/types.ts";
import type { UserDataFields } from "#hardware/pdu/user-data.ts";
import type { Vector } from "./vector.ts";

/** Field names are those of `expect` in `test/vectors/README.md`. */
interface Expected {
  readonly smsc?: Address | null;
  readonly address: Address;
  readonly more_messages: boolean;
  readonly loop_prevention: boolean;
  readonly status_report_indication: boolean;
  readonly status_report_request: boolean;
  readonly status_report_qualifier: boolean;
  readonly reject_duplicates: boolean;
  readonly reply_path: boolean;
  readonly udhi: boolean;
  readonly mr: number;
  readonly pid: number;
  readonly dcs?: number;
  readonly scts: { readonly raw: string };
  readonly dt: { readonly raw: string };
  readonly st: number;
  readonly vp?: { readonly format: string; readonly octet: number; readonly raw: string };
  readonly pi?: number;
  readonly fcs?: number;
  readonly udl?: number;
  readonly udh?: readonly { readonly iei: number; readonly data: string }[];
  readonly text?: string;
  readonly data?: string;
  readonly command_type: number;
  readonly message_number: number;
  readonly command_data: string;
}

export function encodeExpected(vector: Vector): string {
  const { hex } = encoded(vector.kind, vector.expect as unknown as Expected);
  // A vector without the service centre field: leave out its length octet, which is 00.
  return vector.tpdu === undefined ? hex : hex.slice(2);
}

function encoded(kind: string, expect: Expected): EncodedPdu {
  const smsc = expect.smsc ?? null;
  const { mr, pid, address } = expect;
  switch (kind) {
    case "deliver":
      return encodeDeliver({
        smsc,
        moreMessages: expect.more_messages,
        loopPrevention: expect.loop_prevention,
        statusReportIndication: expect.status_report_indication,
        replyPath: expect.reply_path,
        originator: address,
        pid,
        coding: expect.dcs ?? 0,
        timestamp: expect.scts,
        userData: userData(expect),
      });
    case "submit":
      return encodeSubmit({
        smsc,
        rejectDuplicates: expect.reject_duplicates,
        statusReportRequest: expect.status_report_request,
        replyPath: expect.reply_path,
        messageReference: mr,
        destination: address,
        pid,
        coding: expect.dcs ?? 0,
        validity: validity(expect),
        userData: userData(expect),
      });
    case "status-report":
      return encodeStatusReport({
        smsc,
        moreMessages: expect.more_messages,
        loopPrevention: expect.loop_prevention,
        statusReportQualifier: expect.status_report_qualifier,
        messageReference: mr,
        recipient: address,
        timestamp: expect.scts,
        discharge: expect.dt,
        status: expect.st,
        ...parameters(expect),
      });
    case "deliver-report":
      return encodeDeliverReport(parameters(expect));
    case "submit-report":
      return encodeSubmitReport({ timestamp: expect.scts, ...parameters(expect) });
    default:
      return encodeCommand({
        smsc,
        userDataHeader: expect.udhi,
        statusReportRequest: expect.status_report_request,
        messageReference: mr,
        pid,
        commandType: expect.command_type,
        messageNumber: expect.message_number,
        destination: address,
        data: octetsFromHex(expect.command_data),
      });
  }
}

function parameters(expect: Expected) {
  return {
    ...(expect.fcs !== undefined && { failureCause: expect.fcs }),
    ...(expect.pi !== undefined && { parameterIndicator: expect.pi }),
    ...(expect.pid !== undefined && { pid: expect.pid }),
    ...(expect.dcs !== undefined && { coding: expect.dcs }),
    ...(expect.udl !== undefined && { userData: userData(expect) }),
  };
}

function userData(expect: Expected): UserDataFields {
  return {
    ...(expect.udh && { header: expect.udh.map(({ iei, data }) => ({ iei, data: octetsFromHex(data) })) }),
    ...(expect.text !== undefined && { text: expect.text }),
    ...(expect.data !== undefined && { data: octetsFromHex(expect.data) }),
  };
}

function validity({ vp }: Expected): ValidityPeriod {
  switch (vp?.format) {
    case "relative":
      return { format: "relative", octet: vp.octet, seconds: 0 };
    case "absolute":
      return { format: "absolute", time: { raw: vp.raw, timeZoneQuarters: 0 } };
    case "enhanced":
      return { format: "enhanced", raw: vp.raw };
    default:
      return { format: "none" };
  }
}
