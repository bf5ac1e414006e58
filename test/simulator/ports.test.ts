/** The ports that a USB modem has beside the one for AT: a second one for AT, and some that are mute. */
import { describe, expect, test } from "vitest";
import { roleOf } from "#hardware/port/interfaces.ts";
import type { SimulatedPort } from "#hardware/simulator/modem-ports.ts";
import { PROFILES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, modemRig } from "#test/support/modem-rig.ts";
import { Host, pduOf, Rig } from "./rig.ts";

const OF_USB = PROFILES.filter(({ usb }) => usb !== undefined).map(({ name }) => name);
const INCOMING = { from: "+49177", to: "+4915100000001", text: "Hi" };

function portOf(rig: Rig, role: SimulatedPort["role"]): SimulatedPort {
  const port = rig.modem().ports.find((known) => known.role === role);
  if (port === undefined) throw new RangeError(`no ${role} port`);
  return port;
}

async function second(rig: Rig): Promise<Host> {
  const host = new Host(rig.clock);
  await host.open(portOf(rig, "modem"));
  return host;
}

test("a module on a UART has one port", () => {
  const single = PROFILES.filter(({ usb }) => usb === undefined);
  expect(single.map(({ name }) => name)).toEqual([
    "generic-strict",
    "simcom-sim800",
    "cinterion-mc75i",
    "wavecom-q2",
  ]);
  for (const { name, power } of single) {
    expect(new Rig({ profile: name }).modem().ports).toEqual([]);
    expect(power.portGoneMs).toBe(0);
  }
});

test.each(OF_USB.filter((name) => name !== "huawei-e173"))(
  "%s: what discovery knows of its interfaces is what they are",
  (name) => {
    const usb = PROFILES.find((profile) => profile.name === name)?.usb;
    const [vendorId = "", productId = ""] = usb?.id.split(":") ?? [];
    const role = (interfaceNumber: number): string => roleOf({ vendorId, productId, interfaceNumber }).role;
    expect(role(usb?.at ?? -1)).toBe("at");
    for (const port of usb?.others ?? []) expect(role(port.interface), `${port.interface}`).toBe(port.role);
  },
);

describe.each(OF_USB)("%s: the second AT port", (profile) => {
  test("is the same modem: it answers and sends while the first one waits for its network", async () => {
    const rig = new Rig({ profile, network: { latency: 4_000 } });
    const first = await rig.host();
    const other = await second(rig);
    expect(await first.submit(pduOf())).toBe("");
    expect(await other.command("AT+CGSN")).toContain(rig.modem().imei);
    expect(await other.command("AT+CIMI")).toContain(rig.modem().modem.sim?.imsi);
    expect(await other.submit(pduOf())).toBe("");
    await rig.clock.advance(4_000);
    expect(first.heard()).toContain("+CMGS: 0");
    expect(other.heard()).toContain("+CMGS: 1");
    expect(rig.simulator.ledger.count).toBe(2);
  });

  test("goes away with the modem, and comes back with it", async () => {
    const rig = new Rig({ profile });
    const other = await second(rig);
    rig.modem().unplug();
    await rig.clock.advance(0);
    expect(other.closed).toBe("unplugged");
    await expect(second(rig)).rejects.toThrow("not plugged in");
    rig.modem().replug();
    await expect(second(rig)).resolves.toBeDefined();
  });
});

describe.each([
  ["quectel-ec25", 'AT+QURCCFG="urcport","usbmodem"', 'AT+QURCCFG="urcport","usbat"'],
  ["huawei-e173", "AT^PORTSEL=0", "AT^PORTSEL=1"],
])("%s: the port that talks", (profile, toSecond, toFirst) => {
  test("is the one for AT, until another is chosen or the modem restarts", async () => {
    const rig = new Rig({ profile });
    const first = await rig.host();
    const other = await second(rig);
    await first.command("AT^CURC=0");
    await first.command("AT+CNMI=1,1,0,0,0");
    const arrive = async (): Promise<readonly boolean[]> => {
      first.heard();
      other.heard();
      rig.simulator.network.sendToSim(INCOMING);
      await rig.clock.advance(0);
      return [first.heard().includes("+CMTI"), other.heard().includes("+CMTI")];
    };
    expect(await arrive()).toEqual([true, false]);
    expect(await first.command(toSecond)).toContain("OK");
    expect(await arrive()).toEqual([false, true]);
    expect(await first.command(toFirst)).toContain("OK");
    expect(await arrive()).toEqual([true, false]);
    await first.command(toSecond);
    rig.modem().strike({ kind: "reset", keepSettings: true });
    await rig.clock.advance(30_000);
    expect(rig.modem().modem.terminals.talking).toBe(0);
  });
});

describe("a port that speaks no AT", () => {
  test.each([
    ["diagnostic", 2_000, "\x7e"],
    ["gps", 1_000, "$GPRMC"],
  ] as const)(
    "%s: says what nobody can use, answers nothing, counts what is written",
    async (role, ms, says) => {
      const rig = new Rig({ profile: "simcom-sim7600" });
      const port = portOf(rig, role);
      const host = new Host(rig.clock);
      await host.open(port);
      expect(await host.command("AT")).toBe("");
      await rig.clock.advance(ms);
      expect(host.heard()).toContain(says);
      expect(port.written).toBe(3);
      await host.close();
      await rig.clock.advance(10_000);
      expect(host.heard()).toBe("");
    },
  );
});

describe("a first port that is dead", () => {
  test("a restart on the other one brings it back, and nothing on its own", async () => {
    const rig = new Rig({ profile: "telit-le910" });
    const first = await rig.host();
    const other = await second(rig);
    rig.modem().strike({ kind: "hang", cure: "other-port" });
    for (const attempt of ["AT", "\x1b", "AT+CFUN=4", "AT+CFUN=1,1"]) {
      expect(await first.command(attempt)).toBe("");
    }
    expect(await other.command("AT+CSQ")).toContain("+CSQ: 20");
    await first.close();
    expect(await (await rig.host(0, { raw: true })).command("AT")).toBe("");
    expect(await other.command("AT+CFUN=1,1")).toContain("OK");
    await rig.clock.advance(30_000);
    expect(await (await rig.host(0, { raw: true })).command("AT")).toContain("OK");
  });
});

describe("the driver's ladder, when the first port is dead", () => {
  test.each(OF_USB)(
    "%s: a restart on the other port brings the modem back, and nothing is sent twice",
    async (profile) => {
      const rig = new Rig({ profile, network: { latency: 2_000 } });
      const driver = modemRig(rig.modem().open, { clock: rig.clock });
      await driver.until("ready");
      rig.simulator.faults.arm({ at: "accepted", action: { kind: "hang", cure: "other-port" } });
      const submitted = driver.modem.submit(pduOf());
      await rig.clock.advance(200_000);
      expect((await submitted).kind).toBe("unknown");
      await driver.until("ready", 600_000);
      expect(driver.statuses.some(({ detail }) => detail.includes("spare-port, round 1"))).toBe(true);
      expect(rig.simulator.ledger.count).toBe(1);
      const next = driver.modem.submit(pduOf());
      await rig.clock.advance(2_000);
      expect(await next).toMatchObject({ kind: "accepted" });
      for (const port of rig.modem().ports) expect(port.written).toBe(0);
      await driver.modem.stop();
    },
  );

  test("an other port that cannot be opened is no help and no harm", async () => {
    const rig = new Rig({ profile: "telit-le910" });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    const holder = await second(rig);
    rig.modem().strike({ kind: "hang", cure: "other-port" });
    const restarted = (): boolean => driver.statuses.some(({ detail }) => detail.includes("round 2"));
    await advanceUntil(rig.clock, restarted, 1_200_000, () => driver.modem.status.detail);
    await holder.close();
    await driver.until("ready", 1_200_000);
    await driver.modem.stop();
  });
});
