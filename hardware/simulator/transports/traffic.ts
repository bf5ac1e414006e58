/** What went over a modem's port, for people who want to see the dialogue. */
import type { Socket, WireEnd } from "#hardware/simulator/modem/terminal.ts";
import type { Clock } from "#shared/clock.ts";

export interface TrafficEntry {
  /** The simulator's wall clock, milliseconds. */
  readonly at: number;
  readonly from: "host" | "modem";
  /** Octets as latin1 characters. */
  readonly text: string;
}

/** The newest entries of one port; nothing is kept while `keep` is 0. */
export class Traffic {
  readonly #clock: Clock;
  readonly #entries: TrafficEntry[] = [];
  readonly #keep: number;

  constructor(clock: Clock, keep: number) {
    this.#clock = clock;
    this.#keep = keep;
  }

  get entries(): readonly TrafficEntry[] {
    return this.#entries;
  }

  /** The socket itself when nothing is kept, so that it costs nothing. */
  watch(socket: Socket): Socket {
    if (this.#keep === 0) return socket;
    return {
      attach: (wire): WireEnd | undefined => {
        const end = socket.attach({
          write: (text) => {
            this.#note("modem", text);
            wire.write(text);
          },
        });
        if (end === undefined) return undefined;
        const receive = (text: string): void => {
          this.#note("host", text);
          end.receive(text);
        };
        return { receive, detach: () => end.detach() };
      },
    };
  }

  #note(from: TrafficEntry["from"], text: string): void {
    this.#entries.push({ at: this.#clock.now(), from, text });
    if (this.#entries.length > this.#keep) this.#entries.shift();
  }
}
