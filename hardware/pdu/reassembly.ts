/** Joins the parts of a long message (23.040 9.2.3.24.1); who waits for them, and how long, is elsewhere. */
import { lockingCodes, shiftCodes } from "#shared/sms-text.ts";
import type { Address, Concatenation, UserData } from "./types.ts";
import { textOfUcs2 } from "./user-data.ts";

export interface JoinedData {
  readonly text?: string;
  readonly data?: Uint8Array;
}

/**
 * What the parts of one message have in common beside the line they came by: sender, size and value of
 * the reference, and total. A sender may use the same reference again, so a key is good for a time only.
 */
export function reassemblyKey(originator: Address, concatenation: Concatenation): string {
  const { referenceBits, reference, total } = concatenation;
  const sender = "text" in originator ? `name:${originator.text}` : `${originator.ton}:${originator.digits}`;
  return `${sender}/${referenceBits}/${reference}/${total}`;
}

/**
 * The content of parts given in their order. Some senders cut a surrogate pair or an escape pair in two;
 * here the halves come together again. If one part has no text there is no text, and if one has no octets
 * there are no octets.
 */
export function joinUserData(parts: readonly UserData[]): JoinedData {
  const octets = parts.map((part) => part.data);
  const data = octets.every((each) => each !== undefined) ? concatenate(octets) : undefined;
  const isText = parts.every((part) => part.text !== undefined);
  const text = isText ? joinText(parts) : undefined;
  return Object.freeze({ ...(text !== undefined && { text }), ...(data !== undefined && { data }) });
}

/** A run of UCS-2 parts is read as one; a 7-bit part between them ends the run. */
function joinText(parts: readonly UserData[]): string {
  let text = "";
  let run: Uint8Array[] = [];
  let escaped = false;
  for (const part of parts) {
    if (part.data) {
      run.push(part.data);
      escaped = false;
    } else {
      text += textOfUcs2(concatenate(run));
      run = [];
      const joined = escaped ? escapedStart(part) : undefined;
      text = joined === undefined ? text + part.text : text.slice(0, -1) + joined;
      escaped = part.escapeAtEnd === true;
    }
  }
  return text + textOfUcs2(concatenate(run));
}

/** The text of a part whose first septet belongs to the escape before it; undefined when it cannot. */
function escapedStart({ text = "", lockingShift = 0, singleShift = 0 }: UserData): string | undefined {
  const code = lockingCodes(lockingShift).indexOf(text.charCodeAt(0));
  const symbol = shiftCodes(singleShift)[code];
  return symbol ? String.fromCharCode(symbol) + text.slice(1) : undefined;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
