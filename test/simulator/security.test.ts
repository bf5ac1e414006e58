/** PIN, PUK and the counters that really lock (27.007 7.4, 7.5, 8.3; 31.101 9.5). */
import { describe, expect, test } from "vitest";
import { type Host, pduOf, Rig, type RigOptions } from "./rig.ts";

const LOCKED: RigOptions = {
  modems: [{ profile: "generic-strict", sim: { pin: "1234", puk: "87654321" } }],
};

async function locked(options: RigOptions = LOCKED): Promise<{ rig: Rig; host: Host }> {
  const rig = new Rig(options);
  return { rig, host: await rig.host() };
}

describe("a SIM with a PIN", () => {
  test("gates what needs it, in both families of codes", async () => {
    const { rig, host } = await locked();
    expect(await host.command("AT+CPIN?")).toBe("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
    expect(await host.command("AT+CIMI")).toBe("\r\n+CME ERROR: 11\r\n");
    expect(await host.command("AT+CMGS=20")).toBe("\r\n+CMS ERROR: 311\r\n");
    expect(await host.command("AT+CPMS?")).toBe("\r\n+CMS ERROR: 311\r\n");
    expect(await host.command("AT+CGSN")).toContain(rig.modem().imei);
    expect(await host.command("AT+CREG?")).toContain("+CREG: 0,2");
  });

  test("opens with the right one, and what it opens comes up by steps", async () => {
    const { rig, host } = await locked();
    await host.command("AT+CREG=1");
    expect(await host.command('AT+CPIN="1234"')).toBe("\r\nOK\r\n");
    expect(await host.command("AT+CPIN?")).toContain("+CPIN: READY");
    expect(await host.command('AT+CPIN="1234"')).toBe("\r\n+CME ERROR: 3\r\n");
    await rig.clock.advance(3_000);
    expect(host.heard()).toBe("\r\n+CREG: 1\r\n");
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
  });

  test("is locked by the third wrong one, and by nothing but the PUK opened", async () => {
    const { host } = await locked();
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"63C3"');
    expect(await host.command('AT+CPIN="0000"')).toBe("\r\n+CME ERROR: 16\r\n");
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"63C2"');
    expect(await host.command('AT+CPIN="0000"')).toBe("\r\n+CME ERROR: 16\r\n");
    expect(await host.command('AT+CPIN="0000"')).toBe("\r\n+CME ERROR: 12\r\n");
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"6983"');
    expect(await host.command("AT+CPIN?")).toContain("+CPIN: SIM PUK");
    expect(await host.command('AT+CPIN="1234"')).toBe("\r\n+CME ERROR: 12\r\n");
    expect(await host.command("AT+CMGS=20")).toBe("\r\n+CMS ERROR: 316\r\n");
    expect(await host.command('AT+CPIN="87654321","4321"')).toBe("\r\nOK\r\n");
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"63C3"');
  });

  test("keeps its counter when the power goes", async () => {
    const { rig, host } = await locked();
    await host.command('AT+CPIN="0000"');
    rig.modem().reset();
    await rig.clock.advance(5_000);
    await host.command("ATE0;+CMEE=1");
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"63C2"');
    await host.command('AT+CPIN="1234"');
    rig.modem().reset();
    await rig.clock.advance(5_000);
    await host.command("ATE0");
    // A right one gives all tries back, and is asked for again.
    expect(await host.command("AT+CPIN?")).toContain("SIM PIN");
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"63C3"');
  });

  test("is dead after ten wrong PUKs", async () => {
    const { host } = await locked();
    for (let i = 0; i < 3; i++) await host.command('AT+CPIN="0000"');
    for (let i = 0; i < 9; i++) {
      expect(await host.command('AT+CPIN="00000000","1111"')).toMatch(/\+CME ERROR: (12|16)/);
    }
    expect(await host.command('AT+CPIN="00000000","1111"')).toBe("\r\n+CME ERROR: 13\r\n");
    expect(await host.command('AT+CPIN="87654321","1111"')).toBe("\r\n+CME ERROR: 13\r\n");
    expect(await host.command("AT+CPIN?")).toBe("\r\n+CME ERROR: 13\r\n");
  });

  test("AT+CLCK turns the question off and on, AT+CPWD changes the answer", async () => {
    const { rig, host } = await locked();
    expect(await host.command('AT+CLCK="SC",2')).toContain("+CLCK: 1");
    expect(await host.command('AT+CPWD="SC","1234","5678"')).toBe("\r\nOK\r\n");
    expect(await host.command('AT+CLCK="SC",0,"1234"')).toBe("\r\n+CME ERROR: 16\r\n");
    expect(await host.command('AT+CLCK="SC",0,"5678"')).toBe("\r\nOK\r\n");
    expect(await host.command('AT+CLCK="SC",2')).toContain("+CLCK: 0");
    rig.modem().reset();
    await rig.clock.advance(5_000);
    await host.command("ATE0");
    expect(await host.command("AT+CPIN?")).toContain("READY");
  });

  test("PIN2 has a counter of its own", async () => {
    const { host } = await locked();
    for (let i = 0; i < 2; i++) expect(await host.command('AT+CPWD="P2","0000","2222"')).toContain("16");
    expect(await host.command('AT+CPWD="P2","0000","2222"')).toContain("18");
    expect(await host.command('AT+CSIM=10,"0020008100"')).toContain('"6983"');
    expect(await host.command('AT+CSIM=10,"0020000100"')).toContain('"63C3"');
  });
});

describe("how families count the tries", () => {
  test.each([
    ["quectel-ec25", 'AT+QPINC="SC"', '+QPINC: "SC",2,10'],
    ["simcom-sim800", "AT+SPIC", "+SPIC: 2,10,3,10"],
    ["huawei-e173", "AT^CPIN?", "^CPIN: SIM PIN,2,10,2,10,3"],
  ])("%s: %s", async (profile, command, line) => {
    const { host } = await locked({ modems: [{ profile, sim: { pin: "1234" } }] });
    await host.command('AT+CPIN="0000"');
    expect(await host.lines(command)).toContain(line);
  });
});

test("a modem without a SIM says so", async () => {
  const host = await new Rig({ modems: [{ profile: "generic-strict", sim: null }] }).host();
  expect(await host.command("AT+CPIN?")).toBe("\r\n+CME ERROR: 10\r\n");
  expect(await host.command('AT+CPIN="1234"')).toBe("\r\n+CME ERROR: 10\r\n");
  expect(await host.command("AT+CIMI")).toBe("\r\n+CME ERROR: 10\r\n");
  expect(await host.command("AT+CMGL=4")).toBe("\r\n+CMS ERROR: 310\r\n");
});

test("files of the SIM: ICCID, IMSI, last reference", async () => {
  const rig = new Rig();
  const host = await rig.host();
  const { iccid = "", imsi = "" } = rig.modem().modem.sim ?? {};
  const [iccidLine = ""] = await host.lines("AT+CRSM=176,12258,0,0,10");
  const swapped = /"([0-9A-F]{20})"/.exec(iccidLine)?.[1]?.replace(/(.)(.)/g, "$2$1");
  expect(swapped?.replace(/F+$/, "")).toBe(iccid);
  const [imsiLine = ""] = await host.lines("AT+CRSM=176,28423,0,0,9");
  expect(
    /"08([0-9A-F]+)"/
      .exec(imsiLine)?.[1]
      ?.replace(/(.)(.)/g, "$2$1")
      .slice(1),
  ).toBe(imsi);
  expect(await host.command("AT+CRSM=176,28483,0,0,2")).toContain('+CRSM: 144,0,"FFFF"');
  expect(await host.command("AT+CRSM=176,1,0,0,2")).toContain("+CRSM: 106,130");
});
