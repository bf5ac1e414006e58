/** The AT ports of one modem: all forget at a restart, one says what the modem says by itself. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { Terminal } from "./terminal.ts";

export class Terminals implements Terminal {
  readonly #ports: Terminal[] = [];
  /** Place of the port that talks: 0 is the one for AT, 1 the one for dialling. */
  talking = 0;

  /** The first one that joins talks. */
  join(port: Terminal): void {
    this.#ports.push(port);
  }

  say(line: string, fault?: FaultAction): void {
    (this.#ports[this.talking] ?? this.#ports[0])?.say(line, fault);
  }

  reset(): void {
    for (const port of this.#ports) port.reset();
  }
}
