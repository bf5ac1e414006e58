/** What was seen of attempts without an outcome, as rows, and the history that they are part of. */
import type { Database } from "#shared/sqlite.ts";
import type { Attempt, Evidence, EvidenceKind, Resolution } from "./types.ts";

export interface AttemptKey {
  readonly message: number;
  readonly segment: number;
  readonly try: number;
}

export interface NewEvidence {
  readonly kind: EvidenceKind;
  readonly saw: string;
  readonly verdict: Evidence["verdict"];
  readonly decidedBy?: string;
  readonly decision?: Resolution;
}

/** What was seen again and says no more than before is not written again. */
const INSERT = `
  insert into attempt_evidence (message, segment, try, kind, at, saw, verdict, decided_by, decision)
  select ?, ?, ?, ?, ?, ?, ?, ?, ? where not exists
    (select 1 from attempt_evidence
     where message = ? and segment = ? and try = ? and kind = ? and saw = ? and verdict = 'nothing')`;

/** Inside a transaction. */
export function insertEvidence(db: Database, attempt: AttemptKey, at: number, evidence: NewEvidence): void {
  const { message, segment } = attempt;
  const { kind, saw, verdict, decidedBy, decision } = evidence;
  const of = [message, segment, attempt.try] as const;
  db.sql(INSERT).run(...of, kind, at, saw, verdict, decidedBy ?? null, decision ?? null, ...of, kind, saw);
}

/** What a person decided last about the message, one segment of it, or one try of that, if anybody did. */
export function lastDecision(
  db: Database,
  message: number,
  of: { readonly segment?: number | undefined; readonly try?: number | undefined },
): Resolution | undefined {
  const row = db
    .sql(
      `select decision from attempt_evidence
       where message = ? and segment = coalesce(?, segment) and try = coalesce(?, try) and kind = 'resolved'
       order by number desc limit 1`,
    )
    .get(message, of.segment ?? null, of.try ?? null) as { decision: Resolution } | undefined;
  return row?.decision;
}

interface AttemptRow {
  readonly segment: number;
  readonly try: number;
  readonly sim: string;
  readonly modem: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: NonNullable<Attempt["outcome"]> | null;
  readonly message_reference: number | null;
  readonly detail: string | null;
}

interface EvidenceRow {
  readonly segment: number;
  readonly try: number;
  readonly kind: EvidenceKind;
  readonly at: number;
  readonly saw: string;
  readonly verdict: Evidence["verdict"];
  readonly decided_by: string | null;
}

/** Every attempt of a message, by segment, oldest first. */
export function readHistory(db: Database, message: number): ReadonlyMap<number, readonly Attempt[]> {
  const attempts = db
    .sql(
      `select a.segment, a.try, sim.iccid as sim, a.modem, a.started_at, a.ended_at, a.outcome,
         a.message_reference, a.detail
       from attempt a join sim on sim.number = a.sim where a.message = ? order by a.segment, a.try`,
    )
    .all(message) as AttemptRow[];
  const seen = db
    .sql(
      `select segment, try, kind, at, saw, verdict, decided_by from attempt_evidence
       where message = ? order by number`,
    )
    .all(message) as EvidenceRow[];
  const bySegment = Map.groupBy(attempts, ({ segment }) => segment);
  return new Map([...bySegment].map(([segment, rows]) => [segment, rows.map((row) => toAttempt(row, seen))]));
}

function toAttempt(row: AttemptRow, seen: readonly EvidenceRow[]): Attempt {
  const own = seen.filter((one) => one.segment === row.segment && one.try === row.try);
  return {
    try: row.try,
    sim: row.sim,
    modem: row.modem,
    startedAt: row.started_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    ...(row.message_reference === null ? {} : { messageReference: row.message_reference }),
    ...(row.detail === null ? {} : { detail: row.detail }),
    evidence: own.map(({ kind, at, saw, verdict, decided_by }) => ({
      kind,
      at,
      saw,
      verdict,
      ...(decided_by === null ? {} : { decidedBy: decided_by }),
    })),
  };
}
