/** Ports behind a socket: TCP, as ser2net or a modem pool serves it, and unix sockets. */
import { connect, type Socket } from "node:net";
import type { Clock } from "#shared/clock.ts";
import { type PortAddress, portAddressText } from "./address.ts";
import { type Connection, createConnection } from "./connection.ts";
import { type Port, PortError, type PortHandlers } from "./port.ts";

export const CONNECT_TIMEOUT_MS = 5_000;

/** A peer that lost power says nothing; keep-alive probes find it out. */
const KEEP_ALIVE_FIRST_MS = 10_000;

type SocketAddress = Exclude<PortAddress, { kind: "serial" }>;

/** @throws PortError */
export function openSocket(address: SocketAddress, clock: Clock, handlers: PortHandlers): Promise<Port> {
  const name = portAddressText(address);
  return new Promise((resolve, reject) => {
    const socket =
      address.kind === "tcp"
        ? connect({
            host: address.host,
            port: address.port,
            noDelay: true,
            keepAlive: true,
            keepAliveInitialDelay: KEEP_ALIVE_FIRST_MS,
          })
        : connect({ path: address.path });
    let connection: Connection | undefined;
    let failure = "";
    const cancelTimer = clock.timer(CONNECT_TIMEOUT_MS, () => {
      failure = `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`;
      socket.destroy();
    });
    socket.on("connect", () => {
      cancelTimer();
      connection = createConnection(name, wireOf(socket), handlers, clock);
      resolve(connection);
    });
    socket.on("data", (bytes) => connection?.received(bytes));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      failure = error.message;
      if (connection === undefined) reject(connectError(name, address, error));
    });
    socket.on("close", () => {
      cancelTimer();
      if (connection === undefined)
        reject(new PortError("failed", `${name}: ${failure}`, { remote: address.kind === "tcp" }));
      else connection.lost(failure || "the other side closed the connection");
    });
  });
}

function wireOf(socket: Socket): { write: Connection["write"]; destroy: () => Promise<void> } {
  return {
    write: (bytes: Uint8Array, done?: (error?: Error | null) => void) => void socket.write(bytes, done),
    destroy: () =>
      new Promise((resolve) => {
        if (socket.closed) return resolve();
        socket.once("close", () => resolve());
        socket.destroy();
      }),
  };
}

function connectError(name: string, address: SocketAddress, error: NodeJS.ErrnoException): PortError {
  const options = { cause: error, remote: address.kind === "tcp" };
  switch (error.code) {
    case "ECONNREFUSED":
      return new PortError(
        "missing",
        `${name}: nobody listens there; start ser2net or correct the address`,
        options,
      );
    case "ENOENT":
      return new PortError("missing", `${name}: no such socket; is its server running?`, options);
    case "EACCES":
    case "EPERM":
      return new PortError("denied", `${name}: this user may not open the socket`, options);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new PortError("missing", `${name}: the host name is not known`, options);
    default:
      return new PortError("failed", `${name}: ${error.message} (${address.kind})`, options);
  }
}
