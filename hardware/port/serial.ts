/** Serial devices, by serialport's binding. One binding port serves one connection and is thrown away. */
import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { SerialPort } from "serialport";
import type { Clock } from "#shared/clock.ts";
import { createConnection } from "./connection.ts";
import { type Port, PortError, type PortHandlers } from "./port.ts";
import { describeOpenFailure } from "./serial-errors.ts";
import { type BoundPort, isPolled, PolledWire, promisedWire } from "./serial-io.ts";
import { takeUucpLock } from "./uucp-lock.ts";

/** USB modems ignore the rate; boards on a real UART mostly run at this one. */
export const DEFAULT_BAUD_RATE = 115_200;

const STTY_TIMEOUT_MS = 2_000;

export interface SerialSettings {
  readonly baudRate: number;
  readonly rtscts: boolean;
}

/** @throws PortError */
export async function openSerial(
  path: string,
  settings: SerialSettings,
  clock: Clock,
  handlers: PortHandlers,
): Promise<Port> {
  const device = await resolveDevice(path);
  const releaseLock = await takeUucpLock(device);
  let bound: Bound;
  try {
    bound = await SerialPort.binding.open({
      path: device,
      baudRate: settings.baudRate,
      rtscts: settings.rtscts,
      // flock: a second gateway on the same device is told so.
      lock: true,
      // A modem must survive our restart: closing would drop DTR, and many modems reset then.
      hupcl: false,
    });
  } catch (error) {
    await releaseLock();
    throw await describeOpenFailure(path, device, error as Error);
  }
  await raiseModemLines(bound, device);
  const wire = isPolled(bound) ? new PolledWire(bound) : promisedWire(bound);
  const destroy = async (): Promise<void> => {
    await wire.destroy();
    await releaseLock();
  };
  const connection = createConnection(
    path,
    { write: (bytes, done) => wire.write(bytes, done), destroy },
    handlers,
    clock,
  );
  wire.start(connection);
  return connection;
}

interface SerialLines {
  readonly brk: boolean;
  readonly cts: boolean;
  readonly dtr: boolean;
  readonly rts: boolean;
}

type Bound = BoundPort & { set(lines: SerialLines): Promise<void> };

/** Follows the links of /dev/serial, so that locks are on the device that other programs see. */
async function resolveDevice(path: string): Promise<string> {
  if (!path.startsWith("/")) return path;
  try {
    return await realpath(path);
  } catch (error) {
    throw await describeOpenFailure(path, path, error as Error);
  }
}

/**
 * Asserts DTR and RTS, without which some modems stay mute. A pty has no such lines and answers ENOTTY,
 * so a refusal is no error. `hupcl: false` only leaves the flag as it was, and the kernel's default is on:
 * stty takes it away.
 */
async function raiseModemLines(bound: Bound, device: string): Promise<void> {
  if (!isRealDevice(device)) return;
  await bound.set({ brk: false, cts: false, dtr: true, rts: true }).catch(() => undefined);
  await new Promise<void>((resolve) => {
    execFile("stty", ["-F", device, "-hupcl"], { timeout: STTY_TIMEOUT_MS }, () => resolve());
  });
}

function isRealDevice(device: string): boolean {
  return device.startsWith("/dev/") && !device.startsWith("/dev/pts/");
}

/** The error for settings that only a serial port has. */
export function assertBaudRate(baudRate: number): void {
  if (!Number.isInteger(baudRate) || baudRate < 300 || baudRate > 4_000_000) {
    throw new PortError("invalid", `baudRate: ${baudRate} is not a whole number of 300 to 4000000`);
  }
}
