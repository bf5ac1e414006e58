/** What every transport needs of a modem, and what it gives back. */
import type { PortGuard } from "#hardware/simulator/modem/port-guard.ts";
import type { Socket } from "#hardware/simulator/modem/terminal.ts";

export interface Servable {
  readonly name: string;
  readonly socket: Socket;
  /** Whether the modem's port is there now. */
  readonly present: boolean;
  /** Why it cannot be opened now. */
  readonly guard?: PortGuard;
  /** How often the port came back under another name. */
  readonly renames?: number;
  /** Told when the port appears or goes away. Returns a function that ends it. */
  onPresence(listener: (present: boolean) => void): () => void;
}

export interface Served {
  /** How a gateway's settings name it: `/run/sim/modem0`, `tcp://127.0.0.1:3001`, `unix:/run/sim/modem0`. */
  readonly address: string;
  /** The port is gone, and so is what it left in the file system. */
  close(): Promise<void>;
}

/** Octets that wait for a host which does not read; more are lost, as behind a UART. */
export const UNREAD_OCTETS_MAX = 1_048_576;
