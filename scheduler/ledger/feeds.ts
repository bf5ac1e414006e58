/** How far each feed reaches. Runs inside a transaction of the caller. */
import type { Database } from "#shared/sqlite.ts";
import { recordEvent } from "./events.ts";
import type { Change } from "./inputs.ts";
import { startReindex } from "./reindex.ts";
import type { FeedStatus, RowId } from "./types.ts";

/** The feed says that all it knows up to `change.asOf` has been sent. It never goes back. */
export function recordFeed(
  db: Database,
  creditorId: RowId,
  carries: FeedStatus["carries"],
  change: Change,
): FeedStatus {
  const before = feedsOf(db, creditorId).find(
    (feed) => feed.source === change.source && feed.carries === carries,
  );
  if (before !== undefined && before.asOf >= change.asOf) return before;
  db.sql(
    `insert into feed (creditor_id, source, carries, as_of, received_at) values (?, ?, ?, ?, ?)
     on conflict (creditor_id, source, carries)
     do update set as_of = excluded.as_of, received_at = excluded.received_at`,
  ).run(creditorId, change.source, carries, change.asOf, change.at);
  recordEvent(
    db,
    change,
    "feed.received",
    { creditorId },
    {
      source: change.source,
      carries,
      asOf: change.asOf,
    },
  );
  // Cases that waited for payments to be known can go on.
  if (carries === "payments") startReindex(db, creditorId, "waits-for-feed", change.at);
  return { creditorId, source: change.source, carries, asOf: change.asOf, receivedAt: change.at };
}

export function feedsOf(db: Database, creditorId: RowId): FeedStatus[] {
  const rows = db
    .sql(
      "select source, carries, as_of, received_at from feed where creditor_id = +? order by source, carries",
    )
    .raw()
    .all(creditorId) as [string, FeedStatus["carries"], number, number][];
  return rows.map(([source, carries, asOf, receivedAt]) => ({
    creditorId,
    source,
    carries,
    asOf,
    receivedAt,
  }));
}
