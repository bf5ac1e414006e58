/** From the hexadecimal of a modem to one of the six TPDUs (23.040 9.2.2). */
import { readServiceCentre } from "./address.ts";
import { readCommand } from "./command.ts";
import { readDeliver } from "./deliver.ts";
import { octetsFromHex } from "./hex.ts";
import { PduReader } from "./reader.ts";
import { type ReportForm, readDeliverReport, readSubmitReport } from "./report.ts";
import { readStatusReport } from "./status-report.ts";
import { readSubmit } from "./submit.ts";
import type { Tpdu } from "./types.ts";

export interface DecodeOptions {
  /**
   * `mt` from the network to the mobile: DELIVER, STATUS-REPORT, SUBMIT-REPORT. `mo` the other way:
   * SUBMIT, COMMAND, DELIVER-REPORT. TP-MTI means one thing or the other by it (9.2.3.1).
   */
  readonly direction: "mt" | "mo";
  /** Whether a service centre field stands in front, as on every AT interface. Default true. */
  readonly smsc?: boolean;
  /** Of a report: `ack` (default) as `+CNMA` and `+CMGS` show it, `error` with TP-FCS. */
  readonly reportForm?: ReportForm;
}

/**
 * Strict where octets are missing or lengths are impossible, tolerant where the standard says so: octets
 * after the user data are counted and not read, a damaged header is ignored and flagged.
 *
 * @param hex digits in either case, nothing else.
 * @throws PduError with field, octet and code.
 */
export function decodePdu(hex: string, options: DecodeOptions): Tpdu {
  return readPdu(new PduReader(octetsFromHex(hex)), options);
}

/** The same from octets that are already read, for tools that watch the reader. */
export function readPdu(reader: PduReader, options: DecodeOptions): Tpdu {
  const smsc = options.smsc === false ? null : readServiceCentre(reader);
  const at = reader.at;
  const firstOctet = reader.octet("firstOctet");
  const fromNetwork = options.direction === "mt";
  const form = options.reportForm ?? "ack";
  switch (firstOctet & 3) {
    case 0:
      return fromNetwork
        ? readDeliver(reader, smsc, firstOctet)
        : readDeliverReport(reader, smsc, firstOctet, form);
    case 1:
      return fromNetwork
        ? readSubmitReport(reader, smsc, firstOctet, form)
        : readSubmit(reader, smsc, firstOctet);
    case 2:
      return fromNetwork ? readStatusReport(reader, smsc, firstOctet) : readCommand(reader, smsc, firstOctet);
    default:
      throw reader.error("unsupported", "firstOctet", at, "TP-MTI 11 is reserved (23.040 9.2.3.1)");
  }
}
