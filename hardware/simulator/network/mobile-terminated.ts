/** DELIVER and STATUS-REPORT as the service centre builds them (23.040 9.2.2.1 and 9.2.2.3). */
import { octetHex, semiOctets, swappedDecimal } from "./octets.ts";
import { FIRST_OCTET, messageClass, type SubmitPdu } from "./submit-pdu.ts";

/** A PDU on its way to a SIM. */
export interface MobileTerminated {
  readonly kind: "deliver" | "report";
  /** With the service centre field. */
  readonly pduHex: string;
  readonly tpduLength: number;
  readonly class: 0 | 1 | 2 | 3 | undefined;
}

/** Length of the service centre field in characters, its length octet included. */
function centreLength(pduHex: string): number {
  return 2 + 2 * Number.parseInt(pduHex.slice(0, 2), 16);
}

/** Takes a DELIVER or STATUS-REPORT with its service centre field as it is. */
export function mobileTerminated(pduHex: string): MobileTerminated {
  const start = centreLength(pduHex);
  const firstOctet = Number.parseInt(pduHex.slice(start, start + 2), 16);
  const kind = (firstOctet & 3) === 2 ? "report" : "deliver";
  const tpduLength = (pduHex.length - start) / 2;
  return { kind, pduHex, tpduLength, class: kind === "deliver" ? deliverClass(pduHex, start) : undefined };
}

function deliverClass(pduHex: string, start: number): 0 | 1 | 2 | 3 | undefined {
  const addressDigits = Number.parseInt(pduHex.slice(start + 2, start + 4), 16);
  const dcsAt = start + 6 + 2 * Math.ceil(addressDigits / 2) + 2;
  return messageClass(Number.parseInt(pduHex.slice(dcsAt, dcsAt + 2), 16));
}

/** Address field of a TPDU for a number: `+49…` is international (TON 1), anything else unknown (TON 0). */
export function addressHex(number: string): string {
  const international = number.startsWith("+");
  const digits = international ? number.slice(1) : number;
  return octetHex(digits.length) + (international ? "91" : "81") + semiOctets(digits);
}

/** Service centre field: it counts octets, not digits (23.040 9.1.2.5 note). */
export function serviceCentreHex(number: string): string {
  if (number === "") return "00";
  const digits = number.replace(/^\+/, "");
  return (
    octetHex(1 + Math.ceil(digits.length / 2)) + (number.startsWith("+") ? "91" : "81") + semiOctets(digits)
  );
}

/** TP-SCTS or TP-DT of `atMs` in a zone given in quarter hours (9.2.3.11). */
export function timestampHex(atMs: number, timeZoneQuarters: number): string {
  const local = new Date(atMs + timeZoneQuarters * 900_000);
  const parts = [
    local.getUTCFullYear() % 100,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  const quarters = Math.abs(timeZoneQuarters);
  // The sign is bit 3 of the octet, in the digit of the tens, which comes second (9.2.3.11).
  const tens = Math.floor(quarters / 10) + (timeZoneQuarters < 0 ? 8 : 0);
  return `${parts.map(swappedDecimal).join("")}${quarters % 10}${tens.toString(16).toUpperCase()}`;
}

/** What a SUBMIT becomes when its recipient is one of our own SIMs: the user data travels untouched. */
export function deliverOf(
  submit: SubmitPdu,
  from: string,
  centreHex: string,
  scts: string,
): MobileTerminated {
  const firstOctet = 0x04 | (submit.firstOctet & FIRST_OCTET.header);
  const head = octetHex(firstOctet) + addressHex(from) + octetHex(submit.pid) + octetHex(submit.dcs);
  const tpdu = head + scts + submit.userData;
  return {
    kind: "deliver",
    pduHex: centreHex + tpdu,
    tpduLength: tpdu.length / 2,
    class: messageClass(submit.dcs),
  };
}

export interface ReportFields {
  readonly centreHex: string;
  readonly messageReference: number;
  /** TP-RA: length octet, type octet, digits. */
  readonly recipientHex: string;
  readonly acceptedAt: string;
  readonly dischargedAt: string;
  /** TP-ST (9.2.3.15). */
  readonly status: number;
}

export function statusReport(fields: ReportFields): MobileTerminated {
  // TP-MTI 10, TP-MMS 1 (no more messages are waiting), TP-SRQ 0: the report answers a SUBMIT.
  const head = `06${octetHex(fields.messageReference)}${fields.recipientHex}`;
  const tpdu = head + fields.acceptedAt + fields.dischargedAt + octetHex(fields.status);
  return { kind: "report", pduHex: fields.centreHex + tpdu, tpduLength: tpdu.length / 2, class: undefined };
}
