/** What a reader does with a file, in whatever thread it runs. */
import type { RawRow } from "./cell.ts";
import { BATCH_ROWS, PREVIEW_CHARS, PREVIEW_ROWS } from "./limits.ts";
import { packRead, packTogether } from "./packed.ts";
import type { DigestedRow } from "./protocol.ts";
import type { RowReader } from "./read-row.ts";
import type { ReadingSettings } from "./record.ts";
import type { FileFormat, RowSource, SourceOptions } from "./source.ts";

export interface Preview {
  readonly format: FileFormat;
  readonly rows: readonly RawRow[];
}

export interface ReadBatch {
  readonly rows: readonly DigestedRow[];
  /** Share of the file that was read, 0 to 1. */
  readonly done: number;
}

/** Rows as they go from thread to thread: of `packRead`, for `unpackRead`. */
export interface PackedBatch {
  readonly packed: string;
  /** Share of the file that was read, 0 to 1. */
  readonly done: number;
}

/** A list under way: its first rows, and all of them once it is settled how they are read. */
export interface OpenList {
  readonly preview: Preview;
  /**
   * Once. Ends early, without an error, when the signal of `open` aborts.
   * @throws FileRefused when the file is another by now, or when it cannot be read to its end.
   */
  rows(settings: ReadingSettings): AsyncGenerator<ReadBatch>;
  close(): Promise<void>;
}

/** Reads files for the importer. */
export interface FileReader {
  /** Who opens closes. @throws FileRefused for what cannot be read as a list. */
  open(path: string, options: SourceOptions, signal?: AbortSignal): Promise<OpenList>;
}

/** As many rows as the header and the styles are told from. */
export async function previewOf(source: RowSource): Promise<Preview> {
  const rows: RawRow[] = [];
  let characters = 0;
  reading: for await (const batch of source.rows())
    for (const row of batch) {
      rows.push(row);
      for (const cell of row.cells) characters += typeof cell === "string" ? cell.length : 1;
      if (rows.length >= PREVIEW_ROWS || characters >= PREVIEW_CHARS) break reading;
    }
  return { format: source.format, rows };
}

export type ReadBatches = (source: RowSource, settings: ReadingSettings) => AsyncGenerator<PackedBatch>;

/** Looking at the first rows needs none of this, and it takes longer to load than they to read. */
export async function loadBatches(): Promise<ReadBatches> {
  const { createRowReader } = await import("./read-row.ts");
  const { createNames } = await import("./words.ts");
  const names = createNames();
  return (source, settings) => batchesOf(source, createRowReader(settings, names));
}

/** Each row is packed at once: what is made for it is garbage before the heap looks at it. */
async function* batchesOf(source: RowSource, readRow: RowReader): AsyncGenerator<PackedBatch> {
  await source.checkUnchanged();
  let batch: string[] = [];
  for await (const rows of source.rows())
    for (const raw of rows) {
      const read = readRow(raw);
      if (read === undefined) continue;
      batch.push(packRead(read));
      if (batch.length < BATCH_ROWS) continue;
      yield { packed: packTogether(batch), done: source.done() };
      batch = [];
    }
  if (batch.length > 0) yield { packed: packTogether(batch), done: source.done() };
}
