/** What an import is asked to do, and what both of its passes over a file share. */

import type { Change } from "#scheduler/ledger/inputs.ts";
import type { Ledger } from "#scheduler/ledger/ledger.ts";
import type { Actor, Creditor } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { LocalDate, Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Carries } from "./fields.ts";
import type { Header } from "./header.ts";
import type { FileReader } from "./read-file.ts";
import type { RowReport } from "./report.ts";
import type { AskedStyles, SettledSettings } from "./settle-settings.ts";
import type { FileFormat, SourceOptions } from "./source.ts";

export interface ImportDeps {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly zones: Zones;
  readonly ids: IdFactory;
  /** `createGuardedReader(clock)` for any file that somebody else made. */
  readonly reader: FileReader;
}

export interface ImportProgress {
  readonly phase: "checking" | "applying" | "closing";
  readonly rows: number;
  /** Share of the phase, 0 to 1. */
  readonly done: number;
}

export interface ImportOptions {
  readonly path: string;
  readonly creditor: Creditor;
  /** Name of the feed; its mapping is remembered, and its receivables are its own. */
  readonly source: string;
  readonly actor: Actor;
  readonly mode: "dry-run" | "apply";
  /** The list speaks of what was so at this instant. */
  readonly asOf: number;
  /** The list has every open receivable of the source: what it lacks is closed. */
  readonly fullList?: boolean;
  /** So many closures were shown and are wanted. */
  readonly confirmClosing?: number;
  /** Apply the good rows although others are refused. */
  readonly skipRefused?: boolean;
  readonly carries?: Carries;
  /** Header text or column letter to field. */
  readonly map?: Readonly<Record<string, string>>;
  readonly styles?: AskedStyles;
  readonly file?: Omit<SourceOptions, "country">;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly onRow?: (report: RowReport) => void;
  readonly signal?: AbortSignal;
}

/** Everything that both passes need. */
export interface Plan {
  readonly format: FileFormat;
  readonly header: Header;
  readonly settled: SettledSettings;
  readonly change: Change;
}

/** The day of which the list speaks, where the creditor is. */
export function dateOf(deps: ImportDeps, options: ImportOptions): LocalDate {
  return deps.zones.dateAt(options.asOf, options.creditor.timeZone);
}
