/** The table of moves, the one function that makes them, and what every history has in common. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moveSegment } from "#gateway/messages/moves.ts";
import {
  assertMove,
  deriveMessageState,
  IllegalMove,
  SEGMENT_MOVES,
  type SegmentState,
} from "#gateway/messages/states.ts";
import { openStore, type Store } from "./store.ts";
import { message } from "./world.ts";

const STATES = Object.keys(SEGMENT_MOVES) as SegmentState[];

describe("the table", () => {
  test("what is not in it is refused", () => {
    expect(() => assertMove("delivered", "queued")).toThrow(IllegalMove);
    expect(() => assertMove("submitted", "queued")).toThrow("a segment cannot go from submitted to queued");
    expect(() => assertMove("queued", "submitting")).not.toThrow();
  });

  test("from a state in which the network may have it, only proof or a decision leads back to the queue", () => {
    const back = STATES.filter((state) => SEGMENT_MOVES[state].includes("queued"));
    expect(back.toSorted()).toEqual(["submitting", "unknown"]);
  });

  test("a message is as bad as its worst segment, and delivered means all of them", () => {
    expect(deriveMessageState(["delivered", "submitted"])).toBe("submitted");
    expect(deriveMessageState(["delivered", "queued"])).toBe("queued");
    expect(deriveMessageState(["failed", "queued"])).toBe("failed");
    expect(deriveMessageState(["unknown", "failed"])).toBe("unknown");
    expect(deriveMessageState(["delivered", "delivered"])).toBe("delivered");
  });
});

async function storeWith(segments: number): Promise<{ store: Store; id: string }> {
  const store = openStore();
  const text = segments === 1 ? "x" : "0123456789".repeat(15 * segments);
  const result = await store.messages.accept([message({ text })], { keyId: "key" });
  if (result.kind !== "accepted") throw new Error(result.kind);
  const [one] = result.messages;
  expect(one?.segments).toHaveLength(segments);
  return { store, id: one?.id ?? "" };
}

describe("moveSegment", () => {
  test("a segment that is not where it is said to be stays where it is", async () => {
    const { store, id } = await storeWith(1);
    const ref = { message: 1, segment: 1, segments: 1 };
    const moved = await store.ledger.write("claim", (entry) => [
      moveSegment(store.ledger, entry, ref, "submitting", "submitted"),
      moveSegment(store.ledger, entry, ref, "queued", "submitting"),
      moveSegment(store.ledger, entry, ref, "queued", "submitting"),
    ]);
    expect(moved).toEqual([false, true, false]);
    expect(await store.messages.get(id)).toMatchObject({ state: "submitting" });
    store.db.close();
  });

  test("what a failed transaction did is undone and told to nobody", async () => {
    const { store, id } = await storeWith(1);
    store.entries.length = 0;
    const ref = { message: 1, segment: 1, segments: 1 };
    const failing = store.ledger.write("claim", (entry) => {
      moveSegment(store.ledger, entry, ref, "queued", "cancelled");
      throw new Error("a defect");
    });
    const neighbour = store.messages.accept([message()], { keyId: "key" });
    await expect(failing).rejects.toThrow("a defect");
    expect((await neighbour).kind).toBe("accepted");
    expect(await store.messages.get(id)).toMatchObject({ state: "queued" });
    expect(store.entries.map(({ moves }) => moves.length)).toEqual([0]);
    expect(store.gauge.current("queued")).toBe(2);
    store.db.close();
  });

  const step = fc.record({ segment: fc.integer({ min: 1, max: 3 }), to: fc.constantFrom(...STATES) });

  test("any history: state derived, one event for each change of it, numbered without a gap", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 3), fc.array(step, { maxLength: 40 }), async (segments, steps) => {
        const { store, id } = await storeWith(segments);
        const states: SegmentState[] = Array(segments).fill("queued");
        const told: string[] = ["accepted"];
        for (const { segment, to } of steps) {
          const from = states[segment - 1];
          if (from === undefined || !SEGMENT_MOVES[from].includes(to)) continue;
          const ref = { message: 1, segment, segments };
          expect(
            await store.ledger.write("claim", (entry) => moveSegment(store.ledger, entry, ref, from, to)),
          ).toBe(true);
          states[segment - 1] = to;
          const derived = deriveMessageState(states);
          const last = told.at(-1) === "accepted" ? "queued" : told.at(-1);
          if (derived !== "submitting" && derived !== last) told.push(derived);
        }
        const found = await store.messages.get(id);
        expect(found?.state).toBe(deriveMessageState(states));
        expect(found?.segments.map(({ state }) => state)).toEqual(states);
        const row = store.db.sql("select state, events from message").get();
        expect(row).toEqual({ state: told.length === 1 ? "queued" : told.at(-1), events: told.length });
        for (const state of STATES) {
          const listed = await store.messages.list({ state, limit: 5 });
          expect(listed).toHaveLength(state === found?.state ? 1 : 0);
        }
        const events = await store.events.after(0, 100);
        expect(events.map(({ type }) => type)).toEqual(told.map((state) => `message.${state}`));
        expect(events.map(({ messageSequence }) => messageSequence)).toEqual(told.map((_, i) => i + 1));
        const open = (state: SegmentState): number => states.filter((one) => one === state).length;
        for (const state of ["queued", "submitting", "unknown"] as const)
          expect(store.gauge.current(state)).toBe(open(state));
        store.db.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe("the event log", () => {
  test("tells its listeners after the commit, with the newest sequence, and stops when asked to", async () => {
    const { store } = await storeWith(1);
    const heard: number[] = [];
    const leave = store.events.onAppended((sequence) => heard.push(sequence));
    await store.messages.accept([message(), message()], { keyId: "key" });
    expect(heard).toEqual([3]);
    expect(await store.events.lastSequence()).toBe(3);
    leave();
    await store.messages.accept([message()], { keyId: "key" });
    expect(heard).toEqual([3]);
    store.db.close();
  });

  test("is read from any place, by type, and one by its id", async () => {
    const { store, id } = await storeWith(1);
    await store.messages.cancel(id);
    const [, second] = await store.events.after(0, 10);
    expect(await store.events.after(1, 10)).toEqual([second]);
    expect(await store.events.after(0, 10, ["message.cancelled"])).toEqual([second]);
    expect(await store.events.after(0, 10, [])).toEqual([]);
    expect(await store.events.after(0, 1)).toHaveLength(1);
    expect(await store.events.get(second?.id ?? "")).toEqual(second);
    expect(second?.data).toMatchObject({ state: "cancelled", code: "cancelled_by_caller" });
    store.db.close();
  });
});
