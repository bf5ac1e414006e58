/**
 * The smallest interface to bytes. A port object serves one connection: it is opened once, and once
 * closed it is thrown away. A write to a closed port throws, because a serial library that keeps the
 * bytes and sends them after the next opening would put a ghost message on the air.
 */

export interface PortHandlers {
  /** Bytes as they came, in order, split anywhere. The array is the receiver's to keep. */
  readonly data: (bytes: Uint8Array) => void;
  /** Called exactly once, also after `close()`; nothing comes after it. */
  readonly closed: (reason: string) => void;
}

export interface Port {
  /** Where it leads, for people and logs: `/dev/ttyUSB2`, `tcp://10.0.0.7:3001`, `unix:/run/m0`. */
  readonly name: string;
  /** Queues bytes in order. @throws PortClosed */
  write(bytes: Uint8Array): void;
  /** Resolves when the port is closed and its lock is free. Never rejects; may be called again. */
  close(): Promise<void>;
}

export interface OpenPort {
  /** Opens one connection. @throws PortError when it cannot be opened. */
  (handlers: PortHandlers): Promise<Port>;
  /** The way to another AT port of the same modem; it resolves with undefined when there is none now. */
  readonly spare?: () => Promise<OpenPort | undefined>;
}

/** Why a port could not be opened, in words for the operator: what, why and what to do. */
export class PortError extends Error {
  override name = "PortError";
  readonly code: "missing" | "busy" | "denied" | "invalid" | "failed";
  /** It is on the other side of a network, where asking every second would be rude. */
  readonly remote: boolean;
  constructor(code: PortError["code"], message: string, options?: ErrorOptions & { remote?: boolean }) {
    super(message, options);
    this.code = code;
    this.remote = options?.remote ?? false;
  }
}

export class PortClosed extends Error {
  override name = "PortClosed";
}
