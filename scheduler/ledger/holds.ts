/** Holds in the database. Runs inside a transaction of the caller. */
import type { LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { touchDebtor } from "./cases.ts";
import { recordEvent } from "./events.ts";
import type { Change, HoldInput } from "./inputs.ts";
import { changesBetween, type Outcome, refused } from "./outcome.ts";
import { findDebtor } from "./parties.ts";
import { findReceivable } from "./receivables.ts";
import { type HoldRow, holdOf } from "./rows.ts";
import type { Hold, RowId } from "./types.ts";

/** Holds in force on one debtor. */
const HOLDS_PER_DEBTOR_MAX = 200;

/**
 * At most one hold of a kind lies on the same target: placing it again changes its end, reviewer and
 * reason. So a call that is repeated places nothing twice.
 */
export function placeHold(
  db: Database,
  creditorId: RowId,
  input: HoldInput,
  makeId: () => string,
  change: Change,
): Outcome<Hold> {
  if (input.until !== undefined && hasEndedEverywhere(input.until, change.at))
    return refused("field_invalid", "until", "This day is over. Name a last day that is still to come.");
  const target = findTarget(db, creditorId, input);
  if ("kind" in target) return target;
  const { debtorId, scope, targetId } = target;
  const stored = db
    .sql(
      `select * from hold where debtor_id = ? and ended_at is null and kind = ? and scope = ? and target_id = ?`,
    )
    .get(debtorId, input.kind, scope, targetId) as HoldRow | undefined;
  const before = stored && holdOf(stored);
  const hold: Hold = {
    id: before?.id ?? makeId(),
    kind: input.kind,
    scope,
    targetId,
    reason: input.reason,
    placedBy: before?.placedBy ?? change.actor,
    placedAt: before?.placedAt ?? change.at,
    ...(input.until === undefined ? {} : { until: input.until }),
    ...(input.reviewer === undefined ? {} : { reviewer: input.reviewer }),
  };
  const subject = { creditorId, debtorId };
  if (before !== undefined) {
    const changes = changesBetween(before, hold, ["until", "reviewer", "reason"]);
    if (changes.length === 0) return { kind: "unchanged", row: before };
    db.sql("update hold set until = ?, reviewer = ?, reason = ? where id = ?").run(
      hold.until ?? null,
      hold.reviewer ?? null,
      hold.reason,
      hold.id,
    );
    recordEvent(db, change, "hold.changed", subject, { hold: hold.id, kind: hold.kind, changes });
    touchDebtor(db, debtorId, change.at);
    return { kind: "updated", row: hold, changes };
  }
  if (holdsOf(db, debtorId).length >= HOLDS_PER_DEBTOR_MAX)
    return refused("limit_reached", "debtor", `A debtor has at most ${HOLDS_PER_DEBTOR_MAX} holds in force.`);
  insertHold(db, creditorId, debtorId, hold);
  recordEvent(db, change, "hold.placed", subject, {
    hold: hold.id,
    kind: hold.kind,
    scope,
    until: hold.until,
  });
  touchDebtor(db, debtorId, change.at);
  return { kind: "created", row: hold, changes: [] };
}

/** The last zone of the world to leave a day lies twelve hours behind UTC. */
const LAST_ZONE_MS = 12 * 3_600_000;

/** A hold that is over before it is placed holds nothing, and whoever placed it believes that it does. */
function hasEndedEverywhere(day: LocalDate, now: number): boolean {
  return day < new Date(now - LAST_ZONE_MS).toISOString().slice(0, 10);
}

function insertHold(db: Database, creditorId: RowId, debtorId: RowId, hold: Hold): void {
  db.sql(
    `insert into hold (id, creditor_id, debtor_id, kind, scope, target_id, until, reviewer, reason, placed_by,
       placed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    hold.id,
    creditorId,
    debtorId,
    hold.kind,
    hold.scope,
    hold.targetId,
    hold.until ?? null,
    hold.reviewer ?? null,
    hold.reason,
    hold.placedBy,
    hold.placedAt,
  );
}

/** Ends it now. `unchanged` when it had ended before. */
export function endHold(db: Database, id: string, change: Change): Outcome<Hold> {
  const stored = db.sql("select * from hold where id = ?").get(id) as HoldRow | undefined;
  if (stored === undefined) return refused("reference_unknown", "id", "There is no hold of this id.");
  if (stored.ended_at !== null) return { kind: "unchanged", row: holdOf(stored) };
  db.sql("update hold set ended_at = ?, ended_by = ? where id = ?").run(change.at, change.actor, id);
  const subject = { creditorId: stored.creditor_id, debtorId: stored.debtor_id };
  recordEvent(db, change, "hold.ended", subject, { hold: id, kind: stored.kind });
  touchDebtor(db, stored.debtor_id, change.at);
  return {
    kind: "updated",
    row: { ...holdOf(stored), endedAt: change.at },
    changes: [{ field: "endedAt", to: new Date(change.at).toISOString() }],
  };
}

/** In force, as far as nobody ended them: `until` is judged where the debtor's zone is known. */
export function holdsOf(db: Database, debtorId: RowId): Hold[] {
  const rows = db
    .sql("select * from hold where debtor_id = +? and ended_at is null order by placed_at, id")
    .all(debtorId) as HoldRow[];
  return rows.map(holdOf);
}

type Target = { readonly debtorId: RowId; readonly scope: Hold["scope"]; readonly targetId: RowId };

function findTarget(
  db: Database,
  creditorId: RowId,
  input: HoldInput,
): Target | Extract<Outcome<never>, { kind: "refused" }> {
  const unknown = (field: string, what: string) =>
    refused(
      "reference_unknown",
      field,
      `There is no ${what} of this id. Check it with the case view.`,
    ) as Extract<Outcome<never>, { kind: "refused" }>;
  const debtor = findDebtor(db, creditorId, input.debtor);
  if (debtor === undefined) return unknown("debtor", "debtor");
  if (input.receivable !== undefined) {
    const item = findReceivable(db, creditorId, input.receivable);
    if (item === undefined || item.debtor !== input.debtor)
      return unknown("receivable", "receivable of this debtor");
    return { debtorId: debtor.id, scope: "item", targetId: item.id };
  }
  if (input.currency === undefined) return { debtorId: debtor.id, scope: "debtor", targetId: debtor.id };
  const caseId = db
    .sql("select id from dunning_case where debtor_id = ? and currency = ?")
    .pluck()
    .get(debtor.id, input.currency) as RowId | undefined;
  if (caseId === undefined) return unknown("currency", "case in this currency");
  return { debtorId: debtor.id, scope: "case", targetId: caseId };
}
