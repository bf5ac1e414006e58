/** The one way a segment changes its state. */
import type { Entry, Ledger } from "./ledger.ts";
import { assertMove, deriveMessageState, type MessageState, type SegmentState } from "./states.ts";
import type { EventType, EvidenceKind } from "./types.ts";

export interface SegmentRef {
  /** The message's number. */
  readonly message: number;
  readonly segment: number;
  /** How many segments the message has. */
  readonly segments: number;
  /** The SIM that has or had it, and the number it goes to; absent for a segment that no SIM has. */
  readonly sim?: number;
  readonly recipient?: string;
}

/** What the new state brings along. Times that are absent keep their old value. */
export interface MoveFacts {
  readonly notBefore?: number | undefined;
  readonly submittedAt?: number | undefined;
  readonly deliveredAt?: number | undefined;
  readonly reportDueAt?: number | undefined;
  readonly reason?: string | undefined;
  readonly code?: string | undefined;
  /** TP-ST of the report that made the move. */
  readonly status?: number | undefined;
  /** What settled a segment that was `unknown`. */
  readonly evidence?: EvidenceKind | undefined;
}

const NOTHING: MoveFacts = {};

/**
 * `state is ?`, not `=`: compared with the condition of a partial index, a bound value becomes part of
 * the plan, and SQLite would compile the statement anew each time that another value is bound.
 */
const UPDATE_SEGMENT = `
  update segment set state = ?, not_before = ?, reason = ?, code = ?,
    submitted_at = coalesce(?, submitted_at), delivered_at = coalesce(?, delivered_at),
    report_due_at = coalesce(?, report_due_at)
  where message = ? and number = ? and state is ?`;

const UPDATE_MESSAGE = `
  update message set state = ?, events = ?,
    submitted_at = coalesce(submitted_at, ?), delivered_at = coalesce(delivered_at, ?)
  where number = ?`;

interface Head {
  readonly state: MessageState;
  readonly events: number;
}

/**
 * Moves one segment, then the state of its message that follows from all of them, and appends an event
 * when that changed. `submitting` is never stored on the message: see `deriveMessageState`.
 * Call inside a transaction of the ledger.
 * @returns false when the segment was not in `from` any more; then nothing was changed
 * @throws IllegalMove when the table of moves does not have it
 */
export function moveSegment(
  ledger: Ledger,
  entry: Entry,
  ref: SegmentRef,
  from: SegmentState,
  to: SegmentState,
  facts: MoveFacts = NOTHING,
): boolean {
  assertMove(from, to);
  const { changes } = ledger.db
    .sql(UPDATE_SEGMENT)
    .run(
      to,
      facts.notBefore ?? null,
      facts.reason ?? null,
      facts.code ?? null,
      facts.submittedAt ?? null,
      facts.deliveredAt ?? null,
      facts.reportDueAt ?? null,
      ref.message,
      ref.segment,
      from,
    );
  if (changes === 0) return false;
  entry.moves.push({
    message: ref.message,
    segment: ref.segment,
    from,
    to,
    reportDueAt: to === "submitted" ? facts.reportDueAt : undefined,
    sim: ref.sim,
    recipient: ref.recipient,
    evidence: facts.evidence,
  });
  updateMessage(ledger, entry, ref, to, facts);
  return true;
}

function updateMessage(
  ledger: Ledger,
  entry: Entry,
  ref: SegmentRef,
  to: SegmentState,
  facts: MoveFacts,
): void {
  const derived = ref.segments === 1 ? to : deriveFromRows(ledger, ref.message);
  // It lasts as long as a modem holds a segment and is no news; whoever asks finds it by the segments.
  if (derived === "submitting") return;
  const head = ledger.db.sql("select state, events from message where number = ?").get(ref.message) as Head;
  if (derived === head.state) return;
  ledger.db
    .sql(UPDATE_MESSAGE)
    .run(
      derived,
      head.events + 1,
      derived === "submitted" || derived === "delivered" ? (facts.submittedAt ?? null) : null,
      derived === "delivered" ? (facts.deliveredAt ?? null) : null,
      ref.message,
    );
  const data = eventData(ref, facts);
  ledger.append(entry, {
    type: `message.${derived}` as EventType,
    at: entry.now,
    message: ref.message,
    messageSequence: head.events + 1,
    ...(data === undefined ? {} : { data }),
  });
}

function deriveFromRows(ledger: Ledger, message: number): MessageState {
  const rows = ledger.db.sql("select distinct state from segment where message = ?").all(message) as {
    state: SegmentState;
  }[];
  return deriveMessageState(rows.map((row) => row.state));
}

function eventData(ref: SegmentRef, facts: MoveFacts): Record<string, unknown> | undefined {
  const told = facts.reason ?? facts.code ?? facts.evidence;
  if (told === undefined && ref.segments === 1) return undefined;
  return {
    ...(ref.segments === 1 ? {} : { segment: ref.segment }),
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    ...(facts.code === undefined ? {} : { code: facts.code }),
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(facts.evidence === undefined ? {} : { evidence: facts.evidence }),
  };
}

/** An event of a message that changes no state, such as a report that says "still trying". */
export function appendNote(
  ledger: Ledger,
  entry: Entry,
  message: number,
  type: EventType,
  data: Readonly<Record<string, unknown>>,
): void {
  const head = ledger.db
    .sql("update message set events = events + 1 where number = ? returning events")
    .get(message) as { events: number };
  ledger.append(entry, { type, at: entry.now, message, messageSequence: head.events, data });
}
