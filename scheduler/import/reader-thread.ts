/** The thread that touches the bytes of a file: whatever they are, they can end nothing but this thread. */
import { hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { RawRow } from "./cell.ts";
import { BATCH_ROWS, BATCHES_UNDER_WAY, PREVIEW_CHARS, PREVIEW_ROWS } from "./limits.ts";
import type { DigestedRow, FromReader, ReaderTask } from "./protocol.ts";
import type { ReadingSettings, ReadRow } from "./record.ts";
import { FileRefused } from "./refused.ts";
import { openSource, type RowSource } from "./source.ts";

const task = workerData as ReaderTask;

function tell(message: FromReader): void {
  parentPort?.postMessage(message);
}

try {
  const source = await openSource(task.path, task.options);
  try {
    if (task.settings === undefined) await preview(source);
    else await readAll(source, task.settings);
  } finally {
    await source.close();
  }
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  const { code, detail, row } = error;
  tell({ kind: "refused", code, detail, ...(row === undefined ? {} : { row }) });
}
parentPort?.close();

async function preview(source: RowSource): Promise<void> {
  const rows: RawRow[] = [];
  let characters = 0;
  reading: for await (const batch of source.rows())
    for (const row of batch) {
      rows.push(row);
      for (const cell of row.cells) characters += typeof cell === "string" ? cell.length : 1;
      if (rows.length >= PREVIEW_ROWS || characters >= PREVIEW_CHARS) break reading;
    }
  tell({ kind: "preview", format: source.format, rows });
}

async function readAll(source: RowSource, settings: ReadingSettings): Promise<void> {
  // Looking at the first rows needs none of this, and it takes longer to load than they to read.
  const { readRow } = await import("./read-row.ts");
  const { createNames } = await import("./words.ts");
  const names = createNames();
  const room = createRoom();
  let batch: DigestedRow[] = [];
  const send = async (): Promise<void> => {
    await room.take();
    tell({ kind: "rows", rows: batch, done: source.done() });
    batch = [];
  };
  for await (const rows of source.rows())
    for (const raw of rows) {
      const read = readRow(raw, settings, names);
      if (read === undefined) continue;
      batch.push(digested(read));
      if (batch.length >= BATCH_ROWS) await send();
    }
  if (batch.length > 0) await send();
  tell({ kind: "end" });
}

/** Counts the batches under way: memory is theirs, however slow the ledger is. */
function createRoom() {
  let free = BATCHES_UNDER_WAY;
  let wake: (() => void) | undefined;
  parentPort?.on("message", () => {
    free++;
    wake?.();
  });
  return {
    async take(): Promise<void> {
      while (free === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      free--;
    },
  };
}

function digested(read: ReadRow): DigestedRow {
  if (read.kind === "receivable")
    return { read, debtorDigest: digestOf(read.debtor), itemDigest: digestOf([read.receivable, read.open]) };
  if (read.kind === "entry") return { read, itemDigest: digestOf(read.entry) };
  return { read };
}

function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
  return hash("sha256", text, "base64").slice(0, 22);
}
