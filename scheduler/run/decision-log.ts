/**
 * Why something was or was not done, for every case and day. A row holds until the next one of its case:
 * "wait until the 14th" explains every day up to then, so a silent day costs no row.
 */
import type { Decision } from "#scheduler/decide/types.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";

/** Rules of one row; a decision looks at fewer. */
const RULES_MAX = 60;
/** Rows removed in one transaction. */
const PRUNE_STEP = 2_000;

export interface LoggedRule {
  readonly rule: string;
  readonly outcome: string;
  /** Left out for rules that merely let it pass. */
  readonly detail?: string;
}

export interface LoggedDecision {
  readonly caseId: RowId;
  readonly at: number;
  readonly day: LocalDate;
  readonly kind: Decision["kind"] | "handed-over" | "recalled";
  readonly rules: readonly LoggedRule[];
  readonly detail: string;
  readonly nextAt?: number;
}

export interface DecisionLog {
  /** Inside a transaction. A decision that repeats the last one of its case is not written again: false. */
  note(entry: LoggedDecision): boolean;
  /** The rows of a day, and before them the one that held when the day began. Oldest first. */
  ofDay(caseId: RowId, day: LocalDate): readonly LoggedDecision[];
  /** The newest rows, oldest of them first. */
  latest(caseId: RowId, limit: number): readonly LoggedDecision[];
  /** When the case was decided last; undefined before the first time. */
  decidedAt(caseId: RowId): number | undefined;
  /** One step of the retention; true when there may be more to remove. Keeps the newest row of each case. */
  prune(before: number): boolean;
}

interface Row {
  case_id: number;
  at: number;
  day: string;
  kind: LoggedDecision["kind"];
  rules: string;
  detail: string;
  next_at: number | null;
}

export function rulesOf(decision: Decision): LoggedRule[] {
  return decision.explanation.slice(0, RULES_MAX).map(({ rule, outcome, detail }) => ({
    rule,
    outcome,
    ...(outcome === "passed" ? {} : { detail }),
  }));
}

export function createDecisionLog(db: Database): DecisionLog {
  const lastOf = (caseId: RowId): Row | undefined =>
    db.sql("select * from decision where case_id = +? order by at desc limit 1").get(caseId) as
      | Row
      | undefined;
  return {
    note(entry) {
      const rules = JSON.stringify(entry.rules);
      const last = lastOf(entry.caseId);
      const same =
        last !== undefined &&
        last.kind === entry.kind &&
        last.detail === entry.detail &&
        last.next_at === (entry.nextAt ?? null) &&
        last.rules === rules;
      if (same) {
        db.sql("update decision set confirmed_at = ? where case_id = ? and at = ?").run(
          entry.at,
          entry.caseId,
          last.at,
        );
        return false;
      }
      // Two rows of one millisecond: the later one is what counts, one tick further on.
      const at = last === undefined ? entry.at : Math.max(entry.at, last.at + 1);
      db.sql(
        `insert into decision (case_id, at, day, kind, rules, detail, next_at, confirmed_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(entry.caseId, at, entry.day, entry.kind, rules, entry.detail, entry.nextAt ?? null, entry.at);
      return true;
    },
    ofDay(caseId, day) {
      const rows = db
        .sql("select * from decision where case_id = +? and day = +? order by at")
        .all(caseId, day) as Row[];
      const before = db
        .sql("select * from decision where case_id = +? and day < +? order by at desc limit 1")
        .get(caseId, day) as Row | undefined;
      return [...(before === undefined ? [] : [before]), ...rows].map(fromRow);
    },
    latest: (caseId, limit) =>
      (
        db
          .sql("select * from decision where case_id = +? order by at desc limit +?")
          .all(caseId, limit) as Row[]
      )
        .reverse()
        .map(fromRow),
    decidedAt: (caseId) =>
      db
        .sql("select confirmed_at from decision where case_id = +? order by at desc limit 1")
        .pluck()
        .get(caseId) as number | undefined,
    prune: (before) =>
      db
        .sql(
          `delete from decision where (case_id, at) in (
             select d.case_id, d.at from decision d where d.at < ? and exists (
               select 1 from decision later where later.case_id = d.case_id and later.at > d.at)
             limit ?)`,
        )
        .run(before, PRUNE_STEP).changes === PRUNE_STEP,
  };
}

function fromRow(row: Row): LoggedDecision {
  return {
    caseId: row.case_id,
    at: row.at,
    day: row.day,
    kind: row.kind,
    rules: JSON.parse(row.rules) as LoggedRule[],
    detail: row.detail,
    ...(row.next_at === null ? {} : { nextAt: row.next_at }),
  };
}
