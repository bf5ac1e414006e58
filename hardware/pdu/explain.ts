/** A PDU as a table for people: which octets are which field, and what they say. */
import { addressText } from "./address.ts";
import { type DecodeOptions, readPdu } from "./decode.ts";
import { hexFromOctets, octetsFromHex } from "./hex.ts";
import { meaningOf } from "./meaning.ts";
import { PduReader } from "./reader.ts";
import type { Tpdu } from "./types.ts";

export interface FieldRow {
  /** First and last octet, counted from 0 at the start of the given hex. */
  readonly from: number;
  readonly to: number;
  readonly hex: string;
  /** As `PduError.field` names it. */
  readonly field: string;
  readonly meaning: string;
}

export interface Explanation {
  readonly tpdu: Tpdu;
  /** As `AT+CMGS=<length>` counts it: without the service centre field. */
  readonly tpduLength: number;
  readonly rows: readonly FieldRow[];
}

interface Span {
  readonly field: string;
  readonly from: number;
  to: number;
}

/** Notes every field it reads; the decoder does not know. */
class NotingReader extends PduReader {
  readonly spans: Span[] = [];

  override take(count: number, field: string): number {
    const from = super.take(count, field);
    const group = groupOf(field);
    const last = this.spans.at(-1);
    if (last?.field === group) last.to = this.at;
    else if (count > 0) this.spans.push({ field: group, from, to: this.at });
    return from;
  }
}

/** An address or a header is one row, though it is read in several steps. */
function groupOf(field: string): string {
  if (field.startsWith("userData.header")) return "userData.header";
  return field.startsWith("userData.") ? field : (field.split(".", 1)[0] ?? field);
}

/** @throws PduError as `decodePdu` does. */
export function explainPdu(hex: string, options: DecodeOptions): Explanation {
  const reader = new NotingReader(octetsFromHex(hex));
  const tpdu = readPdu(reader, options);
  if (reader.left > 0) reader.take(reader.left, "trailingOctets");
  const tpduStart = reader.spans.find(({ field }) => field === "firstOctet")?.from ?? 0;
  return {
    tpdu,
    tpduLength: reader.octets.length - tpduStart,
    rows: reader.spans.map(({ field, from, to }) => ({
      from,
      to: to - 1,
      hex: hexFromOctets(reader.octets, from, to),
      field,
      meaning: meaningOf(field, tpdu),
    })),
  };
}

const HEX_DIGITS_SHOWN = 32;

const TITLES: Readonly<Record<Tpdu["kind"], string>> = {
  deliver: "SMS-DELIVER, a message to the mobile",
  submit: "SMS-SUBMIT, a message from the mobile",
  "status-report": "SMS-STATUS-REPORT, the fate of a message",
  "deliver-report": "SMS-DELIVER-REPORT, the mobile's answer",
  "submit-report": "SMS-SUBMIT-REPORT, the service centre's answer",
  command: "SMS-COMMAND from the mobile",
};

/** Lines for a terminal. */
export function explanationText(explanation: Explanation): string {
  const { tpdu, tpduLength, rows } = explanation;
  const cells = rows.map(({ from, to, hex, field, meaning }) => [
    from === to ? `${from}` : `${from}-${to}`,
    hex.length > HEX_DIGITS_SHOWN ? `${hex.slice(0, HEX_DIGITS_SHOWN - 2)}..` : hex,
    field,
    meaning,
  ]);
  const table = [["octets", "hex", "field", "meaning"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const centre = tpdu.smsc ? `service centre ${addressText(tpdu.smsc)}, ` : "";
  return [`${TITLES[tpdu.kind]}; ${centre}${tpduLength} octets of TPDU`, "", ...lines].join("\n");
}
