/**
 * Which serial ports are there, read from /dev/serial and sysfs alone: no program is started, since a
 * slim container has no udevadm, and nothing is opened.
 */
import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type PortRole, roleOf } from "./interfaces.ts";

export interface DiscoveredPort {
  /** `/dev/ttyUSB2`: changes with every plugging, and with every reset of the modem. */
  readonly device: string;
  /** Follows the socket of the hub: the name to put into the settings. */
  readonly byPath?: string;
  /** Follows the device, as far as it has a serial number of its own; many have none. */
  readonly byId?: string;
  readonly usb?: DiscoveredUsb;
  /** As people call it: `Quectel EC2x, EG2x, EG9x, BG9x`. */
  readonly family?: string;
  readonly role: PortRole;
  /** The one to use of all ports of its device. */
  readonly recommended: boolean;
}

export interface DiscoveredUsb {
  readonly vendorId: string;
  readonly productId: string;
  readonly manufacturer?: string;
  readonly product?: string;
  readonly serial?: string;
  /** Bus and hub sockets, such as `1-1.4.3`. */
  readonly socket: string;
  readonly interfaceNumber: number;
  readonly interfaceProtocol?: number;
}

/** USB serial ports; the built-in UARTs (ttyS, ttyAMA) show themselves whether or not anything is there. */
const NAMES = /^tty(?:USB|ACM)\d+$/;

/** From a port up to its USB device there are at most so many folders in sysfs. */
const CLIMB_MAX = 6;

const PORTS_MAX = 1_024;

/** The order in which roles are preferred. */
const ROLES: readonly PortRole[] = ["at", "modem"];

/** `root` is another file system tree, for tests. Never rejects: what cannot be read is left out. */
export async function discoverPorts(root = "/"): Promise<readonly DiscoveredPort[]> {
  const byPath = await linksIn(root, "dev/serial/by-path");
  const byId = await linksIn(root, "dev/serial/by-id");
  const names = new Set([...(await namesIn(root, "sys/class/tty")), ...(await namesIn(root, "dev"))]);
  const ports: Omit<DiscoveredPort, "recommended">[] = [];
  for (const name of [...names].filter((candidate) => NAMES.test(candidate)).slice(0, PORTS_MAX)) {
    const usb = await usbOf(root, name);
    const path = byPath.get(name);
    const id = byId.get(name);
    ports.push({
      device: `/dev/${name}`,
      ...(path === undefined ? {} : { byPath: path }),
      ...(id === undefined ? {} : { byId: id }),
      ...(usb === undefined ? {} : { usb }),
      ...(usb === undefined ? { role: "unknown" } : roleOf(usb)),
    });
  }
  return recommend(ports.toSorted((a, b) => a.device.localeCompare(b.device, "en", { numeric: true })));
}

/** The name that stays the same: by socket, or else by device, or else what there is. */
export function lastingName(port: DiscoveredPort): string {
  return port.byPath ?? port.byId ?? port.device;
}

/** One port per USB device: the AT port, or else the dialling port, or else the only one there is. */
function recommend(ports: readonly Omit<DiscoveredPort, "recommended">[]): readonly DiscoveredPort[] {
  const best = new Map<string, string>();
  for (const port of ports) {
    const siblings = ports.filter((other) => deviceKey(other) === deviceKey(port));
    const choice =
      ROLES.map((role) => siblings.find((sibling) => sibling.role === role)).find(
        (found) => found !== undefined,
      ) ?? (siblings.length === 1 ? siblings[0] : undefined);
    if (choice !== undefined) best.set(deviceKey(port), choice.device);
  }
  return ports.map((port) => ({ ...port, recommended: best.get(deviceKey(port)) === port.device }));
}

function deviceKey(port: Omit<DiscoveredPort, "recommended">): string {
  return port.usb?.socket ?? port.device;
}

async function namesIn(root: string, folder: string): Promise<readonly string[]> {
  return readdir(join(root, folder)).catch(() => []);
}

/** From device name to link, for the links of one folder of /dev/serial. */
async function linksIn(root: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await namesIn(root, folder)).toSorted()) {
    const target = await readlink(join(root, folder, name)).catch(() => undefined);
    // A usb device may have a second link by its revision ("usbv2"); the first one will do.
    if (target !== undefined && !found.has(basename(target)))
      found.set(basename(target), `/${folder}/${name}`);
  }
  return found;
}

/** Climbs from the port to its USB interface, and from there to the device. */
async function usbOf(root: string, name: string): Promise<DiscoveredUsb | undefined> {
  let folder = await realpath(join(root, "sys/class/tty", name, "device")).catch(() => undefined);
  let interfaceNumber: string | undefined;
  let protocol: string | undefined;
  for (let height = 0; folder !== undefined && height < CLIMB_MAX; height++) {
    interfaceNumber ??= await attribute(folder, "bInterfaceNumber");
    protocol ??= await attribute(folder, "bInterfaceProtocol");
    const vendorId = await attribute(folder, "idVendor");
    if (vendorId !== undefined) return usbDevice(folder, vendorId, interfaceNumber, protocol);
    folder = dirname(folder);
  }
  return undefined;
}

async function usbDevice(
  folder: string,
  vendorId: string,
  interfaceNumber: string | undefined,
  protocol: string | undefined,
): Promise<DiscoveredUsb> {
  const manufacturer = await attribute(folder, "manufacturer");
  const product = await attribute(folder, "product");
  const serial = await attribute(folder, "serial");
  return {
    vendorId,
    productId: (await attribute(folder, "idProduct")) ?? "",
    socket: basename(folder),
    interfaceNumber: Number.parseInt(interfaceNumber ?? "0", 16),
    ...(protocol === undefined ? {} : { interfaceProtocol: Number.parseInt(protocol, 16) }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(product === undefined ? {} : { product }),
    ...(serial === undefined ? {} : { serial }),
  };
}

async function attribute(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
  return text?.trim() || undefined;
}
