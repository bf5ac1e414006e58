/**
 * What one file has said so far: which row first spoke of an invoice, payment or customer. On disk in a
 * scratch database, because a file of two million rows is more than memory should hold.
 */
import { Database } from "#shared/sqlite.ts";

export interface FirstSeen {
  readonly row: number;
  readonly digest: string;
}

export interface Seen {
  /** The row that spoke of it before; undefined when this is the first. */
  item(kind: string, externalId: string, row: number, digest: string): FirstSeen | undefined;
  debtor(externalId: string, row: number, digest: string): FirstSeen | undefined;
  /** How often this text came so far in this pass over the file, from 1. */
  count(pass: 1 | 2, text: string): number;
  hasItem(kind: string, externalId: string): boolean;
  hasDebtor(externalId: string): boolean;
  /** The first of several rows that speak of it; undefined also when there is one row only. */
  firstOfItems(kind: string, externalId: string): FirstSeen | undefined;
  firstOfDebtors(externalId: string): FirstSeen | undefined;
  close(): void;
}

const TABLES = `
  pragma journal_mode = off;
  pragma synchronous = off;
  create table item (kind text not null, external_id text not null, row integer not null,
    digest text not null, primary key (kind, external_id)) strict, without rowid;
  create table debtor (external_id text primary key, row integer not null, digest text not null)
    strict, without rowid;
  create table repeat (pass integer not null, text text not null, times integer not null,
    primary key (pass, text)) strict, without rowid;
  begin;`;

/** Names that came more than once are kept in memory up to this number; beyond it every one is looked up. */
const REPEATED_MAX = 50_000;

/** Most names come once: whoever is not in here needs no look at the disk. */
function createRepeats() {
  const names = new Set<string>();
  return {
    add(name: string): void {
      if (names.size <= REPEATED_MAX) names.add(name);
    },
    mayHave: (name: string): boolean => names.size > REPEATED_MAX || names.has(name),
  };
}

/** SQLite makes a database without a name in a temporary file, and takes it away at the end. */
const SCRATCH = "";

export function openSeen(): Seen {
  const db = new Database({ path: SCRATCH, durable: false });
  db.connection.exec(TABLES);
  const items = createRepeats();
  const debtors = createRepeats();
  const firstItem = (kind: string, externalId: string): FirstSeen | undefined =>
    db.sql("select row, digest from item where kind = ? and external_id = ?").get(kind, externalId) as
      | FirstSeen
      | undefined;
  const firstDebtor = (externalId: string): FirstSeen | undefined =>
    db.sql("select row, digest from debtor where external_id = ?").get(externalId) as FirstSeen | undefined;
  return {
    item(kind, externalId, row, digest) {
      const { changes } = db
        .sql("insert or ignore into item (kind, external_id, row, digest) values (?, ?, ?, ?)")
        .run(kind, externalId, row, digest);
      if (changes === 1) return undefined;
      items.add(`${kind} ${externalId}`);
      return firstItem(kind, externalId);
    },
    debtor(externalId, row, digest) {
      const { changes } = db
        .sql("insert or ignore into debtor (external_id, row, digest) values (?, ?, ?)")
        .run(externalId, row, digest);
      if (changes === 1) return undefined;
      debtors.add(externalId);
      return firstDebtor(externalId);
    },
    count: (pass, text) =>
      db
        .sql(
          `insert into repeat (pass, text, times) values (?, ?, 1)
           on conflict (pass, text) do update set times = times + 1 returning times`,
        )
        .pluck()
        .get(pass, text) as number,
    hasItem: (kind, externalId) => firstItem(kind, externalId) !== undefined,
    hasDebtor: (externalId) => firstDebtor(externalId) !== undefined,
    firstOfItems: (kind, externalId) =>
      items.mayHave(`${kind} ${externalId}`) ? firstItem(kind, externalId) : undefined,
    firstOfDebtors: (externalId) => (debtors.mayHave(externalId) ? firstDebtor(externalId) : undefined),
    close: () => db.close(),
  };
}
