/** A simulator on a clock that stands still, and a host that types into its modems. */
import { expect } from "vitest";
import { encodeMessage, type TextMessage } from "#hardware/pdu/message.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import type { Port } from "#hardware/port/port.ts";
import type { SimulatorOptions } from "#hardware/simulator/simulator.ts";
import { createSimulator, type SimulatedModem, type Simulator } from "#hardware/simulator/simulator.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

export interface RigOptions extends Partial<Omit<SimulatorOptions, "clock" | "random">> {
  /** One modem of this profile when `modems` is absent; generic-strict by default. */
  readonly profile?: string;
  readonly seed?: number;
}

/** A phone that nobody configured: on, and silent. */
export const SOMEBODY = "+4915112345678";

export class Rig {
  readonly clock = new SimulatedClock();
  readonly simulator: Simulator;

  constructor({ profile = "generic-strict", seed = 1, ...options }: RigOptions = {}) {
    this.simulator = createSimulator({
      clock: this.clock,
      random: seededRandom(seed),
      modems: [{ profile }],
      ...options,
    });
  }

  modem(index = 0): SimulatedModem {
    const modem = this.simulator.modems[index];
    if (modem === undefined) throw new RangeError(`no modem ${index}`);
    return modem;
  }

  /** Opens the modem's port; echo is off and errors have numbers unless `raw`. */
  async host(index = 0, { raw = false } = {}): Promise<Host> {
    const host = new Host(this.clock);
    await host.open(this.modem(index));
    if (!raw) expect(await host.command("ATE0;+CMEE=1")).toContain("OK");
    return host;
  }
}

export class Host {
  readonly #clock: SimulatedClock;
  #port: Port | undefined;
  #heard = "";
  /** Why the port closed, once it has. */
  closed: string | undefined;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  async open(modem: Pick<SimulatedModem, "open">): Promise<void> {
    this.#port = await modem.open({
      data: (bytes) => {
        this.#heard += Buffer.from(bytes).toString("latin1");
      },
      closed: (reason) => {
        this.closed = reason;
      },
    });
  }

  /** What came since the last look. */
  heard(): string {
    const heard = this.#heard;
    this.#heard = "";
    return heard;
  }

  /** Types the characters and returns what comes back without time passing. */
  async type(text: string): Promise<string> {
    this.#port?.write(Buffer.from(text, "latin1"));
    await this.#clock.advance(0);
    return this.heard();
  }

  command(line: string): Promise<string> {
    return this.type(`${line}\r`);
  }

  /** Information lines and result of a command, without the line ends. */
  async lines(line: string): Promise<readonly string[]> {
    return (await this.command(line)).split("\r\n").filter((part) => part !== "");
  }

  /** AT+CMGS to the end; returns the answer after Ctrl-Z. */
  async submit({ hex, tpduLength }: EncodedPdu): Promise<string> {
    expect(await this.command(`AT+CMGS=${tpduLength}`)).toBe("\r\n> ");
    return this.type(`${hex}\x1a`);
  }

  close(): Promise<void> {
    return this.#port?.close() ?? Promise.resolve();
  }
}

/** The PDUs of a text; one without a report request to somebody unless told otherwise. */
export function pdusOf(message: Partial<TextMessage> = {}): readonly EncodedPdu[] {
  return encodeMessage({ to: SOMEBODY, text: "Hello", concatenationReference: 7, ...message }).pdus;
}

export function pduOf(message: Partial<TextMessage> = {}): EncodedPdu {
  const [pdu] = pdusOf(message);
  if (pdu === undefined) throw new RangeError("no PDU");
  return pdu;
}
