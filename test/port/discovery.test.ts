/** Ports found in trees as Linux makes them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discoverPorts, lastingName } from "#hardware/port/discovery.ts";
import { FAMILIES, roleOf } from "#hardware/port/interfaces.ts";
import { file, link, plug } from "./usb-tree.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dunlin-sys-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("an EC25 beside a stick: one port of each is recommended, by its place", async () => {
  plug(root, {
    socket: "1-1.4",
    ids: "2c7c:0125",
    product: "EC25",
    ports: { 0: "ttyUSB0", 1: "ttyUSB1", 2: "ttyUSB2", 3: "ttyUSB10" },
  });
  plug(root, {
    socket: "1-1.3",
    ids: "12d1:1506",
    product: "E3531",
    ports: { 0: "ttyUSB3", 1: "ttyUSB4" },
    protocols: { 0: "01", 1: "12" },
  });
  const ports = await discoverPorts(root);
  expect(ports.map((port) => [port.device, port.role, port.recommended])).toEqual([
    ["/dev/ttyUSB0", "diagnostic", false],
    ["/dev/ttyUSB1", "gps", false],
    ["/dev/ttyUSB2", "at", true],
    ["/dev/ttyUSB3", "modem", false],
    ["/dev/ttyUSB4", "at", true],
    ["/dev/ttyUSB10", "modem", false],
  ]);
  const at = ports.find((port) => port.device === "/dev/ttyUSB2");
  expect(at && lastingName(at)).toBe("/dev/serial/by-path/pci-0000:00:14.0-usb-0:1.4:1.2-port0");
  expect(at).toMatchObject({
    byId: "/dev/serial/by-id/usb-EC25-if02-port0",
    family: "Quectel EC2x, EG2x, EG9x, BG9x",
    usb: { vendorId: "2c7c", productId: "0125", product: "EC25", socket: "1-1.4", interfaceNumber: 2 },
  });
});

test("a u-blox on cdc_acm, and a converter with who knows what behind it", async () => {
  plug(root, {
    socket: "1-1.1",
    ids: "1546:1102",
    product: "u-blox",
    driver: "acm",
    ports: { 0: "ttyACM0", 2: "ttyACM1" },
  });
  plug(root, { socket: "1-1.2", ids: "10c4:ea60", product: "CP2102", ports: { 0: "ttyUSB0" } });
  plug(root, { socket: "1-1.5", ids: "dead:beef", product: "Mystery", ports: { 0: "ttyUSB1" } });
  const ports = await discoverPorts(root);
  expect(ports.filter((port) => port.recommended).map((port) => [port.device, port.role])).toEqual([
    ["/dev/ttyACM1", "at"],
    ["/dev/ttyUSB0", "at"],
    ["/dev/ttyUSB1", "unknown"],
  ]);
});

test("without sysfs the links are enough, and without anything there is nothing", async () => {
  expect(await discoverPorts(root)).toEqual([]);
  file(root, "dev/ttyUSB7", "");
  link(root, "dev/serial/by-id/usb-Quectel_EC25-if02-port0", "dev/ttyUSB7");
  expect(await discoverPorts(root)).toEqual([
    {
      device: "/dev/ttyUSB7",
      byId: "/dev/serial/by-id/usb-Quectel_EC25-if02-port0",
      role: "unknown",
      recommended: true,
    },
  ]);
});

describe("roles", () => {
  test.each([
    ["2c7c", "0125", 2, undefined, "at"],
    ["2c7c", "0296", 0, undefined, "diagnostic"],
    ["1e0e", "9001", 2, undefined, "at"],
    ["1e0e", "9200", 3, undefined, "at"],
    ["12d1", "1001", 0, 0x01, "modem"],
    ["12d1", "140c", 2, 0x32, "at"],
    ["12d1", "14ac", 2, 0x03, "diagnostic"],
    ["12d1", "1506", 2, 0xff, "unknown"],
    ["19d2", "0031", 1, undefined, "at"],
    ["19d2", "0117", 2, undefined, "modem"],
    ["1bc7", "1201", 4, undefined, "at"],
    ["1bc7", "0021", 6, undefined, "at"],
    ["1199", "68c0", 3, undefined, "at"],
    ["1546", "1010", 6, undefined, "at"],
    ["1e2d", "0053", 3, undefined, "at"],
    ["1e2d", "0061", 0, undefined, "at"],
  ] as const)("%s:%s interface %i", (vendorId, productId, interfaceNumber, protocol, role) => {
    const usb = { vendorId, productId, interfaceNumber };
    expect(roleOf(protocol === undefined ? usb : { ...usb, interfaceProtocol: protocol }).role).toBe(role);
  });
});

describe("the udev rules", () => {
  const rules = readFileSync(new URL("../../hardware/udev/99-dunlin.rules", import.meta.url), "utf8");
  const code = rules.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

  test("name every AT port of the table", () => {
    for (const family of FAMILIES) {
      const vendor = `ATTRS{idVendor}=="${family.vendorId}"`;
      const numbers = Object.entries(family.byNumber ?? {}).filter(([, role]) => role === "at");
      for (const [number] of numbers) {
        const wanted = `ENV{ID_USB_INTERFACE_NUM}=="${number.padStart(2, "0")}"`;
        const products = family.productIds ?? [undefined];
        for (const product of products) {
          const found = code.some(
            (line) =>
              line.includes(vendor) &&
              line.includes(wanted) &&
              (product === undefined || !line.includes("idProduct") || line.includes(product)),
          );
          expect(found, `${family.name} interface ${number} ${product ?? ""}`).toBe(true);
        }
      }
    }
  });

  test("keep ModemManager away from every vendor of the table", () => {
    for (const { vendorId } of FAMILIES) {
      const line = code.find((text) => text.includes(`"${vendorId}"`) && text.includes("dunlin_ours"));
      expect(line, vendorId).toBeDefined();
    }
    expect(rules).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"');
    expect(rules).toContain('SYMLINK+="modem-%E{ID_PATH_TAG}"');
  });
});
