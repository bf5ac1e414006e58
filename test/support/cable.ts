/** A port that can be cut off, as by the death of the process that holds it; and what went through it. */
import { type OpenPort, PortError } from "#hardware/port/port.ts";

export class Cable {
  readonly open: OpenPort;
  #cut = false;
  readonly #close: (() => Promise<void>)[] = [];

  constructor(open: OpenPort, written?: (bytes: Uint8Array) => void) {
    this.open = async (handlers) => {
      if (this.#cut) throw new PortError("missing", "the process that held it is dead");
      const port = await open(handlers);
      this.#close.push(() => port.close());
      if (written === undefined) return port;
      return {
        name: port.name,
        close: () => port.close(),
        write: (bytes) => {
          written(bytes);
          return port.write(bytes);
        },
      };
    };
  }

  async cut(): Promise<void> {
    this.#cut = true;
    await Promise.all(this.#close.map((close) => close()));
  }
}
