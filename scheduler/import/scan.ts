/** One look at every octet of a text file, before any of it is taken for text. */
import { isAscii, isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { CharsetEvidence } from "./charset.ts";

const LF = 0x0a;
const HEAD_BYTES = 4;
const CHUNK_BYTES = 1_048_576;

export async function scanFile(path: string): Promise<CharsetEvidence> {
  const insideWords = new Uint32Array(128);
  let head = new Uint8Array(0);
  let bytes = 0;
  let row = 1;
  const nul = { even: 0, odd: 0, firstRow: undefined as number | undefined };
  let firstInvalidRow: number | undefined;
  let carry: Uint8Array = new Uint8Array(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (head.length < HEAD_BYTES) head = Uint8Array.from([...head, ...chunk.subarray(0, HEAD_BYTES)]);
    if (chunk.includes(0)) countNuls(chunk, bytes, row, nul);
    if (firstInvalidRow === undefined) {
      const whole = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
      const cut = whole.length - incompleteTail(whole);
      carry = whole.subarray(cut);
      if (!isUtf8(whole.subarray(0, cut))) firstInvalidRow = row + rowOfInvalid(whole.subarray(0, cut));
    }
    countInsideWords(chunk, insideWords);
    row += countLines(chunk);
    bytes += chunk.length;
  }
  if (carry.length > 0) firstInvalidRow ??= row;
  const rows = firstInvalidRow === undefined || nul.firstRow !== undefined ? NO_ROWS : await sortRows(path);
  return {
    ...rows,
    head,
    bytes,
    validUtf8: firstInvalidRow === undefined,
    firstInvalidRow,
    insideWords,
    nulAtEven: nul.even,
    nulAtOdd: nul.odd,
    firstNulRow: nul.firstRow,
  };
}

const NO_ROWS = { utf8Rows: 0, otherRows: 0 };

/** A second look, at the rows one by one, which only files need that are not all UTF-8. */
async function sortRows(path: string): Promise<typeof NO_ROWS> {
  const rows = { ...NO_ROWS };
  const count = (row: Uint8Array): void => {
    if (isAscii(row)) return;
    if (isUtf8(row)) rows.utf8Rows++;
    else rows.otherRows++;
  };
  let begun: Uint8Array = new Uint8Array(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      const rest = chunk.subarray(from, at);
      count(begun.length === 0 ? rest : Buffer.concat([begun, rest]));
      begun = new Uint8Array(0);
      from = at + 1;
    }
    // A row longer than this is refused later; here it is counted in pieces.
    if (begun.length > CHUNK_BYTES) begun = new Uint8Array(0);
    begun = Buffer.concat([begun, chunk.subarray(from)]);
  }
  count(begun);
  return rows;
}

function countNuls(
  chunk: Uint8Array,
  base: number,
  row: number,
  nul: { even: number; odd: number; firstRow: number | undefined },
): void {
  let line = row;
  for (let i = 0; i < chunk.length; i++) {
    const octet = chunk[i];
    if (octet === LF) line++;
    if (octet !== 0) continue;
    nul.firstRow ??= line;
    if ((base + i) % 2 === 0) nul.even++;
    else nul.odd++;
  }
}

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) lines++;
  return lines;
}

/** Octets at the end that may begin a character of the next chunk (RFC 3629 3). */
function incompleteTail(chunk: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const octet = chunk[chunk.length - back] as number;
    if ((octet & 0xc0) === 0x80) continue;
    const needed = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : octet >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

function rowOfInvalid(octets: Uint8Array): number {
  let lines = 0;
  let from = 0;
  for (let at = octets.indexOf(LF); at !== -1; at = octets.indexOf(LF, at + 1)) {
    if (!isUtf8(octets.subarray(from, at))) return lines;
    lines++;
    from = at + 1;
  }
  return lines;
}

/** Octets above ASCII that stand beside an ASCII letter: what belongs to a word, and no € or dash. */
function countInsideWords(chunk: Uint8Array, counts: Uint32Array): void {
  for (let i = 0; i < chunk.length; i++) {
    const octet = chunk[i] as number;
    if (octet < 0x80) continue;
    if (isLetter(chunk[i - 1]) || isLetter(chunk[i + 1]) || (chunk[i + 1] ?? 0) >= 0x80)
      counts[octet - 0x80] = (counts[octet - 0x80] ?? 0) + 1;
  }
}

function isLetter(octet: number | undefined): boolean {
  return octet !== undefined && ((octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a));
}
