/**
 * Imports that ended in the middle because their process was killed or the machine went down. What they had
 * written stays: whole pieces of the list, each once. The rest comes with the next import of the same file.
 */
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import { CUT_OFF_AFTER_MS, CUT_OFF_TOLD_MS } from "./limits.ts";

export interface CutOffImport {
  readonly id: string;
  readonly source: string;
  readonly fileName: string;
  /** When it wrote last. */
  readonly at: number;
  /** Rows of the list that it had dealt with by then. */
  readonly rows: number;
}

/** Kept as the counts of a run that goes on; each piece of the list writes it in its own transaction. */
interface Progress {
  readonly rows?: number;
  readonly at?: number;
}

export function noteProgress(db: Database, run: string, rows: number, at: number): void {
  const progress: Progress = { rows, at };
  db.sql("update import_run set counts = ? where id = ? and state = 'applying'").run(
    JSON.stringify(progress),
    run,
  );
}

interface RunRow {
  readonly id: string;
  readonly creditor_id: RowId;
  readonly source: string;
  readonly file_name: string;
  readonly started_at: number;
  readonly counts: string;
}

/** Of all creditors, or of one. An import that wrote a moment ago goes on, and is not among them. */
export function cutOffImports(db: Database, now: number, creditorId?: RowId): CutOffImport[] {
  const rows = db
    .sql(
      `select id, creditor_id, source, file_name, started_at, counts from import_run
       where state = 'applying' and started_at > ? order by started_at, id`,
    )
    .all(now - CUT_OFF_TOLD_MS) as RunRow[];
  return rows
    .filter((row) => creditorId === undefined || row.creditor_id === creditorId)
    .map((row) => {
      const { rows: done = 0, at = row.started_at } = JSON.parse(row.counts) as Progress;
      return { id: row.id, source: row.source, fileName: row.file_name, at, rows: done };
    })
    .filter(({ at }) => at < now - CUT_OFF_AFTER_MS);
}

/** An import of the same file of the same source brings all that was missing. */
export function isSameList(one: CutOffImport, source: string, fileName: string): boolean {
  return one.source === source && one.fileName === fileName;
}

export function endCutOff(db: Database, cutOff: readonly CutOffImport[], at: number): void {
  for (const { id } of cutOff)
    db.sql("update import_run set state = 'cancelled', ended_at = ? where id = ? and state = 'applying'").run(
      at,
      id,
    );
}
