/**
 * Debian's gammu and gammu-smsd as witnesses: nobody here wrote them, and they must take the simulator's
 * pty for a modem. Things of theirs (1.42) shape the table below:
 * - gammu tries one CNMI only, made of the highest values listed. huawei-e173 lists mode 2 and refuses it,
 *   as real ones do, so that gammu would get no reports; here it takes the mode that it lists.
 *   So with zte-mf190. cinterion-mc75i takes no bfr but 1, gammu says 0 and would get no reports either
 *   (its pull request 1207 mends that): here both are taken.
 * - gammu-smsd reads SM and ME. Of a report in SR it knows that there is one, not what it says, so
 *   families that keep reports there keep them elsewhere here.
 */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cinterionMc75i } from "#hardware/simulator/profiles/cinterion-mc75i.ts";
import { genericStrict } from "#hardware/simulator/profiles/generic-strict.ts";
import { huaweiE173 } from "#hardware/simulator/profiles/huawei-e173.ts";
import { quectelEc25 } from "#hardware/simulator/profiles/quectel-ec25.ts";
import { simcomSim800 } from "#hardware/simulator/profiles/simcom-sim800.ts";
import { simcomSim7600 } from "#hardware/simulator/profiles/simcom-sim7600.ts";
import { telitLe910 } from "#hardware/simulator/profiles/telit-le910.ts";
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import { ubloxSara } from "#hardware/simulator/profiles/ublox-sara.ts";
import { wavecomQ2 } from "#hardware/simulator/profiles/wavecom-q2.ts";
import { zteMf190 } from "#hardware/simulator/profiles/zte-mf190.ts";
import { createSimulator, type SimulatedModem, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import type { Served } from "#hardware/simulator/transports/served.ts";
import { systemClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";
import { eventually } from "#test/support/eventually.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";
import { SOMEBODY } from "./rig.ts";

const FAMILIES: readonly (readonly [string, Profile, string])[] = [
  [
    "generic-strict",
    { ...genericStrict, routing: { ...genericStrict.routing, reportStorage: "ME" } },
    "Virtual modem",
  ],
  ["quectel-ec25", quectelEc25, "EC25"],
  ["simcom-sim800", simcomSim800, "SIMCOM_SIM800L"],
  ["huawei-e173", { ...huaweiE173, routing: { ...huaweiE173.routing, refusedModes: [] } }, "E173"],
  ["simcom-sim7600", simcomSim7600, "SIMCOM_SIM7600E"],
  ["zte-mf190", { ...zteMf190, routing: { ...zteMf190.routing, refusedModes: [] } }, "MF190"],
  ["telit-le910", telitLe910, "LE910-EUG"],
  ["ublox-sara", ubloxSara, "SARA-R410M-02B"],
  [
    "cinterion-mc75i",
    {
      ...cinterionMc75i,
      routing: {
        ...cinterionMc75i.routing,
        reportStorage: "ME",
        offered: [
          [0, 1, 2, 3],
          [0, 1],
          [0, 2, 3],
          [0, 2],
          [0, 1],
        ],
        spelled: "(0-3),(0,1),(0,2,3),(0,2),(0,1)",
      },
    },
    "MC75i",
  ],
  ["wavecom-q2", { ...wavecomQ2, routing: { ...wavecomQ2.routing, reportStorage: "SM" } }, "MULTIBAND"],
];

const witness = ensureSystemPackage(["gammu", "gammu-smsd"]);
const run = promisify(execFile);
/** gammu types one character each millisecond until it knows the model. */
const GAMMU_MS = 60_000;
const DAEMON_MS = 45_000;

describe.runIf(witness.available)("gammu", { timeout: 2 * GAMMU_MS }, () => {
  let folder: string;
  let simulator: Simulator;
  let served: readonly Served[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dunlin-gammu-"));
    simulator = createSimulator({
      clock: systemClock,
      random: seededRandom(1),
      modems: FAMILIES.map(([name, profile]) => ({ name, profile })),
    });
    served = await Promise.all(simulator.modems.map((modem) => servePty(modem, join(folder, modem.name))));
  });

  afterAll(async () => {
    for (const port of served) await port.close();
    simulator.stop();
    await rm(folder, { recursive: true });
  });

  test.concurrent.each(FAMILIES)(
    "identifies, sends, receives and gets a report: %s",
    async (name, _, model) => {
      const daemon = new SmsDaemon(folder, simulator.modem(name));
      const identity = await run("gammu", ["-c", daemon.configuration, "identify"], { timeout: GAMMU_MS });
      expect(identity.stdout).toContain(model);
      expect(identity.stdout).toContain(simulator.modem(name).imei);
      expect(identity.stdout).toContain(simulator.modem(name).modem.sim?.imsi);
      await sendByHand(daemon, name);
      daemon.start();
      try {
        await sendAndReceive(daemon, name);
      } finally {
        await daemon.stop();
      }
    },
  );

  async function sendByHand(daemon: SmsDaemon, name: string): Promise<void> {
    const text = `Grüße an ${name} 😀`;
    const flags = [
      "-c",
      daemon.configuration,
      "sendsms",
      "TEXT",
      SOMEBODY,
      "-report",
      "-unicode",
      "-text",
      text,
    ];
    const sent = await run("gammu", flags, { timeout: GAMMU_MS });
    expect(sent.stdout).toContain("OK, message reference=0");
    expect(simulator.ledger.entries({ modem: name })).toMatchObject([{ destination: SOMEBODY, text }]);
  }

  async function sendAndReceive(daemon: SmsDaemon, name: string): Promise<void> {
    const { sim } = simulator.modem(name).modem;
    const long = `${name}: ${"gammu-smsd cuts this in two. ".repeat(7)}`;
    await daemon.inject(long);
    simulator.network.sendToSim({ from: "+491771234567", to: sim?.number ?? "", text: `Hello ${name}` });
    const parts = await eventually("both parts in the ledger", DAEMON_MS, () => {
      const entries = simulator.ledger.entries({ modem: name }).slice(1);
      return entries.length >= 2 ? entries : undefined;
    });
    expect(parts.map((entry) => entry.text).join("")).toBe(long);
    expect(parts.map((entry) => entry.concatenation?.sequence)).toEqual([1, 2]);
    const received = await daemon.inbox("_+491771234567_");
    expect(received).toBe(`Hello ${name}`);
    expect(await daemon.inbox("_+4915112345678_")).toMatch(/^Delivered/);
  }
});

if (!witness.available) test.skip(`gammu was not asked: ${witness.reason}`, () => undefined);

/** gammu-smsd with the files backend, on one modem. */
class SmsDaemon {
  readonly configuration: string;
  readonly #folder: string;
  #ended: Promise<void> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(folder: string, { name }: SimulatedModem) {
    this.#folder = join(folder, `${name}.d`);
    this.configuration = join(this.#folder, "smsdrc");
    for (const box of ["inbox", "outbox", "sent", "error"])
      mkdirSync(join(this.#folder, box), { recursive: true });
    const path = (box: string): string => `${join(this.#folder, box)}/`;
    const lines = [
      "[gammu]",
      `device = ${join(folder, name)}`,
      "connection = at115200",
      "[smsd]",
      "service = files",
      `inboxpath = ${path("inbox")}`,
      `outboxpath = ${path("outbox")}`,
      `sentsmspath = ${path("sent")}`,
      `errorsmspath = ${path("error")}`,
      `logfile = ${join(this.#folder, "log")}`,
      "deliveryreport = sms",
      "CommTimeout = 1",
      "ReceiveFrequency = 1",
    ];
    writeFileSync(this.configuration, `${lines.join("\n")}\n`);
  }

  start(): void {
    const child = spawn("gammu-smsd", ["-c", this.configuration], { stdio: "ignore" });
    this.#ended = new Promise((resolve) => {
      child.once("exit", () => resolve());
    });
    this.#stop = () => child.kill("SIGTERM");
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#ended;
  }

  async inject(text: string): Promise<void> {
    const length = String(text.length);
    const flags = ["-c", this.configuration, "TEXT", SOMEBODY, "-report", "-len", length, "-text", text];
    await run("gammu-smsd-inject", flags, { timeout: GAMMU_MS });
  }

  /** Text of the first message whose file name has `part` in it. */
  inbox(part: string): Promise<string> {
    const inbox = join(this.#folder, "inbox");
    return eventually(`a message ${part} in ${inbox}`, DAEMON_MS, () => {
      const found = readdirSync(inbox).find((file) => file.includes(part));
      const text = found && readFileSync(join(inbox, found), "utf8");
      return text ? text : undefined;
    });
  }
}
