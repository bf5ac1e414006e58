/** Joins the parts of a long message (23.040 9.2.3.24.1). Pure: who waits for parts, and how long, is elsewhere. */
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
 * The content of parts given in their order. The octets of UCS-2 parts are joined before they are
 * read, because some senders cut surrogate pairs in two. Parts of which one has no text give octets only,
 * as far as every part has them.
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
  for (const part of parts) {
    if (part.data) {
      run.push(part.data);
    } else {
      text += textOfUcs2(concatenate(run)) + (part.text ?? "");
      run = [];
    }
  }
  return text + textOfUcs2(concatenate(run));
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
