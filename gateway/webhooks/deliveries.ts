/** What each receiver is still owed, and how every try went. */
import type { GatewayEvent } from "#gateway/messages/types.ts";
import { maskText } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Verdict } from "./schedule.ts";
import type { Attempt, Delivery, DeliveryFilter, DeliveryState } from "./types.ts";

/** Settled deliveries are kept this long, for the log and for people who ask what was sent. */
export const DELIVERIES_KEPT_MS = 7 * 24 * 3_600_000;
/** Deleted in one transaction at most, so that no write waits long behind it. */
export const DELIVERIES_PRUNED_MAX = 500;

export interface DueDelivery {
  readonly number: number;
  readonly event_id: string;
  /** In all, and before the last replay. */
  readonly attempts: number;
  readonly attempts_before: number;
}

interface DeliveryRow extends DueDelivery {
  readonly sequence: number;
  readonly type: string;
  readonly message_id: string | null;
  readonly state: DeliveryState;
  readonly next_at: number | null;
  readonly at: number | null;
  readonly duration_ms: number | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string | null;
}

/** Inside a transaction. An event that is owed already stays as it is; a settled one is owed again. */
export function owe(db: Database, webhook: number, events: readonly GatewayEvent[], now: number): void {
  const insert = db.sql(
    `insert into webhook_delivery (webhook, event_id, sequence, type, message_id, state, next_at, created_at)
     values (?, ?, ?, ?, ?, 'pending', ?, ?)
     on conflict (webhook, event_id) do update
       set state = 'pending', next_at = excluded.next_at, attempts_before = attempts
     where state <> 'pending'`,
  );
  for (const event of events)
    insert.run(webhook, event.id, event.sequence, event.type, event.messageId ?? null, now, now);
}

export function countPending(db: Database, webhook: number): number {
  const row = db
    .sql("select count(*) as n from webhook_delivery where webhook = ? and state = 'pending'")
    .get(webhook) as { n: number };
  return row.n;
}

/**
 * The oldest deliveries that are due. An event waits for the earlier ones of its own message, so that a
 * receiver learns each message's history in order; other messages do not wait for it.
 */
export function dueDeliveries(db: Database, webhook: number, now: number, limit: number): DueDelivery[] {
  return db
    .sql(
      `select number, event_id, attempts, attempts_before from webhook_delivery as d
       where webhook = ? and state = 'pending' and next_at <= ? and not exists (
         select 1 from webhook_delivery as earlier
         where earlier.webhook = d.webhook and earlier.message_id = d.message_id
           and earlier.state = 'pending' and earlier.sequence < d.sequence)
       order by sequence limit ?`,
    )
    .all(webhook, now, limit) as DueDelivery[];
}

/** When the next one falls due that is not due at `now`. */
export function nextDueAt(db: Database, webhook: number, now: number): number | undefined {
  const row = db
    .sql(
      `select min(next_at) as at from webhook_delivery
       where webhook = ? and state = 'pending' and next_at > ?`,
    )
    .get(webhook, now) as { at: number | null };
  return row.at ?? undefined;
}

/** Stores how a try went and what follows from it. Inside a transaction. */
export function settle(
  db: Database,
  webhook: number,
  delivery: DueDelivery,
  attempt: Attempt,
  verdict: Verdict,
): void {
  const tries = delivery.attempts + 1;
  db.sql(
    `insert into webhook_attempt (delivery, try, at, duration_ms, status, error, response)
     values (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    delivery.number,
    tries,
    attempt.at,
    attempt.durationMs,
    attempt.status ?? null,
    attempt.error ?? null,
    attempt.response === undefined ? null : maskText(attempt.response),
  );
  const [state, nextAt] = consequence(verdict, attempt.at);
  db.sql("update webhook_delivery set state = ?, attempts = ?, next_at = ? where number = ?").run(
    state,
    tries,
    nextAt,
    delivery.number,
  );
  const column = verdict.kind === "delivered" ? "last_success_at" : "last_failure_at";
  db.sql(`update webhook set ${column} = ? where number = ?`).run(attempt.at, webhook);
}

function consequence(verdict: Verdict, now: number): [DeliveryState, number | null] {
  switch (verdict.kind) {
    case "delivered":
      return ["delivered", null];
    case "give-up":
      return ["failed", null];
    case "retry":
    case "pause":
      return ["pending", now + verdict.afterMs];
    case "disable":
      return ["pending", now];
  }
}

/**
 * The receiver answers again after an outage: what waits for a later hour is tried now. The extra try
 * is not counted, so that an event which the receiver refuses for itself keeps its three days.
 * Inside a transaction.
 */
export function bringForward(db: Database, webhook: number, now: number): void {
  db.sql(
    `update webhook_delivery set next_at = ?, attempts_before = min(attempts, attempts_before + 1)
     where webhook = ? and state = 'pending' and next_at > ?`,
  ).run(now, webhook, now);
}

export function listDeliveries(db: Database, webhook: number, filter: DeliveryFilter): Delivery[] {
  const rows = db
    .sql(
      `select d.*, a.at, a.duration_ms, a.status, a.error, a.response from webhook_delivery d
       left join webhook_attempt a on a.delivery = d.number and a.try = d.attempts
       where d.webhook = ? and d.number < ? and (? is null or d.state = ?)
       order by d.number desc limit ?`,
    )
    .all(
      webhook,
      filter.after ?? Number.MAX_SAFE_INTEGER,
      filter.state ?? null,
      filter.state ?? null,
      filter.limit,
    ) as DeliveryRow[];
  return rows.map(toDelivery);
}

function toDelivery(row: DeliveryRow): Delivery {
  const last: Attempt | undefined =
    row.at === null
      ? undefined
      : {
          at: row.at,
          durationMs: row.duration_ms ?? 0,
          ...(row.status === null ? {} : { status: row.status }),
          ...(row.error === null ? {} : { error: row.error }),
          ...(row.response === null ? {} : { response: row.response }),
        };
  return {
    number: row.number,
    eventId: row.event_id,
    sequence: row.sequence,
    type: row.type,
    ...(row.message_id === null ? {} : { messageId: row.message_id }),
    state: row.state,
    attempts: row.attempts,
    ...(row.next_at === null ? {} : { nextAt: row.next_at }),
    ...(last === undefined ? {} : { last }),
  };
}

/** Deletes some old settled deliveries; call again while it returns `DELIVERIES_PRUNED_MAX`. */
export function pruneDeliveries(db: Database, now: number): Promise<number> {
  return db.write(
    () =>
      db
        .sql(
          `delete from webhook_delivery where number in (
             select number from webhook_delivery where state <> 'pending' and created_at < ? limit ?)`,
        )
        .run(now - DELIVERIES_KEPT_MS, DELIVERIES_PRUNED_MAX).changes,
  );
}
