/** Serial devices, by serialport. One `SerialPort` object serves one connection and is thrown away. */
import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { SerialPort } from "serialport";
import type { Clock } from "#shared/clock.ts";
import { type Connection, createConnection, type Wire } from "./connection.ts";
import { type Port, PortError, type PortHandlers } from "./port.ts";
import { describeOpenFailure } from "./serial-errors.ts";
import { takeUucpLock } from "./uucp-lock.ts";

/** USB modems ignore the rate; boards on a real UART mostly run at this one. */
export const DEFAULT_BAUD_RATE = 115_200;

/** One read takes at most this much. Sixty-four kilobytes, the library's default, is waste for 32 modems. */
const READ_POOL_BYTES = 16_384;

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
  const serial = new SerialPort({
    path: device,
    baudRate: settings.baudRate,
    rtscts: settings.rtscts,
    autoOpen: false,
    lock: true,
    // A modem must survive our restart: without this, closing drops DTR and many modems reset.
    hupcl: false,
    highWaterMark: READ_POOL_BYTES,
  });
  try {
    await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  } catch (error) {
    await releaseLock();
    throw await describeOpenFailure(path, device, error as Error);
  }
  const connection = createConnection(path, wireOf(serial, releaseLock), handlers, clock);
  listen(serial, connection);
  await raiseModemLines(serial, device, settings.rtscts);
  return connection;
}

/** Follows the links of /dev/serial, so that locks are on the device that other programs see. */
async function resolveDevice(path: string): Promise<string> {
  if (!path.startsWith("/")) return path;
  try {
    return await realpath(path);
  } catch (error) {
    throw await describeOpenFailure(path, path, error as Error);
  }
}

/** A port that nobody reads does not notice an unplug, so the listener is there from the first moment. */
function listen(serial: SerialPort, connection: Connection): void {
  serial.on("data", (bytes: Buffer) => connection.received(bytes));
  serial.on("error", (error) => connection.lost(error.message));
  serial.on("end", () => connection.lost("the device is gone"));
  serial.on("close", (error: Error | null) =>
    connection.lost(error ? `the device is gone (${error.message})` : "the port was closed"),
  );
}

function wireOf(serial: SerialPort, releaseLock: () => Promise<void>): Wire {
  return {
    write: (bytes, done) => void serial.write(bytes as Buffer, undefined, done),
    async destroy() {
      if (serial.isOpen) await new Promise<void>((resolve) => serial.close(() => resolve()));
      serial.destroy();
      await releaseLock();
    },
  };
}

/**
 * Asserts DTR and RTS, without which some modems stay mute. A pty has no such lines and answers ENOTTY,
 * so a refusal is no error. `hupcl: false` only leaves the flag as it was, and the kernel's default is on:
 * stty takes it away.
 */
async function raiseModemLines(serial: SerialPort, device: string, rtscts: boolean): Promise<void> {
  if (!isRealDevice(device)) return;
  // With hardware flow control the driver moves RTS itself.
  const lines = rtscts ? { dtr: true } : { dtr: true, rts: true };
  await new Promise<void>((resolve) => serial.set(lines, () => resolve()));
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
