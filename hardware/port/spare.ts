/** The other AT port of the same USB modem, for when the parser behind the first one is dead. */
import { realpath } from "node:fs/promises";
import { type DiscoveredPort, discoverPorts, lastingName } from "./discovery.ts";

/**
 * Where to find it, or undefined when the port is no USB modem's or the modem has one AT port only. Asked
 * anew each time, because names change with every reset. `root` is another file system tree, for tests.
 */
export async function spareOf(path: string, root = "/"): Promise<string | undefined> {
  const device = await realpath(path).catch(() => path);
  const ports = await discoverPorts(root);
  const own = ports.find((port) => port.device === device || port.byPath === path || port.byId === path);
  const spare = own && ports.find((port) => port !== own && isSpare(port, own));
  return spare && lastingName(spare);
}

function isSpare(port: DiscoveredPort, own: DiscoveredPort): boolean {
  const speaksAt = port.role === "at" || port.role === "modem";
  return speaksAt && port.usb !== undefined && port.usb.socket === own.usb?.socket;
}
