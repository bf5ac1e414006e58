/** `dunlin simulator`: modems, SIMs and a network as a process of their own. */
import { mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { createClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";
import { faultList } from "./control/fault-schemas.ts";
import { type ControlApi, serveControlApi } from "./control-api.ts";
import type { FaultSpec } from "./faults/faults.ts";
import { isLatencyName, type LatencyName } from "./network/latency.ts";
import { PROFILE_NAMES } from "./profiles/profiles.ts";
import { createSimulator, type SimulatedModem } from "./simulator.ts";
import { servePty } from "./transports/pty.ts";
import type { Servable, Served } from "./transports/served.ts";
import { serveTcp } from "./transports/tcp.ts";
import { serveUnix } from "./transports/unix.ts";

interface Flags {
  readonly modems: number;
  readonly profile: readonly string[];
  readonly pty?: string;
  readonly tcp?: number;
  readonly unix?: string;
  readonly host: string;
  readonly control: number | false;
  readonly latency: number | LatencyName | "own";
  readonly baud?: number;
  readonly reportDelay?: number;
  readonly speed: number;
  readonly seed: number;
  readonly pin?: string;
  readonly country: string;
  readonly faults?: string;
  readonly keep: number;
  readonly traffic: number;
  readonly allPorts?: boolean;
}

const MODEMS_MAX = 256;
const PORT_MAX = 65_535;
const LEDGER_KEEP_DEFAULT = 100_000;

const EXAMPLES = `
Examples:
  Eight LTE modems as serial devices in /tmp/sim:
    npm run simulator -- --modems 8 --profile quectel-ec25 --pty /tmp/sim
  One of each family, with the waiting times of a GSM network:
    npm run simulator -- --modems 4 --profile all --pty /tmp/sim --latency gsm
  Behind TCP, as ser2net serves real ones, and a control address that stays the same:
    npm run simulator -- --modems 2 --tcp 3001 --control 4080

The control address takes incoming messages, faults and handset states, and shows the ledger:
hardware/simulator/README.md tells how.`;

export function simulatorCommand(): Command {
  return new Command("simulator")
    .description("Simulated GSM modems, SIMs, network and phones, to try and test Dunlin without hardware.")
    .option("--modems <count>", "how many modems", wholeNumber("--modems", 1, MODEMS_MAX), 1)
    .option("--profile <names>", `${PROFILE_NAMES.join(", ")}, or all; several are dealt in turn`, profiles, [
      "quectel-ec25",
    ])
    .option("--pty <folder>", "serial devices: links modem0, modem1, … in this folder")
    .option("--tcp <port>", "TCP ports: this one and the following", wholeNumber("--tcp", 1, PORT_MAX))
    .option("--unix <folder>", "unix sockets modem0, modem1, … in this folder")
    .option("--all-ports", "with --pty or --unix: also a USB modem's other ports, as modem0.if03")
    .option("--host <address>", "where --tcp and --control listen", "127.0.0.1")
    .option(
      "--control <port>",
      "port of the control address; 0 takes a free one",
      wholeNumber("--control", 0, PORT_MAX),
      0,
    )
    .option("--no-control", "no control address")
    .option(
      "--latency <time>",
      "network time: milliseconds, gsm, umts, lte, nbiot, or own: that of each modem's family",
      latency,
      "none" as const,
    )
    .option("--baud <rate>", "speed of the modems' lines", wholeNumber("--baud", 300, 4_000_000))
    .option("--report-delay <ms>", "time to a status report", wholeNumber("--report-delay", 0, 86_400_000))
    .option("--speed <factor>", "how much faster than real time everything runs", speed, 1)
    .option("--seed <number>", "the same seed gives the same run", wholeNumber("--seed", 0, 0xffff_ffff), 1)
    .addOption(new Option("--pin <digits>", "SIMs ask for this PIN").argParser(pin))
    .option("--country <code>", "calling code of the SIMs' numbers", countryCode, "49")
    .option("--faults <file>", "JSON file with a list of faults to arm at the start")
    .option(
      "--keep <entries>",
      "ledger entries kept in memory",
      wholeNumber("--keep", 1, 100_000_000),
      LEDGER_KEEP_DEFAULT,
    )
    .option(
      "--traffic <writes>",
      "newest writes of each port to keep for reading",
      wholeNumber("--traffic", 0, 1_000_000),
      0,
    )
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const simulator = createSimulator({
    clock: createClock(flags.speed),
    random: seededRandom(flags.seed),
    modems: Array.from({ length: flags.modems }, (_, index) => ({
      profile: flags.profile[index % flags.profile.length] as string,
      ...(flags.baud !== undefined && { baud: flags.baud }),
      ...(flags.latency === "own" && { latency: "own" as const }),
      ...(flags.pin !== undefined && { sim: { pin: flags.pin } }),
    })),
    network: {
      latency: flags.latency === "own" ? "umts" : flags.latency,
      countryCode: flags.country,
      ...(flags.reportDelay !== undefined && { reportDelay: flags.reportDelay }),
    },
    faults: flags.faults === undefined ? [] : readFaults(flags.faults),
    ledgerKeep: flags.keep,
    trafficKeep: flags.traffic,
  });
  const stopped = untilSignal();
  const served: Served[] = [];
  let control: ControlApi | undefined;
  try {
    for (const [index, modem] of simulator.modems.entries()) {
      const port = await serve(flags, modem, index);
      served.push(port);
      say(describe(modem, port));
      for (const other of flags.allPorts === true ? modem.ports : []) {
        const otherPort = await serveAt(flags, other);
        served.push(otherPort);
        say(`${other.name}  ${otherPort.address}  ${other.role}`);
      }
    }
    if (flags.control !== false) {
      control = await serveControlApi(simulator, { port: flags.control, host: flags.host });
      say(`control  ${control.address}`);
    }
    say("ready");
    await stopped;
  } finally {
    simulator.stop();
    await Promise.all(served.map((port) => port.close()));
    await control?.close();
  }
}

function serve(flags: Flags, modem: SimulatedModem, index: number): Promise<Served> {
  const chosen = [flags.pty, flags.tcp, flags.unix].filter((value) => value !== undefined);
  if (chosen.length > 1) throw new Error("choose one of --pty, --tcp and --unix: a modem has one port");
  if (flags.tcp === undefined) return serveAt(flags, modem);
  if (flags.allPorts === true) throw new Error("--all-ports needs --pty or --unix: TCP ports have no names");
  return serveTcp(modem, flags.tcp + index, flags.host);
}

/** Under its name in a folder. */
function serveAt(flags: Flags, port: Servable): Promise<Served> {
  if (flags.unix !== undefined) return serveUnix(port, join(folder(flags.unix), port.name));
  return servePty(port, join(folder(flags.pty ?? join(tmpdir(), "dunlin-simulator")), port.name));
}

function folder(path: string): string {
  mkdirSync(path, { recursive: true });
  return resolve(path);
}

function describe({ name, imei, modem }: SimulatedModem, { address }: Served): string {
  const { sim, profile } = modem;
  return `${name}  ${address}  ${profile.name}  IMEI ${imei}  SIM ${sim?.number ?? "none"}`;
}

function readFaults(path: string): readonly FaultSpec[] {
  const faults = faultList.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (faults.success) return faults.data as readonly FaultSpec[];
  throw new Error(
    `${path} is no list of faults: ${faults.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
  );
}

/** Resolves at SIGINT or SIGTERM. */
function untilSignal(): Promise<void> {
  return new Promise((end) => {
    process.once("SIGINT", () => end());
    process.once("SIGTERM", () => end());
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(flag: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${flag} takes a whole number from ${min} to ${max}.`);
  };
}

function profiles(text: string): readonly string[] {
  if (text === "all") return PROFILE_NAMES;
  const names = text.split(",");
  const unknown = names.find((name) => !PROFILE_NAMES.includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(
    `There is no profile "${unknown}"; there are ${PROFILE_NAMES.join(", ")}, and all.`,
  );
}

function latency(text: string): number | LatencyName | "own" {
  if (text === "own") return text;
  if (isLatencyName(text)) return text;
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A time is a number of milliseconds, or none, gsm, umts, lte, nbiot.");
}

function speed(text: string): number {
  const value = Number(text);
  if (value >= 0.01 && value <= 10_000) return value;
  throw new InvalidArgumentError("A speed is a number from 0.01 to 10000.");
}

function pin(text: string): string {
  if (/^\d{4,8}$/.test(text)) return text;
  throw new InvalidArgumentError("A PIN has 4 to 8 digits.");
}

function countryCode(text: string): string {
  if (/^[1-9]\d{0,2}$/.test(text)) return text;
  throw new InvalidArgumentError("A calling code has 1 to 3 digits, e.g. 49.");
}
