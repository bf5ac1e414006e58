/**
 * A port without a wire: octets go over in their order, asynchronously and without timers, so that a
 * simulated clock stands still while host and modem talk.
 */
import { type OpenPort, type Port, PortClosed, PortError, type PortHandlers } from "#hardware/port/port.ts";
import type { OpenRefusal } from "#hardware/simulator/modem/port-guard.ts";
import type { Socket, WireEnd } from "#hardware/simulator/modem/terminal.ts";
import type { Random } from "#shared/random.ts";

export interface Pluggable {
  readonly name: string;
  readonly present: boolean;
  onPresence(listener: (present: boolean) => void): () => void;
}

export interface InProcessOptions {
  /** Cuts what the modem writes into pieces of random length, as USB and UARTs do. */
  readonly chunks?: Random;
  /** Why the port cannot be opened now. */
  readonly refusal?: () => OpenRefusal | undefined;
}

const CHUNK_MAX = 64;
const REFUSALS = { busy: "EBUSY", denied: "EACCES", failed: "EIO" } as const;

export function inProcessPort(modem: Pluggable, socket: Socket, options: InProcessOptions = {}): OpenPort {
  return async (handlers) => {
    if (!modem.present) throw new PortError("missing", `simulated modem ${modem.name} is not plugged in`);
    const refused = options.refusal?.();
    if (refused !== undefined) {
      throw new PortError(refused, `simulated modem ${modem.name} cannot be opened: ${REFUSALS[refused]}`);
    }
    const port = new InProcessPort(modem, handlers, options);
    const end = socket.attach({ write: (text) => port.fromModem(text) });
    if (end === undefined) {
      throw new PortError("busy", `simulated modem ${modem.name} is open already; close the other one first`);
    }
    port.begin(end);
    return port;
  };
}

class InProcessPort implements Port {
  readonly name: string;
  readonly #modem: Pluggable;
  readonly #handlers: PortHandlers;
  readonly #chunks: Random | undefined;
  #end: WireEnd | undefined;
  #stopWatching: () => void = () => undefined;
  /** No octet goes to the modem any more. */
  #closed = false;
  /** No octet goes to the host any more: it closed the port itself, or was told that it is gone. */
  #silent = false;

  constructor(modem: Pluggable, handlers: PortHandlers, options: InProcessOptions) {
    this.name = `simulator:${modem.name}`;
    this.#modem = modem;
    this.#handlers = handlers;
    this.#chunks = options.chunks;
  }

  begin(end: WireEnd): void {
    this.#end = end;
    this.#stopWatching = this.#modem.onPresence((present) => {
      if (!present) this.#shut("unplugged");
    });
  }

  write(bytes: Uint8Array): void {
    if (this.#closed) throw new PortClosed(`${this.name} is closed`);
    const text = Buffer.from(bytes).toString("latin1");
    queueMicrotask(() => {
      if (!this.#closed) this.#end?.receive(text);
    });
  }

  async close(): Promise<void> {
    this.#shut("closed");
    this.#silent = true;
  }

  fromModem(text: string): void {
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.length; ) {
      const size = this.#chunks ? this.#chunks.int(1, CHUNK_MAX) : bytes.length;
      const chunk = Uint8Array.from(bytes.subarray(at, at + size));
      at += size;
      queueMicrotask(() => {
        if (!this.#silent) this.#handlers.data(chunk);
      });
    }
  }

  #shut(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end?.detach();
    this.#stopWatching();
    queueMicrotask(() => {
      this.#silent = true;
      this.#handlers.closed(reason);
    });
  }
}
