/** The ports that a USB modem has beside the one for AT. */
import type { OpenPort } from "#hardware/port/port.ts";
import type { CommandRunner } from "./commands/runner.ts";
import { AtPort } from "./modem/at-port.ts";
import { MutePort } from "./modem/mute-port.ts";
import type { Socket } from "./modem/terminal.ts";
import type { VirtualModem } from "./modem/virtual-modem.ts";
import type { UsbPort } from "./profiles/types.ts";
import { inProcessPort } from "./transports/in-process.ts";
import type { Servable } from "./transports/served.ts";

export interface SimulatedPort extends Servable {
  /** `modem0.if03`: the modem and the number of the USB interface, as `…-if03-port0` in /dev/serial. */
  readonly name: string;
  readonly role: UsbPort["role"];
  readonly open: OpenPort;
  readonly socket: Socket;
  /** Octets that a host wrote to a port that speaks no AT. */
  readonly written: number;
}

export function otherPorts(modem: VirtualModem, run: CommandRunner, watched: Servable): SimulatedPort[] {
  return (modem.profile.usb?.others ?? []).map((spec) => portOf(spec, modem, run, watched));
}

function portOf(spec: UsbPort, modem: VirtualModem, run: CommandRunner, watched: Servable): SimulatedPort {
  const { role } = spec;
  const mute = role === "modem" ? undefined : new MutePort(role, modem.clock);
  const socket = mute ?? new AtPort(modem, run, { second: true });
  const base = {
    name: `${modem.name}.if${String(spec.interface).padStart(2, "0")}`,
    role,
    socket,
    guard: modem.guard,
    get written() {
      return mute?.written ?? 0;
    },
    get present() {
      return watched.present;
    },
    get renames() {
      return modem.renames;
    },
    onPresence: (listener: (present: boolean) => void) => watched.onPresence(listener),
  };
  const open = {
    value: inProcessPort(base, socket, { refusal: () => modem.guard.reason }),
    enumerable: true,
  };
  return Object.defineProperties({} as SimulatedPort, { ...Object.getOwnPropertyDescriptors(base), open });
}
