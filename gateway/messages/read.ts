/** Messages as rows, and as the rest of the house knows them. */
import type { Database } from "#shared/sqlite.ts";
import { readHistory } from "./evidence.ts";
import { deriveMessageState, type SegmentState } from "./states.ts";
import type { Message, MessageFilter, Segment } from "./types.ts";

export interface MessageRow {
  readonly number: number;
  readonly id: string;
  readonly key_id: string;
  readonly recipient: string;
  readonly text: string;
  readonly alphabet: "gsm7" | "ucs2";
  readonly priority: number;
  readonly not_before: number | null;
  readonly not_after: number | null;
  readonly validity_seconds: number | null;
  readonly class: 0 | 1 | 2 | 3 | null;
  readonly wanted_sim: string | null;
  readonly reference: string | null;
  readonly metadata: string | null;
  readonly report: 0 | 1;
  readonly transliterate: 0 | 1;
  readonly on_unknown: "hold" | "resend";
  readonly evidence: "stored" | null;
  readonly concatenation_reference: number | null;
  readonly segments: number;
  readonly accepted_at: number;
  readonly submitted_at: number | null;
  readonly delivered_at: number | null;
}

interface SegmentRow {
  readonly number: number;
  readonly state: SegmentState;
  readonly text: string | null;
  readonly submitted_at: number | null;
  readonly delivered_at: number | null;
  readonly reason: string | null;
  readonly code: string | null;
  readonly attempts: number | null;
  readonly modem: string | null;
  readonly sim: string | null;
  readonly message_reference: number | null;
}

/** Each segment with its last attempt. */
const SELECT_SEGMENTS = `
  select s.number, s.state, s.text, s.submitted_at, s.delivered_at, s.reason, s.code,
    a.try as attempts, a.modem, a.message_reference, sim.iccid as sim
  from segment s
  left join attempt a on a.message = s.message and a.segment = s.number and a.try =
    (select max(try) from attempt where message = s.message and segment = s.number)
  left join sim on sim.number = a.sim
  where s.message = ? order by s.number`;

const SUBMITTING = `
  select message from segment
  where state in ('queued', 'submitting', 'unknown') and state = 'submitting'`;

export function readMessage(db: Database, id: string): Message | undefined {
  const row = db.sql("select * from message where id = ?").get(id) as MessageRow | undefined;
  return row === undefined ? undefined : toMessage(db, row);
}

/** With every time that each segment was handed to a modem, and what was seen of it since. */
export function readWithHistory(db: Database, id: string): Message | undefined {
  const row = db.sql("select * from message where id = ?").get(id) as MessageRow | undefined;
  if (row === undefined) return undefined;
  const message = toMessage(db, row);
  const history = readHistory(db, row.number);
  if (history.size === 0) return message;
  const segments = message.segments.map((segment) => {
    const attempts = history.get(segment.number);
    return attempts === undefined ? segment : { ...segment, history: attempts };
  });
  return { ...message, segments };
}

/** The messages of one request: their numbers are neighbours. */
export function readRange(db: Database, first: number, count: number): Message[] {
  const rows = db
    .sql("select * from message where number >= ? and number < ? order by number")
    .all(first, first + count) as MessageRow[];
  return rows.map((row) => toMessage(db, row));
}

/**
 * Newest first, by the time of acceptance. Every filter that can be selective has an index that is in
 * this order, so a page costs the same whatever the number of messages.
 */
export function listMessages(db: Database, filter: MessageFilter): Message[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...given: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...given);
  };
  if (filter.to !== undefined) add("recipient = ?", filter.to);
  if (filter.reference !== undefined) add("reference = ?", filter.reference);
  // With a modem now: a handful at most, and the only state that is not stored on the message.
  if (filter.state === "submitting") add(`number in (${SUBMITTING})`);
  else if (filter.state !== undefined) add(`state = ? and number not in (${SUBMITTING})`, filter.state);
  if (filter.keyId !== undefined) add("key_id = ?", filter.keyId);
  if (filter.acceptedFrom !== undefined) add("accepted_at >= ?", filter.acceptedFrom);
  if (filter.acceptedUntil !== undefined) add("accepted_at < ?", filter.acceptedUntil);
  if (filter.after !== undefined)
    add("(accepted_at, number) < (select accepted_at, number from message where id = ?)", filter.after);
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  const rows = db
    .sql(`select * from message ${where} order by accepted_at desc, number desc limit ?`)
    .all(...values, filter.limit) as MessageRow[];
  return rows.map((row) => toMessage(db, row));
}

function toMessage(db: Database, row: MessageRow): Message {
  const segments = (db.sql(SELECT_SEGMENTS).all(row.number) as SegmentRow[]).map((segment) =>
    toSegment(segment, row.text),
  );
  return {
    id: row.id,
    keyId: row.key_id,
    to: row.recipient,
    text: row.text,
    alphabet: row.alphabet,
    priority: row.priority,
    report: row.report === 1,
    transliterate: row.transliterate === 1,
    onUnknown: row.on_unknown,
    state: deriveMessageState(segments.map((segment) => segment.state)),
    segments,
    acceptedAt: row.accepted_at,
    ...(row.not_before === null ? {} : { notBefore: row.not_before }),
    ...(row.not_after === null ? {} : { notAfter: row.not_after }),
    ...(row.validity_seconds === null ? {} : { validitySeconds: row.validity_seconds }),
    ...(row.class === null ? {} : { class: row.class }),
    ...(row.wanted_sim === null ? {} : { sim: row.wanted_sim }),
    ...(row.reference === null ? {} : { reference: row.reference }),
    ...(row.evidence === null ? {} : { evidence: row.evidence }),
    ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, string> }),
    ...(row.submitted_at === null ? {} : { submittedAt: row.submitted_at }),
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
  };
}

function toSegment(row: SegmentRow, messageText: string): Segment {
  return {
    number: row.number,
    state: row.state,
    text: row.text ?? messageText,
    attempts: row.attempts ?? 0,
    ...(row.sim === null ? {} : { sim: row.sim }),
    ...(row.modem === null ? {} : { modem: row.modem }),
    ...(row.message_reference === null ? {} : { messageReference: row.message_reference }),
    ...(row.submitted_at === null ? {} : { submittedAt: row.submitted_at }),
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.code === null ? {} : { code: row.code }),
  };
}
