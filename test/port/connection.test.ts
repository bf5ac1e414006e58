/** What every port keeps: open until closed, once; a closed one takes nothing. */
import { beforeEach, expect, test } from "vitest";
import { createConnection, WRITE_BACKLOG_BYTES_MAX, WRITE_TIMEOUT_MS } from "#hardware/port/connection.ts";
import { PortClosed } from "#hardware/port/port.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

let clock: SimulatedClock;
let closings: string[];
let data: number;
let destroyed: number;
let dones: ((error?: Error) => void)[];

function connection() {
  const wire = {
    write: (_bytes: Uint8Array, done: (error?: Error) => void) => void dones.push(done),
    destroy: async () => void destroyed++,
  };
  const handlers = {
    data: () => void data++,
    closed: (reason: string) => void closings.push(reason),
  };
  return createConnection("p", wire, handlers, clock);
}

beforeEach(() => {
  clock = new SimulatedClock();
  closings = [];
  dones = [];
  data = 0;
  destroyed = 0;
});

test("closed is said once, whoever closes first, and nothing comes after it", async () => {
  const port = connection();
  port.received(Uint8Array.of(1));
  await port.close();
  port.lost("unplugged");
  port.received(Uint8Array.of(2));
  await port.close();
  expect(closings).toEqual(["closed by us"]);
  expect(destroyed).toBe(1);
  expect(data).toBe(1);
});

test("a write to a closed port throws, so that nothing waits for the next opening", () => {
  const port = connection();
  port.lost("unplugged");
  expect(() => port.write(Uint8Array.of(1))).toThrow(PortClosed);
  expect(dones).toEqual([]);
});

test("a device that takes no bytes is let go of after a time", async () => {
  const port = connection();
  port.write(Uint8Array.of(1));
  port.write(Uint8Array.of(2));
  await clock.advance(WRITE_TIMEOUT_MS / 2);
  dones[0]?.();
  await clock.advance(WRITE_TIMEOUT_MS - 1);
  expect(closings).toEqual([]);
  await clock.advance(1);
  expect(closings).toEqual(["the device took no bytes for 10 s"]);
  expect(() => port.write(Uint8Array.of(3))).toThrow(PortClosed);
});

test("a device that takes its bytes leaves no timer behind", async () => {
  const port = connection();
  port.write(Uint8Array.of(1));
  dones[0]?.();
  expect(clock.nextTimerMs()).toBeUndefined();
});

test("a failing write ends the connection", () => {
  const port = connection();
  port.write(Uint8Array.of(1));
  dones[0]?.(new Error("EIO"));
  expect(closings).toEqual(["EIO"]);
});

test("what may wait is bounded", () => {
  const port = connection();
  port.write(new Uint8Array(WRITE_BACKLOG_BYTES_MAX));
  expect(() => port.write(Uint8Array.of(1))).toThrow(PortClosed);
  expect(closings).toEqual(["the device takes bytes too slowly"]);
});
