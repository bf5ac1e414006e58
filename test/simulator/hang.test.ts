/** Modems whose parser is dead: each hang has exactly one cure, and Dunlin's ladder finds it. */
import { describe, expect, test } from "vitest";
import type { Cure } from "#hardware/simulator/faults/actions.ts";
import { modemRig } from "#test/support/modem-rig.ts";
import { Host, pduOf, Rig } from "./rig.ts";

/** That of the other port is tested with the ports. */
type OnePortCure = Exclude<Cure, "other-port">;

/** The steps by which a host tries to bring a modem back. */
const RUNGS: Readonly<Record<OnePortCure, (rig: Rig, host: Host) => Promise<Host>>> = {
  escape: async (_rig, host) => {
    await host.type("\x1b\r");
    return host;
  },
  reopen: async (rig, host) => {
    await host.close();
    const again = new Host(rig.clock);
    await again.open(rig.modem());
    return again;
  },
  "radio-cycle": async (_rig, host) => {
    await host.command("AT+CFUN=4");
    await host.command("AT+CFUN=1");
    return host;
  },
  restart: async (rig, host) => {
    await host.command("AT+CFUN=1,1");
    await rig.clock.advance(10_000);
    return host;
  },
  "power-cycle": async (rig) => {
    rig.modem().unplug();
    await rig.clock.advance(0);
    rig.modem().replug();
    await rig.clock.advance(10_000);
    const again = new Host(rig.clock);
    await again.open(rig.modem());
    return again;
  },
};
const CURES = Object.keys(RUNGS) as readonly OnePortCure[];

async function answers(host: Host): Promise<boolean> {
  host.heard();
  return (await host.command("AT")).includes("OK");
}

async function hung(cure: Cure, unsolicited = false): Promise<{ rig: Rig; host: Host }> {
  const rig = new Rig();
  const host = await rig.host();
  await host.command("AT+CNMI=2,1,0,0,0");
  rig.modem().strike({ kind: "hang", cure, unsolicited });
  expect(await answers(host)).toBe(false);
  return { rig, host };
}

describe.each(CURES)("a modem that needs %s", (cure) => {
  test.each(CURES.filter((rung) => rung !== cure && rung !== "power-cycle"))(
    "is not cured by %s",
    async (rung) => {
      const { rig, host } = await hung(cure);
      expect(await answers(await RUNGS[rung](rig, host))).toBe(false);
    },
  );

  test("is cured by it, and sends", async () => {
    const { rig, host } = await hung(cure);
    const cured = await RUNGS[cure](rig, host);
    expect(await answers(cured)).toBe(true);
    expect(await cured.command("ATE0")).toContain("OK");
    expect(await cured.submit(pduOf())).toContain("+CMGS:");
  });

  test("is cured by a power cut", async () => {
    const { rig, host } = await hung(cure);
    expect(await answers(await RUNGS["power-cycle"](rig, host))).toBe(true);
  });
});

test("a dead parser may still say that something came", async () => {
  const incoming = { from: "+49177", to: "+4915100000001", text: "Hi" };
  const talking = await hung("restart", true);
  talking.rig.simulator.network.sendToSim(incoming);
  expect(await talking.host.type("")).toContain("+CMTI:");
  const silent = await hung("restart");
  silent.rig.simulator.network.sendToSim(incoming);
  expect(await silent.host.type("")).toBe("");
});

test("the network's answer to a modem that hangs meanwhile is lost", async () => {
  const rig = new Rig({ network: { latency: 1_000 } });
  const host = await rig.host();
  rig.simulator.faults.arm({ at: "accepted", action: { kind: "hang", cure: "escape" } });
  await host.submit(pduOf());
  await rig.clock.advance(5_000);
  expect(host.heard()).toBe("");
  expect(rig.simulator.ledger.count).toBe(1);
  expect(await host.command("\x1bAT")).toContain("OK");
});

test.each(CURES.filter((cure) => cure !== "power-cycle"))(
  "Dunlin's driver finds the cure by itself: %s",
  async (cure) => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    rig.modem().strike({ kind: "hang", cure });
    await rig.clock.advance(3_600_000);
    await driver.until("ready", 600_000);
    const submitted = driver.modem.submit(pduOf());
    await rig.clock.advance(1_000);
    expect((await submitted).kind).toBe("accepted");
    await driver.modem.stop();
  },
);
