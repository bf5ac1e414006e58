/** What only one family does (field notes, tables 2 and 7.4). */
import { describe, expect, test } from "vitest";
import { profileNamed } from "#hardware/simulator/profiles/profiles.ts";
import { pduOf, Rig } from "./rig.ts";

const boot = async (profile: string): Promise<readonly string[]> => {
  const rig = new Rig({ profile });
  rig.modem().reset();
  let host = profileNamed(profile).power.portGoneMs === 0 ? await rig.host(0, { raw: true }) : undefined;
  await rig.clock.advance(profileNamed(profile).power.portGoneMs);
  host ??= await rig.host(0, { raw: true });
  await rig.clock.advance(20_000);
  return host
    .heard()
    .split("\r\n")
    .filter((line) => line !== "" && !line.startsWith("+ZUSIMR"));
};

test.each([
  ["quectel-ec25", ["RDY", "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"]],
  ["simcom-sim800", ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"]],
  ["simcom-sim7600", ["+CPIN: READY", "SMS DONE", "PB DONE"]],
  ["zte-mf190", ['+ZDONR: "Dunlin",262,1,"CS_PS","ROAM_OFF"', '+ZPASR: "UMTS"']],
  ["telit-le910", ["#QSS: 1", "#QSS: 2", "#QSS: 3"]],
  ["ublox-sara", ["+PBREADY"]],
  ["cinterion-mc75i", ["^SYSSTART"]],
  ["wavecom-q2", ["+WIND: 3", "+WIND: 1", "+WIND: 7", "+WIND: 4"]],
])("%s says when it starts: %j", async (profile, lines) => {
  expect(await boot(profile)).toEqual(lines);
});

describe("zte-mf190", () => {
  test("floods its port until it is asked for its memories, and restarts when nobody does", async () => {
    const rig = new Rig({ profile: "zte-mf190" });
    const host = await rig.host();
    await rig.clock.advance(5_000);
    expect(host.heard().match(/\+ZUSIMR:2/g)).toHaveLength(10);
    expect(await host.command("AT+CPMS?")).toContain("OK");
    await rig.clock.advance(3_600_000);
    expect(host.heard()).toBe("");
    const forgotten = new Rig({ profile: "zte-mf190" });
    const silent = await forgotten.host();
    await forgotten.clock.advance(601_000);
    expect(silent.closed).toBe("unplugged");
  });

  test("loses its service centre with AT+CSMP, and puts an empty field before a report's length", async () => {
    const rig = new Rig({ profile: "zte-mf190" });
    const host = await rig.host();
    await host.command("AT+CPMS?;+CNMI=1,1,0,1,0");
    expect(await host.submit(pduOf({ statusReportRequest: true }))).toMatch(/\+CDS: ,2\d\r\n/);
    await host.command("AT+CSMP=49,167,0,0");
    expect(await host.lines("AT+CSCA?")).toContain('+CSCA: "",129');
    expect(await host.submit(pduOf())).toContain("+CMS ERROR: 330");
  });
});

test("telit-le910 waits 17 s for the acknowledgement, then routes nothing any more", async () => {
  const rig = new Rig({ profile: "telit-le910" });
  const host = await rig.host();
  await host.command("AT+CSMS=1;+CNMI=2,2,0,1,0");
  rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "Hi" });
  expect(await host.type("")).toMatch(/^\r\n\+CMT: "",\d+\r\n/);
  await rig.clock.advance(16_999);
  expect(await host.lines("AT+CNMI?")).toContain("+CNMI: 2,2,0,1,0");
  await rig.clock.advance(1);
  expect(await host.lines("AT+CNMI?")).toContain("+CNMI: 2,0,0,0,0");
});

test("telit-le910 puts a comma after the last index of AT+CMGD=?", async () => {
  const rig = new Rig({ profile: "telit-le910" });
  const host = await rig.host();
  for (const text of ["a", "b"])
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text });
  expect(await host.lines("AT+CMGD=?")).toContain("+CMGD: (1,2,),(0-4)");
});

describe("ublox-sara asleep", () => {
  test("swallows the four characters that wake it, and nothing with AT+UPSV=0", async () => {
    const rig = new Rig({ profile: "ublox-sara" });
    const host = await rig.host();
    await rig.clock.advance(6_000);
    expect(await host.command("AT+CSQ")).toBe("");
    expect(await host.command("AT+CSQ")).toContain("+CSQ: 20,99");
    await host.command("AT+UPSV=0");
    await rig.clock.advance(600_000);
    expect(await host.command("AT+CSQ")).toContain("+CSQ: 20,99");
  });

  test("receives nothing until it is woken", async () => {
    const rig = new Rig({ profile: "ublox-sara" });
    const host = await rig.host();
    await host.command("AT+CNMI=1,1,0,0,0");
    await rig.clock.advance(6_000);
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "Hi" });
    await rig.clock.advance(0);
    expect(host.heard()).toBe("");
    expect(await host.type("AT\r")).toContain('+CMTI: "ME",0');
  });

  test("does not sleep at the prompt", async () => {
    const rig = new Rig({ profile: "ublox-sara" });
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    await host.command(`AT+CMGS=${tpduLength}`);
    await rig.clock.advance(60_000);
    expect(await host.type(`${hex}\x1a`)).toContain("+CMGS: 0");
  });
});

describe("cinterion-mc75i", () => {
  test("keeps reports in SR, which it does not list", async () => {
    const rig = new Rig({ profile: "cinterion-mc75i" });
    const host = await rig.host();
    await host.command("AT+CNMI=2,1,0,2,1");
    expect(await host.submit(pduOf({ statusReportRequest: true }))).toContain('+CDSI: "SR",1');
    expect(await host.command('AT+CPMS="SR";+CMGR=1')).toMatch(/\+CMGR: 0,,2\d\r\n/);
  });

  test("says that it is full, and that it had to refuse", async () => {
    const rig = new Rig({ modems: [{ profile: "cinterion-mc75i", sim: { storageSize: 2 } }] });
    const host = await rig.host();
    await host.command('AT+CPMS="SM","SM","SM";+CNMI=2,1,0,0,1');
    const send = (): unknown =>
      rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "a" });
    send();
    expect(await host.type("")).not.toContain("^SMGO");
    send();
    expect(await host.type("")).toContain("^SMGO: 1");
    send();
    expect(await host.type("")).toBe("\r\n^SMGO: 2\r\n");
  });
});

describe("wavecom-q2", () => {
  test("leaves out the OK after the state of the PIN, and goes on", async () => {
    const host = await new Rig({ profile: "wavecom-q2" }).host();
    expect(await host.command("AT+CPIN?")).toBe("\r\n+CPIN: READY\r\n");
    expect(await host.command("AT")).toBe("\r\nOK\r\n");
  });

  test("answers 515 for a while after AT+CFUN=1", async () => {
    const rig = new Rig({ profile: "wavecom-q2" });
    const host = await rig.host();
    await host.command("AT+CFUN=0");
    await host.command("AT+CFUN=1");
    expect(await host.command("AT+CPIN?")).toContain("+CME ERROR: 515");
    expect(await host.command("AT+CPMS?")).toContain("+CMS ERROR: 515");
    await rig.clock.advance(4_000);
    expect(await host.command("AT+CPIN?")).toContain("READY");
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
  });

  test("ends a call with +WIND: 6,1", async () => {
    const rig = new Rig({ profile: "wavecom-q2" });
    const host = await rig.host();
    rig.modem().modem.calls.ring("+4930123", 1);
    await rig.clock.advance(10_000);
    expect(host.heard()).toContain("+WIND: 6,1");
  });
});

describe("quirks that a profile may have", () => {
  const sim7600 = profileNamed("simcom-sim7600");

  test("no submit before AT&F", async () => {
    const profile = { ...sim7600, quirks: { submitsAfterDefaults: true } as const };
    const host = await new Rig({ modems: [{ profile }] }).host();
    expect(await host.submit(pduOf())).toContain("+CMS ERROR: 302");
    await host.command("AT&F");
    expect(await host.command("ATE0;+CMEE=1")).toContain("OK");
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
  });

  test("no submit while the memory is full", async () => {
    const profile = { ...sim7600, quirks: { submitNeedsRoom: true } as const };
    const rig = new Rig({ modems: [{ profile, sim: { storageSize: 1 } }] });
    const host = await rig.host();
    await host.command('AT+CPMS="SM","SM","SM"');
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "a" });
    expect(await host.type("")).toContain("+SMS FULL");
    expect(await host.submit(pduOf())).toContain("+CMS ERROR: 322");
    await host.command("AT+CMGD=0");
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
  });

  test("a missed call is told with its time and number", async () => {
    const rig = new Rig({ profile: "simcom-sim7600" });
    const host = await rig.host();
    rig.modem().modem.calls.ring("+4930123", 1);
    await rig.clock.advance(10_000);
    expect(host.heard()).toMatch(/MISSED_CALL: \d\d:\d\d \+4930123/);
  });
});
