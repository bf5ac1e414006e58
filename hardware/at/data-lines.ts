/**
 * Which lines announce that message data follows, and what belongs to it. A line of data is never a
 * result, whatever it says (3GPP TS 27.005 3.4 and 4; 27.007 7.15).
 */
import { afterPrefix, numberField, splitFields } from "./fields.ts";

export type Following =
  | { readonly kind: "nothing" }
  /** A line of hexadecimal. */
  | { readonly kind: "pdu" }
  /** Text: at least `characters`, then up to the end of the line; one line when the header has no length. */
  | { readonly kind: "text"; readonly characters?: number }
  /** The line itself goes on until its quote is closed. */
  | { readonly kind: "quoted" };

const NOTHING: Following = { kind: "nothing" };
const PDU: Following = { kind: "pdu" };

/** A text longer than this is not one SMS, so the length is a lie and is not followed. */
const TEXT_CHARACTERS_MAX = 2_048;

/** A header tells its mode by its form; in text mode with AT+CSDH=1 it has more fields, and ends in a length. */
const HEADERS: Readonly<Record<string, (fields: readonly string[]) => Following>> = {
  "+CMT": (fields) => (fields.length <= 2 ? pduOf(fields) : textOf(fields, 10)),
  "+CDS": (fields) => (fields.length <= 2 ? pduOf(fields) : NOTHING),
  "+CBM": (fields) => (fields.length <= 2 ? pduOf(fields) : textOf(fields, Number.POSITIVE_INFINITY)),
  "+CMGR": (fields) => (numberField(fields[0]) !== undefined ? pduOf(fields) : listedText(fields, 0, 11)),
  "+CMGL": (fields) => (numberField(fields[1]) !== undefined ? pduOf(fields) : listedText(fields, 1, 7)),
};

export function followingData(line: string): Following {
  if (line.charCodeAt(0) !== 0x2b || line.charCodeAt(1) !== 0x43) return NOTHING;
  const colon = line.indexOf(":");
  if (colon < 4 || colon > 5) return NOTHING;
  const name = line.slice(0, colon);
  if (name === "+CUSD") return isQuoteClosed(line) ? NOTHING : { kind: "quoted" };
  const header = Object.hasOwn(HEADERS, name) ? HEADERS[name] : undefined;
  return header === undefined ? NOTHING : header(splitFields(afterPrefix(line)));
}

/** The last field is the length in octets; 0 is how some modems answer for an empty slot. */
function pduOf(fields: readonly string[]): Following {
  const length = numberField(fields.at(-1));
  return length === undefined || length === 0 ? NOTHING : PDU;
}

/** A stored status report has its facts in the header and no text: the address is field 3 there. */
function listedText(fields: readonly string[], statusAt: number, lengthAtField: number): Following {
  const first = fields[statusAt + 1] ?? "";
  const isReport = numberField(first) !== undefined && numberField(fields[statusAt + 2]) !== undefined;
  return isReport ? NOTHING : textOf(fields, lengthAtField);
}

function textOf(fields: readonly string[], lengthAtField: number): Following {
  const length = fields.length >= lengthAtField ? numberField(fields.at(-1)) : undefined;
  if (length === 0) return NOTHING;
  return length === undefined || length < 0 || length > TEXT_CHARACTERS_MAX
    ? { kind: "text" }
    : { kind: "text", characters: length };
}

/**
 * A USSD text may hold line ends and even quotes. It is over at `",15`, or at a quote that ends the
 * line and leaves an even number of them.
 */
export function isQuoteClosed(text: string): boolean {
  const quotes = text.split('"').length - 1;
  if (quotes === 0) return true;
  if (/"\s*,\s*\d+\s*$/.test(text)) return quotes >= 2;
  return quotes % 2 === 0;
}

const HEX = /^[0-9A-Fa-f]{8,}$/;
const NEARLY_HEX_SHARE = 0.9;
const NEARLY_HEX_LENGTH_MIN = 16;

/**
 * Whether a line can be the PDU that a header announced. A PDU damaged on the line still counts, so that
 * it is handed on and not taken for a result; a result code never does.
 */
export function looksLikePdu(line: string): boolean {
  if (HEX.test(line)) return true;
  if (line.length < NEARLY_HEX_LENGTH_MIN) return false;
  let hexDigits = 0;
  for (const character of line) if (/[0-9A-Fa-f]/.test(character)) hexDigits++;
  return hexDigits / line.length >= NEARLY_HEX_SHARE;
}
