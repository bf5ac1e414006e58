/**
 * A modem on a pseudo-terminal: to a gateway it looks like a serial device. The slave is kept open by a
 * file descriptor that nobody reads, so the modem lives on when the gateway ends; closing the master is
 * an unplug, and the gateway's port sees it as one.
 */
import { execFileSync } from "node:child_process";
import { closeSync, constants, lstatSync, openSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { ReadStream } from "node:tty";
import type { OpenRefusal } from "#hardware/simulator/modem/port-guard.ts";
import type { WireEnd } from "#hardware/simulator/modem/terminal.ts";
import { type Clock, systemClock } from "#shared/clock.ts";
import { DescriptorWriter } from "./descriptor-writer.ts";
import { blockPty } from "./pty-block.ts";
import { type PtyLibrary, ptyLibrary } from "./pty-library.ts";
import type { Servable, Served } from "./served.ts";

/**
 * The link at `linkPath` leads to the slave while the modem is plugged in. A terminal lives in real time,
 * whatever the simulator's clock does; `clock` only paces writes to a host that does not read.
 */
export async function servePty(
  modem: Servable,
  linkPath: string,
  clock: Clock = systemClock,
): Promise<Served> {
  const library = await ptyLibrary();
  const base = resolve(linkPath);
  // A port that comes back under another name has its count behind it, as ttyUSB2 becomes ttyUSB5.
  const pathNow = (): string => (modem.renames ? `${base}-${modem.renames}` : base);
  refuseForeign(base);
  let pty = modem.present ? new Pty(library, modem, pathNow(), clock) : undefined;
  const stopWatching = modem.onPresence((present) => {
    pty?.close();
    pty = present ? new Pty(library, modem, pathNow(), clock) : undefined;
  });
  return {
    get address() {
      return pathNow();
    },
    close: async () => {
      stopWatching();
      pty?.close();
      pty = undefined;
    },
  };
}

class Pty {
  readonly #master: ReadStream;
  readonly #writer: DescriptorWriter;
  readonly #keeperFd: number;
  readonly #linkPath: string;
  readonly #slavePath: string;
  readonly #end: WireEnd;
  #closed = false;
  readonly #stopWatching: () => void;
  #unblock: () => void = () => undefined;

  constructor(library: PtyLibrary, modem: Servable, linkPath: string, clock: Clock) {
    const { master, slave, fd, ptsName } = library.open({ encoding: null });
    // It would take octets that are meant for the gateway.
    slave.destroy();
    this.#master = master;
    this.#writer = new DescriptorWriter(fd, clock);
    this.#slavePath = ptsName;
    this.#keeperFd = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
    setRaw(master, ptsName);
    const end = modem.socket.attach({ write: (text) => this.#writer.write(Buffer.from(text, "latin1")) });
    if (end === undefined) throw new Error(`${modem.name} is served by another transport already`);
    this.#end = end;
    master.on("data", (chunk: Buffer) => end.receive(chunk.toString("latin1")));
    master.on("error", () => this.close());
    this.#linkPath = linkPath;
    this.#linkTo(ptsName);
    const block = (reason: OpenRefusal | undefined): void => {
      this.#unblock();
      const place = { slavePath: ptsName, link: (target: string) => this.#linkTo(target) };
      this.#unblock = reason === undefined ? () => undefined : blockPty(reason, place, library);
    };
    this.#stopWatching = modem.guard?.onChange(block) ?? (() => undefined);
    block(modem.guard?.reason);
  }

  #linkTo(target: string): void {
    removeLink(this.#linkPath);
    symlinkSync(target, this.#linkPath);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#unblock();
    this.#end.detach();
    this.#writer.stop();
    if (linkTarget(this.#linkPath) === this.#slavePath) removeLink(this.#linkPath);
    this.#master.destroy();
    closeSync(this.#keeperFd);
  }
}

/** No echo and no translation by the terminal driver, whoever opens it; stty is in every Debian and Alpine. */
function setRaw(master: ReadStream, slavePath: string): void {
  try {
    execFileSync("stty", ["-F", slavePath, "raw", "-echo", "-hupcl", "clocal"], { stdio: "ignore" });
  } catch {
    // Node's own raw mode still turns a line feed of the host into CR LF, which the AT port does not mind.
    master.setRawMode(true);
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Something that is no link was not made by a simulator, and is not removed by one. */
function refuseForeign(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry && !entry.isSymbolicLink()) {
    throw new Error(`${path} exists and is no link to a terminal; remove it or choose another folder`);
  }
}

function removeLink(path: string): void {
  refuseForeign(path);
  if (lstatSync(path, { throwIfNoEntry: false })) unlinkSync(path);
}
