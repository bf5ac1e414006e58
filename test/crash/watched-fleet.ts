/** Simulated modems on ptys, and a witness at each line: who has a PDU now, and when the first one was asked for. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressText } from "#hardware/pdu/address.ts";
import { decodeSubmit } from "#hardware/simulator/network/codec.ts";
import { createSimulator, type SimulatedModem, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import type { Served } from "#hardware/simulator/transports/served.ts";
import { systemClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";

const REPORT_MS = 500;

/** A part of a message, as the network would name it: `+49… 2/2`. */
export function partName(
  destination: string,
  place: { readonly sequence: number; readonly total: number } | undefined,
): string {
  return `${destination} ${place?.sequence ?? 1}/${place?.total ?? 1}`;
}

export class WatchedFleet implements AsyncDisposable {
  readonly folder: string;
  readonly simulator: Simulator;
  /** By modem: the PDU that it has and has not answered for. */
  readonly onAir = new Map<string, string>();
  #served: readonly Served[] = [];
  #asked: () => void = () => undefined;

  private constructor(folder: string, simulator: Simulator) {
    this.folder = folder;
    this.simulator = simulator;
  }

  static async create(modems: number, networkMs: number): Promise<WatchedFleet> {
    const simulator = createSimulator({
      clock: systemClock,
      random: seededRandom(1),
      modems: Array.from({ length: modems }, () => ({ profile: "quectel-ec25" })),
      network: { latency: networkMs, reportDelay: REPORT_MS },
    });
    const fleet = new WatchedFleet(mkdtempSync(join(tmpdir(), "dunlin-fleet-")), simulator);
    const paths = fleet.ports();
    fleet.#served = await Promise.all(
      simulator.modems.map((modem, i) => servePty(fleet.#watched(modem), paths[i] as string)),
    );
    return fleet;
  }

  ports(): readonly string[] {
    return this.simulator.modems.map(({ name }) => join(this.folder, name));
  }

  /** Resolves when a gateway asks a modem for its prompt. Call before it can. */
  nextCommand(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#served.map((port) => port.close()));
    this.simulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #watched(modem: SimulatedModem) {
    const { name, socket } = modem;
    const attach: typeof socket.attach = (wire) => {
      const end = socket.attach({
        write: (text) => {
          if (/\+CM[GS]S: \d|\+CM. ERROR|\r\nERROR/.test(text)) this.onAir.delete(name);
          wire.write(text);
        },
      });
      if (end === undefined) return undefined;
      return {
        detach: () => end.detach(),
        receive: (text) => {
          this.#heard(name, text);
          end.receive(text);
        },
      };
    };
    return {
      name,
      socket: { attach },
      get present() {
        return modem.present;
      },
      onPresence: modem.onPresence.bind(modem),
    };
  }

  #heard(name: string, text: string): void {
    if (text.startsWith("AT+CMGS=")) this.#asked();
    const [, pdu] = /^([0-9A-F]{20,})./s.exec(text) ?? [];
    const submit = pdu === undefined ? undefined : decodeSubmit(pdu);
    if (submit === undefined) return;
    const { destination, userData } = submit;
    this.onAir.set(name, partName(addressText(destination), userData.concatenation));
  }
}
