/** The simulator as its own process: what it prints, how it ends, what it leaves. */
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { simulatorCommand } from "#hardware/simulator/cli.ts";
import { type SimulatorProcess, startSimulator } from "./simulator-process.ts";

let folder: string;
const running: SimulatorProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-simulator-"));
});

afterEach(async () => {
  for (const process of running.splice(0)) await process.stop();
  await rm(folder, { recursive: true });
});

async function start(...flags: readonly string[]): Promise<SimulatorProcess> {
  const process = await startSimulator(flags);
  running.push(process);
  return process;
}

describe("a running simulator", () => {
  test("says where everything is, then that it is ready, and leaves nothing behind at SIGINT", async () => {
    const simulator = await start("--modems", "4", "--profile", "all", "--pty", folder, "--latency", "gsm");
    expect(simulator.lines.slice(0, 4)).toEqual([
      `modem0  ${folder}/modem0  generic-strict  IMEI 350000000000014  SIM +4915100000001`,
      `modem1  ${folder}/modem1  quectel-ec25  IMEI 866920030000022  SIM +4915100000002`,
      `modem2  ${folder}/modem2  simcom-sim800  IMEI 869342030000034  SIM +4915100000003`,
      `modem3  ${folder}/modem3  simcom-sim7600  IMEI 861475030000048  SIM +4915100000004`,
    ]);
    expect(simulator.lines[4]).toMatch(/^control {2}http:\/\/127\.0\.0\.1:\d+$/);
    expect(simulator.lines[5]).toBe("ready");
    expect(readdirSync(folder)).toEqual(["modem0", "modem1", "modem2", "modem3"]);
    const modems = await fetch(`${simulator.control}/modems`);
    expect(await modems.json()).toMatchObject({ modems: [{ name: "modem0" }, {}, {}, {}] });
    expect(await simulator.stop("SIGINT")).toEqual({ code: 0, signal: null });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("serves unix sockets with a PIN, without a control address, until SIGTERM", async () => {
    const simulator = await start("--unix", folder, "--pin", "1234", "--no-control");
    expect(simulator.control).toBeUndefined();
    expect(await ask(`unix:${folder}/modem0`, "AT+CPIN?\r")).toContain("+CPIN: SIM PIN");
    expect(await simulator.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("arms the faults of a file", async () => {
    const file = join(folder, "faults.json");
    writeFileSync(file, JSON.stringify([{ at: "answer", action: { kind: "drop-final" }, every: 3 }]));
    const simulator = await start("--pty", join(folder, "ports"), "--faults", file);
    const faults = await fetch(`${simulator.control}/faults`);
    expect(await faults.json()).toMatchObject({ faults: [{ every: 3, fired: 0 }] });
  });
});

test("--all-ports serves every port of a USB modem", async () => {
  const simulator = await startSimulator(["--profile", "quectel-ec25", "--unix", folder, "--all-ports"]);
  const ports = simulator.lines.filter((line) => line.startsWith("modem0."));
  expect(ports.map((line) => line.split(/\s+/))).toEqual([
    ["modem0.if00", `unix:${folder}/modem0.if00`, "diagnostic"],
    ["modem0.if01", `unix:${folder}/modem0.if01`, "gps"],
    ["modem0.if03", `unix:${folder}/modem0.if03`, "modem"],
  ]);
  expect(await ask(`unix:${folder}/modem0.if03`, "AT+CGMM\r")).toContain("EC25");
  await simulator.stop();
});

/** What the modem says up to OK. */
async function ask(address: string, line: string): Promise<string> {
  let heard = "";
  let answered: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const port = await portOpener(parsePortAddress(address))({
    data: (bytes) => {
      heard += Buffer.from(bytes).toString("latin1");
      if (heard.includes("OK")) answered();
    },
    closed: () => undefined,
  });
  port.write(Buffer.from(line));
  await answer;
  await port.close();
  return heard;
}

describe("flags that are wrong", () => {
  async function refusal(...flags: readonly string[]): Promise<string> {
    let errors = "";
    const command = simulatorCommand()
      .exitOverride()
      .configureOutput({
        writeErr: (text) => {
          errors += text;
        },
      });
    await expect(command.parseAsync(["node", "simulator", ...flags])).rejects.toThrow();
    return errors;
  }

  test.each([
    [["--modems", "0"], "whole number from 1 to 256"],
    [["--profile", "nokia"], 'no profile "nokia"'],
    [["--latency", "slow"], "none, gsm, umts, lte, nbiot"],
    [["--pin", "12"], "4 to 8 digits"],
    [["--speed", "0"], "from 0.01 to 10000"],
    [["--colour", "blue"], "unknown option"],
  ])("%j", async (flags, hint) => {
    expect(await refusal(...flags)).toContain(hint);
  });

  test("more ports than TCP has names for", async () => {
    const flags = ["--tcp", "40123", "--all-ports", "--no-control"];
    await expect(simulatorCommand().parseAsync(["node", "simulator", ...flags])).rejects.toThrow(
      "--all-ports",
    );
  });

  test("two transports at once", async () => {
    const command = simulatorCommand();
    const flags = ["--pty", folder, "--unix", folder, "--no-control"];
    await expect(command.parseAsync(["node", "simulator", ...flags])).rejects.toThrow("choose one of");
  });
});

test("--help has examples", () => {
  let help = "";
  simulatorCommand()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
    })
    .outputHelp();
  expect(help).toContain("npm run simulator -- --modems 8 --profile quectel-ec25 --pty /tmp/sim");
});

test("a file of faults that is none is refused with the place", async () => {
  const file = join(folder, "faults.json");
  writeFileSync(file, JSON.stringify([{ at: "answer", action: { kind: "explode" } }]));
  const flags = ["--pty", folder, "--faults", file];
  await expect(simulatorCommand().parseAsync(["node", "simulator", ...flags])).rejects.toThrow("0.action");
});
