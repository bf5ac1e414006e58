/**
 * What every kind of port shares: it is open until it is closed, once; a write after that throws; a
 * write that the other side does not take within a time ends the connection.
 */
import type { Clock } from "#shared/clock.ts";
import { type Port, PortClosed, type PortHandlers } from "./port.ts";

/** A modem that takes no bytes for so long has hung; real ones take a whole PDU in 0.4 s at 9600 baud. */
export const WRITE_TIMEOUT_MS = 10_000;

/** The bytes that may wait for a slow line: far more than one command, far less than a leak. */
export const WRITE_BACKLOG_BYTES_MAX = 65_536;

/** The part that differs from port to port. */
export interface Wire {
  /** Sends; `done` is called when the operating system has taken the bytes. */
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
  /** Lets go of the device at once, with what is unsent. Resolves when its lock is free; never rejects. */
  destroy(): Promise<void>;
}

export interface Connection extends Port {
  /** For the wire: bytes came in. */
  received(bytes: Uint8Array): void;
  /** For the wire: the connection is gone. */
  lost(reason: string): void;
}

export function createConnection(
  name: string,
  wire: Wire,
  handlers: PortHandlers,
  clock: Clock,
  writeTimeoutMs = WRITE_TIMEOUT_MS,
): Connection {
  let open = true;
  let destroyed: Promise<void> = Promise.resolve();
  let waitingBytes = 0;
  let cancelTimer: (() => void) | undefined;

  function end(reason: string): Promise<void> {
    if (open) {
      open = false;
      cancelTimer?.();
      destroyed = wire.destroy();
      handlers.closed(reason);
    }
    return destroyed;
  }

  function taken(length: number, error: Error | null | undefined): void {
    waitingBytes -= length;
    cancelTimer?.();
    cancelTimer = undefined;
    if (error) void end(error.message);
    else if (waitingBytes > 0 && open) watch();
  }

  function watch(): void {
    cancelTimer = clock.timer(writeTimeoutMs, () => {
      void end(`the device took no bytes for ${writeTimeoutMs / 1000} s`);
    });
  }

  return {
    name,
    write(bytes) {
      if (!open) throw new PortClosed(`${name} is closed`);
      if (waitingBytes + bytes.length > WRITE_BACKLOG_BYTES_MAX) {
        void end("the device takes bytes too slowly");
        throw new PortClosed(`${name} takes bytes too slowly and was closed`);
      }
      waitingBytes += bytes.length;
      wire.write(bytes, (error) => taken(bytes.length, error));
      // Mostly the bytes are taken at once, and no timer is needed.
      if (waitingBytes > 0 && cancelTimer === undefined && open) watch();
    },
    close: () => end("closed by us"),
    received(bytes) {
      if (open) handlers.data(bytes);
    },
    lost(reason) {
      void end(reason);
    },
  };
}
