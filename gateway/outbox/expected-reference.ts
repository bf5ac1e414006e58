/**
 * The message reference that a SIM would have given to an attempt whose answer never came: one more
 * than the one before it (3GPP TS 23.040 9.2.3.6), if that is known. Anything between the two that may
 * or may not have used up a reference leaves it open, and so does an order that the stamps do not tell:
 * two in one millisecond, or a wall clock that was put back.
 */
import type { Database } from "#shared/sqlite.ts";

const SELECT_BEFORE = `
  select outcome, message_reference as reference, started_at as startedAt from attempt
  where sim = ? and outcome is not 'not-sent'
    and not (message = ? and segment = ? and try = ?)
  order by started_at desc, ended_at desc limit 2`;

export interface AttemptRef {
  readonly message: number;
  readonly segment: number;
  readonly try: number;
  readonly sim: number;
  readonly startedAt: number;
}

interface Before {
  readonly outcome: string | null;
  readonly reference: number | null;
  readonly startedAt: number;
}

export function expectedReference(db: Database, attempt: AttemptRef): number | undefined {
  const [before, earlier] = db
    .sql(SELECT_BEFORE)
    .all(attempt.sim, attempt.message, attempt.segment, attempt.try) as Before[];
  if (before?.outcome !== "accepted" || before.reference === null) return undefined;
  if (before.startedAt >= attempt.startedAt || before.startedAt === earlier?.startedAt) return undefined;
  return (before.reference + 1) % 256;
}
