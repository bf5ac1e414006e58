/**
 * A change of a creditor concerns all its cases. They are moved a bounded number at a time, so that no
 * write holds the database for long; the marker row makes the walk survive a restart.
 */
import type { Database } from "#shared/sqlite.ts";
import type { RowId } from "./types.ts";

/** Cases moved in one transaction: a few milliseconds. */
export const REINDEX_STEP_CASES = 2_000;

/** `waits-for-feed`: those that a decision found ready but for the freshness of the payments. */
export type ReindexScope = "all" | "waits-for-feed";

interface Walk {
  readonly id: number;
  readonly creditor_id: number;
  readonly scope: ReindexScope;
  readonly after_case_id: number;
  readonly action_at: number;
}

/** Inside the transaction of the change that makes it necessary. */
export function startReindex(db: Database, creditorId: RowId, scope: ReindexScope, at: number): void {
  const waiting = db
    .sql("select id from reindex where creditor_id = ? and scope = ? and after_case_id = 0")
    .get(creditorId, scope);
  if (waiting !== undefined) return;
  db.sql("insert into reindex (creditor_id, scope, after_case_id, action_at) values (?, ?, 0, ?)").run(
    creditorId,
    scope,
    at,
  );
}

export function reindexPending(db: Database): boolean {
  return db.sql("select 1 from reindex limit 1").get() !== undefined;
}

/** One step of the oldest walk. Settled cases with nothing left to decide stay where they are. */
export function reindexStep(db: Database): void {
  const walk = db.sql("select * from reindex order by id limit 1").get() as Walk | undefined;
  if (walk === undefined) return;
  const only = walk.scope === "all" ? "" : "and waits_for_feed = 1";
  const last = db
    .sql(
      `select max(id) from (select id from dunning_case where creditor_id = ? and id > ? ${only}
       order by id limit ${REINDEX_STEP_CASES})`,
    )
    .pluck()
    .get(walk.creditor_id, walk.after_case_id) as RowId | null;
  if (last === null) {
    db.sql("delete from reindex where id = ?").run(walk.id);
    return;
  }
  db.sql(
    `update dunning_case set next_action_at = min(coalesce(next_action_at, @at), @at),
       waits_for_feed = 0
     where creditor_id = @creditorId and id > @after and id <= @last ${only}
       and (settled_at is null or next_action_at is not null)`,
  ).run({ at: walk.action_at, creditorId: walk.creditor_id, after: walk.after_case_id, last });
  db.sql("update reindex set after_case_id = ? where id = ?").run(last, walk.id);
}
