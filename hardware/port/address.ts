/** How a port is named in settings, and what the name means. */
import { PortError } from "./port.ts";

export type PortAddress =
  | { readonly kind: "serial"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

const FORMS = "/dev/serial/by-path/…, /dev/ttyUSB2, COM3, tcp://host:port or unix:/path";

/** `/dev/…` or `COM3`, `tcp://host:port` (as ser2net serves it), `unix:/path`. @throws PortError invalid */
export function parsePortAddress(text: string): PortAddress {
  if (text.startsWith("tcp:")) return tcpAddress(text);
  const unix = /^unix:(?:\/\/)?(\/.+)$/.exec(text)?.[1];
  if (unix !== undefined) return { kind: "unix", path: unix };
  if (/^\/./.test(text) || /^COM\d{1,3}$/i.test(text)) return { kind: "serial", path: text };
  throw new PortError("invalid", `port: "${text}" is not a port; write ${FORMS}`);
}

function tcpAddress(text: string): PortAddress {
  const url = URL.parse(text.replace(/^tcp:/, "http:"));
  const port = Number(/:(\d{1,5})\/?$/.exec(text)?.[1]);
  const bare = url !== null && url.username === "" && url.search === "" && url.pathname === "/";
  if (!bare || url.hostname === "" || !(port >= 1 && port <= 65_535)) {
    throw new PortError("invalid", `port: "${text}" is not tcp://host:port with a port of 1 to 65535`);
  }
  return { kind: "tcp", host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port };
}

export function portAddressText(address: PortAddress): string {
  switch (address.kind) {
    case "serial":
      return address.path;
    case "tcp":
      return `tcp://${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
    case "unix":
      return `unix:${address.path}`;
  }
}
