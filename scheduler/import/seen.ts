/**
 * What one file has said so far: which row first spoke of an invoice, payment or customer. On disk in a
 * scratch database, because a file of two million rows is more than memory should hold.
 */
import type { ContactPointInput } from "#scheduler/ledger/inputs.ts";
import { Database } from "#shared/sqlite.ts";

export interface FirstSeen {
  readonly row: number;
  readonly digest: string;
}

/** What the rows of a list have said so far of the numbers of one customer. */
export interface GivenNumbers {
  /** By the first row that spoke of the customer. */
  readonly first: readonly ContactPointInput[];
  /** By later rows. */
  readonly further: readonly ContactPointInput[];
  /** The first row waits for the end of the list. */
  readonly waits: boolean;
}

export interface Seen {
  /** The row that spoke of it before; undefined when this is the first. */
  item(kind: string, externalId: string, row: number, digest: string): FirstSeen | undefined;
  debtor(
    externalId: string,
    row: number,
    digest: string,
    numbers: readonly ContactPointInput[],
  ): FirstSeen | undefined;
  numbersOf(externalId: string): GivenNumbers;
  keepNumbers(externalId: string, given: GivenNumbers): void;
  /** How often this text came so far, from 1. */
  count(text: string): number;
  hasItem(kind: string, externalId: string): boolean;
  hasDebtor(externalId: string): boolean;
  close(): void;
}

const TABLES = `
  pragma journal_mode = off;
  pragma synchronous = off;
  create table item (kind text not null, external_id text not null, row integer not null,
    digest text not null, primary key (kind, external_id)) strict, without rowid;
  create table debtor (external_id text primary key, row integer not null, digest text not null,
    first text, further text, waits integer) strict, without rowid;
  create table repeat (text text primary key, times integer not null) strict, without rowid;
  begin;`;

/** SQLite makes a database without a name in a temporary file, and takes it away at the end. */
const SCRATCH = "";

export function openSeen(): Seen {
  const db = new Database({ path: SCRATCH, durable: false });
  db.connection.exec(TABLES);
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
      return changes === 1 ? undefined : firstItem(kind, externalId);
    },
    debtor(externalId, row, digest, numbers) {
      const { changes } = db
        .sql("insert or ignore into debtor (external_id, row, digest, first) values (?, ?, ?, ?)")
        .run(externalId, row, digest, numbers.length === 0 ? null : JSON.stringify(numbers));
      return changes === 1 ? undefined : firstDebtor(externalId);
    },
    numbersOf(externalId) {
      const row = db.sql("select first, further, waits from debtor where external_id = ?").get(externalId) as
        | { readonly first: string | null; readonly further: string | null; readonly waits: number | null }
        | undefined;
      return { first: pointsOf(row?.first), further: pointsOf(row?.further), waits: row?.waits === 1 };
    },
    keepNumbers(externalId, { first, further, waits }) {
      db.sql("update debtor set first = ?, further = ?, waits = ? where external_id = ?").run(
        JSON.stringify(first),
        JSON.stringify(further),
        waits ? 1 : 0,
        externalId,
      );
    },
    count: (text) =>
      db
        .sql(
          `insert into repeat (text, times) values (?, 1)
           on conflict (text) do update set times = times + 1 returning times`,
        )
        .pluck()
        .get(text) as number,
    hasItem: (kind, externalId) => firstItem(kind, externalId) !== undefined,
    hasDebtor: (externalId) => firstDebtor(externalId) !== undefined,
    close: () => db.close(),
  };
}

function pointsOf(text: string | null | undefined): readonly ContactPointInput[] {
  return text == null ? [] : (JSON.parse(text) as ContactPointInput[]);
}
