/** The ways to a modem from outside: a pty that is a serial port to everybody, TCP, a unix socket. */
import { existsSync, lstatSync, mkdtempSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import type { Served } from "#hardware/simulator/transports/served.ts";
import { serveTcp } from "#hardware/simulator/transports/tcp.ts";
import { serveUnix } from "#hardware/simulator/transports/unix.ts";
import { systemClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";
import { pduOf } from "./rig.ts";

let simulator: Simulator;
let folder: string;
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-transports-"));
  simulator = createSimulator({
    clock: systemClock,
    random: seededRandom(1),
    modems: [{ profile: "quectel-ec25" }],
  });
});

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  simulator.stop();
  await rm(folder, { recursive: true });
});

/** Serves the modem, and stops when the test is over. */
async function served(serve: () => Promise<Served>): Promise<string> {
  const port = await serve();
  open.push(() => port.close());
  return port.address;
}

/** A host that waits for what it wants to hear. */
class Listener {
  heard = "";
  closed: string | undefined;
  #wanted: { text: string; found: (heard: string) => void } | undefined;
  #port: { write(bytes: Uint8Array): void; close(): Promise<void> } | undefined;
  #ended: (() => void) | undefined;
  readonly gone = new Promise<void>((resolve) => {
    this.#ended = resolve;
  });

  async open(address: string): Promise<this> {
    this.#port = await portOpener(parsePortAddress(address))({
      data: (bytes) => {
        this.heard += Buffer.from(bytes).toString("latin1");
        this.#look();
      },
      closed: (reason) => {
        this.closed = reason;
        this.#ended?.();
      },
    });
    return this;
  }

  /** Everything up to and with `text`. */
  until(text: string): Promise<string> {
    return new Promise((found) => {
      this.#wanted = { text, found };
      this.#look();
    });
  }

  ask(line: string, text: string): Promise<string> {
    this.#port?.write(Buffer.from(line, "latin1"));
    return this.until(text);
  }

  async close(): Promise<void> {
    await this.#port?.close();
  }

  #look(): void {
    if (!this.#wanted) return;
    const end = this.heard.indexOf(this.#wanted.text);
    if (end < 0) return;
    const { text, found } = this.#wanted;
    this.#wanted = undefined;
    const heard = this.heard.slice(0, end + text.length);
    this.heard = this.heard.slice(end + text.length);
    found(heard);
  }
}

async function submitOver(host: Listener): Promise<void> {
  const { hex, tpduLength } = pduOf();
  expect(await host.ask("ATE0\r", "OK\r\n")).toContain("ATE0");
  expect(await host.ask(`AT+CMGS=${tpduLength}\r`, "> ")).toBe("\r\n> ");
  expect(await host.ask(`${hex}\x1a`, "OK\r\n")).toMatch(/^\r\n\+CMGS: \d+\r\n\r\nOK\r\n$/);
}

const modem = (): Simulator["modems"][number] => {
  const [first] = simulator.modems;
  if (!first) throw new RangeError("no modem");
  return first;
};

const WAYS: readonly (readonly [string, () => Promise<Served>])[] = [
  ["pty", () => servePty(modem(), join(folder, "modem0"))],
  ["tcp", () => serveTcp(modem(), 0)],
  ["unix", () => serveUnix(modem(), join(folder, "modem0.sock"))],
];

describe.each(WAYS)("%s", (way, serve) => {
  test("carries a message to the ledger", async () => {
    const host = await new Listener().open(await served(serve));
    await submitOver(host);
    expect(simulator.ledger.at(1)?.text).toBe("Hello");
    await host.close();
  });

  test("outlives its host: the next one finds the modem as it was", async () => {
    const address = await served(serve);
    const first = await new Listener().open(address);
    await first.ask("ATE0;+CMGF=1\r", "OK\r\n");
    await first.close();
    const second = await new Listener().open(address);
    expect(await second.ask("AT+CMGF?\r", "OK\r\n")).toBe("\r\n+CMGF: 1\r\n\r\nOK\r\n");
    await second.close();
  });

  test("closes under its host at an unplug, and comes back under the same name", async () => {
    const address = await served(serve);
    const host = await new Listener().open(address);
    await host.ask("AT\r", "OK\r\n");
    modem().unplug();
    await host.gone;
    await expect(new Listener().open(address)).rejects.toMatchObject({ name: "PortError" });
    modem().replug();
    const reopened = await reopen(address);
    await reopened.ask("ATE0\r", "OK\r\n");
    await reopened.close();
  });

  test("carries all octets and a long answer whole", async () => {
    const host = await new Listener().open(await served(serve));
    await host.ask("ATE0\r", "OK\r\n");
    const { memories } = modem().modem;
    const pduHex = "AB".repeat(160);
    for (let i = 0; i < 200; i++) memories.add("ME", { status: 1, pduHex, tpduLength: 152 });
    const list = await host.ask("AT+CMGL=4\r", "\r\nOK\r\n");
    expect(list.match(/\+CMGL: \d+,1,,152\r\n(AB){160}\r\n/g)).toHaveLength(200);
    await host.ask("ATE1\r", "OK\r\n");
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i).filter((i) => i !== 13));
    expect(await host.ask(`${all}\r`, "\xff\r")).toBe(
      `${[...all].filter((character) => character !== "\n").join("")}\r`,
    );
    await host.close();
  });

  test(`${way} leaves nothing behind`, async () => {
    const port = await serve();
    await port.close();
    await expect(new Listener().open(port.address)).rejects.toMatchObject({ name: "PortError" });
  });
});

/** A listening socket may come a moment after the modem is there again. */
async function reopen(address: string): Promise<Listener> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await new Listener().open(address);
    } catch (error) {
      if (attempt >= 100) throw error;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

describe("pty", () => {
  test("the link leads to a terminal, goes at an unplug, and replaces a stale one", async () => {
    const path = join(folder, "modem0");
    symlinkSync("/dev/pts/99999", path);
    await served(() => servePty(modem(), path));
    expect(readlinkSync(path)).toMatch(/^\/dev\/pts\/\d+$/);
    modem().unplug();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
    modem().replug();
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });

  test("never replaces what is no link", async () => {
    const path = join(folder, "modem0");
    writeFileSync(path, "a file of somebody");
    await expect(servePty(modem(), path)).rejects.toThrow("is no link to a terminal");
    expect(existsSync(path)).toBe(true);
  });

  test("a second gateway is told that the port is taken", async () => {
    const address = await served(() => servePty(modem(), join(folder, "modem0")));
    const host = await new Listener().open(address);
    await expect(new Listener().open(address)).rejects.toMatchObject({ name: "PortError", code: "busy" });
    await host.close();
  });

  test("what nobody reads is bounded, and the modem goes on", async () => {
    const address = await served(() => servePty(modem(), join(folder, "modem0")));
    const line = "+CREG: 1".padEnd(1_000, " ");
    for (let i = 0; i < 5_000; i++) modem().modem.say(line);
    const host = await new Listener().open(address);
    host.until("never").catch(() => undefined);
    await host.ask("ATE0\r", "OK\r\n");
    await host.close();
  });
});

describe("sockets", () => {
  test("a second host is turned away", async () => {
    const address = await served(() => serveTcp(modem(), 0));
    const host = await new Listener().open(address);
    await host.ask("AT\r", "OK\r\n");
    const second = createConnection({ host: "127.0.0.1", port: Number(address.split(":").at(-1)) });
    await new Promise<void>((resolve) => {
      second.on("error", () => undefined);
      second.on("close", () => resolve());
    });
    await host.ask("AT\r", "OK\r\n");
    await host.close();
  });

  test("a stale unix socket is replaced, another file is not", async () => {
    const path = join(folder, "modem0.sock");
    writeFileSync(path, "a file of somebody");
    await expect(serveUnix(modem(), path)).rejects.toThrow("is no socket");
  });
});
