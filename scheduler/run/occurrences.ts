/**
 * Occurrences with what was handed over for them. The ledger owns the row and its moves; the request that
 * was posted, and what the gateway must still hear, stand beside it. Everything that writes runs inside a
 * transaction of its caller's.
 */
import type { Evidence } from "#scheduler/evidence/store.ts";
import {
  insertOccurrence,
  moveOccurrence,
  type NewOccurrence,
  replanOccurrence,
} from "#scheduler/ledger/occurrences.ts";
import type { OccurrenceState } from "#scheduler/ledger/states.ts";
import type { Anchor, MessageClass, Occurrence, RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import { type Reported, witnessMove, witnessText } from "./witness.ts";

export const ACTOR = "scheduler";

/** What is posted, as it is posted. */
export interface Outgoing {
  /** JSON of `POST /v1/messages`. */
  readonly body: string;
  readonly template: string;
  readonly segments: number;
  readonly costMicro: number;
  readonly notAfter: number;
  /** 1: a person had approved the step when it was reserved. */
  readonly approved: 0 | 1;
}

/** One occurrence with its message, as the hand-over needs it. */
export interface Pending extends Outgoing {
  readonly id: RowId;
  readonly key: string;
  readonly caseId: RowId;
  readonly debtorId: RowId;
  readonly contactPointId?: RowId;
  readonly number?: string;
  readonly class: MessageClass;
  /** `reply`: it answers what a person wrote, and hangs on no decision. */
  readonly anchorKind: Anchor["kind"];
  readonly state: OccurrenceState;
  readonly gatewayId?: string;
  readonly attempts: number;
  readonly retryAt: number;
  readonly askedAt: number;
  /** The rule that wants it taken back, until the gateway has answered. */
  readonly recallRule?: string;
  readonly submittedAt?: number;
  readonly deliveredAt?: number;
}

export interface Move {
  readonly to: OccurrenceState;
  /** When it happened. */
  readonly at: number;
  readonly reason?: string;
  readonly gatewayId?: string;
  /** The gateway's own words, for the evidence. */
  readonly reported?: Reported;
}

/** Which rule wants a text to leave, and when that was decided. */
export interface Decided {
  readonly rule: string;
  readonly at: number;
}

interface Owner {
  readonly id: RowId;
  readonly debtorId: RowId;
  readonly creditorId: RowId;
}

export interface Occurrences {
  insert(facts: { readonly case: Owner }, occurrence: NewOccurrence, now: number): RowId;
  /** What stands approved or reserved under this key already leaves now, as it is planned now. */
  reserveAgain(occurrence: NewOccurrence, now: number): void;
  /** Puts the body of a reserved occurrence, in place of an older one that the gateway does not know. */
  putOutgoing(id: RowId, outgoing: Outgoing, attempts: number, retryAt: number, decided: Decided): void;
  stateOfKey(key: string): { readonly id: RowId; readonly state: OccurrenceState } | undefined;
  pendingById(id: RowId): Pending | undefined;
  pendingByKey(key: string): Pending | undefined;
  pendingByGatewayId(gatewayId: string): Pending | undefined;
  /** Those of a case that are reserved or still with the gateway. */
  unsettledOf(caseId: RowId): readonly Pending[];
  /** Along the table; a move that it does not have only keeps the time that came with it. True when moved. */
  move(key: string, move: Move, now: number): boolean;
  noteAttempt(id: RowId, attempts: number, retryAt: number): void;
  noteAsked(id: RowId, at: number): void;
  /** `undefined`: no longer. */
  wantRecall(id: RowId, rule: string | undefined): void;
  /** Those whose cancellation the gateway must hear of. */
  toRecall(limit: number): readonly Pending[];
  /** Answers to replies that are to be posted (again). */
  answersDue(now: number, limit: number): readonly Pending[];
  /** With the gateway, and not asked about since `before`. */
  overdue(before: number, limit: number): readonly Pending[];
  /** Reserved, and not known to be accepted by the gateway. */
  reservedSegments(): number;
  countUnsettled(): { readonly segments: number; readonly messages: number };
}

const SELECT = `select o.id, o.key, o.case_id as caseId, o.debtor_id as debtorId, o.class, o.state, o.number,
  o.anchor_kind as anchorKind,
  o.contact_point_id as contactPointId, o.gateway_id as gatewayId, o.submitted_at as submittedAt,
  o.delivered_at as deliveredAt, g.body, g.template, g.segments, g.cost_micro as costMicro,
  g.not_after as notAfter, g.approved, g.attempts, g.retry_at as retryAt, g.asked_at as askedAt,
  g.recall_rule as recallRule
  from occurrence o join outgoing g on g.occurrence_id = o.id`;

const UNSETTLED = "('reserved', 'handed-over', 'submitted', 'unknown')";

/**
 * The condition of the index `occurrence_pending`, word for word: without it the planner does not see that
 * the index holds what is asked for, and reads every message that was ever sent.
 */
const PENDING = "o.state in ('planned', 'approved', 'reserved', 'handed-over', 'submitted', 'unknown')";

export function createOccurrences(db: Database, evidence: Evidence): Occurrences {
  const one = (where: string, ...values: unknown[]): Pending | undefined => {
    const row = db.sql(`${SELECT} where ${where}`).get(...values);
    return row === undefined ? undefined : fromRow(row as Row);
  };
  const many = (where: string, ...values: unknown[]): Pending[] =>
    (db.sql(`${SELECT} where ${where}`).all(...values) as Row[]).map(fromRow);
  return {
    insert(facts, occurrence, now) {
      const { id, debtorId, creditorId } = facts.case;
      const by = { actor: ACTOR, at: now };
      const inserted = insertOccurrence(db, { caseId: id, debtorId, creditorId }, occurrence, by);
      if (inserted.contactAt !== undefined) touchNeighbours(db, inserted, now);
      return inserted.id;
    },
    reserveAgain(occurrence, now) {
      moveOccurrence(db, occurrence.key, { to: "reserved", at: now }, { actor: ACTOR, at: now });
      touchNeighbours(db, replanOccurrence(db, occurrence.key, occurrence), now);
    },
    putOutgoing(id, outgoing, attempts, retryAt, decided) {
      putOutgoing(db, id, outgoing, attempts, retryAt);
      witnessText(db, evidence, id, decided);
    },
    stateOfKey: (key) =>
      db.sql("select id, state from occurrence where key = +?").get(key) as
        | { id: RowId; state: OccurrenceState }
        | undefined,
    pendingById: (id) => one("o.id = +?", id),
    pendingByKey: (key) => one("o.key = +?", key),
    pendingByGatewayId: (gatewayId) => one("o.gateway_id = +?", gatewayId),
    unsettledOf: (caseId) => many(`o.case_id = +? and o.state in ${UNSETTLED} order by o.id`, caseId),
    move: (key, to, now) => moveAndWitness(db, evidence, key, to, now),
    noteAttempt: (id, attempts, retryAt) => noteAttempt(db, id, attempts, retryAt),
    noteAsked(id, at) {
      db.sql("update outgoing set asked_at = ? where occurrence_id = ?").run(at, id);
    },
    wantRecall(id, rule) {
      db.sql("update outgoing set recall_rule = ? where occurrence_id = ?").run(rule ?? null, id);
    },
    toRecall: (limit) => many("g.recall_rule is not null order by g.occurrence_id limit +?", limit),
    answersDue: (now, limit) =>
      many(
        `${PENDING} and o.state = 'reserved' and o.anchor_kind = 'reply' and g.retry_at <= +?
         order by o.id limit +?`,
        now,
        limit,
      ),
    overdue: (before, limit) =>
      many(
        `${PENDING} and o.state in ('handed-over', 'submitted', 'unknown') and g.asked_at < +?
         order by g.asked_at limit +?`,
        before,
        limit,
      ),
    reservedSegments: () => sumPending(db, "('reserved')").segments,
    countUnsettled: () => sumPending(db, "('reserved', 'handed-over')"),
  };
}

function sumPending(db: Database, states: string): { messages: number; segments: number } {
  return db
    .sql(
      `select count(*) as messages, coalesce(sum(g.segments), 0) as segments
       from occurrence o join outgoing g on g.occurrence_id = o.id
       where ${PENDING} and o.state in ${states}`,
    )
    .get() as { messages: number; segments: number };
}

function moveAndWitness(db: Database, evidence: Evidence, key: string, move: Move, now: number): boolean {
  const result = moveOccurrence(db, key, move, { actor: ACTOR, at: now });
  if (result.kind === "missing") return false;
  if (result.movesContact) touchNeighbours(db, result.occurrence, now);
  // A time that comes after the state it led to changes no state, and is news all the same.
  if (result.kind === "moved" || result.bringsTime) witnessMove(evidence, result, move, now);
  return result.kind === "moved";
}

/**
 * A contact was added, moved or taken back: it counts against the caps of the debtor's other cases and of
 * everybody at the same number, so each of them has another place in the index. So have those at rest: what
 * was left unsaid because there was no room may have room now.
 */
function touchNeighbours(db: Database, { caseId, debtorId, number }: Occurrence, now: number): void {
  db.sql(
    `update dunning_case set next_action_at = :now where id <> :caseId
       and (next_action_at > :now or next_action_at is null) and (debtor_id = :debtorId
         or debtor_id in (select debtor_id from contact_point where number = :number))`,
  ).run({ now, caseId, debtorId, number: number ?? null });
}

function noteAttempt(db: Database, id: RowId, attempts: number, retryAt: number): void {
  db.sql("update outgoing set attempts = ?, retry_at = ? where occurrence_id = ?").run(attempts, retryAt, id);
}

function putOutgoing(db: Database, id: RowId, out: Outgoing, attempts: number, retryAt: number): void {
  db.sql(
    `insert into outgoing (occurrence_id, body, template, segments, cost_micro, not_after, approved, attempts,
       retry_at, asked_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
     on conflict (occurrence_id) do update set body = excluded.body, template = excluded.template,
       segments = excluded.segments, cost_micro = excluded.cost_micro, not_after = excluded.not_after,
       attempts = excluded.attempts, retry_at = excluded.retry_at`,
  ).run(
    id,
    out.body,
    out.template,
    out.segments,
    out.costMicro,
    out.notAfter,
    out.approved,
    attempts,
    retryAt,
  );
}

type Row = { [Name in keyof Pending]: Pending[Name] | null };

function fromRow(row: Row): Pending {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Pending;
}
