/**
 * API keys in a table of the service's own database (`API_KEY_TABLE`). A look-up is answered from
 * memory; a key that another process made, or revoked, is noticed by SQLite's `data_version`.
 */
import type { Clock } from "./clock.ts";
import type { IdFactory } from "./ids.ts";
import { createKeyText, hashKey, isKeyText, KEY_PREFIX, shownPart } from "./keys/text.ts";
import type { Random } from "./random.ts";
import type { Database } from "./sqlite.ts";

export { createKeyText, hashKey, isKeyText, shownPart } from "./keys/text.ts";

/** Sees and may do everything. */
export const ADMIN_SCOPE = "admin";

/** The statement a service's migration makes the table with. */
export const API_KEY_TABLE = `create table api_key (
  id text primary key,
  name text not null,
  shown text not null,
  hash text not null unique,
  scopes text not null,
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  last_used_at integer
) strict`;

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** The first characters of the key. */
  readonly shown: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** To the minute. */
  readonly lastUsedAt?: number;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: number;
}

export interface ApiKeys {
  /** The text of the key is in this answer and nowhere else. */
  create(wanted: NewApiKey): Promise<{ readonly text: string; readonly key: ApiKey }>;
  /** Newest first, revoked ones too. */
  list(): readonly ApiKey[];
  get(id: string): ApiKey | undefined;
  /** False when there is no such key, or when it was revoked before. */
  revoke(id: string): Promise<boolean>;
  /** The key if it is known, not revoked and not expired. */
  authenticate(text: string): ApiKey | undefined;
}

export interface ApiKeysDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdFactory;
  readonly prefix?: string;
}

/** Keys kept in memory; the least lately added goes first. */
const CACHE_SIZE_MAX = 1_000;
/** A revocation by another process takes effect after this long at the latest. */
const FOREIGN_CHANGE_CHECK_MS = 250;
const LAST_USED_RESOLUTION_MS = 60_000;

interface Row {
  id: string;
  name: string;
  shown: string;
  scopes: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  const { db, clock } = deps;
  const find = createLookup(db, clock);
  const lastUsed = new Map<string, number>();

  function noteUse(id: string, now: number): void {
    if (now - (lastUsed.get(id) ?? Number.NEGATIVE_INFINITY) < LAST_USED_RESOLUTION_MS) return;
    lastUsed.set(id, now);
    // Of no consequence when it fails: the next use of the key writes it again.
    db.write(() => db.sql("update api_key set last_used_at = ? where id = ?").run(now, id)).catch(() =>
      lastUsed.delete(id),
    );
  }

  return {
    async create(wanted) {
      const text = createKeyText(deps.random, deps.prefix ?? KEY_PREFIX);
      const id = deps.ids("key");
      const createdAt = clock.now();
      const values = [id, wanted.name, shownPart(text), hashKey(text), JSON.stringify(wanted.scopes)];
      await db.write(() =>
        db
          .sql(
            "insert into api_key (id, name, shown, hash, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)",
          )
          .run(...values, createdAt, wanted.expiresAt ?? null),
      );
      return { text, key: { id, shown: shownPart(text), createdAt, ...wanted } };
    },
    list: () => (db.sql("select * from api_key order by id desc").all() as Row[]).map(fromRow),
    get(id) {
      const row = db.sql("select * from api_key where id = ?").get(id) as Row | undefined;
      return row && fromRow(row);
    },
    async revoke(id) {
      const revoke = db.sql("update api_key set revoked_at = ? where id = ? and revoked_at is null");
      const { changes } = await db.write(() => revoke.run(clock.now(), id));
      find.forget();
      return changes > 0;
    },
    authenticate(text) {
      const key = find.byText(text);
      const now = clock.now();
      if (!isUsable(key, now)) return undefined;
      noteUse(key.id, now);
      return key;
    },
  };
}

function createLookup(db: Database, clock: Clock) {
  const cache = new Map<string, ApiKey>();
  let checkedAt = Number.NEGATIVE_INFINITY;
  let version: unknown;

  function dropForeignChanges(): void {
    const now = clock.monotonic();
    if (now - checkedAt < FOREIGN_CHANGE_CHECK_MS) return;
    checkedAt = now;
    // Changes when another connection has committed, and only then.
    const current = db.connection.pragma("data_version", { simple: true });
    if (current !== version) cache.clear();
    version = current;
  }

  return {
    forget: () => cache.clear(),
    byText(text: string): ApiKey | undefined {
      dropForeignChanges();
      const known = cache.get(text);
      if (known !== undefined) return known;
      if (!isKeyText(text)) return undefined;
      const row = db.sql("select * from api_key where hash = ?").get(hashKey(text)) as Row | undefined;
      if (row === undefined) return undefined;
      const oldest = cache.size >= CACHE_SIZE_MAX ? cache.keys().next().value : undefined;
      if (oldest !== undefined) cache.delete(oldest);
      const key = fromRow(row);
      cache.set(text, key);
      return key;
    },
  };
}

function fromRow(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    shown: row.shown,
    scopes: JSON.parse(row.scopes) as string[],
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  };
}

/** Known, not revoked and not expired. */
export function isUsable(key: ApiKey | undefined, now: number): key is ApiKey {
  return key !== undefined && key.revokedAt === undefined && (key.expiresAt ?? now + 1) > now;
}

/** `admin` holds every scope. */
export function hasScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.includes(wanted) || scopes.includes(ADMIN_SCOPE);
}
