/** A gateway core in this process, on a real file, and the simulator's modems on ptys in another. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Core, openCore } from "#gateway/core.ts";
import type { NewMessage } from "#gateway/messages/types.ts";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import type { OpenPort } from "#hardware/port/port.ts";
import { systemClock } from "#shared/clock.ts";
import { createLogger } from "#shared/logger.ts";
import { systemRandom } from "#shared/random.ts";

const READY_MS_MAX = 60_000;
const LOOK_MS = 20;
const BATCH = 500;

export interface RigOptions {
  readonly modems: number;
  /** Milliseconds from Ctrl-Z to the answer. */
  readonly latencyMs: number;
  /** Folder for the database: on the disk that is to be measured. */
  readonly folder: string;
  readonly profile: string;
}

/** What went over one modem's port. Times are monotonic milliseconds. */
export interface Wire {
  /** When each `AT+CMGS` was written. */
  readonly commands: number[];
  /** When each complete PDU was written. */
  readonly pdus: number[];
  /** When the answer to each PDU came. */
  readonly answers: number[];
}

export interface Rig {
  readonly core: Core;
  readonly wires: readonly Wire[];
  /** Stores messages that all fall due at `at`. */
  fill(count: number, at: number, report: boolean): Promise<void>;
  /** Resolves when so many segments came into the state since the start. */
  until(state: "submitted" | "delivered", count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openRig(options: RigOptions): Promise<Rig> {
  const folder = mkdtempSync(join(resolve(options.folder), "dunlin-bench-"));
  const simulator = startSimulator(options, folder);
  try {
    await untilReady(simulator);
    return await openCoreOn(options, folder, async () => endSimulator(simulator, folder));
  } catch (error) {
    await endSimulator(simulator, folder);
    throw error;
  }
}

async function endSimulator(simulator: ChildProcess, folder: string): Promise<void> {
  simulator.kill("SIGTERM");
  if (simulator.exitCode === null && simulator.signalCode === null) await once(simulator, "exit");
  rmSync(folder, { recursive: true });
}

async function openCoreOn(options: RigOptions, folder: string, end: () => Promise<void>): Promise<Rig> {
  const wires: Wire[] = Array.from({ length: options.modems }, () => ({
    commands: [],
    pdus: [],
    answers: [],
  }));
  const core = openCore({
    databasePath: join(folder, "gateway.db"),
    clock: systemClock,
    random: systemRandom,
    log: createLogger({ level: "error", name: "bench" }),
    modems: wires.map((wire, i) => {
      const port = join(folder, `modem${i}`);
      return {
        name: `modem${i}`,
        port,
        open: probed(portOpener(parsePortAddress(port)), wire),
        settings: {},
      };
    }),
  });
  core.start();
  await core.started;
  await waitFor(() => core.fleet.modems().every(({ state }) => state === "ready"), READY_MS_MAX);
  let filled = 0;
  return {
    core,
    wires,
    async fill(count, at, report) {
      for (let first = 0; first < count; first += BATCH) {
        const batch = Array.from({ length: Math.min(BATCH, count - first) }, () =>
          message(filled++, at, report),
        );
        await core.messages.accept(batch, { keyId: "bench" });
      }
    },
    until: (state, count) => waitFor(() => (core.metrics().entered[state] ?? 0) >= count, 600_000),
    async close() {
      await core.stop();
      await end();
    },
  };
}

export async function waitFor(fact: () => boolean, msMax: number): Promise<void> {
  const until = systemClock.monotonic() + msMax;
  while (!fact()) {
    if (systemClock.monotonic() > until) throw new Error(`did not come true in ${msMax} ms: ${fact}`);
    await systemClock.sleep(LOOK_MS);
  }
}

function message(n: number, notBefore: number, report: boolean): NewMessage {
  return {
    to: `+4915${String(100_000_000 + n)}`,
    text: `Invoice ${n} of 99.50 EUR has been due for 14 days. Please pay by 24 December, or call us.`,
    notBefore,
    priority: 0,
    report,
    transliterate: false,
    onUnknown: "hold",
  };
}

function startSimulator(options: RigOptions, folder: string): ChildProcess {
  const { modems, latencyMs, profile } = options;
  const entry = fileURLToPath(import.meta.resolve("#test/bench/simulator-process.ts"));
  const flags = ["--modems", String(modems), "--profile", profile, "--pty", folder, "--no-control"];
  return spawn(process.execPath, [entry, ...flags, "--latency", String(latencyMs), "--keep", "1000"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function untilReady(simulator: ChildProcess): Promise<void> {
  let said = "";
  simulator.stdout?.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  await waitFor(() => said.includes("ready\n") || simulator.exitCode !== null, READY_MS_MAX);
  if (simulator.exitCode !== null) throw new Error(`the simulator ended with ${simulator.exitCode}`);
}

/** Notes when commands and PDUs leave and when answers come, and changes nothing. */
function probed(open: OpenPort, wire: Wire): OpenPort {
  let open_ = false;
  return async (handlers) => {
    const port = await open({
      ...handlers,
      data: (bytes) => {
        // The answer to a PDU is the first thing that comes after it and holds a final result.
        if (open_ && includes(bytes, RESULT)) {
          wire.answers.push(systemClock.monotonic());
          open_ = false;
        }
        handlers.data(bytes);
      },
    });
    return {
      name: port.name,
      close: () => port.close(),
      write: (bytes) => {
        port.write(bytes);
        if (bytes.at(-1) === CTRL_Z) {
          wire.pdus.push(systemClock.monotonic());
          open_ = true;
        } else if (includes(bytes, COMMAND)) wire.commands.push(systemClock.monotonic());
      },
    };
  };
}

const CTRL_Z = 0x1a;
const RESULT = Buffer.from("+CMGS:");
const COMMAND = Buffer.from("AT+CMGS=");

function includes(bytes: Uint8Array, part: Buffer): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(part);
}
