import { resolve } from "node:path";
import { expect, test } from "vitest";
import { Database, dumpSchema } from "#shared/sqlite.ts";
import { MIGRATIONS } from "./support.ts";

test("schema.sql is what the migrations make (vitest -u writes it)", async () => {
  const db = new Database({ path: ":memory:", migrations: MIGRATIONS });
  const head =
    "-- Made by the migrations; do not edit. `vitest run test/scheduler/ledger/schema.test.ts -u`\n\n";
  await expect(head + dumpSchema(db.connection)).toMatchFileSnapshot(resolve("scheduler/schema.sql"));
  db.close();
});

test("every table is strict", () => {
  const db = new Database({ path: ":memory:", migrations: MIGRATIONS });
  const loose = db
    .sql("select name from pragma_table_list where schema = 'main' and strict = 0")
    .pluck()
    .all();
  expect(loose).toEqual(["sqlite_schema"]);
  db.close();
});
