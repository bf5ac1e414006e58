/**
 * Bytes from a modem become tokens: lines, the prompt, and message data with the header that announced
 * it. A token depends on the bytes alone, never on how they were split into reads.
 *
 * Any CR or LF ends a line and empty lines are nothing, which covers every variant seen in the field:
 * CR LF around each line, CR CR LF after an echo, LF alone, doubled pairs, a CR after a numeric result.
 */
import { followingData, isQuoteClosed, looksLikePdu } from "./data-lines.ts";

export type Token =
  | { readonly kind: "line"; readonly text: string }
  /** `>` at the start of a line, with or without the space, and without a line end (27.005 3.5.1). */
  | { readonly kind: "prompt" }
  | {
      readonly kind: "record";
      readonly header: string;
      readonly data: string;
      /** The header had the form of text mode: the modem has lost our settings. */
      readonly textMode: boolean;
    }
  /** A line beyond the limit; its content is dropped. */
  | { readonly kind: "overlong"; readonly bytes: number };

/** The longest line we need is a PDU of some 400 characters; CLAC and COPS=? answers are longer. */
export const LINE_BYTES_MAX = 4_096;

/** A USSD text has at most 182 characters; twice that in hexadecimal, and some air. */
export const QUOTED_CHARACTERS_MAX = 2_048;

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;
const SPACE = 0x20;
const PROMPT = 0x3e;

type State =
  | { readonly kind: "between" }
  | { readonly kind: "pdu"; readonly header: string }
  | { readonly kind: "text"; readonly header: string; readonly characters: number }
  | { readonly kind: "quoted"; readonly soFar: string };

const BETWEEN: State = { kind: "between" };

export class Tokenizer {
  readonly #emit: (token: Token) => void;
  #state: State = BETWEEN;
  /** The unfinished line of earlier reads. */
  #pending: Uint8Array = Buffer.allocUnsafe(LINE_BYTES_MAX);
  #pendingLength = 0;
  #droppedBytes = 0;

  constructor(emit: (token: Token) => void) {
    this.#emit = emit;
  }

  /** Forgets an unfinished line and announced data: for a new start after a time of confusion. */
  reset(): void {
    this.#state = BETWEEN;
    this.#pendingLength = 0;
    this.#droppedBytes = 0;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === CR || byte === LF) {
        if (this.#belongsToText(at - start)) continue;
        this.#endLine(bytes, start, at);
        start = at + 1;
      } else if (at === start && this.#pendingLength === 0 && this.#droppedBytes === 0) {
        if (this.#isSkipped(byte)) start = at + 1;
        else if (byte === PROMPT && this.#canPrompt()) {
          this.#prompt();
          start = at + 1;
        }
      }
    }
    this.#keep(bytes, start, bytes.length);
  }

  /** Leading NULs come from modems that wake up, leading spaces follow the prompt. */
  #isSkipped(byte: number): boolean {
    return byte === NUL || (byte === SPACE && this.#state.kind !== "text");
  }

  #canPrompt(): boolean {
    return this.#state.kind === "between" || this.#state.kind === "pdu";
  }

  #prompt(): void {
    if (this.#state.kind === "pdu") this.#emit({ kind: "line", text: this.#state.header });
    this.#state = BETWEEN;
    this.#emit({ kind: "prompt" });
  }

  /** Inside a text whose length is known, a line end is text. */
  #belongsToText(lengthInRead: number): boolean {
    if (this.#state.kind !== "text") return false;
    const length = this.#pendingLength + lengthInRead;
    return length > 0 && length < this.#state.characters;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length === 0) return;
    if (this.#droppedBytes > 0 || this.#pendingLength + length > LINE_BYTES_MAX) {
      this.#droppedBytes += this.#pendingLength + length;
      this.#pendingLength = 0;
      return;
    }
    this.#pending.set(bytes.subarray(start, end), this.#pendingLength);
    this.#pendingLength += length;
  }

  #endLine(bytes: Uint8Array, start: number, end: number): void {
    if (this.#pendingLength === 0 && this.#droppedBytes === 0 && end - start <= LINE_BYTES_MAX) {
      if (end > start) this.#line(latin1(bytes, start, end));
      return;
    }
    this.#keep(bytes, start, end);
    if (this.#droppedBytes > 0) {
      const dropped = this.#droppedBytes;
      this.reset();
      this.#emit({ kind: "overlong", bytes: dropped });
      return;
    }
    const length = this.#pendingLength;
    this.#pendingLength = 0;
    this.#line(latin1(this.#pending, 0, length));
  }

  #line(text: string): void {
    const state = this.#state;
    this.#state = BETWEEN;
    switch (state.kind) {
      case "between":
        this.#freeLine(text);
        break;
      case "pdu":
        if (looksLikePdu(text)) {
          this.#emit({ kind: "record", header: state.header, data: text, textMode: false });
        } else {
          // The data line was lost: the header stands alone, and this line speaks for itself.
          this.#emit({ kind: "line", text: state.header });
          this.#freeLine(text);
        }
        break;
      case "text":
        this.#emit({ kind: "record", header: state.header, data: text, textMode: true });
        break;
      case "quoted":
        this.#quotedLine(`${state.soFar}\n${text}`);
        break;
    }
  }

  #freeLine(text: string): void {
    const following = followingData(text);
    switch (following.kind) {
      case "nothing":
        this.#emit({ kind: "line", text });
        break;
      case "pdu":
        this.#state = { kind: "pdu", header: text };
        break;
      case "text":
        this.#state = { kind: "text", header: text, characters: following.characters ?? 1 };
        break;
      case "quoted":
        this.#state = { kind: "quoted", soFar: text };
        break;
    }
  }

  #quotedLine(text: string): void {
    if (isQuoteClosed(text) || text.length > QUOTED_CHARACTERS_MAX) this.#emit({ kind: "line", text });
    else this.#state = { kind: "quoted", soFar: text };
  }
}

/** One byte, one character: bytes from 0x80 on stay what they are. NULs inside a line are noise. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  return text.includes("\0") ? text.replaceAll("\0", "") : text;
}
