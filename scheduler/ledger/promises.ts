/** Promises to pay in the database. Runs inside a transaction of the caller. */
import type { LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { touchCase } from "./cases.ts";
import { recordEvent } from "./events.ts";
import { assertMove, PROMISE_MOVES, PROMISE_OPEN, type PromiseState } from "./states.ts";
import type { Actor, PaymentPromise, RowId } from "./types.ts";

export interface PromiseRow {
  readonly id: string;
  readonly case_id: number;
  readonly amount: number;
  readonly due_date: string;
  readonly state: PromiseState;
  readonly made_at: number;
}

export interface NewPromise {
  readonly caseId: RowId;
  readonly amount: bigint;
  readonly dueDate: LocalDate;
  readonly state: "proposed" | "confirmed";
}

type By = { readonly actor: Actor; readonly at: number };

/** A case has one live promise: a new one supersedes those before it. */
export function recordPromise(db: Database, id: string, promise: NewPromise, by: By): PaymentPromise {
  for (const before of promisesOf(db, promise.caseId))
    if (before.state === "proposed" || PROMISE_OPEN.includes(before.state))
      movePromise(db, before.id, "superseded", by);
  db.sql(
    `insert into promise (id, case_id, episode, amount, due_date, state, made_at, changed_at)
     values (@id, @caseId, (select episode from dunning_case where id = @caseId), @amount, @dueDate, @state,
       @at, @at)`,
  ).run({ id, ...promise, at: by.at });
  recordEvent(db, by, "promise.recorded", subjectOf(db, promise.caseId), {
    promise: id,
    state: promise.state,
  });
  touchCase(db, promise.caseId, by.at);
  return { id, madeAt: by.at, ...promise };
}

/** @throws IllegalMove when the state has no such move. */
export function movePromise(db: Database, id: string, to: PromiseState, by: By): PaymentPromise {
  const row = db.sql("select * from promise where id = ?").get(id) as PromiseRow | undefined;
  if (row === undefined) throw new RangeError(`there is no promise ${id}`);
  assertMove(PROMISE_MOVES, row.state, to);
  db.sql("update promise set state = ?, changed_at = ? where id = ?").run(to, by.at, id);
  recordEvent(db, by, "promise.moved", subjectOf(db, row.case_id), { promise: id, from: row.state, to });
  touchCase(db, row.case_id, by.at);
  return promiseOf({ ...row, state: to });
}

/** Of the case's present episode, oldest first. */
export function promisesOf(db: Database, caseId: RowId): PaymentPromise[] {
  const rows = db
    .sql(
      `select promise.* from promise join dunning_case on dunning_case.id = case_id
       where case_id = +? and promise.episode = dunning_case.episode order by made_at, promise.id`,
    )
    .all(caseId) as PromiseRow[];
  return rows.map(promiseOf);
}

export function promiseOf(row: PromiseRow): PaymentPromise {
  return {
    id: row.id,
    caseId: row.case_id,
    amount: BigInt(row.amount),
    dueDate: row.due_date,
    state: row.state,
    madeAt: row.made_at,
  };
}

function subjectOf(db: Database, caseId: RowId) {
  return db
    .sql(
      `select creditor_id as creditorId, debtor_id as debtorId, id as caseId from dunning_case where id = ?`,
    )
    .get(caseId) as { creditorId: RowId; debtorId: RowId; caseId: RowId };
}
