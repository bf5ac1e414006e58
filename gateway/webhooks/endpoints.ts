/** Webhooks as rows: who is told, where, and by which secrets it is signed. */
import type { EventType } from "#gateway/messages/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { NewWebhook, Webhook, WebhookChange } from "./types.ts";

export interface WebhookRow {
  readonly number: number;
  readonly id: string;
  readonly key_id: string;
  readonly url: string;
  readonly events: string | null;
  readonly description: string | null;
  readonly secret: string;
  readonly previous_secret: string | null;
  readonly previous_until: number | null;
  readonly enabled: 0 | 1;
  readonly disabled_reason: string | null;
  readonly created_at: number;
  readonly last_success_at: number | null;
  readonly last_failure_at: number | null;
}

const COUNT_PENDING = "select count(*) as n from webhook_delivery where webhook = ? and state = 'pending'";

export interface Creation {
  readonly id: string;
  readonly keyId: string;
  readonly secret: string;
  readonly at: number;
  /** Only what happens after this is sent. */
  readonly afterSequence: number;
}

/** Inside a transaction. */
export function insertWebhook(db: Database, wanted: NewWebhook, creation: Creation): void {
  const { lastInsertRowid } = db
    .sql(
      `insert into webhook (id, key_id, url, events, description, secret, enabled, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      creation.id,
      creation.keyId,
      wanted.url,
      wanted.events === undefined ? null : JSON.stringify(wanted.events),
      wanted.description ?? null,
      creation.secret,
      wanted.enabled ? 1 : 0,
      creation.at,
    );
  insertRange(db, Number(lastInsertRowid), creation.afterSequence, null);
}

/** Events after `after`, up to `until` or for ever, are to be sent. Inside a transaction. */
export function insertRange(db: Database, webhook: number, after: number, until: number | null): void {
  db.sql("insert into webhook_range (webhook, after, until) values (?, ?, ?)").run(webhook, after, until);
}

export function countWebhooks(db: Database): number {
  return (db.sql("select count(*) as n from webhook").get() as { n: number }).n;
}

export function findWebhook(db: Database, id: string): WebhookRow | undefined {
  return db.sql("select * from webhook where id = ?").get(id) as WebhookRow | undefined;
}

export function allWebhooks(db: Database): WebhookRow[] {
  return db.sql("select * from webhook order by number desc").all() as WebhookRow[];
}

/** Inside a transaction. */
export function updateWebhook(db: Database, row: WebhookRow, change: WebhookChange): void {
  const { url, events, description, enabled } = change;
  db.sql(
    `update webhook set url = ?, events = ?, description = ?, enabled = ?, disabled_reason = ?
     where number = ?`,
  ).run(
    url ?? row.url,
    events === undefined ? row.events : events === null ? null : JSON.stringify(events),
    description === undefined ? row.description : description,
    enabled === undefined ? row.enabled : enabled ? 1 : 0,
    enabled === undefined ? row.disabled_reason : enabled ? null : "switched off by its owner",
    row.number,
  );
}

/** Inside a transaction. */
export function disableWebhook(db: Database, number: number, reason: string): void {
  db.sql("update webhook set enabled = 0, disabled_reason = ? where number = ?").run(reason, number);
}

/** The secrets that sign now: the newest first. */
export function secretsOf(row: WebhookRow, now: number): string[] {
  const previousHolds = row.previous_secret !== null && (row.previous_until ?? 0) > now;
  return previousHolds && row.previous_secret !== null ? [row.secret, row.previous_secret] : [row.secret];
}

export function eventsOf(row: WebhookRow): readonly EventType[] | undefined {
  return row.events === null ? undefined : (JSON.parse(row.events) as EventType[]);
}

export function toWebhook(db: Database, row: WebhookRow, now: number): Webhook {
  const events = eventsOf(row);
  const { n: pending } = db.sql(COUNT_PENDING).get(row.number) as { n: number };
  return {
    id: row.id,
    keyId: row.key_id,
    url: row.url,
    ...(events === undefined ? {} : { events }),
    ...(row.description === null ? {} : { description: row.description }),
    enabled: row.enabled === 1,
    ...(row.disabled_reason === null ? {} : { disabledReason: row.disabled_reason }),
    createdAt: row.created_at,
    pending,
    ...(row.last_success_at === null ? {} : { lastSuccessAt: row.last_success_at }),
    ...(row.last_failure_at === null ? {} : { lastFailureAt: row.last_failure_at }),
    ...(row.previous_until !== null && row.previous_until > now
      ? { secretExpiresAt: row.previous_until }
      : {}),
  };
}
