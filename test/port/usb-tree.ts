/** A tree of /dev and sysfs as Linux makes it for USB modems. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export function file(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${content}\n`);
}

export function link(root: string, path: string, target: string): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(relative(dirname(at), join(root, target)), at);
}

export interface Plugged {
  readonly socket: string;
  readonly ids: string;
  readonly product: string;
  readonly driver?: "acm";
  /** Device name by interface number. */
  readonly ports: Readonly<Record<number, string>>;
  readonly protocols?: Readonly<Record<number, string>>;
}

export function plug(root: string, device: Plugged): void {
  const usb = `sys/devices/pci0000:00/usb1/1-1/${device.socket}`;
  const [vendor = "", product = ""] = device.ids.split(":");
  file(root, `${usb}/idVendor`, vendor);
  file(root, `${usb}/idProduct`, product);
  file(root, `${usb}/product`, device.product);
  for (const [number, name] of Object.entries(device.ports)) {
    const face = `${usb}/${device.socket}:1.${number}`;
    file(root, `${face}/bInterfaceNumber`, number.padStart(2, "0"));
    file(root, `${face}/bInterfaceProtocol`, device.protocols?.[Number(number)] ?? "ff");
    // A cdc_acm port hangs on the interface itself, a usb-serial one has a folder of its own.
    const own = device.driver === "acm" ? face : `${face}/${name}`;
    file(root, `${own}/tty/${name}/dev`, "188:0");
    link(root, `${own}/tty/${name}/device`, own);
    link(root, `sys/class/tty/${name}`, `${own}/tty/${name}`);
    file(root, `dev/${name}`, "");
    link(
      root,
      `dev/serial/by-path/pci-0000:00:14.0-usb-0:${device.socket.slice(2)}:1.${number}-port0`,
      `dev/${name}`,
    );
    link(root, `dev/serial/by-id/usb-${device.product}-if0${number}-port0`, `dev/${name}`);
  }
}
