/** Packs that an operator wrote, by version; the newest of a jurisdiction replaces the shipped one. */
import type { Database } from "#shared/sqlite.ts";
import { PackDocument } from "./rows.ts";

export interface PackStore {
  /** Returns the version; the newest one again when nothing changed. */
  save(document: PackDocument, by: string, now: number): Promise<number>;
  latest(): Promise<readonly PackDocument[]>;
}

export function createPackStore(db: Database): PackStore {
  return {
    save: (document, by, now) =>
      db.write(() => {
        const text = JSON.stringify(document);
        const known = db
          .sql("select version, document from law_pack where jurisdiction = ? order by version desc limit 1")
          .get(document.jurisdiction) as { version: number; document: string } | undefined;
        if (known?.document === text) return known.version;
        const version = (known?.version ?? 0) + 1;
        db.sql(
          "insert into law_pack (jurisdiction, version, document, created_at, created_by) values (?, ?, ?, ?, ?)",
        ).run(document.jurisdiction, version, text, now, by);
        return version;
      }),
    latest: async () => {
      const rows = db
        .sql(
          `select document from law_pack p where version =
             (select max(version) from law_pack where jurisdiction = p.jurisdiction)`,
        )
        .pluck()
        .all() as string[];
      return rows.map((text) => PackDocument.parse(JSON.parse(text)));
    },
  };
}
