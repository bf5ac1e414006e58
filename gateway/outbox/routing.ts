/**
 * What the stored rows say about where a waiting message may go. Read for every message at start, and
 * for one again whenever something unusual happened to it; the hot path never needs it.
 */

import type { SegmentState } from "#gateway/messages/states.ts";
import type { ErrorAction } from "#hardware/modem/types.ts";
import type { Database } from "#shared/sqlite.ts";
import { type AttemptOutcome, errorKey, exhaustedSims, type PastAttempt } from "./settle.ts";

export interface Routing {
  readonly message: number;
  readonly recipient: string;
  readonly priority: number;
  readonly segments: number;
  /** The first segment that waits. */
  readonly next: number;
  /** How many wait. */
  readonly waiting: number;
  readonly notBefore?: number | undefined;
  readonly notAfter?: number | undefined;
  readonly wanted?: string | undefined;
  /** The SIM through which parts are on the air. */
  readonly bound?: number | undefined;
  readonly exhausted: readonly number[];
  /** A part before it is `unknown` or with a modem: the rest waits until that is settled. */
  readonly held: boolean;
  /** It was handed to a modem before. */
  readonly tried: boolean;
}

const SELECT = `
  select m.number as message, m.recipient, m.priority, m.segments, min(s.number) as next,
    count(*) as waiting, max(s.not_before) as retryAt, m.not_before as notBefore,
    m.not_after as notAfter, m.wanted_sim as wanted,
    exists (select 1 from attempt a where a.message = m.number) as tried
  from segment s join message m on m.number = s.message`;

interface Row {
  readonly message: number;
  readonly recipient: string;
  readonly priority: number;
  readonly segments: number;
  readonly next: number;
  readonly waiting: number;
  readonly retryAt: number | null;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly wanted: string | null;
  readonly tried: 0 | 1;
}

interface AttemptRow {
  readonly segment: number;
  readonly sim: number;
  readonly outcome: AttemptOutcome | null;
  readonly action: ErrorAction | null;
  readonly family: string | null;
  readonly code: number | null;
  readonly state: SegmentState;
}

/** Shared, because nearly every message has it. */
const NONE: readonly number[] = [];

/** States of a segment that the network may have, or has had. */
const ON_AIR: readonly SegmentState[] = ["submitted", "delivered", "unknown", "undelivered", "expired"];

/** Every message of which a segment waits, oldest first. */
export function* allRoutings(db: Database): Generator<Routing> {
  const rows = db
    .sql(
      `${SELECT} where s.state in ('queued', 'submitting', 'unknown') and s.state = 'queued'
       group by s.message order by s.message`,
    )
    .all() as Row[];
  for (const row of rows) yield toRouting(db, row);
}

/** Undefined when no segment of it waits. */
export function routingOf(db: Database, message: number): Routing | undefined {
  const row = db
    .sql(`${SELECT} where s.message = ? and s.state = 'queued' group by s.message`)
    .get(message) as Row | undefined;
  return row === undefined ? undefined : toRouting(db, row);
}

/** Attempts of a message that are over, oldest first. */
export function pastAttempts(db: Database, message: number): readonly PastAttempt[] {
  return readAttempts(db, message).flatMap(toPast);
}

function toPast(row: AttemptRow): readonly PastAttempt[] {
  const { segment, sim, outcome, action, family, code } = row;
  if (outcome === null) return [];
  const error = family === null ? undefined : errorKey({ family, code: code ?? undefined });
  return [{ segment, sim, outcome, action: action ?? undefined, error }];
}

function readAttempts(db: Database, message: number): readonly AttemptRow[] {
  return db
    .sql(
      `select a.segment, a.sim, a.outcome, a.action, a.error_family as family, a.error_code as code, s.state
       from attempt a join segment s on s.message = a.message and s.number = a.segment
       where a.message = ? order by a.started_at, a.segment, a.try`,
    )
    .all(message) as AttemptRow[];
}

function toRouting(db: Database, row: Row): Routing {
  const { message, recipient, priority, segments, next, waiting } = row;
  const attempts = row.tried === 1 ? readAttempts(db, message) : [];
  const onAir = attempts.findLast(
    ({ state, outcome }) => ON_AIR.includes(state) && (outcome === "accepted" || outcome === "unknown"),
  );
  const start = Math.max(row.notBefore ?? 0, row.retryAt ?? 0);
  return {
    message,
    recipient,
    priority,
    segments,
    next,
    waiting,
    notBefore: start === 0 ? undefined : start,
    notAfter: row.notAfter ?? undefined,
    wanted: row.wanted ?? undefined,
    bound: onAir?.sim,
    exhausted: attempts.length === 0 ? NONE : exhaustedSims(attempts.flatMap(toPast)),
    held: attempts.some(({ state }) => state === "unknown" || state === "submitting"),
    tried: row.tried === 1,
  };
}
