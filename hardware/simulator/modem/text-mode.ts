/** AT+CMGF=1: messages as text (27.005 3.4.1 to 3.4.3), by the codec. */
import { addressText } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import type { Address, Deliver, EncodedPdu, StatusReport, Submit, Timestamp } from "#hardware/pdu/types.ts";
import { FIRST_OCTET } from "#hardware/simulator/network/submit-pdu.ts";
import type { StoredMessage } from "#hardware/simulator/sim/message-store.ts";
import { fromWire, toWire } from "./character-set.ts";
import type { Settings } from "./settings.ts";

/** `<stat>` in text mode, by its number in PDU mode. */
export const STATUS_NAMES = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT"] as const;

/** What text mode shows of a PDU: fields before the line end, then the text. */
interface Shown {
  readonly fields: string;
  readonly text: string;
}

/** After `+CMT: `. */
export function shownDeliver(pduHex: string, settings: Settings): string {
  const shown = shownPdu(pduHex, settings);
  return shown ? `${shown.fields}\r\n${shown.text}` : '"",,""\r\n';
}

/** After `+CDS: `: fo, mr, ra, tora, scts, dt, st. */
export function shownReport(pduHex: string): string {
  const report = decoded(pduHex);
  return report?.kind === "status-report" ? reportFields(report) : "";
}

/** After `+CMGR: `. */
export function shownEntry({ status, pduHex }: StoredMessage, settings: Settings): string {
  const shown = shownPdu(pduHex, settings);
  const head = `"${STATUS_NAMES[status]}",`;
  if (shown === undefined) return `${head}"",\r\n`;
  return head + shown.fields + (shown.text === "" ? "" : `\r\n${shown.text}`);
}

function shownPdu(pduHex: string, settings: Settings): Shown | undefined {
  const pdu = decoded(pduHex);
  if (pdu?.kind === "status-report") return { fields: reportFields(pdu), text: "" };
  if (pdu?.kind === "deliver") return { fields: deliverFields(pdu, settings), text: textOf(pdu, settings) };
  if (pdu?.kind !== "submit") return undefined;
  return { fields: `${number(pdu.destination, settings)},`, text: textOf(pdu, settings) };
}

function decoded(pduHex: string): Deliver | StatusReport | Submit | undefined {
  for (const direction of ["mt", "mo"] as const) {
    try {
      const pdu = decodePdu(pduHex, { direction });
      if (pdu.kind === "deliver" || pdu.kind === "status-report" || pdu.kind === "submit") return pdu;
    } catch {
      // A stored PDU may be of the other direction, or broken: then it has no text to show.
    }
  }
  return undefined;
}

function deliverFields(pdu: Deliver, settings: Settings): string {
  const fields = `${number(pdu.originator, settings)},,"${stamp(pdu.timestamp)}"`;
  if (!settings.showHeader) return fields;
  return `${fields},${typeOf(pdu.originator)},${pdu.firstOctet},${pdu.pid},${pdu.coding.octet},"",145,${pdu.userData.length}`;
}

function reportFields(pdu: StatusReport): string {
  const { firstOctet, messageReference, recipient, timestamp, discharge, status } = pdu;
  const to = `"${addressText(recipient)}",${typeOf(recipient)}`;
  return `${firstOctet},${messageReference},${to},"${stamp(timestamp)}","${stamp(discharge)}",${status}`;
}

function textOf(pdu: Deliver | Submit, { characterSet }: Settings): string {
  const { text, data } = pdu.userData;
  if (text !== undefined) return toWire(text, characterSet);
  return [...(data ?? [])].map((octet) => octet.toString(16).toUpperCase().padStart(2, "0")).join("");
}

function number(address: Address, { characterSet }: Settings): string {
  return `"${characterSet === "UCS2" ? toWire(addressText(address), "UCS2") : addressText(address)}"`;
}

function typeOf(address: Address): number {
  return 0x80 | (address.ton << 4) | address.npi;
}

/** `"yy/MM/dd,hh:mm:ss±zz"` (27.005 3.1). */
function stamp({ raw, timeZoneQuarters }: Timestamp): string {
  const two = (at: number): string => (raw[at + 1] ?? "0") + (raw[at] ?? "0");
  const zone = `${timeZoneQuarters < 0 ? "-" : "+"}${String(Math.abs(timeZoneQuarters)).padStart(2, "0")}`;
  return `${two(0)}/${two(2)}/${two(4)},${two(6)}:${two(8)}:${two(10)}${zone}`;
}

/** AT+CMGS in text mode, with the fields of AT+CSMP. Undefined when it does not fit one message. */
export function encodeTextSubmit(to: string, body: string, settings: Settings): EncodedPdu | undefined {
  const number = settings.characterSet === "UCS2" ? fromWire(to, "UCS2") : to;
  const text = fromWire(body.replaceAll("\r", "\n"), settings.characterSet);
  if (number === undefined || text === undefined) return undefined;
  const [firstOctet, validity, pid, dcs] = settings.textParameters;
  try {
    const { pdus } = encodeMessage({
      to: number,
      text,
      concatenationReference: 0,
      statusReportRequest: (firstOctet & FIRST_OCTET.reportRequest) !== 0,
      pid,
      ...((firstOctet & 0x18) === 0x10 && { validitySeconds: (validity + 1) * 300 }),
      ...((dcs & 0x10) !== 0 && { class: (dcs & 3) as 0 | 1 | 2 | 3 }),
    });
    return pdus.length === 1 ? pdus[0] : undefined;
  } catch {
    return undefined;
  }
}
