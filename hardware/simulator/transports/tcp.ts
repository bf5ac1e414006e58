/** A modem on a TCP port, as ser2net serves a real one. */
import type { AddressInfo } from "node:net";
import type { Servable, Served } from "./served.ts";
import { SocketServer } from "./socket-server.ts";

/** Port 0 takes a free one, which stays the modem's over unplugs. Loopback unless `host` says otherwise. */
export async function serveTcp(modem: Servable, port: number, host = "127.0.0.1"): Promise<Served> {
  let bound = port;
  const sockets = new SocketServer(modem, () => ({ port: bound, host }));
  const server = await sockets.start();
  if (server) bound = (server.address() as AddressInfo).port;
  return {
    address: `tcp://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () => sockets.close(),
  };
}
