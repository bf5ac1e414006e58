/** The trail: one row for every change, written in the transaction of the change (house rule 13). */
import type { Database } from "#shared/sqlite.ts";
import type { FieldChange } from "./outcome.ts";
import type { Actor, RowId } from "./types.ts";

export type EventKind =
  | "creditor.created"
  | "creditor.updated"
  | "debtor.created"
  | "debtor.updated"
  | "contact-point.listed"
  | "contact-point.changed"
  | "contact-point.unlisted"
  | "contact-point.moved"
  | "opt-out.recorded"
  | "opt-out.withdrawn"
  | "receivable.created"
  | "receivable.updated"
  | "entry.recorded"
  | "entry.updated"
  | "entry.matched"
  | "case.opened"
  | "case.settled"
  | "case.reopened"
  | "hold.placed"
  | "hold.changed"
  | "hold.ended"
  | "occurrence.created"
  | "occurrence.moved"
  | "promise.recorded"
  | "promise.moved"
  | "feed.received"
  | "import.ended";

export interface EventSubject {
  readonly creditorId: RowId;
  readonly debtorId?: RowId;
  readonly caseId?: RowId;
  readonly receivableId?: RowId;
}

export interface LedgerEvent extends EventSubject {
  readonly sequence: number;
  readonly at: number;
  readonly actor: Actor;
  readonly kind: EventKind;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Fields of persons: the trail says that they changed, and when, and keeps no copy of them. */
const PERSONAL: readonly string[] = ["name", "number", "description"];

export function recordEvent(
  db: Database,
  by: { readonly actor: Actor; readonly at: number },
  kind: EventKind,
  subject: EventSubject,
  data?: Readonly<Record<string, unknown>>,
): void {
  db.sql(
    `insert into event (at, actor, kind, creditor_id, debtor_id, case_id, receivable_id, data)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    by.at,
    by.actor,
    kind,
    subject.creditorId,
    subject.debtorId ?? null,
    subject.caseId ?? null,
    subject.receivableId ?? null,
    data === undefined ? null : JSON.stringify(data),
  );
}

export function withoutPersonal(changes: readonly FieldChange[]): {
  readonly changes: readonly FieldChange[];
} {
  return {
    changes: changes.map((change) => (PERSONAL.includes(change.field) ? { field: change.field } : change)),
  };
}

export interface EventFilter {
  readonly creditorId?: RowId;
  readonly debtorId?: RowId;
  readonly caseId?: RowId;
  readonly kind?: EventKind;
  /** Sequence of the last event of the page before. */
  readonly after: number;
  readonly limit: number;
}

/** Oldest first, so that a reader who keeps the last sequence misses none. */
export function readEvents(db: Database, filter: EventFilter): LedgerEvent[] {
  const where = ["sequence > @after"];
  if (filter.creditorId !== undefined) where.push("creditor_id = @creditorId");
  if (filter.debtorId !== undefined) where.push("debtor_id = @debtorId");
  if (filter.caseId !== undefined) where.push("case_id = @caseId");
  if (filter.kind !== undefined) where.push("kind = @kind");
  const rows = db
    .sql(`select * from event where ${where.join(" and ")} order by sequence limit @limit`)
    .all(filter) as EventRow[];
  return rows.map((row) => ({
    sequence: row.sequence,
    at: row.at,
    actor: row.actor,
    kind: row.kind,
    creditorId: row.creditor_id,
    ...(row.debtor_id === null ? {} : { debtorId: row.debtor_id }),
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
    ...(row.receivable_id === null ? {} : { receivableId: row.receivable_id }),
    ...(row.data === null ? {} : { data: JSON.parse(row.data) as Record<string, unknown> }),
  }));
}

interface EventRow {
  readonly sequence: number;
  readonly at: number;
  readonly actor: string;
  readonly kind: EventKind;
  readonly creditor_id: number;
  readonly debtor_id: number | null;
  readonly case_id: number | null;
  readonly receivable_id: number | null;
  readonly data: string | null;
}
