/**
 * The log of everything that happens. An event is appended inside the transaction that makes its
 * change, and announced after the commit.
 *
 * `data` of a message event: `to`, `state`, `alphabet`, `segments` (a count), and where there are any
 * `reference`, `metadata`, `segment` (the one that changed), `reason`, `code`, `status` (TP-ST). What
 * the message's own row says is joined when the event is read, so that the hot path writes few octets.
 */
import type { IdFactory } from "#shared/ids.ts";
import type { Database } from "#shared/sqlite.ts";
import type { EventLog, EventType, GatewayEvent } from "./types.ts";

/** More than this many events are never read at once, whatever is asked for. */
const EVENTS_READ_MAX = 1_000;

const INSERT = `insert into event (id, type, at, message, message_sequence, data) values (?, ?, ?, ?, ?, ?)`;

const SELECT = `
  select e.sequence, e.id, e.type, e.at, e.message_sequence as messageSequence, e.data,
    m.id as messageId, m.key_id as keyId, m.recipient, m.reference, m.metadata, m.alphabet, m.segments
  from event e left join message m on m.number = e.message`;

interface EventRow {
  readonly sequence: number;
  readonly id: string;
  readonly type: EventType;
  readonly at: number;
  readonly messageSequence: number | null;
  readonly data: string | null;
  readonly messageId: string | null;
  readonly keyId: string | null;
  readonly recipient: string | null;
  readonly reference: string | null;
  readonly metadata: string | null;
  readonly alphabet: string | null;
  readonly segments: number | null;
}

export interface NewEvent {
  readonly type: EventType;
  readonly at: number;
  /** The message's number, and the place of the event in its history. */
  readonly message?: number;
  readonly messageSequence?: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

export class Events implements EventLog {
  readonly #db: Database;
  readonly #ids: IdFactory;
  readonly #listeners = new Set<(lastSequence: number) => void>();

  constructor(db: Database, ids: IdFactory) {
    this.#db = db;
    this.#ids = ids;
  }

  /** Call inside a transaction. Returns the sequence that the event has once it is committed. */
  append(event: NewEvent): number {
    const { lastInsertRowid } = this.#db
      .sql(INSERT)
      .run(
        this.#ids("evt"),
        event.type,
        event.at,
        event.message ?? null,
        event.messageSequence ?? null,
        event.data === undefined ? null : JSON.stringify(event.data),
      );
    return Number(lastInsertRowid);
  }

  /** Tells the listeners; called after each commit that appended something. */
  announce(lastSequence: number): void {
    for (const listener of this.#listeners) listener(lastSequence);
  }

  async after(
    sequence: number,
    limit: number,
    types?: readonly EventType[],
  ): Promise<readonly GatewayEvent[]> {
    const rows = this.#db
      .sql(
        `${SELECT} where e.sequence > ? and (? is null or e.type in (select value from json_each(?)))
         order by e.sequence limit ?`,
      )
      .all(
        sequence,
        types === undefined ? null : 1,
        JSON.stringify(types ?? []),
        Math.min(limit, EVENTS_READ_MAX),
      ) as EventRow[];
    return rows.map(toEvent);
  }

  async get(id: string): Promise<GatewayEvent | undefined> {
    const row = this.#db.sql(`${SELECT} where e.id = ?`).get(id) as EventRow | undefined;
    return row === undefined ? undefined : toEvent(row);
  }

  async lastSequence(): Promise<number> {
    const row = this.#db.sql("select max(sequence) as last from event").get() as { last: number | null };
    return row.last ?? 0;
  }

  onAppended(listener: (lastSequence: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function toEvent(row: EventRow): GatewayEvent {
  const own = row.data === null ? {} : (JSON.parse(row.data) as Record<string, unknown>);
  return {
    sequence: row.sequence,
    id: row.id,
    type: row.type,
    at: row.at,
    ...(row.messageId === null ? {} : { messageId: row.messageId }),
    ...(row.messageSequence === null ? {} : { messageSequence: row.messageSequence }),
    ...(row.keyId === null ? {} : { keyId: row.keyId }),
    data: row.messageId === null ? own : { ...messageFacts(row), ...own },
  };
}

function messageFacts(row: EventRow): Record<string, unknown> {
  const state = row.type.slice("message.".length);
  return {
    to: row.recipient,
    ...(state === "accepted" ? { state: "queued" } : {}),
    ...(state === "buffered" ? { state: "submitted" } : {}),
    ...(state === "accepted" || state === "buffered" ? {} : { state }),
    alphabet: row.alphabet,
    segments: row.segments,
    ...(row.reference === null ? {} : { reference: row.reference }),
    ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as unknown }),
  };
}
