/**
 * The zip around a workbook, read by its central directory only (APPNOTE.TXT 6.3.10). Sizes are summed
 * before anything is unpacked, no two parts may share bytes, and each part is held to the size that it
 * declared: readers that go by the local headers can be shown another file than the one that was checked.
 */
import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { RATIO_FREE_BYTES, UNPACK_RATIO_MAX, UNPACKED_BYTES_MAX, ZIP_ENTRIES_MAX } from "./limits.ts";
import { FileRefused } from "./refused.ts";

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
/** The directory itself; a thousand entries with long names. */
const DIRECTORY_BYTES_MAX = 1_048_576;
const CHUNK_BYTES = 65_536;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
const ZIP64_MARK = 0xffff_ffff;
const ZIP64_EXTRA = 1;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Of the local header. */
  readonly offset: number;
}

export interface Zip {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Unpacks one part, chunk by chunk. */
  read(entry: ZipEntry): AsyncIterable<Uint8Array>;
}

/** @throws FileRefused */
export async function openZip(file: FileHandle, bytes: number): Promise<Zip> {
  const directory = await readDirectory(file, bytes);
  const entries = parseDirectory(directory.buffer, directory.count);
  checkSizes(entries, bytes);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size !== entries.length) throw damaged("it has two parts of one name");
  return { entries: byName, read: (entry) => unpack(file, entry) };
}

function damaged(why: string): FileRefused {
  return new FileRefused("workbook_damaged", `This is not a whole .xlsx workbook: ${why}. Save it anew.`);
}

async function readDirectory(file: FileHandle, bytes: number): Promise<{ buffer: Buffer; count: number }> {
  const tail = await readAt(file, Math.max(0, bytes - END_BYTES - COMMENT_BYTES_MAX), bytes);
  let at = tail.length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END_SIGNATURE) at--;
  if (at < 0) throw damaged("the directory at its end is missing");
  const count = tail.readUInt16LE(at + 10);
  const size = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  if (count > ZIP_ENTRIES_MAX || offset === ZIP64_MARK)
    throw new FileRefused("workbook_bomb", `The workbook has more than ${ZIP_ENTRIES_MAX} parts.`);
  if (size > DIRECTORY_BYTES_MAX || offset + size > bytes)
    throw damaged("its directory points outside the file");
  return { buffer: await readAt(file, offset, offset + size), count };
}

async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  if (bytesRead < buffer.length) throw damaged("it ends too early");
  return buffer;
}

async function* readChunks(file: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += CHUNK_BYTES)
    yield await readAt(file, at, Math.min(to, at + CHUNK_BYTES));
}

function parseDirectory(buffer: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > buffer.length || buffer.readUInt32LE(at) !== CENTRAL_SIGNATURE)
      throw damaged("its directory is broken");
    const nameEnd = at + CENTRAL_BYTES + buffer.readUInt16LE(at + 28);
    const extraEnd = nameEnd + buffer.readUInt16LE(at + 30);
    const next = extraEnd + buffer.readUInt16LE(at + 32);
    if (next > buffer.length) throw damaged("its directory is broken");
    if ((buffer.readUInt16LE(at + 8) & ENCRYPTED_FLAG) !== 0)
      throw new FileRefused(
        "workbook_protected",
        "The workbook is protected by a password. Save it without.",
      );
    entries.push({
      // Written by some tools with the separators of Windows.
      name: buffer.toString("utf8", at + CENTRAL_BYTES, nameEnd).replaceAll("\\", "/"),
      method: buffer.readUInt16LE(at + 10),
      ...sizesOf(buffer, at, nameEnd, extraEnd),
    });
    at = next;
  }
  return entries;
}

/** Streaming writers put the sizes into the ZIP64 extra field even when they are small (APPNOTE 4.5.3). */
function sizesOf(buffer: Buffer, at: number, extraFrom: number, extraEnd: number) {
  const values = {
    unpacked: buffer.readUInt32LE(at + 24),
    packed: buffer.readUInt32LE(at + 20),
    offset: buffer.readUInt32LE(at + 42),
  };
  for (let field = extraFrom; field + 4 <= extraEnd; field += 4 + buffer.readUInt16LE(field + 2)) {
    if (buffer.readUInt16LE(field) !== ZIP64_EXTRA) continue;
    let from = field + 4;
    for (const key of ["unpacked", "packed", "offset"] as const) {
      if (values[key] !== ZIP64_MARK || from + 8 > extraEnd) continue;
      values[key] = Number(buffer.readBigUInt64LE(from));
      from += 8;
    }
  }
  return values;
}

function checkSizes(entries: readonly ZipEntry[], bytes: number): void {
  let unpacked = 0;
  for (const entry of entries) {
    unpacked += entry.unpacked;
    if (entry.unpacked > RATIO_FREE_BYTES && entry.unpacked > entry.packed * UNPACK_RATIO_MAX)
      throw new FileRefused(
        "workbook_bomb",
        `A part of the workbook would grow more than ${UNPACK_RATIO_MAX} times when unpacked. Save it anew, or as CSV.`,
      );
    if (entry.method !== STORED && entry.method !== DEFLATED)
      throw damaged("a part is packed in a way that no spreadsheet uses");
  }
  if (unpacked > UNPACKED_BYTES_MAX)
    throw new FileRefused(
      "workbook_bomb",
      `The workbook unpacks to ${Math.round(unpacked / 1_048_576)} MiB, more than ${UNPACKED_BYTES_MAX / 1_048_576}. Save it as CSV.`,
    );
  const ordered = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [i, entry] of ordered.entries()) {
    const end = entry.offset + LOCAL_BYTES + entry.packed;
    if (end > (ordered[i + 1]?.offset ?? bytes))
      throw new FileRefused("workbook_bomb", "Two parts of the workbook lie on the same bytes.");
  }
}

async function* unpack(file: FileHandle, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const header = await readAt(file, entry.offset, entry.offset + LOCAL_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw damaged("a part is not where it should be");
  const start = entry.offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.packed === 0) return;
  const packed = readChunks(file, start, start + entry.packed);
  const chunks =
    entry.method === STORED
      ? packed
      : pipeline(Readable.from(packed), createInflateRaw({ chunkSize: CHUNK_BYTES }), () => {});
  let seen = 0;
  try {
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      seen += chunk.length;
      if (seen > entry.unpacked)
        throw new FileRefused("workbook_bomb", "A part of the workbook is larger than it declares.");
      yield chunk;
    }
  } catch (error) {
    throw error instanceof FileRefused ? error : damaged("a part cannot be unpacked");
  }
  if (seen < entry.unpacked) throw damaged("a part is shorter than it declares");
}
