/** What the reading thread and the importer say to each other. Everything survives a structured clone. */

import type { RawRow } from "./cell.ts";
import type { ReadingSettings, ReadRow } from "./record.ts";
import type { FileRefusalCode } from "./refused.ts";
import type { FileFormat, SourceOptions } from "./source.ts";

/** Given to the thread at its start. It shows the first rows and waits for what is made of them. */
export interface ReaderTask {
  readonly path: string;
  readonly options: SourceOptions;
}

/** A row with what its parts say in short: equal digests mean equal content. */
export interface DigestedRow {
  readonly read: ReadRow;
  readonly debtorDigest?: string;
  readonly itemDigest?: string;
}

export type FromReader =
  | { readonly kind: "preview"; readonly format: FileFormat; readonly rows: readonly RawRow[] }
  | {
      readonly kind: "rows";
      /** Of `packTogether`. */
      readonly packed: string;
      /** Share of the file that was read, 0 to 1. */
      readonly done: number;
    }
  | { readonly kind: "end" }
  | {
      readonly kind: "refused";
      readonly code: FileRefusalCode;
      readonly detail: string;
      readonly row?: number;
    };

export type ToReader =
  /** How all rows are to be read. Said once. */
  | { readonly kind: "read"; readonly settings: ReadingSettings }
  /** The importer has dealt with a batch and takes another one. */
  | { readonly kind: "more" };
