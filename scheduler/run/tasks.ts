/** Work for a person. Opening the same one again while it is open only counts. */
import type { TaskKind as DecidedTask } from "#scheduler/decide/types.ts";
import type { Actor, RowId } from "#scheduler/ledger/types.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Database } from "#shared/sqlite.ts";

export type TaskKind =
  | DecidedTask
  /** A debtor wrote something that no rule answers. */
  | "read-reply"
  /** A number does not work any more. */
  | "dead-number"
  | "wrong-party"
  /** A message failed for a reason of its own. */
  | "failed-message"
  | "clock-jumped"
  | "scan-difference"
  /** The chain of evidence does not hold; the detail names the place. */
  | "evidence-broken"
  /** The case cannot go on by itself; the detail says what is missing. */
  | "case-stuck"
  | "gateway-refuses";

export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  /** What it is about, one task a subject: a case's code, a reply's id. */
  readonly subject: string;
  readonly caseId?: RowId;
  readonly debtorId?: RowId;
  readonly detail: string;
  readonly openedAt: number;
  readonly repeats: number;
  readonly closedAt?: number;
  readonly closedBy?: Actor;
  readonly outcome?: string;
}

export interface NewTask {
  readonly kind: TaskKind;
  readonly subject: string;
  readonly caseId?: RowId;
  readonly debtorId?: RowId;
  readonly detail: string;
}

export interface TaskFilter {
  readonly state: "open" | "closed" | "all";
  readonly kind?: string;
  readonly caseId?: RowId;
  /** The id of the last task of the page before. Newest first. */
  readonly after?: string;
  readonly limit: number;
}

export interface Tasks {
  /** Inside a transaction. */
  open(task: NewTask, at: number): void;
  /** Inside a transaction. False when there is no such open task. */
  close(id: string, by: Actor, outcome: string, at: number): boolean;
  /** Inside a transaction: whatever made it necessary is gone. */
  closeSubject(kind: TaskKind, subject: string, outcome: string, at: number): void;
  get(id: string): Task | undefined;
  list(filter: TaskFilter): readonly Task[];
  countOpen(): readonly { readonly kind: string; readonly count: number }[];
}

interface Row {
  id: string;
  kind: TaskKind;
  subject: string;
  case_id: number | null;
  debtor_id: number | null;
  detail: string;
  opened_at: number;
  repeats: number;
  closed_at: number | null;
  closed_by: string | null;
  outcome: string | null;
}

export function createTasks(db: Database, ids: IdFactory): Tasks {
  return {
    open(task, at) {
      db.sql(
        `insert into task (id, kind, subject, case_id, debtor_id, detail, opened_at) values (?, ?, ?, ?, ?, ?, ?)
         on conflict (kind, subject) where closed_at is null
         do update set repeats = repeats + 1, detail = excluded.detail`,
      ).run(
        ids("task"),
        task.kind,
        task.subject,
        task.caseId ?? null,
        task.debtorId ?? null,
        task.detail,
        at,
      );
    },
    close: (id, by, outcome, at) =>
      db
        .sql("update task set closed_at = ?, closed_by = ?, outcome = ? where id = ? and closed_at is null")
        .run(at, by, outcome, id).changes > 0,
    closeSubject(kind, subject, outcome, at) {
      db.sql(
        `update task set closed_at = ?, closed_by = 'scheduler', outcome = ?
         where kind = ? and subject = ? and closed_at is null`,
      ).run(at, outcome, kind, subject);
    },
    get(id) {
      const row = db.sql("select * from task where id = ?").get(id) as Row | undefined;
      return row && fromRow(row);
    },
    list: (filter) => (listRows(db, filter) as Row[]).map(fromRow),
    countOpen: () =>
      db
        .sql("select kind, count(*) as count from task where closed_at is null group by kind order by kind")
        .all() as { kind: string; count: number }[],
  };
}

function listRows(db: Database, filter: TaskFilter): unknown[] {
  return db
    .sql(
      `select * from task
       where (:state = 'all' or (closed_at is null) = (:state = 'open'))
         and (:kind is null or kind = :kind) and (:caseId is null or case_id = :caseId)
         and (:after is null or id < :after)
       order by id desc limit :limit`,
    )
    .all({
      state: filter.state,
      kind: filter.kind ?? null,
      caseId: filter.caseId ?? null,
      after: filter.after ?? null,
      limit: filter.limit,
    });
}

function fromRow(row: Row): Task {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    detail: row.detail,
    openedAt: row.opened_at,
    repeats: row.repeats,
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
    ...(row.debtor_id === null ? {} : { debtorId: row.debtor_id }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.closed_by === null ? {} : { closedBy: row.closed_by }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
  };
}
