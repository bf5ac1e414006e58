import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GATEWAY_MIGRATIONS } from "#gateway/database.ts";
import { Database, dumpSchema } from "#shared/sqlite.ts";

test("gateway/schema.sql is what the migrations make; `vitest run test/gateway/schema.test.ts -u` writes it anew", async () => {
  const db = new Database({ path: ":memory:", migrations: GATEWAY_MIGRATIONS });
  const schema = dumpSchema(db.connection);
  db.close();
  await expect(schema).toMatchFileSnapshot(join(import.meta.dirname, "../../gateway/schema.sql"));
});

test("every table is strict", () => {
  const db = new Database({ path: ":memory:", migrations: GATEWAY_MIGRATIONS });
  const loose = db
    .sql("select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0")
    .all() as { name: string }[];
  expect(loose.filter(({ name }) => !name.startsWith("sqlite_"))).toEqual([]);
  db.close();
});

test("migrations are numbered, and no number comes twice", () => {
  const numbers = readdirSync(GATEWAY_MIGRATIONS).map((name) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
});
