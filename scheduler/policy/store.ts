/** Policies and their assignments in SQLite. A version is written once; an edit is the next version. */
import { createHash } from "node:crypto";
import type { LocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { PolicyDocument } from "./document.ts";

export interface StoredPolicy {
  readonly name: string;
  readonly version: number;
  readonly document: PolicyDocument;
  readonly createdAt: number;
  readonly createdBy: string;
}

export interface Assignment {
  /** External id of a creditor, or "*" for any. */
  readonly creditor: string;
  /** "*" for any. */
  readonly segment: string;
  readonly policy: string;
  readonly since: LocalDate;
}

export interface PolicyStore {
  /** The newest version when the document is what it was; else the next one. */
  save(document: PolicyDocument, by: string, now: number): Promise<StoredPolicy>;
  latest(): Promise<readonly StoredPolicy[]>;
  /** The newest version that this one wrote. */
  latestBy(name: string, by: string): Promise<StoredPolicy | undefined>;
  find(name: string, version: number): Promise<StoredPolicy | undefined>;
  assignments(): Promise<readonly Assignment[]>;
  /** @throws RangeError when there is no such policy */
  assign(assignment: Assignment, by: string, now: number): Promise<void>;
  unassign(creditor: string, segment: string): Promise<boolean>;
}

interface Row {
  readonly name: string;
  readonly version: number;
  readonly document: string;
  readonly created_at: number;
  readonly created_by: string;
}

const LATEST = `select name, version, document, created_at, created_by from policy_version p
  where version = (select max(version) from policy_version where name = p.name)`;

export function createPolicyStore(db: Database): PolicyStore {
  const newest = (name: string): (Row & { sha256: string }) | undefined =>
    db.sql("select * from policy_version where name = ? order by version desc limit 1").get(name) as
      | (Row & { sha256: string })
      | undefined;
  return {
    save: (document, by, now) =>
      db.write(() => {
        const text = JSON.stringify(document);
        const sha256 = createHash("sha256").update(text).digest("hex");
        const known = newest(document.name);
        if (known?.sha256 === sha256) return stored(known);
        const version = (known?.version ?? 0) + 1;
        const row = { name: document.name, version, document: text, created_at: now, created_by: by };
        db.sql(
          `insert into policy_version (name, version, document, sha256, created_at, created_by)
           values (?, ?, ?, ?, ?, ?)`,
        ).run(row.name, version, text, sha256, now, by);
        return stored(row);
      }),
    latest: async () => (db.sql(`${LATEST} order by name`).all() as Row[]).map(stored),
    latestBy: async (name, by) => {
      const row = db
        .sql("select * from policy_version where name = ? and created_by = ? order by version desc limit 1")
        .get(name, by);
      return row === undefined ? undefined : stored(row as Row);
    },
    find: async (name, version) => {
      const row = db.sql("select * from policy_version where name = ? and version = ?").get(name, version);
      return row === undefined ? undefined : stored(row as Row);
    },
    assignments: async () =>
      db
        .sql("select creditor, segment, policy, since from policy_assignment order by creditor, segment")
        .all() as Assignment[],
    assign: ({ creditor, segment, policy, since }, by, now) =>
      db.write(() => {
        if (newest(policy) === undefined) throw new RangeError(`there is no policy "${policy}"`);
        db.sql(
          `insert into policy_assignment (creditor, segment, policy, since, assigned_at, assigned_by)
           values (?, ?, ?, ?, ?, ?)
           on conflict (creditor, segment) do update set policy = excluded.policy,
             since = case when policy = excluded.policy then since else excluded.since end,
             assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by`,
        ).run(creditor, segment, policy, since, now, by);
      }),
    unassign: (creditor, segment) =>
      db.write(
        () =>
          db.sql("delete from policy_assignment where creditor = ? and segment = ?").run(creditor, segment)
            .changes > 0,
      ),
  };
}

/** Two documents that say the same; both came out of the schema, so their members stand in one order. */
export function sameDocument(a: PolicyDocument, b: PolicyDocument): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function stored(row: Row): StoredPolicy {
  return {
    name: row.name,
    version: row.version,
    document: PolicyDocument.parse(JSON.parse(row.document)),
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
