/**
 * Reading and writing an open serial device, below serialport's stream layer, on the binding that
 * serialport itself exports. Measured on ptys that answer at once, whole submits a second, and CPU
 * seconds per 1,000 of them:
 *
 *     ptys            1               8               32
 *     streams         1,700  0.49     3,400  0.25     5,800  0.19
 *     this file       3,400  0.17    12,500  0.07    10,900  0.08
 *
 * The streams read and write through the thread pool and ask again until EAGAIN; here a read follows
 * the poller's word, and a write is tried at once. The stream layer also asks for ever, without pause,
 * when a read gives zero bytes, which is how a terminal says that it was hung up (termios(3)).
 */
import { readSync, writeSync } from "node:fs";
import type { Connection, Wire } from "./connection.ts";

/** What serialport's bindings for Linux and macOS have beside their public interface. */
export interface PolledPort {
  readonly fd: number;
  readonly poller: {
    on(event: "readable" | "writable", listener: (error: Error | null) => void): unknown;
    /** Says once when any of the events is there. A later call replaces the events of an earlier one. */
    poll(events: number): void;
  };
}

/** Its public interface. */
export interface BoundPort {
  readonly isOpen: boolean;
  read(buffer: Buffer, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  close(): Promise<void>;
}

export function isPolled(port: object): port is PolledPort {
  return "fd" in port && typeof port.fd === "number" && "poller" in port;
}

const READABLE = 1;
const WRITABLE = 2;

const POOL_BYTES = 16_384;
/** With less room than this, a new pool is begun: what was read belongs to the receiver. */
const ROOM_BYTES_MIN = 1_024;

type Receiver = Pick<Connection, "received" | "lost">;

/** The fast way. `start` begins reading. */
export function polledWire(port: BoundPort & PolledPort): Wire & { start(receiver: Receiver): void } {
  let pool = Buffer.allocUnsafe(POOL_BYTES);
  let used = 0;
  let receiver: Receiver | undefined;
  const waiting: { readonly bytes: Uint8Array; readonly done: (error?: Error) => void }[] = [];
  let written = 0;

  const arm = (): void => {
    if (port.isOpen) port.poller.poll(waiting.length > 0 ? READABLE | WRITABLE : READABLE);
  };

  function gone(reason: string): void {
    receiver?.lost(`the device is gone (${reason})`);
  }

  function readable(error: Error | null): void {
    if (!port.isOpen) return;
    if (error) {
      gone(error.message);
      return;
    }
    if (POOL_BYTES - used < ROOM_BYTES_MIN) {
      pool = Buffer.allocUnsafe(POOL_BYTES);
      used = 0;
    }
    const count = attempt(() => readSync(port.fd, pool, used, POOL_BYTES - used, null));
    if (count instanceof Error || count === 0) {
      gone(count === 0 ? "it hung up" : count.message);
      return;
    }
    arm();
    if (count === undefined) return;
    const bytes = pool.subarray(used, used + count);
    used += count;
    outOfNativeFrame(() => receiver?.received(bytes));
  }

  function flush(): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const { bytes, done } = first;
      const count = attempt(() => writeSync(port.fd, bytes, written));
      if (count === undefined) {
        arm();
        return;
      }
      if (count instanceof Error) {
        waiting.length = 0;
        done(count);
        return;
      }
      written += count;
      if (written < bytes.length) continue;
      waiting.shift();
      written = 0;
      done();
    }
  }

  return {
    start(given) {
      receiver = given;
      port.poller.on("readable", readable);
      port.poller.on("writable", (error) => {
        if (!error && port.isOpen) outOfNativeFrame(flush);
      });
      arm();
    },
    write(bytes, done) {
      waiting.push({ bytes, done });
      if (waiting.length === 1) flush();
    },
    async destroy() {
      waiting.length = 0;
      if (port.isOpen) await port.close().catch(() => undefined);
    },
  };
}

/** The way by the public interface alone, for platforms without a poller. */
export function promisedWire(port: BoundPort): Wire & { start(receiver: Receiver): void } {
  async function readOn(receiver: Receiver): Promise<void> {
    while (port.isOpen) {
      const buffer = Buffer.allocUnsafe(POOL_BYTES);
      const { bytesRead } = await port.read(buffer, 0, POOL_BYTES);
      receiver.received(buffer.subarray(0, bytesRead));
    }
  }
  let last = Promise.resolve();
  return {
    start(receiver) {
      readOn(receiver).catch((error: Error) => receiver.lost(`the device is gone (${error.message})`));
    },
    write(bytes, done) {
      last = last.then(() => port.write(Buffer.from(bytes))).then(() => done(), done);
    },
    async destroy() {
      if (port.isOpen) await port.close().catch(() => undefined);
    },
  };
}

/** The count; undefined when it would have to wait; the error when the device is gone. */
function attempt(call: () => number): number | undefined | Error {
  try {
    return call();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EAGAIN" || code === "EINTR" ? undefined : (error as Error);
  }
}

/** An error thrown through the binding's C++ frames would be lost; thrown from here it is seen. */
function outOfNativeFrame(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
