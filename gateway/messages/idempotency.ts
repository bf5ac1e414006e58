/**
 * Answers to repeated requests (IETF draft-ietf-httpapi-idempotency-key-header). A key belongs to the
 * API key that used it, is stored with the messages of its request, and is kept for seven days.
 */
import type { Database } from "#shared/sqlite.ts";
import type { AcceptContext } from "./types.ts";

export const IDEMPOTENCY_KEPT_MS = 7 * 24 * 3_600_000;
/** Deleted in one transaction at most, so that pruning never holds up the modems. */
export const IDEMPOTENCY_PRUNED_MAX = 500;

export interface Remembered {
  readonly bodyHash: string;
  readonly firstMessage: number;
  readonly messages: number;
}

/** What was stored for the key, unless it is too old to count. */
export function recall(db: Database, context: AcceptContext, now: number): Remembered | undefined {
  if (context.idempotency === undefined) return undefined;
  return db
    .sql(
      `select body_hash as bodyHash, first_message as firstMessage, messages
       from idempotency where key_id = ? and key = ? and created_at > ?`,
    )
    .get(context.keyId, context.idempotency.key, now - IDEMPOTENCY_KEPT_MS) as Remembered | undefined;
}

/** Call inside the transaction that stores the messages. An outdated row of the same key gives way. */
export function remember(
  db: Database,
  context: AcceptContext,
  now: number,
  firstMessage: number,
  messages: number,
): void {
  if (context.idempotency === undefined) return;
  db.sql(
    `insert or replace into idempotency (key_id, key, body_hash, first_message, messages, created_at)
     values (?, ?, ?, ?, ?, ?)`,
  ).run(context.keyId, context.idempotency.key, context.idempotency.bodyHash, firstMessage, messages, now);
}

/** Deletes some outdated keys; call again while it returns `IDEMPOTENCY_PRUNED_MAX`. */
export async function pruneIdempotency(db: Database, now: number): Promise<number> {
  return db.write(
    () =>
      db
        .sql(
          `delete from idempotency where (key_id, key) in
             (select key_id, key from idempotency where created_at <= ? limit ?)`,
        )
        .run(now - IDEMPOTENCY_KEPT_MS, IDEMPOTENCY_PRUNED_MAX).changes,
  );
}
