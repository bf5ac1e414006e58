/** From an address to a way of opening it. */
import { type Clock, systemClock } from "#shared/clock.ts";
import type { PortAddress } from "./address.ts";
import type { OpenPort } from "./port.ts";
import { assertBaudRate, DEFAULT_BAUD_RATE, openSerial } from "./serial.ts";
import { openSocket } from "./socket.ts";
import { spareOf } from "./spare.ts";

export interface PortSettings {
  /** Only for serial devices; 115200 by default. */
  readonly baudRate?: number | undefined;
  /** Hardware flow control; only for real UARTs with the wires. Off by default. */
  readonly rtscts?: boolean | undefined;
  /** Times connecting and writing. A device lives in real time, so that is the default. */
  readonly clock?: Clock | undefined;
}

/** Each call of the returned function opens one connection. @throws PortError for impossible settings */
export function portOpener(address: PortAddress, settings: PortSettings = {}): OpenPort {
  const clock = settings.clock ?? systemClock;
  if (address.kind !== "serial") return (handlers) => openSocket(address, clock, handlers);
  const line = { baudRate: settings.baudRate ?? DEFAULT_BAUD_RATE, rtscts: settings.rtscts ?? false };
  assertBaudRate(line.baudRate);
  const open: OpenPort = (handlers) => openSerial(address.path, line, clock, handlers);
  const spare = async (): Promise<OpenPort | undefined> => {
    const path = await spareOf(address.path);
    return path === undefined ? undefined : (handlers) => openSerial(path, line, clock, handlers);
  };
  return Object.assign(open, { spare });
}
