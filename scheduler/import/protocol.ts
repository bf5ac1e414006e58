/** What the reading thread and the importer say to each other. Everything survives a structured clone. */

import type { RawRow } from "./cell.ts";
import type { ReadingSettings, ReadRow } from "./record.ts";
import type { FileRefusalCode } from "./refused.ts";
import type { FileFormat, SourceOptions } from "./source.ts";

/** Given to the thread at its start. Without settings it shows the first rows; with them it reads all. */
export interface ReaderTask {
  readonly path: string;
  readonly options: SourceOptions;
  readonly settings?: ReadingSettings;
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
      /** Of `packRead`. */
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

/** The importer has dealt with a batch and takes another one. */
export type ToReader = { readonly kind: "more" };
