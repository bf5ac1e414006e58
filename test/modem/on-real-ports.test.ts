/** The driver and the simulator with an operating system in between: pty, TCP, unix socket. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createModem } from "#hardware/modem/modem.ts";
import type { Modem, ModemState, ModemStatus, ReceivedPdu } from "#hardware/modem/types.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { createSimulator, type SimulatedModem, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import type { Served } from "#hardware/simulator/transports/served.ts";
import { serveTcp } from "#hardware/simulator/transports/tcp.ts";
import { serveUnix } from "#hardware/simulator/transports/unix.ts";
import { createClock, systemClock } from "#shared/clock.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { rememberingPins } from "#test/support/modem-rig.ts";

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function simulate(): { simulator: Simulator; simulated: SimulatedModem; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-ports-"));
  const simulator = createSimulator({
    // A modem takes seconds to boot; this one is in a hurry.
    clock: createClock(20),
    random: seededRandom(1),
    modems: [{ profile: "quectel-ec25" }],
  });
  const simulated = simulator.modems[0];
  if (simulated === undefined) throw new Error("the simulator has no modem");
  cleanups.push(() => simulator.stop());
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return { simulator, simulated, folder };
}

interface Driven {
  readonly modem: Modem;
  readonly reports: ReceivedPdu[];
  until(fact: () => boolean): Promise<void>;
  reached(state: ModemState): Promise<void>;
}

function drive(address: string): Driven {
  const reports: ReceivedPdu[] = [];
  let wake: () => void = () => undefined;
  let status: ModemStatus | undefined;
  const modem = createModem({
    name: "m1",
    open: portOpener(parsePortAddress(address)),
    clock: systemClock,
    log: silentLogger,
    events: {
      status: (changed) => {
        status = changed;
        wake();
      },
      deliver: async () => undefined,
      report: async (pdu) => {
        reports.push(pdu);
        wake();
      },
    },
    pinMemory: rememberingPins([]),
    settings: {},
  });
  cleanups.push(() => modem.stop());
  const until = async (fact: () => boolean): Promise<void> => {
    while (!fact()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { modem, reports, until, reached: (state) => until(() => status?.state === state) };
}

function pduTo(number: string) {
  const { pdus } = encodeMessage({
    to: number,
    text: "Hello",
    concatenationReference: 0,
    statusReportRequest: true,
  });
  const pdu = pdus[0];
  if (pdu === undefined) throw new Error("a message has a PDU");
  return pdu;
}

const TRANSPORTS: Readonly<Record<string, (modem: SimulatedModem, folder: string) => Promise<Served>>> = {
  pty: (modem, folder) => servePty(modem, join(folder, "m0")),
  tcp: (modem) => serveTcp(modem, 0),
  unix: (modem, folder) => serveUnix(modem, join(folder, "m0")),
};

test.each(Object.keys(TRANSPORTS))(
  "sends and gets its report over %s; unplugged and back",
  async (name) => {
    const { simulator, simulated, folder } = simulate();
    const serve = TRANSPORTS[name];
    if (serve === undefined) throw new Error(`no transport ${name}`);
    const served = await serve(simulated, folder);
    cleanups.push(() => served.close());
    const { modem, reports, until, reached } = drive(served.address);
    await reached("ready");
    for (let index = 0; index < 20; index++) {
      expect(await modem.submit(pduTo(`+4917000000${index}`))).toEqual({
        kind: "accepted",
        messageReference: index,
      });
    }
    await until(() => reports.length === 20);
    expect(simulator.ledger.count).toBe(20);
    simulated.unplug();
    await reached("absent");
    expect(await modem.submit(pduTo("+49170000001"))).toMatchObject({ kind: "not-sent" });
    simulated.replug();
    await reached("ready");
    expect(await modem.submit(pduTo("+49170000001"))).toMatchObject({ kind: "accepted" });
    expect(simulator.ledger.count).toBe(21);
  },
  60_000,
);

test("a second gateway on the same port is told why it waits", async () => {
  const { simulated, folder } = simulate();
  const served = await servePty(simulated, join(folder, "m0"));
  cleanups.push(() => served.close());
  const first = drive(served.address);
  await first.reached("ready");
  const second = drive(served.address);
  await second.reached("absent");
  await second.until(() => second.modem.status.detail.includes("has it open"));
  expect(first.modem.status.state).toBe("ready");
});
