/** The line to a modem, with somebody who sees what passes and can spoil the next answer. */
import type { OpenPort } from "#hardware/port/port.ts";
import type { Clock } from "#shared/clock.ts";
import type { LineFault } from "./faults.ts";

const LATE_MS = 8_000;

export interface LineWitness {
  written(text: string): void;
  read(text: string): void;
}

export class Line {
  readonly open: OpenPort;
  #this: LineFault | undefined;
  #next: LineFault | undefined;

  constructor(open: OpenPort, clock: Clock, witness: LineWitness) {
    this.open = async (handlers) => {
      const port = await open({
        closed: handlers.closed,
        data: (bytes) => {
          const due = this.#next;
          this.#next = undefined;
          this.#this = undefined;
          witness.read(Buffer.from(bytes).toString("latin1"));
          const fault = this.#this ?? due;
          if (fault === "lost") return;
          if (fault === "late") clock.timer(LATE_MS, () => handlers.data(bytes));
          else handlers.data(fault === "bent" ? bent(bytes) : bytes);
        },
      });
      return {
        name: port.name,
        close: () => port.close(),
        write(bytes) {
          witness.written(Buffer.from(bytes).toString("latin1"));
          port.write(bytes);
        },
      };
    };
  }

  /** What is being read now, or what is read next. */
  spoil(how: LineFault, which: "this" | "next"): void {
    if (which === "this") this.#this = how;
    else this.#next = how;
  }
}

/** Every third octet has its upper bit set, as on a line with a bad wire. */
function bent(bytes: Uint8Array): Uint8Array {
  return bytes.map((octet, i) => (i % 3 === 0 ? octet | 0x80 : octet));
}
