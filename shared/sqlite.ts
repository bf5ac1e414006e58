/**
 * A durable SQLite database. Writes that arrive in one turn of the event loop share one transaction
 * and so one fsync: each caller's promise resolves only after the commit that holds its rows.
 *
 * better-sqlite3 is built with synchronous=NORMAL for WAL, which acknowledges commits that a power
 * failure takes back; FULL is set here and read back, because a setting that did not take is silent.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite, { type Database as Connection, type Statement } from "better-sqlite3";

export type { Statement } from "better-sqlite3";

const BUSY_TIMEOUT_MS = 5_000;
const SYNCHRONOUS_FULL = 2;
const SYNCHRONOUS_NORMAL = 1;
/** Pages of 4 KiB after which the write-ahead log is folded back into the file. */
const WAL_CHECKPOINT_PAGES = 4_000;
/** Waiting writes above which new ones are refused; far more than one turn can bring. */
const QUEUE_LENGTH_MAX = 100_000;

/** The database cannot take writes now: the disk is full, failing, or the file is closed. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** The schema in the file is not the one that this version was written for. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

export interface DatabaseOptions {
  /** A file; ":memory:" in tests; "" for a scratch database that SQLite keeps on disk and takes away at the end. */
  readonly path: string;
  /** A folder of `0001_name.sql` files, applied in order and never edited afterwards. */
  readonly migrations?: string;
  readonly readonly?: boolean;
  /** False only where the rows can be made again (caches, benchmarks). */
  readonly durable?: boolean;
}

interface Pending {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Database {
  readonly connection: Connection;
  readonly #statements = new Map<string, Statement>();
  #queue: Pending[] = [];
  #scheduled = false;
  #broken: string | undefined;

  constructor(options: DatabaseOptions) {
    this.connection = connect(options);
    if (options.migrations !== undefined && !options.readonly) migrate(this.connection, options.migrations);
  }

  /**
   * A prepared statement, compiled once for each text. This SQLite is built with STAT4: where the planner
   * has a choice (joins, `order by` beside another index) it looks at the bound value and compiles the
   * statement anew for each one, which takes ten times as long as the look-up. `+?` hides the value.
   */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.connection.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /**
   * Runs the reads of `work` as of one moment. Each read on its own takes and gives back the file's locks,
   * which costs more than the read: many small ones belong together. Inside of a write it only runs them.
   */
  read<T>(work: () => T): T {
    if (this.connection.inTransaction) return work();
    this.sql("begin").run();
    try {
      return work();
    } finally {
      this.sql("commit").run();
    }
  }

  /**
   * Runs `work` in a transaction shared with the other writes of this event-loop turn. `work` is
   * synchronous and touches nothing but the database: when a neighbour's work throws, the shared
   * transaction is rolled back and each one runs again in a transaction of its own.
   * @throws DatabaseUnavailable (as a rejection) when the commit could not be made durable.
   */
  write<T>(work: () => T): Promise<T> {
    if (this.#broken !== undefined) return Promise.reject(new DatabaseUnavailable(this.#broken));
    if (this.#queue.length >= QUEUE_LENGTH_MAX)
      return Promise.reject(new DatabaseUnavailable("more writes are waiting than the disk takes"));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  /** Commits what is still waiting, then closes the file. */
  close(): void {
    this.#flush();
    this.#broken ??= "the database is closed";
    this.connection.close();
  }

  #flush(): void {
    this.#scheduled = false;
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    let results: unknown[];
    try {
      results = this.#commit(() => batch.map(({ work }) => work()));
    } catch (error) {
      if (batch.length === 1 || this.#broken !== undefined) {
        for (const pending of batch) pending.reject(error);
      } else this.#flushOneByOne(batch);
      return;
    }
    for (const [i, pending] of batch.entries()) pending.resolve(results[i]);
  }

  #flushOneByOne(batch: readonly Pending[]): void {
    for (const pending of batch) {
      try {
        pending.resolve(this.#commit(pending.work));
      } catch (error) {
        pending.reject(error);
      }
    }
  }

  #commit<T>(work: () => T): T {
    if (this.#broken !== undefined) throw new DatabaseUnavailable(this.#broken);
    try {
      this.sql("begin immediate").run();
      const result = work();
      this.sql("commit").run();
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.#rollback();
      throw this.#asUnavailable(error);
    }
  }

  #rollback(): void {
    try {
      this.sql("rollback").run();
    } catch (error) {
      this.#broken = `a transaction could not be rolled back: ${String(error)}`;
    }
  }

  #asUnavailable(error: unknown): unknown {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string") return error;
    // After a failed fsync the kernel may have dropped the dirty pages: a retry on this handle could
    // "succeed" over a hole, so nothing more is written until the file is opened again.
    if (code.startsWith("SQLITE_IOERR") || code === "SQLITE_CORRUPT") {
      this.#broken = `the database file cannot be trusted (${code}); restart to recover`;
      return new DatabaseUnavailable(this.#broken, { cause: error });
    }
    if (code === "SQLITE_FULL" || code.startsWith("SQLITE_BUSY") || code === "SQLITE_READONLY")
      return new DatabaseUnavailable(`the database takes no writes (${code})`, { cause: error });
    return error;
  }
}

function connect(options: DatabaseOptions): Connection {
  const connection = new BetterSqlite(options.path, { readonly: options.readonly ?? false });
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  connection.pragma("foreign_keys = on");
  if (options.readonly || options.path === ":memory:" || options.path === "") return connection;
  const wanted = options.durable === false ? SYNCHRONOUS_NORMAL : SYNCHRONOUS_FULL;
  connection.pragma("journal_mode = wal");
  connection.pragma(`synchronous = ${wanted}`);
  connection.pragma(`wal_autocheckpoint = ${WAL_CHECKPOINT_PAGES}`);
  const mode = connection.pragma("journal_mode", { simple: true });
  const synchronous = connection.pragma("synchronous", { simple: true });
  if (mode !== "wal" || synchronous !== wanted) {
    connection.close();
    throw new DatabaseUnavailable(
      `${options.path} is in journal mode ${mode}, synchronous ${synchronous}; wal and ${wanted} are needed`,
    );
  }
  return connection;
}

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      return { number: Number(name.slice(0, 4)), name, text, checksum };
    });
}

function migrate(connection: Connection, folder: string): void {
  connection.exec(
    "create table if not exists schema_migration (number integer primary key, name text not null, checksum text not null) strict",
  );
  const applied = new Map(
    (connection.prepare("select * from schema_migration").all() as Migration[]).map((row) => [
      row.number,
      row,
    ]),
  );
  const known = readMigrations(folder);
  for (const row of applied.values()) {
    const file = known.find((migration) => migration.number === row.number);
    if (file === undefined)
      throw new MigrationError(
        `The database was made by a newer version (it has ${row.name}). Start that version, or restore a backup from before the upgrade.`,
      );
    if (file.checksum !== row.checksum)
      throw new MigrationError(`${file.name} was edited after it was applied. Restore the released file.`);
  }
  for (const migration of known) {
    if (applied.has(migration.number)) continue;
    connection.transaction(() => {
      connection.exec(migration.text);
      connection
        .prepare("insert into schema_migration (number, name, checksum) values (?, ?, ?)")
        .run(migration.number, migration.name, migration.checksum);
    })();
  }
}

/** The statements that make the present schema, one a table or index, for comparing with schema.sql. */
export function dumpSchema(connection: Connection): string {
  const rows = connection
    .prepare(
      "select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by type desc, name",
    )
    .all() as { sql: string }[];
  return `${rows.map((row) => `${row.sql};`).join("\n\n")}\n`;
}

/**
 * Holds `path` until this process ends, however it ends, because the lock is the kernel's; or until the
 * returned function is called. Keep that function: collected as garbage, it takes the lock with it.
 * @throws DatabaseUnavailable when another process holds it.
 */
export function holdExclusively(path: string, what: string): () => void {
  const connection = new BetterSqlite(path);
  try {
    connection.pragma("busy_timeout = 0");
    connection.pragma("locking_mode = exclusive");
    connection.exec("begin exclusive; create table if not exists holder (pid integer) strict; commit");
  } catch (error) {
    connection.close();
    throw new DatabaseUnavailable(`${what} is in use by another process (lock ${path})`, { cause: error });
  }
  return () => connection.close();
}
