/** What happens to numbers after they are listed: results of messages, opt-outs. Inside a transaction. */
import type { Database } from "#shared/sqlite.ts";
import { touchDebtor } from "./cases.ts";
import { recordEvent } from "./events.ts";
import type { Change } from "./inputs.ts";
import type { StoredContactPoint } from "./plan-contacts.ts";
import { type ContactPointRow, contactPointOf } from "./rows.ts";
import { assertMove, CONTACT_POINT_MOVES, type ContactPointState } from "./states.ts";
import type { RowId } from "./types.ts";

/** Everybody on this gateway, as the scope of an opt-out. */
export const ALL_CREDITORS = 0;

export interface ContactPointChange {
  readonly state?: ContactPointState;
  readonly score?: number;
  readonly permanentFailures?: number;
  readonly lastDeliveredAt?: number;
  readonly lastInboundAt?: number;
  /** One sentence for the trail. */
  readonly reason: string;
}

/** @throws IllegalMove when the state has no such move. */
export function changeContactPoint(db: Database, id: RowId, to: ContactPointChange, change: Change): void {
  const row = db.sql("select * from contact_point where id = ?").get(id) as ContactPointRow | undefined;
  if (row === undefined) throw new RangeError(`there is no contact point ${id}`);
  const state = to.state ?? row.state;
  if (state !== row.state) assertMove(CONTACT_POINT_MOVES, row.state, state);
  db.sql(
    `update contact_point set state = ?, score = ?, permanent_failures = ?, last_delivered_at = ?,
       last_inbound_at = ? where id = ?`,
  ).run(
    state,
    Math.max(0, Math.min(100, to.score ?? row.score)),
    to.permanentFailures ?? row.permanent_failures,
    to.lastDeliveredAt ?? row.last_delivered_at,
    to.lastInboundAt ?? row.last_inbound_at,
    id,
  );
  if (state === row.state) return;
  moved(db, row, state, to.reason, change);
  touchDebtor(db, row.debtor_id, change.at);
}

function moved(
  db: Database,
  row: ContactPointRow,
  to: ContactPointState,
  reason: string,
  change: Change,
): void {
  const creditorId = db
    .sql("select creditor_id from debtor where id = ?")
    .pluck()
    .get(row.debtor_id) as RowId;
  recordEvent(
    db,
    change,
    "contact-point.moved",
    { creditorId, debtorId: row.debtor_id },
    {
      contactPoint: row.id,
      from: row.state,
      to,
      reason,
    },
  );
}

/** Everyone who is reached by this number, over all creditors. */
export function contactPointsByNumber(db: Database, number: string): StoredContactPoint[] {
  const rows = db
    .sql("select * from contact_point where number = +? order by id")
    .all(number) as ContactPointRow[];
  return rows.map(contactPointOf);
}

/** The number wants nothing more, from this creditor or (`ALL_CREDITORS`) from anybody. */
export function recordOptOut(
  db: Database,
  number: string,
  creditorId: RowId,
  reason: string,
  change: Change,
): void {
  const { changes } = db
    .sql("insert or ignore into opt_out (number, creditor_id, at, actor, reason) values (?, ?, ?, ?, ?)")
    .run(number, creditorId, change.at, change.actor, reason);
  if (changes === 0) return;
  recordEvent(db, change, "opt-out.recorded", { creditorId }, { reason });
  for (const point of inScope(db, number, creditorId)) {
    if (CONTACT_POINT_MOVES[point.state].includes("opted-out"))
      changeContactPoint(db, point.id, { state: "opted-out", reason }, change);
    else touchDebtor(db, point.debtor_id, change.at);
  }
}

/** The debtor's own START, or staff with a reason. */
export function withdrawOptOut(
  db: Database,
  number: string,
  creditorId: RowId,
  reason: string,
  change: Change,
): void {
  const { changes } = db
    .sql("delete from opt_out where number = ? and creditor_id = ?")
    .run(number, creditorId);
  if (changes === 0) return;
  recordEvent(db, change, "opt-out.withdrawn", { creditorId }, { reason });
  for (const point of inScope(db, number, creditorId)) {
    if (point.state === "opted-out" && !stillOut(db, point))
      changeContactPoint(db, point.id, { state: "valid", reason }, change);
  }
}

function stillOut(db: Database, point: ContactPointRow): boolean {
  return (
    db
      .sql(
        `select 1 from opt_out where number = ? and creditor_id in
           (0, (select creditor_id from debtor where id = ?))`,
      )
      .get(point.number, point.debtor_id) !== undefined
  );
}

function inScope(db: Database, number: string, creditorId: RowId): ContactPointRow[] {
  return db
    .sql(
      `select contact_point.* from contact_point join debtor on debtor.id = debtor_id
       where number = +@number and (+@creditorId = ${ALL_CREDITORS} or creditor_id = +@creditorId)`,
    )
    .all({ number, creditorId }) as ContactPointRow[];
}
