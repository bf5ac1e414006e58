import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Database,
  DatabaseUnavailable,
  dumpSchema,
  holdExclusively,
  MigrationError,
} from "#shared/sqlite.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-sqlite-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (path = join(folder, "a.db")): Database => new Database({ path });

function withTable(): Database {
  const db = open();
  db.connection.exec("create table t (a integer primary key) strict");
  return db;
}
const insert = (db: Database, a: number) => () => db.sql("insert into t (a) values (?)").run(a).changes;
const rows = (db: Database): number[] => db.sql("select a from t order by a").pluck().all() as number[];

describe("opening", () => {
  test("writes are on disk before they are acknowledged: WAL and FULL, read back", () => {
    const db = open();
    expect(db.connection.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.connection.pragma("synchronous", { simple: true })).toBe(2);
    db.close();
    const again = open();
    expect(again.connection.pragma("synchronous", { simple: true })).toBe(2);
    again.close();
  });

  test("one process at a time holds a lock, and its end frees it", async () => {
    const path = join(folder, "lock");
    const holder = join(folder, "holder.ts");
    const door = fileURLToPath(new URL("../../shared/sqlite.ts", import.meta.url));
    writeFileSync(
      holder,
      `import { holdExclusively } from ${JSON.stringify(door)};
       globalThis.release = holdExclusively(${JSON.stringify(path)}, "x"); process.stdout.write("held"); process.stdin.resume();`,
    );
    const child = spawn(process.execPath, [holder], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    expect(() => holdExclusively(path, "the outbox")).toThrow(/the outbox is in use by another process/);
    child.kill("SIGKILL");
    await once(child, "exit");
    holdExclusively(path, "the outbox")();
  });
});

describe("grouped writes", () => {
  test("all writes of one turn are one transaction, and each sees its own result", async () => {
    const db = withTable();
    db.connection.exec("create table c (n integer not null) strict");
    let transactions = 0;
    const begin = db.sql("begin immediate");
    const run = begin.run.bind(begin);
    begin.run = () => {
      transactions += 1;
      return run();
    };
    const results = await Promise.all([1, 2, 3].map((a) => db.write(insert(db, a))));
    expect(results).toEqual([1, 1, 1]);
    expect(transactions).toBe(1);
    db.close();
  });

  test("a write that throws takes no neighbour with it", async () => {
    const db = withTable();
    const outcomes = await Promise.allSettled([
      db.write(insert(db, 1)),
      db.write(() => {
        insert(db, 7)();
        throw new Error("no");
      }),
      db.write(insert(db, 2)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(rows(db)).toEqual([1, 2]);
    db.close();
  });

  test("what was waiting when the database closes is committed, and nothing is taken after", async () => {
    const db = withTable();
    const waiting = db.write(insert(db, 1));
    db.close();
    await expect(waiting).resolves.toBe(1);
    await expect(db.write(insert(db, 2))).rejects.toBeInstanceOf(DatabaseUnavailable);
    const again = open();
    expect(rows(again)).toEqual([1]);
    again.close();
  });
});

describe("migrations", () => {
  const migrations = (): string => join(folder, "migrations");
  beforeEach(() => {
    execFileSync("mkdir", ["-p", migrations()]);
    writeFileSync(join(migrations(), "0001_first.sql"), "create table one (a integer) strict;");
  });
  const migrated = (): Database => new Database({ path: join(folder, "m.db"), migrations: migrations() });

  test("are applied once, in order", () => {
    migrated().close();
    writeFileSync(
      join(migrations(), "0002_second.sql"),
      "create table two (a integer references one) strict;",
    );
    const db = migrated();
    expect(dumpSchema(db.connection)).toContain("CREATE TABLE two");
    db.close();
    migrated().close();
  });

  test("an edited one is refused by name", () => {
    migrated().close();
    writeFileSync(join(migrations(), "0001_first.sql"), "create table one (b integer) strict;");
    expect(migrated).toThrow(/0001_first\.sql was edited/);
  });

  test("a file of a newer version is refused", () => {
    writeFileSync(join(migrations(), "0002_second.sql"), "create table two (a integer) strict;");
    migrated().close();
    rmSync(join(migrations(), "0002_second.sql"));
    expect(migrated).toThrow(MigrationError);
  });

  test("one that fails leaves nothing behind", () => {
    writeFileSync(join(migrations(), "0002_second.sql"), "create table two (a integer) strict; nonsense;");
    expect(migrated).toThrow(/syntax error/);
    writeFileSync(join(migrations(), "0002_second.sql"), "create table two (a integer) strict;");
    migrated().close();
  });
});
