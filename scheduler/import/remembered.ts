/** How the last file of a source was understood, and the record of what was imported. */

import { recordEvent } from "#scheduler/ledger/events.ts";
import type { Change } from "#scheduler/ledger/inputs.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Header } from "./header.ts";
import type { RowCounts } from "./report.ts";
import type { AskedStyles, SettledSettings } from "./settle-settings.ts";

export interface Remembered {
  /** Header text to field; "" for a column that is left out on purpose. */
  readonly columns: Readonly<Record<string, string>>;
  readonly styles: AskedStyles;
}

const NOTHING: Remembered = { columns: {}, styles: {} };

export function readRemembered(db: Database, creditorId: RowId, source: string): Remembered {
  const text = db
    .sql("select mapping from import_mapping where creditor_id = ? and source = ?")
    .pluck()
    .get(creditorId, source) as string | undefined;
  return text === undefined ? NOTHING : (JSON.parse(text) as Remembered);
}

/**
 * What was asked for by hand is kept for the next file, and what the values told, which may be others there;
 * what was told by name is told again.
 */
export function rememberMapping(
  db: Database,
  creditorId: RowId,
  header: Header,
  settled: SettledSettings,
  change: Change,
): void {
  const columns = Object.fromEntries(
    header.columns
      .filter(({ by }) => by === "asked" || by === "remembered" || by === "values")
      .map(({ header: text, field }) => [text, field ?? ""]),
  );
  db.sql(
    `insert into import_mapping (creditor_id, source, mapping, used_at) values (?, ?, ?, ?)
     on conflict (creditor_id, source) do update set mapping = excluded.mapping, used_at = excluded.used_at`,
  ).run(creditorId, change.source, JSON.stringify({ columns, styles: settled.shown }), change.at);
}

export interface ImportRun {
  readonly id: string;
  readonly creditorId: RowId;
  readonly carries: string;
  readonly fileName: string;
  readonly fullList: boolean;
}

export function beginRun(db: Database, run: ImportRun, change: Change): void {
  db.sql(
    `insert into import_run (id, creditor_id, source, carries, file_name, as_of, full_list, actor, started_at,
       state, counts) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'applying', '{}')`,
  ).run(
    run.id,
    run.creditorId,
    change.source,
    run.carries,
    run.fileName,
    change.asOf,
    run.fullList ? 1 : 0,
    change.actor,
    change.at,
  );
}

export function endRun(
  db: Database,
  run: ImportRun,
  state: "applied" | "cancelled",
  counts: RowCounts & { readonly closed: number },
  change: Change,
): void {
  db.sql("update import_run set ended_at = ?, state = ?, counts = ? where id = ?").run(
    change.at,
    state,
    JSON.stringify(counts),
    run.id,
  );
  recordEvent(db, change, "import.ended", { creditorId: run.creditorId }, { run: run.id, state, counts });
}
