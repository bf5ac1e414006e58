/** The two ends between which an AT port stands. */

import type { FaultAction } from "#hardware/simulator/faults/actions.ts";

/** The modem's view of its port: where unsolicited lines go. */
export interface Terminal {
  /** An unsolicited line; header and PDU of a `+CMT` come as one with CR LF between them. */
  say(line: string, fault?: FaultAction): void;
  /** Forgets the command that runs, the prompt and half a line. */
  reset(): void;
}

/** The port's view of a transport. Characters are octets (latin1). */
export interface Wire {
  write(text: string): void;
}

/** A transport's view of the port. */
export interface WireEnd {
  receive(text: string): void;
  /** The other side is gone; what the modem says from now on is lost. */
  detach(): void;
}

export interface Socket {
  /** Undefined when a wire is attached already: a port has one owner. */
  attach(wire: Wire): WireEnd | undefined;
}
