/** The contract of the store of messages: what any other store of them must keep, too. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IDEMPOTENCY_KEPT_MS, pruneIdempotency } from "#gateway/messages/idempotency.ts";
import type { AcceptContext, AcceptResult, Message } from "#gateway/messages/types.ts";
import { SmsTextError } from "#shared/sms-text.ts";
import { openStore, type Store } from "./store.ts";
import { message, number } from "./world.ts";

let store: Store;
const KEY: AcceptContext = { keyId: "key" };
const LONG = "A text that is too long for one segment. ".repeat(8);

beforeEach(() => {
  store = openStore({ queuedSegmentsMax: 1_200 });
});
afterEach(() => store.db.close());

async function accept(...texts: string[]): Promise<readonly Message[]> {
  const result = await store.messages.accept(
    texts.map((text, i) => message({ text, to: number(i) })),
    KEY,
  );
  return accepted(result);
}

function accepted(result: AcceptResult): readonly Message[] {
  if (result.kind !== "accepted" && result.kind !== "replayed") throw new Error(result.kind);
  return result.messages;
}

function withKey(key: string, bodyHash = "h1", keyId = "key"): AcceptContext {
  return { keyId, idempotency: { key, bodyHash } };
}

function count(table: string): number {
  return (store.db.sql(`select count(*) as n from ${table}`).get() as { n: number }).n;
}

describe("accept", () => {
  test("what it answers is what is stored", async () => {
    const given = message({
      text: LONG,
      priority: 7,
      notBefore: 5,
      notAfter: 9_999_999_999_999,
      validitySeconds: 3_600,
      class: 1,
      sim: "8949",
      reference: "4711",
      metadata: { a: "1" },
      onUnknown: "resend",
      transliterate: true,
    });
    const [answered] = accepted(await store.messages.accept([given], KEY));
    expect(answered).toMatchObject(given);
    expect(answered?.segments).toHaveLength(3);
    expect(await store.messages.get(answered?.id ?? "")).toEqual(answered);
  });

  test("a batch is stored whole or not at all", async () => {
    const wrong = message({ text: "half a pair: \ud83d" });
    await expect(store.messages.accept([message(), wrong], KEY)).rejects.toBeInstanceOf(SmsTextError);
    expect(count("message")).toBe(0);
    const all = accepted(
      await store.messages.accept(
        Array.from({ length: 1_000 }, (_, i) => message({ to: number(i) })),
        KEY,
      ),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1_000);
    expect(count("event")).toBe(1_000);
  });

  test("is refused when the outbox is full, also within one turn, and possible again when it is not", async () => {
    const first = await accept(...Array.from({ length: 1_199 }, () => "x"));
    const both = await Promise.all([
      store.messages.accept([message()], KEY),
      store.messages.accept([message()], KEY),
    ]);
    expect(both.map(({ kind }) => kind)).toEqual(["accepted", "full"]);
    await store.messages.cancel(first[0]?.id ?? "");
    expect((await store.messages.accept([message()], KEY)).kind).toBe("accepted");
    expect(await store.messages.countQueued()).toBe(1_200);
  });
});

describe("an idempotency key", () => {
  test("with the same body answers with the messages of then, as they are now", async () => {
    const first = accepted(
      await store.messages.accept([message(), message({ to: number(2) })], withKey("a")),
    );
    await store.messages.cancel(first[0]?.id ?? "");
    const again = await store.messages.accept([message(), message({ to: number(2) })], withKey("a"));
    expect(again.kind).toBe("replayed");
    expect(accepted(again).map(({ id, state }) => [id, state])).toEqual([
      [first[0]?.id, "cancelled"],
      [first[1]?.id, "queued"],
    ]);
    expect(count("message")).toBe(2);
  });

  test("twice in one turn makes one message", async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, () => store.messages.accept([message()], withKey("a"))),
    );
    expect(all.map(({ kind }) => kind).toSorted()).toEqual(["accepted", ...Array(49).fill("replayed")]);
    expect(new Set(all.map((one) => accepted(one)[0]?.id)).size).toBe(1);
    expect(count("message")).toBe(1);
  });

  test("with another body is a conflict; of another API key it is another key", async () => {
    await store.messages.accept([message()], withKey("a"));
    expect((await store.messages.accept([message()], withKey("a", "h2"))).kind).toBe("conflict");
    expect((await store.messages.accept([message()], withKey("a", "h2", "other"))).kind).toBe("accepted");
  });

  test("is answered also when the outbox is full", async () => {
    await store.messages.accept([message()], withKey("a"));
    await accept(...Array.from({ length: 1_199 }, () => "x"));
    expect((await store.messages.accept([message()], withKey("a"))).kind).toBe("replayed");
    expect((await store.messages.accept([message()], withKey("b"))).kind).toBe("full");
  });

  test("is kept for seven days, then pruned, then free", async () => {
    await store.messages.accept([message()], withKey("a"));
    store.clock.jumpWall(IDEMPOTENCY_KEPT_MS - 1);
    expect((await store.messages.accept([message()], withKey("a"))).kind).toBe("replayed");
    expect(await pruneIdempotency(store.db, store.clock.now())).toBe(0);
    store.clock.jumpWall(1);
    expect((await store.messages.accept([message()], withKey("a"))).kind).toBe("accepted");
    store.clock.jumpWall(IDEMPOTENCY_KEPT_MS);
    expect(await pruneIdempotency(store.db, store.clock.now())).toBe(1);
    expect(count("idempotency")).toBe(0);
  });
});

describe("get and list", () => {
  test("a message of another key is not found", async () => {
    const [one] = await accept("x");
    expect(await store.messages.get(one?.id ?? "", "other")).toBeUndefined();
    expect(await store.messages.get(one?.id ?? "", "key")).toEqual(one);
    expect(await store.messages.get("msg_none")).toBeUndefined();
  });

  test("pages go from newest to oldest and miss nothing, also within one millisecond", async () => {
    const all = [...(await accept(...Array.from({ length: 25 }, (_, i) => `${i}`)))];
    await store.clock.advance(5);
    all.push(...(await accept("later")));
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.messages.list({ limit: 7, ...(after === undefined ? {} : { after }) });
      seen.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
      if (page.length < 7) break;
    }
    expect(seen).toEqual(all.map(({ id }) => id).toReversed());
  });

  test.each([
    [{ to: number(1) }, ["b"]],
    [{ reference: "r" }, ["b"]],
    [{ state: "cancelled" as const }, ["a"]],
    [{ state: "submitting" as const }, []],
    [{ keyId: "other" }, ["d"]],
    [{ acceptedFrom: 2_000 }, ["d", "c"]],
    [{ acceptedUntil: 2_000 }, ["b", "a"]],
    [{ acceptedFrom: 2_000, keyId: "key", state: "queued" as const, to: number(2) }, ["c"]],
  ])("filter %j", async (filter, texts) => {
    store.clock.jumpWall(1_000 - store.clock.now());
    const [a] = accepted(await store.messages.accept([message({ text: "a", to: number(0) })], KEY));
    await store.messages.accept([message({ text: "b", to: number(1), reference: "r" })], KEY);
    store.clock.jumpWall(1_000);
    await store.messages.accept([message({ text: "c", to: number(2) })], KEY);
    await store.messages.accept([message({ text: "d", to: number(3) })], { keyId: "other" });
    await store.messages.cancel(a?.id ?? "");
    const found = await store.messages.list({ limit: 10, ...filter });
    expect(found.map(({ text }) => text)).toEqual(texts);
  });

  test("every filter is served by an index", async () => {
    const filters = ["recipient", "reference", "state", "key_id"].map((column) => `where ${column} = 'x'`);
    for (const where of ["", ...filters]) {
      const plan = store.db
        .sql(
          `explain query plan select * from message ${where} order by accepted_at desc, number desc limit 10`,
        )
        .all() as { detail: string }[];
      expect(plan.map(({ detail }) => detail).join(), where).toMatch(/USING INDEX/);
      expect(plan.map(({ detail }) => detail).join(), where).not.toMatch(/TEMP B-TREE/);
    }
  });
});

describe("cancel", () => {
  test("takes back what waits, once, and tells of it", async () => {
    const [one] = await accept(LONG);
    expect(await store.messages.cancel(one?.id ?? "", "other")).toEqual({ kind: "not-found" });
    const cancelled = await store.messages.cancel(one?.id ?? "", "key");
    expect(cancelled).toMatchObject({ kind: "cancelled", message: { state: "cancelled" } });
    expect((await store.messages.cancel(one?.id ?? "")).kind).toBe("too-late");
    const events = await store.events.after(0, 10);
    expect(events.map(({ type }) => type)).toEqual(["message.accepted", "message.cancelled"]);
  });
});
