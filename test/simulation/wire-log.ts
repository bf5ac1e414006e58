/** Each hand-over of a PDU as the wire saw it: when AT+CMGS was written and when its Ctrl-Z was. */
import type { Simulator } from "#hardware/simulator/simulator.ts";
import type { Clock } from "#shared/clock.ts";

const CTRL_Z = 0x1a;
const COMMAND = Buffer.from("AT+CMGS=");
const FROM_MEMORY = Buffer.from("AT+CMSS=");

export interface OnWire {
  readonly modem: string;
  readonly iccid: string | undefined;
  /** When the command was written; the PDU followed the prompt. */
  readonly atMs: number;
}

export class WireLog {
  readonly handOvers: OnWire[] = [];
  /** When each modem was last asked to take a PDU. */
  readonly lastAtMs = new Map<string, number>();
  readonly #simulator: Simulator;
  readonly #clock: Clock;
  readonly #asked = new Map<string, number>();

  constructor(simulator: Simulator, clock: Clock) {
    this.#simulator = simulator;
    this.#clock = clock;
  }

  /** For the cable of one modem. */
  listen(modem: string): (bytes: Uint8Array) => void {
    return (bytes) => {
      const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const atMs = this.#clock.monotonic();
      const asked = this.#asked.get(modem);
      this.#asked.delete(modem);
      if (octets.includes(COMMAND)) {
        this.#asked.set(modem, atMs);
        this.lastAtMs.set(modem, atMs);
      } else if (octets.includes(FROM_MEMORY)) this.#push(modem, atMs);
      else if (octets.at(-1) === CTRL_Z && asked !== undefined) this.#push(modem, asked);
    };
  }

  #push(modem: string, atMs: number): void {
    const iccid = this.#simulator.modem(modem).modem.sim?.iccid;
    this.lastAtMs.set(modem, atMs);
    this.handOvers.push({ modem, iccid, atMs });
  }
}
