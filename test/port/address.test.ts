/** How ports are named. */
import { expect, test } from "vitest";
import { parsePortAddress, portAddressText } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { PortError } from "#hardware/port/port.ts";

test.each([
  ["/dev/ttyUSB2", { kind: "serial", path: "/dev/ttyUSB2" }],
  [
    "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1.4.3:1.2-port0",
    { kind: "serial", path: "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1.4.3:1.2-port0" },
  ],
  ["COM3", { kind: "serial", path: "COM3" }],
  ["tcp://10.0.0.7:3001", { kind: "tcp", host: "10.0.0.7", port: 3001 }],
  ["tcp://modems.lan:80", { kind: "tcp", host: "modems.lan", port: 80 }],
  ["tcp://[::1]:3001", { kind: "tcp", host: "::1", port: 3001 }],
  ["unix:/run/m0", { kind: "unix", path: "/run/m0" }],
])("%s", (text, address) => {
  const parsed = parsePortAddress(text);
  expect(parsed).toEqual(address);
  expect(portAddressText(parsed)).toBe(text);
});

test.each([
  "",
  "ttyUSB2",
  "/",
  "tcp://host",
  "tcp://host:0",
  "tcp://host:70000",
  "tcp://u@h:1",
  "tcp:///x",
  "unix:run",
])("%j is refused with the forms there are", (text) => {
  expect(() => parsePortAddress(text)).toThrow(PortError);
  expect(() => parsePortAddress(text)).toThrow(/^port: /);
});

test("a baud rate that cannot be is refused by name", () => {
  expect(() => portOpener({ kind: "serial", path: "/dev/ttyS9" }, { baudRate: 12 })).toThrow(/^baudRate: 12/);
});
