/**
 * How far one receiver has come in the event log. What it is to be sent becomes rows of its own, never
 * more than a window of them at a time: the rest waits in the log, however long the receiver is away.
 */
import type { Checkpoint } from "#gateway/checkpoints.ts";
import type { EventLog, GatewayEvent } from "#gateway/messages/types.ts";
import type { ApiKey } from "#shared/api-keys.ts";
import type { Database } from "#shared/sqlite.ts";
import { countPending, owe } from "./deliveries.ts";
import { eventsOf, type WebhookRow } from "./endpoints.ts";
import { maySee } from "./payload.ts";

/** Owed events that are held ready for one receiver. */
const WINDOW_MAX = 1_000;
const PAGE = 200;
/** Events not meant for a receiver after which its place in the log is written down all the same. */
const UNSAVED_MAX = 5_000;

interface Range {
  readonly number: number;
  readonly after: number;
  readonly until: number | null;
}

/**
 * - `read`: everything up to now was looked at
 * - `more`: there is more in the log
 * - `full`: the window has no room; go on when something has been sent
 */
export type Filled = "read" | "more" | "full";

export interface Feed {
  /** Makes rows of what is new, as far as the window has room. */
  fill(webhook: WebhookRow, key: ApiKey, now: number): Promise<Filled>;
}

export function createFeed(db: Database, events: EventLog, checkpoint?: Checkpoint): Feed {
  /** Where reading goes on, by range; ahead of the row while nothing was found worth a write. */
  const positions = new Map<number, number>();

  async function advance(webhook: WebhookRow, key: ApiKey, range: Range, now: number): Promise<boolean> {
    const position = positions.get(range.number) ?? range.after;
    const page = await events.after(position, PAGE);
    const within = range.until === null ? page : page.filter((event) => event.sequence <= (range.until ?? 0));
    const types = eventsOf(webhook);
    const owed = within.filter((event) => (types?.includes(event.type) ?? true) && maySee(key, event));
    const reached = within.at(-1)?.sequence ?? position;
    const ended = range.until !== null && (within.length < page.length || page.length < PAGE);
    positions.set(range.number, reached);
    if (ended || owed.length > 0 || reached - range.after > UNSAVED_MAX)
      await save(webhook, range, owed, ended ? undefined : reached, now);
    return !ended && page.length === PAGE;
  }

  async function save(
    webhook: WebhookRow,
    range: Range,
    owed: readonly GatewayEvent[],
    reached: number | undefined,
    now: number,
  ): Promise<void> {
    checkpoint?.("before-owe");
    await db.write(() => {
      owe(db, webhook.number, owed, now);
      if (reached === undefined) db.sql("delete from webhook_range where number = ?").run(range.number);
      else db.sql("update webhook_range set after = ? where number = ?").run(reached, range.number);
    });
    checkpoint?.("after-owe");
    if (reached === undefined) positions.delete(range.number);
  }

  return {
    async fill(webhook, key, now) {
      const ranges = db
        .sql("select number, after, until from webhook_range where webhook = ? order by number desc")
        .all(webhook.number) as Range[];
      let more = false;
      for (const range of ranges) {
        if (countPending(db, webhook.number) >= WINDOW_MAX) return "full";
        more = (await advance(webhook, key, range, now)) || more;
      }
      return more ? "more" : "read";
    },
  };
}

/** The sequence before the first event that happened at `ms` or later; found in steps of halving. */
export async function sequenceBefore(events: EventLog, ms: number): Promise<number> {
  let [low, high] = [0, await events.lastSequence()];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await events.after(middle, 1);
    if (next === undefined || next.at >= ms) high = middle;
    else low = next.sequence;
  }
  return low;
}
