/** The other AT port of the same modem, found in trees as Linux makes them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { spareOf } from "#hardware/port/spare.ts";
import { withTrace } from "#hardware/port/trace.ts";
import { systemClock } from "#shared/clock.ts";
import { plug } from "./usb-tree.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dunlin-sys-"));
  plug(root, {
    socket: "1-1.4",
    ids: "2c7c:0125",
    product: "EC25",
    ports: { 0: "ttyUSB0", 1: "ttyUSB1", 2: "ttyUSB2", 3: "ttyUSB3" },
  });
  // The same kind of modem in the next socket, whose ports are not ours.
  plug(root, {
    socket: "1-1.5",
    ids: "2c7c:0125",
    product: "EC25b",
    ports: { 2: "ttyUSB6", 3: "ttyUSB7" },
  });
  plug(root, { socket: "1-1.2", ids: "10c4:ea60", product: "CP2102", ports: { 0: "ttyUSB8" } });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const lasting = (socket: string, number: number): string =>
  `/dev/serial/by-path/pci-0000:00:14.0-usb-0:${socket}:1.${number}-port0`;

test.each([
  ["by its device", "/dev/ttyUSB2", lasting("1.4", 3)],
  ["by its socket", lasting("1.4", 2), lasting("1.4", 3)],
  ["by its own number", "/dev/serial/by-id/usb-EC25-if02-port0", lasting("1.4", 3)],
  ["the dialling port has that for AT", "/dev/ttyUSB3", lasting("1.4", 2)],
  ["of the same modem, and of no other", "/dev/ttyUSB6", lasting("1.5", 3)],
  ["a converter has none", "/dev/ttyUSB8", undefined],
  ["a pty has none", "/dev/pts/3", undefined],
])("%s", async (_name, path, spare) => {
  expect(await spareOf(path, root)).toBe(spare);
});

test("a serial port can be asked for it, a socket cannot; a trace passes it on", async () => {
  const serial = portOpener(parsePortAddress("/dev/serial/by-path/none"));
  const remote = portOpener(parsePortAddress("tcp://127.0.0.1:3001"));
  expect(await serial.spare?.()).toBeUndefined();
  expect(withTrace(serial, () => undefined, systemClock).spare).toBe(serial.spare);
  expect(remote.spare).toBeUndefined();
  expect(withTrace(remote, () => undefined, systemClock).spare).toBeUndefined();
});
