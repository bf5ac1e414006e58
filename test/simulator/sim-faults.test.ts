/** SIM cards that go, change, lock or fail, and memories that run full or hold rubbish. */
import { describe, expect, test } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { SAMPLE_NAMES, SAMPLES } from "#hardware/simulator/network/samples.ts";
import { modemRig } from "#test/support/modem-rig.ts";
import { pduOf, Rig } from "./rig.ts";

const TO_SIM = { from: "+49177", to: "+4915100000001" } as const;

describe("the SIM", () => {
  test("is pulled and put back: it has to come up again", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-out", forMs: 10_000 });
    expect(await host.type("")).toBe("\r\n+CPIN: NOT INSERTED\r\n");
    await rig.clock.advance(2_000);
    expect(await host.command("AT+CPIN?")).toContain("+CME ERROR: 10");
    expect(await host.command("AT+CMGS=20")).toContain("+CMS ERROR: 310");
    await rig.clock.advance(8_000);
    expect(host.heard()).toContain("+CPIN: READY");
    expect(await host.command("AT+CIMI")).toContain("+CME ERROR: 14");
    await rig.clock.advance(5_000);
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
  });

  test("is swapped for another: a new IMSI, whose messages reach the modem", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const before = rig.modem().modem.sim;
    rig.modem().strike({ kind: "sim-swap" });
    await rig.clock.advance(5_000);
    host.heard();
    const after = rig.modem().modem.sim;
    expect(after?.imsi).not.toBe(before?.imsi);
    expect(await host.lines("AT+CIMI")).toEqual([after?.imsi, "OK"]);
    await host.command("AT+CNMI=2,1,0,0,0");
    rig.simulator.network.sendToSim({ ...TO_SIM, text: "for the old one" });
    expect(await host.type("")).toBe("");
    rig.simulator.network.sendToSim({ from: "+49177", to: after?.number ?? "", text: "for the new one" });
    expect(await host.type("")).toContain("+CMTI:");
  });

  test("is swapped without a word", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-swap", silent: true });
    await rig.clock.advance(5_000);
    expect(host.heard()).toBe("");
    expect(await host.lines("AT+CIMI")).toContain(rig.modem().modem.sim?.imsi);
  });

  test("is swapped while the first one is still coming up: only the second one counts", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-swap" });
    await rig.clock.advance(900);
    rig.modem().strike({ kind: "sim-swap" });
    await rig.clock.advance(900);
    host.heard();
    expect(await host.command("AT+CIMI")).toContain("+CME ERROR: 14");
    await rig.clock.advance(100);
    expect(await host.lines("AT+CIMI")).toContain(rig.modem().modem.sim?.imsi);
  });

  test("is busy for a while, then works", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-busy", forMs: 5_000 });
    expect(await host.command("AT+CPIN?")).toContain("+CME ERROR: 14");
    expect(await host.command("AT+CMGS=20")).toContain("+CMS ERROR: 314");
    await rig.clock.advance(5_000);
    expect(await host.submit(pduOf())).toContain("OK");
  });

  test("fails", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-failure" });
    expect(await host.command("AT+CPIN?")).toContain("+CME ERROR: 13");
    expect(await host.command("AT+CMGS=20")).toContain("+CMS ERROR: 313");
  });

  test.each([
    ["pin", "SIM PIN", 3, 10],
    ["puk", "SIM PUK", 0, 10],
  ] as const)("asks for its %s", async (lock, state, pinTries, pukTries) => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-lock", lock, pin: "4711" });
    await rig.clock.advance(5_000);
    host.heard();
    expect(await host.lines("AT+CPIN?")).toContain(`+CPIN: ${state}`);
    expect(rig.modem().modem.sim).toMatchObject({ pinTries, pukTries });
    const key = lock === "pin" ? '"4711"' : '"12345678","4711"';
    expect(await host.command(`AT+CPIN=${key}`)).toContain("OK");
    await rig.clock.advance(5_000);
    expect(await host.submit(pduOf())).toContain("+CMGS:");
  });

  test("is blocked for good", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "sim-lock", lock: "blocked" });
    await rig.clock.advance(5_000);
    host.heard();
    expect(await host.command("AT+CPIN?")).toContain("+CME ERROR: 13");
    expect(await host.command('AT+CPIN="12345678","0000"')).toContain("+CME ERROR: 13");
  });
});

describe("a memory", () => {
  test("is filled, with room for two, and then takes no more", async () => {
    const rig = new Rig({ profile: "huawei-e173" });
    const host = await rig.host();
    await host.command("AT^CURC=0;+CNMI=1,1,0,0,0");
    rig.modem().strike({ kind: "fill-storage", storage: "SM", leave: 2 });
    expect(await host.lines("AT+CPMS?")).toContain('+CPMS: "SM",28,30,"SM",28,30,"SM",28,30');
    for (const text of ["a", "b", "c"]) rig.simulator.network.sendToSim({ ...TO_SIM, text });
    const heard = await host.type("");
    expect(heard.match(/\+CMTI/g)).toHaveLength(2);
    expect(heard.match(/\^SMMEMFULL:"SM"/g)).toHaveLength(1);
    expect(rig.modem().modem.mailbox?.waiting).toBe(1);
    await host.command("AT+CMGD=0");
    await rig.clock.advance(60_000);
    expect(host.heard()).toContain("+CMTI:");
    // The old ones are whole messages that a host can read.
    const [hex = ""] = (await host.lines("AT+CMGR=1")).slice(1);
    expect(decodePdu(hex, { direction: "mt" })).toMatchObject({ kind: "deliver", userData: { text: "Hi" } });
  });

  test("holds a slot that cannot be decoded, which Dunlin's driver survives", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    rig.modem().strike({ kind: "corrupt-slot", storage: "ME" });
    await driver.until("ready");
    rig.simulator.network.sendToSim({ ...TO_SIM, text: "Hi" });
    await rig.clock.advance(120_000);
    expect(driver.delivered.some(({ hex }) => hex.endsWith("C834"))).toBe(true);
    expect(driver.modem.status.state).toBe("ready");
    await driver.modem.stop();
  });

  test("cannot be listed, or deletes nothing", async () => {
    const rig = new Rig({
      faults: [
        { at: "command", command: "+CMGL", action: { kind: "hang", cure: "restart" } },
        { at: "command", command: "+CMGD", every: 1, action: { kind: "refuse", cms: 320 } },
      ],
    });
    const host = await rig.host();
    expect(await host.command("AT+CMGD=1")).toBe("\r\n+CMS ERROR: 320\r\n");
    expect(await host.command("AT+CMGL=4")).toBe("");
    expect(await host.command("AT")).toBe("");
  });
});

describe("messages that come in", () => {
  test.each(SAMPLE_NAMES)("%s", async (sample) => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    rig.modem().strike({ kind: "incoming-sample", sample });
    await rig.clock.advance(120_000);
    expect(driver.delivered.map(({ hex }) => hex)).toEqual([SAMPLES[sample]]);
    expect(driver.modem.status.state).toBe("ready");
    await driver.modem.stop();
  });

  test("say what their names say", () => {
    const decoded = (name: keyof typeof SAMPLES): object => decodePdu(SAMPLES[name], { direction: "mt" });
    expect(decoded("class-0")).toMatchObject({
      kind: "deliver",
      userData: { text: "Hi" },
      coding: { class: 0 },
    });
    expect(decoded("wap-push")).toMatchObject({ userData: { ports: { destination: 2948, source: 9200 } } });
    expect(decoded("name-as-sender")).toMatchObject({ originator: { ton: 5 } });
    for (const name of ["truncated", "length-lies", "header-too-long", "reserved-type"] as const) {
      expect(() => decoded(name), name).toThrow();
    }
  });

  test.each([
    ["reversed", [3, 2, 1]],
    ["missing", [1, 2]],
    ["duplicated", [1, 1, 2, 3]],
    ["in-order", [1, 2, 3]],
  ] as const)("parts %s", async (order, expected) => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=2,2,0,0,0");
    rig.modem().strike({ kind: "incoming", from: "+49177", text: "x".repeat(400), order });
    const sequences = [...(await host.type("")).matchAll(/\+CMT: ,\d+\r\n(\S+)/g)].map(([, hex = ""]) => {
      const pdu = decodePdu(hex, { direction: "mt" });
      return pdu.kind === "deliver" ? pdu.userData.concatenation?.sequence : undefined;
    });
    expect(sequences).toEqual(expected);
  });

  test("in a burst, and one after the other", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=2,1,0,0,0");
    rig.modem().strike({ kind: "incoming", from: "+49177", text: "n", count: 20 });
    expect((await host.type("")).match(/\+CMTI/g)).toHaveLength(20);
    rig.modem().strike({ kind: "incoming", from: "+49177", text: "n", count: 5, everyMs: 1_000 });
    await rig.clock.advance(2_500);
    expect(host.heard().match(/\+CMTI/g)).toHaveLength(3);
  });
});
