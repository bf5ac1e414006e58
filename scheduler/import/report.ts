/** What an import says about a file and its rows. */
import type { FieldChange } from "#scheduler/ledger/outcome.ts";
import type { CutOffImport } from "./cut-off.ts";
import type { Header } from "./header.ts";
import type { RowProblem } from "./record.ts";
import type { FileRefusalCode } from "./refused.ts";
import type { SettledSettings } from "./settle-settings.ts";
import type { FileFormat } from "./source.ts";

export type RowAction =
  | "created"
  | "updated"
  | "unchanged"
  /** The ledger holds a newer word on it. */
  | "stale"
  | "refused"
  /** No row of the list: a total, a repeated header, a copy of another row. */
  | "ignored";

export interface RowReport {
  /** 1 is the first row of the file, as a spreadsheet shows it. */
  readonly row: number;
  readonly action: RowAction;
  /** "receivable INV-1", "payment P-1"; absent when that could not be read. */
  readonly what?: string;
  /** What changed, or would. */
  readonly changes: readonly FieldChange[];
  readonly problems: readonly RowProblem[];
  readonly warnings: readonly RowProblem[];
  /** Why it is ignored. */
  readonly note?: string;
}

export type RowCounts = Readonly<Record<RowAction | "rows" | "warnings", number>>;

/** What a full list would close, or has closed. */
export interface Closing {
  /** Open receivables that this source gave, before. */
  readonly listed: number;
  /** Of them, those that the list does not have any more. */
  readonly missing: number;
  readonly closed: number;
}

export interface ImportReport {
  /**
   * `checked` and `refused`: nothing was written. `cancelled` while applying: the rows until then were, and
   * running it again does the rest.
   */
  readonly state: "checked" | "refused" | "applied" | "cancelled";
  /** Why the file as a whole is not, or would not be, applied. */
  readonly refusal?: { readonly code: FileRefusalCode; readonly detail: string };
  readonly format: FileFormat;
  readonly header: Header;
  readonly settings: SettledSettings;
  /** The list speaks of what was so at this instant. */
  readonly asOf: number;
  readonly counts: RowCounts;
  /** Rows with problems or warnings, the first `PROBLEMS_KEPT` of them. */
  readonly problems: readonly RowReport[];
  readonly closing?: Closing;
  /** Imports for this creditor that were cut off before this one, the oldest first. */
  readonly cutOff?: readonly (CutOffImport & {
    /** This import has brought what was missing. */
    readonly completed: boolean;
  })[];
}

export interface Tally {
  add(report: RowReport): void;
  counts(): RowCounts;
  problems(): readonly RowReport[];
}

export function createTally(kept: number, onRow?: (report: RowReport) => void): Tally {
  const counts = {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    stale: 0,
    refused: 0,
    ignored: 0,
    warnings: 0,
  };
  const problems: RowReport[] = [];
  return {
    add(report) {
      counts.rows++;
      counts[report.action]++;
      if (report.warnings.length > 0) counts.warnings++;
      if ((report.action === "refused" || report.warnings.length > 0) && problems.length < kept)
        problems.push(report);
      onRow?.(report);
    },
    counts: () => ({ ...counts }),
    problems: () => problems,
  };
}
