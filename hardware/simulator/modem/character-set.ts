/** AT+CSCS: how text looks on the AT interface (27.007 5.5). Characters of the wire are octets. */
import { septetsOf, textOfSeptets } from "#hardware/pdu/septets.ts";
import { DEFAULT_ALPHABET } from "#shared/sms-text.ts";

export const CHARACTER_SETS = ["GSM", "IRA", "UCS2", "HEX", "8859-1"] as const;

const QUESTION_MARK = "?";

export function toWire(text: string, characterSet: string): string {
  switch (characterSet) {
    case "UCS2":
      return [...codeUnits(text)].map((unit) => unit.toString(16).toUpperCase().padStart(4, "0")).join("");
    case "HEX":
      return [...gsmOctets(text)]
        .map((septet) => septet.toString(16).toUpperCase().padStart(2, "0"))
        .join("");
    case "GSM":
      return String.fromCharCode(...gsmOctets(text));
    default:
      return [...text].map((character) => (character > "\xff" ? QUESTION_MARK : character)).join("");
  }
}

/** Undefined when the characters do not fit the set. */
export function fromWire(wire: string, characterSet: string): string | undefined {
  if (characterSet === "UCS2" || characterSet === "HEX") {
    if (!/^(?:[0-9A-Fa-f]{2})*$/.test(wire)) return undefined;
    const octets = Uint8Array.from(wire.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (characterSet === "HEX") return textOfSeptets(octets);
    if (octets.length % 2 !== 0) return undefined;
    return new TextDecoder("utf-16be").decode(octets);
  }
  if (characterSet !== "GSM") return wire;
  return textOfSeptets(Uint8Array.from(wire, (character) => character.charCodeAt(0) & 0x7f));
}

function* codeUnits(text: string): Generator<number> {
  for (let i = 0; i < text.length; i++) yield text.charCodeAt(i);
}

/** One octet for each septet; what the alphabet lacks becomes a question mark. */
function gsmOctets(text: string): Uint8Array {
  const target = new Uint8Array(2 * text.length);
  const count = septetsOf(text, DEFAULT_ALPHABET, target);
  if (count >= 0) return target.subarray(0, count);
  // `-1 - count` is the first character that does not fit.
  const at = -1 - count;
  return gsmOctets(text.slice(0, at) + QUESTION_MARK + text.slice(at + 1));
}
