/** A modem on a unix socket. */
import { lstatSync, unlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { Servable, Served } from "./served.ts";
import { SocketServer } from "./socket-server.ts";

export async function serveUnix(modem: Servable, socketPath: string): Promise<Served> {
  const path = resolve(socketPath);
  const sockets = new SocketServer(modem, () => {
    removeStale(path);
    return { path };
  });
  await sockets.start();
  return { address: `unix:${path}`, close: () => sockets.close() };
}

/** A simulator that was killed leaves its socket behind. */
function removeStale(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return;
  if (!entry.isSocket())
    throw new Error(`${path} exists and is no socket; remove it or choose another folder`);
  unlinkSync(path);
}
