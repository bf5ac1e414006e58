/** Occurrences in the database: reserved once under a unique key, moved by what the gateway reports. */
import type { Database } from "#shared/sqlite.ts";
import { touchCase } from "./cases.ts";
import { recordEvent } from "./events.ts";
import { given } from "./rows.ts";
import { OCCURRENCE_MOVES, type OccurrenceState } from "./states.ts";
import type { Actor, Anchor, CaseStage, Channel, Cover, MessageClass, Occurrence, RowId } from "./types.ts";

export type NewOccurrence = Pick<
  Occurrence,
  | "key"
  | "policyVersion"
  | "stepId"
  | "stage"
  | "anchor"
  | "sequence"
  | "class"
  | "channel"
  | "contactPointId"
  | "number"
  | "covers"
  | "reason"
  | "plannedFor"
> & { readonly state: "planned" | "approved" | "reserved" | "skipped" };

export interface OccurrenceRow {
  readonly id: number;
  readonly key: string;
  readonly case_id: number;
  readonly debtor_id: number;
  readonly policy_version: string;
  readonly step_id: string;
  readonly stage: CaseStage;
  readonly anchor_kind: Anchor["kind"];
  readonly anchor_id: string;
  readonly anchor_sequence: number;
  readonly sequence: number;
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly contact_point_id: number | null;
  readonly number: string | null;
  readonly covers: string;
  readonly state: OccurrenceState;
  readonly reason: string | null;
  readonly planned_for: number;
  readonly contact_at: number | null;
  readonly created_at: number;
  readonly handed_over_at: number | null;
  readonly submitted_at: number | null;
  readonly delivered_at: number | null;
  readonly ended_at: number | null;
  readonly gateway_id: string | null;
}

export function occurrenceOf(row: OccurrenceRow): Occurrence {
  const covers = JSON.parse(row.covers) as Cover[];
  return {
    id: row.id,
    key: row.key,
    caseId: row.case_id,
    debtorId: row.debtor_id,
    policyVersion: row.policy_version,
    stepId: row.step_id,
    stage: row.stage,
    anchor: { kind: row.anchor_kind, id: row.anchor_id, sequence: row.anchor_sequence },
    sequence: row.sequence,
    class: row.class,
    channel: row.channel,
    receivableIds: covers.filter((cover) => !cover.superseded).map((cover) => cover.receivableId),
    covers,
    state: row.state,
    plannedFor: row.planned_for,
    createdAt: row.created_at,
    ...given("contactPointId", row.contact_point_id),
    ...given("number", row.number),
    ...given("reason", row.reason),
    ...given("contactAt", row.contact_at),
    ...given("handedOverAt", row.handed_over_at),
    ...given("submittedAt", row.submitted_at),
    ...given("deliveredAt", row.delivered_at),
    ...given("endedAt", row.ended_at),
    ...given("gatewayId", row.gateway_id),
  };
}

/**
 * States that stand for a contact, made or about to be made. An approved text is none: nobody knows yet
 * whether and when it leaves, and a payment may keep it back for ever. Once it is reserved it counts.
 */
const COUNTS: readonly OccurrenceState[] = ["reserved", "handed-over", "submitted", "unknown", "delivered"];

/** It has left: which of these it is makes no difference to what is decided next. */
const GONE: readonly OccurrenceState[] = ["submitted", "unknown", "delivered"];

export function findOccurrence(db: Database, key: string): Occurrence | undefined {
  const row = db.sql("select * from occurrence where key = ?").get(key) as OccurrenceRow | undefined;
  return row && occurrenceOf(row);
}

/** The caller has made sure that the key is free. */
export function insertOccurrence(
  db: Database,
  owner: { readonly caseId: RowId; readonly debtorId: RowId; readonly creditorId: RowId },
  occurrence: NewOccurrence,
  by: { readonly actor: Actor; readonly at: number },
): Occurrence {
  const { lastInsertRowid } = db
    .sql(
      `insert into occurrence (key, case_id, debtor_id, policy_version, step_id, stage, anchor_kind, anchor_id,
         anchor_sequence, sequence, class, channel, contact_point_id, number, covers, state, reason,
         planned_for, contact_at, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      occurrence.key,
      owner.caseId,
      owner.debtorId,
      occurrence.policyVersion,
      occurrence.stepId,
      occurrence.stage,
      occurrence.anchor.kind,
      occurrence.anchor.id,
      occurrence.anchor.sequence,
      occurrence.sequence,
      occurrence.class,
      occurrence.channel,
      occurrence.contactPointId ?? null,
      occurrence.number ?? null,
      JSON.stringify(occurrence.covers),
      occurrence.state,
      occurrence.reason ?? null,
      occurrence.plannedFor,
      COUNTS.includes(occurrence.state) ? occurrence.plannedFor : null,
      by.at,
    );
  recordEvent(db, by, "occurrence.created", owner, {
    key: occurrence.key,
    step: occurrence.stepId,
    state: occurrence.state,
  });
  const row = db.sql("select * from occurrence where id = ?").get(lastInsertRowid) as OccurrenceRow;
  return occurrenceOf(row);
}

/**
 * What was approved or reserved some time ago leaves only now, perhaps to another number and about more
 * items: from here on it counts as the contact that it is going to be.
 */
export function replanOccurrence(db: Database, key: string, planned: NewOccurrence): Occurrence {
  db.sql(
    `update occurrence set policy_version = ?, contact_point_id = ?, number = ?, covers = ?, planned_for = ?,
       contact_at = ? where key = ?`,
  ).run(
    planned.policyVersion,
    planned.contactPointId ?? null,
    planned.number ?? null,
    JSON.stringify(planned.covers),
    planned.plannedFor,
    planned.plannedFor,
    key,
  );
  return occurrenceOf(db.sql("select * from occurrence where key = +?").get(key) as OccurrenceRow);
}

export interface OccurrenceMove {
  readonly to: OccurrenceState;
  /** When it happened, by the gateway's word where it comes from there. */
  readonly at: number;
  readonly reason?: string;
  readonly gatewayId?: string;
}

export type MoveResult =
  | {
      /** `refused`: the table has no such move; times that the report brought are kept all the same. */
      readonly kind: "moved" | "unchanged" | "refused";
      readonly occurrence: Occurrence;
      readonly caseCode: string;
      /** Another instant counts against the caps now, or none any more. */
      readonly movesContact: boolean;
      /** One of the carrier's times came with it. */
      readonly bringsTime: boolean;
    }
  | { readonly kind: "missing" };

/** Joined to its case, so that a move reads once. */
interface StandingRow extends OccurrenceRow {
  readonly creditor_id: number;
  readonly case_code: string;
}

/**
 * Receipts come late, twice and out of order, so a move that the table does not have is an answer here and
 * no exception: "submitted" after "delivered" fills in its time and leaves the state.
 */
export function moveOccurrence(
  db: Database,
  key: string,
  move: OccurrenceMove,
  by: { readonly actor: Actor; readonly at: number },
): MoveResult {
  const row = db
    .sql(
      `select occurrence.*, creditor_id, code as case_code from occurrence
         join dunning_case on dunning_case.id = case_id where key = +?`,
    )
    .get(key) as StandingRow | undefined;
  if (row === undefined) return { kind: "missing" };
  const legal = OCCURRENCE_MOVES[row.state].includes(move.to);
  const after = rowAfter(row, move, legal);
  const answer = {
    occurrence: occurrenceOf(after),
    caseCode: row.case_code,
    movesContact: after.contact_at !== row.contact_at,
    bringsTime: CARRIER_TIMES.some((time) => after[time] !== row[time]),
  };
  const isNews = legal || answer.movesContact || answer.bringsTime || after.gateway_id !== row.gateway_id;
  if (isNews) storeMove(db, after);
  if (!legal) return { kind: row.state === move.to ? "unchanged" : "refused", ...answer };
  const subject = { creditorId: row.creditor_id, debtorId: row.debtor_id, caseId: row.case_id };
  const { reason } = move;
  const data = { key, from: row.state, to: after.state, ...given("reason", reason ?? null) };
  recordEvent(db, by, "occurrence.moved", subject, data);
  const decidesNothing = GONE.includes(row.state) && GONE.includes(after.state) && !answer.movesContact;
  if (!decidesNothing) touchCase(db, row.case_id, by.at);
  return { kind: "moved", ...answer };
}

const CARRIER_TIMES = ["handed_over_at", "submitted_at", "delivered_at"] as const;

function storeMove(db: Database, row: OccurrenceRow): void {
  db.sql(
    `update occurrence set state = ?, reason = ?, contact_at = ?, handed_over_at = ?, submitted_at = ?,
       delivered_at = ?, ended_at = ?, gateway_id = ? where id = ?`,
  ).run(
    row.state,
    row.reason,
    row.contact_at,
    row.handed_over_at,
    row.submitted_at,
    row.delivered_at,
    row.ended_at,
    row.gateway_id,
    row.id,
  );
}

function rowAfter<Row extends OccurrenceRow>(row: Row, move: OccurrenceMove, legal: boolean): Row {
  const stamp = (wanted: OccurrenceState, stored: number | null): number | null =>
    stored ?? (move.to === wanted ? move.at : null);
  const state = legal ? move.to : row.state;
  const submittedAt = stamp("submitted", row.submitted_at);
  const ended = legal && (OCCURRENCE_MOVES[move.to].length === 0 || ENDINGS.includes(move.to));
  // What the network took counts even if it failed there; what never left does not.
  const counts = COUNTS.includes(state) || submittedAt !== null;
  return {
    ...row,
    state,
    reason: legal ? (move.reason ?? null) : row.reason,
    contact_at: counts ? (submittedAt ?? row.contact_at ?? row.planned_for) : null,
    handed_over_at: stamp("handed-over", row.handed_over_at),
    submitted_at: submittedAt,
    delivered_at: stamp("delivered", row.delivered_at),
    ended_at: ended ? move.at : row.ended_at,
    gateway_id: row.gateway_id ?? move.gatewayId ?? null,
  };
}

const ENDINGS: readonly OccurrenceState[] = ["failed-temporary", "failed-permanent", "expired", "cancelled"];
