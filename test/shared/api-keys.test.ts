import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  API_KEY_TABLE,
  type ApiKeys,
  createApiKeys,
  createKeyText,
  hasScope,
  isKeyText,
} from "#shared/api-keys.ts";
import { createIds } from "#shared/ids.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";

let folder: string;
let db: Database;
let clock: SimulatedClock;
let keys: ApiKeys;

function keysOn(database: Database, seed = 1): ApiKeys {
  const random = seededRandom(seed);
  return createApiKeys({ db: database, clock, random, ids: createIds(clock, random) });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-keys-"));
  db = new Database({ path: join(folder, "keys.db") });
  db.connection.exec(API_KEY_TABLE);
  clock = new SimulatedClock();
  keys = keysOn(db);
});

afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

test("a key opens the door with the scopes it was given", async () => {
  const { text, key } = await keys.create({ name: "shop", scopes: ["messages:write"] });
  expect(text).toMatch(/^dunlin_[0-9A-Za-z]{49}$/);
  expect(keys.authenticate(text)).toMatchObject({ id: key.id, name: "shop", scopes: ["messages:write"] });
  expect(keys.authenticate(createKeyText(seededRandom(2)))).toBeUndefined();
});

test("the database holds no key, only its hash", async () => {
  const { text } = await keys.create({ name: "shop", scopes: [] });
  const rows = JSON.stringify(db.connection.prepare("select * from api_key").all());
  expect(rows).not.toContain(text);
  expect(rows).not.toContain(text.slice(12));
});

test("a revoked key and an expired one open nothing", async () => {
  const lasting = await keys.create({ name: "a", scopes: [] });
  const brief = await keys.create({ name: "b", scopes: [], expiresAt: clock.now() + 1_000 });
  expect(keys.authenticate(brief.text)).toBeDefined();
  await clock.advance(1_000);
  expect(keys.authenticate(brief.text)).toBeUndefined();
  expect(keys.authenticate(lasting.text)).toBeDefined();
  expect(await keys.revoke(lasting.key.id)).toBe(true);
  expect(await keys.revoke(lasting.key.id)).toBe(false);
  expect(keys.authenticate(lasting.text)).toBeUndefined();
});

test("what another process does to the keys is noticed", async () => {
  const { text, key } = await keys.create({ name: "a", scopes: [] });
  expect(keys.authenticate(text)).toBeDefined();
  const otherDb = new Database({ path: join(folder, "keys.db") });
  const other = keysOn(otherDb, 3);
  const made = await other.create({ name: "b", scopes: [] });
  expect(keys.authenticate(made.text)).toMatchObject({ name: "b" });
  await other.revoke(key.id);
  otherDb.close();
  await clock.advance(250);
  expect(keys.authenticate(text)).toBeUndefined();
});

test("the last use is kept to the minute", async () => {
  const { text, key } = await keys.create({ name: "a", scopes: [] });
  keys.authenticate(text);
  await clock.advance(59_000);
  keys.authenticate(text);
  await clock.advance(0);
  const first = keys.get(key.id)?.lastUsedAt;
  expect(first).toBe(key.createdAt);
  await clock.advance(1_000);
  keys.authenticate(text);
  await clock.advance(0);
  expect(keys.get(key.id)?.lastUsedAt).toBe(key.createdAt + 60_000);
});

test("one changed, missing or added character makes it no key", () => {
  const text = createKeyText(seededRandom(7));
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom("a", "Z", "0", "_", " "), (at, character) => {
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      return changed === text || !isKeyText(changed);
    }),
  );
  expect(isKeyText(text)).toBe(true);
  expect(isKeyText(text.slice(0, -1))).toBe(false);
  expect(isKeyText(`${text}a`)).toBe(false);
});

test("admin holds every scope", () => {
  expect(hasScope(["admin"], "messages:write")).toBe(true);
  expect(hasScope(["messages:read"], "messages:write")).toBe(false);
});
