/** What a full list does not have any more, and the guard against a list that is full only by name. */
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Seen } from "./seen.ts";

/** Open receivables of the source that a full list may close unasked: this share of them, or this number. */
export const CLOSE_SHARE_MAX = 0.25;
export const CLOSE_COUNT_FREE = 10;
const PAGE_ROWS = 2_000;

interface ListedRow {
  readonly id: RowId;
  readonly external_id: string;
}

/** Open receivables that this source gave and that were known before the list was made, page by page. */
export function* listedPages(
  db: Database,
  creditorId: RowId,
  source: string,
  asOf: number,
): Generator<readonly ListedRow[]> {
  let after = 0;
  for (;;) {
    const page = db
      .sql(
        `select id, external_id from receivable where id > ? and creditor_id = ? and listed_by = ?
           and state = 'open' and is_open = 1 and as_of <= ? order by id limit ${PAGE_ROWS}`,
      )
      .all(after, creditorId, source, asOf) as ListedRow[];
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.id ?? after;
  }
}

export function missingOf(page: readonly ListedRow[], seen: Seen): RowId[] {
  return page.filter((row) => !seen.hasItem("receivable", row.external_id)).map((row) => row.id);
}

export function closesTooMany(listed: number, missing: number): boolean {
  return missing > Math.max(CLOSE_COUNT_FREE, Math.floor(listed * CLOSE_SHARE_MAX));
}
