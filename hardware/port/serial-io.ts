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

/** A wire of a device; `start` begins reading. */
export interface SerialWire extends Wire {
  start(receiver: Receiver): void;
}

/** The fast way. */
export class PolledWire implements SerialWire {
  readonly #port: BoundPort & PolledPort;
  #receiver: Receiver | undefined;
  #pool = Buffer.allocUnsafe(POOL_BYTES);
  #used = 0;
  readonly #waiting: { readonly bytes: Uint8Array; readonly done: (error?: Error) => void }[] = [];
  /** Of the first that waits. */
  #written = 0;

  constructor(port: BoundPort & PolledPort) {
    this.#port = port;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#port.poller.on("readable", (error) => this.#readable(error));
    this.#port.poller.on("writable", (error) => {
      if (!error && this.#port.isOpen) outOfNativeFrame(() => this.#flush());
    });
    this.#arm();
  }

  write(bytes: Uint8Array, done: (error?: Error) => void): void {
    this.#waiting.push({ bytes, done });
    if (this.#waiting.length === 1) this.#flush();
  }

  async destroy(): Promise<void> {
    this.#waiting.length = 0;
    if (this.#port.isOpen) await this.#port.close().catch(() => undefined);
  }

  #arm(): void {
    if (this.#port.isOpen) this.#port.poller.poll(this.#waiting.length > 0 ? READABLE | WRITABLE : READABLE);
  }

  #readable(error: Error | null): void {
    if (!this.#port.isOpen) return;
    if (POOL_BYTES - this.#used < ROOM_BYTES_MIN) {
      this.#pool = Buffer.allocUnsafe(POOL_BYTES);
      this.#used = 0;
    }
    const count =
      error ?? attempt(() => readSync(this.#port.fd, this.#pool, this.#used, POOL_BYTES - this.#used, null));
    if (count instanceof Error || count === 0) {
      this.#receiver?.lost(`the device is gone (${count === 0 ? "it hung up" : count.message})`);
      return;
    }
    this.#arm();
    if (count === undefined) return;
    const bytes = this.#pool.subarray(this.#used, this.#used + count);
    this.#used += count;
    outOfNativeFrame(() => this.#receiver?.received(bytes));
  }

  #flush(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const { bytes, done } = first;
      const count = attempt(() => writeSync(this.#port.fd, bytes, this.#written));
      if (count === undefined) {
        this.#arm();
        return;
      }
      if (count instanceof Error) {
        this.#waiting.length = 0;
        done(count);
        return;
      }
      this.#written += count;
      if (this.#written < bytes.length) continue;
      this.#waiting.shift();
      this.#written = 0;
      done();
    }
  }
}

/**
 * The way by the public interface alone, for platforms without a poller. A terminal that hangs up with
 * zero bytes instead of an error is not noticed by it: the binding goes on asking.
 */
export function promisedWire(port: BoundPort): SerialWire {
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
