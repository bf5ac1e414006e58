/** Received messages, for `gateway/http`. */
import type { InboundFilter, InboundMessage, Inbox } from "#gateway/messages/types.ts";
import type { Database } from "#shared/sqlite.ts";

interface InboundRow {
  readonly id: string;
  readonly sender: string;
  readonly text: string | null;
  readonly data: string | null;
  readonly iccid: string;
  readonly sent_at: string | null;
  readonly received_at: number;
  readonly segments: number;
  readonly complete: 0 | 1;
}

const SELECT = "select i.*, sim.iccid from inbound i join sim on sim.number = i.sim";

export class StoredInbox implements Inbox {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(filter: InboundFilter): Promise<readonly InboundMessage[]> {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    if (filter.from !== undefined) {
      conditions.push("i.sender = ?");
      values.push(filter.from);
    }
    if (filter.sim !== undefined) {
      conditions.push("sim.iccid = ?");
      values.push(filter.sim);
    }
    if (filter.after !== undefined) {
      conditions.push("i.number < (select number from inbound where id = ?)");
      values.push(filter.after);
    }
    const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
    const rows = this.#db
      .sql(`${SELECT} ${where} order by i.number desc limit ?`)
      .all(...values, filter.limit) as InboundRow[];
    return rows.map(toInbound);
  }

  async get(id: string): Promise<InboundMessage | undefined> {
    const row = this.#db.sql(`${SELECT} where i.id = ?`).get(id) as InboundRow | undefined;
    return row === undefined ? undefined : toInbound(row);
  }
}

function toInbound(row: InboundRow): InboundMessage {
  return {
    id: row.id,
    from: row.sender,
    sim: row.iccid,
    receivedAt: row.received_at,
    segments: row.segments,
    complete: row.complete === 1,
    ...(row.text === null ? {} : { text: row.text }),
    ...(row.data === null ? {} : { data: row.data }),
    ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
  };
}
