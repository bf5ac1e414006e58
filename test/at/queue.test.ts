/** The order on the wire. */
import { expect, test } from "vitest";
import { createWireQueue } from "#hardware/at/queue.ts";

test("one at a time; a submit goes before everything that can wait", async () => {
  const queue = createWireQueue();
  const order: string[] = [];
  let running = 0;
  const job = (name: string) => async () => {
    expect(++running).toBe(1);
    order.push(name);
    await Promise.resolve();
    running--;
  };
  expect(queue.isIdle).toBe(true);
  const all = [
    queue.add("housekeeping", job("first, because nothing ran")),
    queue.add("housekeeping", job("housekeeping")),
    queue.add("mailbox", job("mailbox")),
    queue.add("submit", job("submit")),
    queue.add("acknowledge", job("acknowledge")),
    queue.add("mailbox", job("mailbox 2")),
  ];
  expect(queue.submitsWaiting).toBe(1);
  expect(queue.isIdle).toBe(false);
  await Promise.all(all);
  expect(order).toEqual([
    "first, because nothing ran",
    "acknowledge",
    "submit",
    "mailbox",
    "mailbox 2",
    "housekeeping",
  ]);
});

test("an error belongs to its job alone", async () => {
  const queue = createWireQueue();
  await expect(queue.add("mailbox", () => Promise.reject(new Error("boom")))).rejects.toThrow("boom");
  expect(await queue.add("mailbox", async () => 7)).toBe(7);
});
