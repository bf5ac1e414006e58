/** Restarts, plugs and ports: what a host sees when the whole modem goes. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import { Host, pduOf, Rig } from "./rig.ts";

describe("a restart", () => {
  test("with its boot lines and without", async () => {
    for (const silent of [false, true]) {
      const rig = new Rig({ profile: "simcom-sim800" });
      const host = await rig.host();
      rig.modem().strike({ kind: "reset", silent });
      await rig.clock.advance(20_000);
      expect(host.heard().includes("SMS Ready")).toBe(!silent);
      expect(await host.command("AT+CSQ")).toContain("AT+CSQ\r");
    }
  });

  test("that keeps the settings", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=2,1,0,2,0");
    rig.modem().strike({ kind: "reset", keepSettings: true });
    await rig.clock.advance(10_000);
    host.heard();
    expect(await host.command("AT+CNMI?")).toBe("\r\n+CNMI: 2,1,0,2,0\r\n\r\nOK\r\n");
  });

  test.each([
    ["keep", 1],
    ["reset", 0],
    [254, 255],
  ] as const)("that leaves the message reference: %s", async (reference, next) => {
    const rig = new Rig();
    const host = await rig.host();
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
    rig.modem().strike({ kind: "reset", reference, keepSettings: true });
    await rig.clock.advance(10_000);
    host.heard();
    expect(await host.submit(pduOf())).toContain(`+CMGS: ${next}\r`);
  });

  test("after which the port is there long before an answer", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    rig.modem().strike({ kind: "reset", deafMs: 20_000 });
    await rig.clock.advance(5_000);
    const host = await rig.host(0, { raw: true });
    expect(await host.command("AT")).toBe("");
    await rig.clock.advance(19_500);
    host.heard();
    expect(await host.command("AT")).toContain("OK");
  });

  test("again and again", async () => {
    const rig = new Rig({ profile: "simcom-sim800" });
    const host = await rig.host();
    rig.modem().strike({ kind: "brown-out", times: 4, everyMs: 10_000 });
    await rig.clock.advance(60_000);
    expect(host.heard().match(/RDY/g)).toHaveLength(4);
    expect(host.heard()).toBe("");
  });
});

describe("the port", () => {
  test.each([
    ["busy", "EBUSY"],
    ["denied", "EACCES"],
    ["failed", "EIO"],
  ] as const)("cannot be opened: %s", async (reason, word) => {
    const rig = new Rig({
      faults: [{ at: "open", times: 2, every: 1, action: { kind: "refuse-open", reason } }],
    });
    const host = new Host(rig.clock);
    for (let i = 0; i < 2; i++) {
      await expect(host.open(rig.modem())).rejects.toMatchObject({
        code: reason,
        message: expect.stringContaining(word),
      });
    }
    await host.open(rig.modem());
    expect(await host.command("AT")).toContain("OK");
  });

  test("comes back under another name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dunlin-rename-"));
    const rig = new Rig();
    const served = await servePty(rig.modem(), join(folder, "modem0"));
    try {
      expect(existsSync(join(folder, "modem0"))).toBe(true);
      rig.modem().strike({ kind: "unplug", replugAfterMs: 3_000, rename: true });
      expect(existsSync(join(folder, "modem0"))).toBe(false);
      await rig.clock.advance(3_000);
      expect(existsSync(join(folder, "modem0"))).toBe(false);
      expect(existsSync(join(folder, "modem0-1"))).toBe(true);
      expect(served.address).toBe(join(folder, "modem0-1"));
    } finally {
      await served.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe("at a moment", () => {
  test("once, since the simulator's start", async () => {
    const rig = new Rig({
      modems: [{ profile: "quectel-ec25" }, { profile: "quectel-ec25" }],
      faults: [{ at: "time", atMs: 60_000, modem: "modem1", action: { kind: "unplug" } }],
    });
    await rig.clock.advance(59_999);
    expect(rig.simulator.modems.map(({ present }) => present)).toEqual([true, true]);
    await rig.clock.advance(1);
    expect(rig.simulator.modems.map(({ present }) => present)).toEqual([true, false]);
  });

  test("every so often, to all modems, until it is disarmed", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const { faults } = rig.simulator;
    const id = faults.arm({ at: "time", everyMs: 1_000, action: { kind: "say", line: "^RSSI:3" } });
    await rig.clock.advance(3_500);
    expect(host.heard().match(/RSSI/g)).toHaveLength(3);
    faults.disarm(id);
    await rig.clock.advance(10_000);
    expect(host.heard()).toBe("");
    faults.arm({ at: "time", everyMs: 1_000, times: 2, action: { kind: "say", line: "^RSSI:3" } });
    await rig.clock.advance(10_000);
    expect(host.heard().match(/RSSI/g)).toHaveLength(2);
  });
});

describe("the network around", () => {
  test("is lost, comes back, and is told", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CREG=1");
    rig.modem().strike({ kind: "registration", stat: 3, forMs: 30_000 });
    expect(await host.type("")).toBe("\r\n+CREG: 3\r\n");
    expect(await host.command("AT+CMGS=20")).toContain("+CMS ERROR: 331");
    await rig.clock.advance(30_000);
    expect(host.heard()).toBe("\r\n+CREG: 1\r\n");
    expect(await host.submit(pduOf())).toContain("OK");
  });

  test.each([
    [6, true],
    [7, true],
    [8, false],
    [2, false],
  ] as const)("with state %i messages pass: %s", async (stat, passes) => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "registration", stat });
    expect((await host.command("AT+CMGS=20")).includes(">")).toBe(passes);
  });

  test("flaps", async () => {
    const rig = new Rig({
      faults: [{ at: "time", everyMs: 2_000, action: { kind: "registration", stat: 2, forMs: 1_000 } }],
    });
    const host = await rig.host();
    await host.command("AT+CREG=1");
    await rig.clock.advance(10_500);
    expect(
      host
        .heard()
        .match(/\+CREG: \d/g)
        ?.slice(0, 4),
    ).toEqual(["+CREG: 2", "+CREG: 1", "+CREG: 2", "+CREG: 1"]);
  });

  test("the signal fades for a while", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "signal", signal: 99, forMs: 5_000 });
    expect(await host.command("AT+CSQ")).toContain("+CSQ: 99,99");
    await rig.clock.advance(5_000);
    expect(await host.command("AT+CSQ")).toContain("+CSQ: 20,99");
  });

  test("noise as often as one likes, for a while", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "noise", everyMs: 500, lines: ["+ZUSIMR:2"], forMs: 5_000 });
    await rig.clock.advance(60_000);
    expect(host.heard().match(/ZUSIMR/g)).toHaveLength(10);
  });
});
