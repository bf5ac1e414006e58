/**
 * The rows as they were checked, kept for the pass that writes them: the stranger's file is read once, and
 * what is written is what was checked, whatever becomes of the file meanwhile. The spool lies beside the
 * database and not in a folder that may be memory; it has no name from the moment it is open.
 *
 * Reads and writes do not wait: the pieces are small and go to the page cache, and rows that outlive a wait
 * are moved to the old part of the heap, where they are garbage for long.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packSorted, unpackSorted } from "./packed.ts";
import type { SortedRow } from "./sort-row.ts";

/** Rows of one batch, and the share of the file that was read with them. */
export interface SortedBatch {
  readonly rows: readonly SortedRow[];
  readonly done: number;
}

export interface Spool {
  write(batch: SortedBatch): void;
  /** In the order in which they were written. */
  batches(): Generator<SortedBatch>;
  close(): void;
}

const LENGTH_BYTES = 4;
/** The length of the rows, and the share of the file. */
const HEAD_BYTES = LENGTH_BYTES + 8;

/** `database` is the path of the ledger's file. */
export function openSpool(database: string): Spool {
  const beside = database === "" || database === ":memory:" ? tmpdir() : dirname(database);
  // A folder of its own, that only its owner may look into, until the file has lost its name.
  const folder = mkdtempSync(join(beside, "import-"));
  const file = openSync(join(folder, "spool"), "wx+");
  const nameless = tryRemove(folder);
  let end = 0;
  const head = Buffer.alloc(HEAD_BYTES);
  let body = Buffer.alloc(0);
  return {
    write(batch) {
      const rows = Buffer.from(packSorted(batch.rows));
      head.writeDoubleLE(batch.done, LENGTH_BYTES);
      head.writeUInt32LE(rows.length, 0);
      end += writeSync(file, head, 0, HEAD_BYTES, end);
      for (let done = 0; done < rows.length; )
        done += writeSync(file, rows, done, rows.length - done, end + done);
      end += rows.length;
    },
    *batches() {
      for (let at = 0; at < end; ) {
        readInto(file, head, at, HEAD_BYTES);
        const length = head.readUInt32LE(0);
        if (body.length < length) body = Buffer.alloc(length);
        readInto(file, body, at + HEAD_BYTES, length);
        at += HEAD_BYTES + length;
        yield { rows: unpackSorted(body.toString("utf8", 0, length)), done: head.readDoubleLE(LENGTH_BYTES) };
      }
    },
    close() {
      closeSync(file);
      if (!nameless) tryRemove(folder);
    },
  };
}

function tryRemove(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    // Windows keeps the name of an open file.
    return false;
  }
}

function readInto(file: number, buffer: Buffer, at: number, length: number): void {
  let done = 0;
  while (done < length) {
    const read = readSync(file, buffer, done, length - done, at + done);
    if (read === 0) throw new Error("the spool of an import ends too early");
    done += read;
  }
}
