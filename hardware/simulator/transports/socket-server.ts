/** A modem behind a listening socket, as ser2net serves one: one host at a time, a second is turned away. */
import { createServer, type ListenOptions, type Socket as NetSocket, type Server } from "node:net";
import type { WireEnd } from "#hardware/simulator/modem/terminal.ts";
import { type Servable, UNREAD_OCTETS_MAX } from "./served.ts";

/** Turns of the event loop in which a host's farewell is read. */
const HANG_UP_TURNS = 4;

export class SocketServer {
  readonly #modem: Servable;
  readonly #listen: () => ListenOptions;
  readonly #stopWatching: () => void;
  #server: Server | undefined;
  #client: NetSocket | undefined;

  /** `listen` is asked again after each unplug. */
  constructor(modem: Servable, listen: () => ListenOptions) {
    this.#modem = modem;
    this.#listen = listen;
    this.#stopWatching = modem.onPresence((present) => {
      if (present) this.start().catch((error: Error) => process.emitWarning(error));
      else this.#stop().catch((error: Error) => process.emitWarning(error));
    });
  }

  /** Resolves when hosts can connect. @throws Error of `listen` */
  async start(): Promise<Server | undefined> {
    if (!this.#modem.present || this.#server) return this.#server;
    const server = createServer({ noDelay: true }, (client) => {
      client.on("error", () => client.destroy());
      this.#welcome(client);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#listen(), () => {
        server.off("error", reject);
        resolve();
      });
    });
    return server;
  }

  async close(): Promise<void> {
    this.#stopWatching();
    await this.#stop();
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#client?.destroy();
    if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** A host that has just hung up may still be on its way out: the next one waits a moment for it. */
  #welcome(client: NetSocket, turns = HANG_UP_TURNS): void {
    if (client.destroyed) return;
    if (this.#modem.guard?.reason !== undefined) {
      client.destroy();
      return;
    }
    const end: WireEnd | undefined = this.#modem.socket.attach({ write: (text) => send(client, text) });
    if (end === undefined) {
      if (turns === 0) client.destroy();
      else setImmediate(() => this.#welcome(client, turns - 1));
      return;
    }
    this.#client = client;
    client.on("data", (chunk) => end.receive((chunk as Buffer).toString("latin1")));
    client.on("end", () => end.detach());
    client.on("close", () => end.detach());
  }
}

function send(client: NetSocket, text: string): void {
  const octets = Buffer.from(text, "latin1");
  if (client.writable && client.writableLength + octets.length <= UNREAD_OCTETS_MAX) client.write(octets);
}
