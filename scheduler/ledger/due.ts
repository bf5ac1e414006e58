/** Finding cases by the index on `next_action_at`, and moving them along it. */
import type { Database } from "#shared/sqlite.ts";
import { type CaseRow, caseOf } from "./rows.ts";
import type { Case, CaseStage, RowId } from "./types.ts";

export interface DueCase {
  readonly id: RowId;
  readonly nextActionAt: number;
}

/** Cases whose time has come, the longest waiting first. Costs what is due, not what exists. */
export function dueCases(db: Database, now: number, limit: number): DueCase[] {
  return db
    .sql(
      `select id, next_action_at as nextActionAt from dunning_case
       where next_action_at <= ? order by next_action_at, id limit ?`,
    )
    .all(now, limit) as DueCase[];
}

/** When the next case is due; undefined when none ever is. */
export function nextDueAt(db: Database): number | undefined {
  const at = db
    .sql("select min(next_action_at) from dunning_case where next_action_at is not null")
    .pluck()
    .get() as number | null;
  return at ?? undefined;
}

/** Cases due by `now`, counted up to `limit`. */
export function countDue(db: Database, now: number, limit: number): number {
  return db
    .sql("select count(*) from (select 1 from dunning_case where next_action_at <= ? limit ?)")
    .pluck()
    .get(now, limit) as number;
}

/** Every case in turn, for scans and forecasts: the next `limit` after `afterId`. */
export function caseIdsAfter(db: Database, afterId: RowId, limit: number): RowId[] {
  return db
    .sql("select id from dunning_case where id > ? order by id limit ?")
    .pluck()
    .all(afterId, limit) as RowId[];
}

export interface CaseMove {
  /** Absent: nothing will happen without a new fact. */
  readonly nextActionAt?: number;
  readonly stage?: CaseStage;
  /** Only the freshness of the payments feed stands in the way: its arrival makes the case due. */
  readonly waitsForFeed?: boolean;
}

/** What a decision does to the case's place in the index. */
export function moveCase(db: Database, id: RowId, move: CaseMove): void {
  db.sql(
    `update dunning_case set next_action_at = ?, stage = coalesce(?, stage), waits_for_feed = ? where id = ?`,
  ).run(move.nextActionAt ?? null, move.stage ?? null, move.waitsForFeed === true ? 1 : 0, id);
}

export function findCase(db: Database, code: string): Case | undefined {
  const row = db.sql("select * from dunning_case where code = ?").get(code) as CaseRow | undefined;
  return row && caseOf(row);
}

export function casesOfDebtor(db: Database, debtorId: RowId): Case[] {
  const rows = db
    .sql("select * from dunning_case where debtor_id = +? order by currency")
    .all(debtorId) as CaseRow[];
  return rows.map(caseOf);
}
