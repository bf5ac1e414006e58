/** From a received PDU to a status report, or to the reason why it is none. */
import { addressText } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { PduError, type StatusReport } from "#hardware/pdu/types.ts";

export interface ParsedReport {
  readonly report: StatusReport;
  readonly recipient: string;
}

export function parseReport(hex: string): ParsedReport | string {
  try {
    const pdu = decodePdu(hex, { direction: "mt" });
    if (pdu.kind !== "status-report") return `It is a ${pdu.kind}, not a status report.`;
    return { report: pdu, recipient: addressText(pdu.recipient) };
  } catch (error) {
    if (error instanceof PduError) return error.message;
    throw error;
  }
}
