/** Where incoming messages and reports go: AT+CNMI, AT+CSMS, AT+CNMA (27.005 3.4.1, 3.4.4; 23.038 clause 4). */
import { describe, expect, test } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { type Host, pduOf, Rig } from "./rig.ts";

const SENDER = "+491771234567";
const OUR_NUMBER = "+4915100000001";

async function incoming(rig: Rig, host: Host, messageClass?: 0 | 1 | 2 | 3): Promise<string> {
  const text = "Hi";
  rig.simulator.network.sendToSim({
    from: SENDER,
    to: OUR_NUMBER,
    text,
    ...(messageClass !== undefined && { class: messageClass }),
  });
  await rig.clock.advance(0);
  return host.heard();
}

const STORED = /^\r\n\+CMTI: "SM",\d+\r\n$/;
const SHOWN = /^\r\n\+CMT: ,\d+\r\n[0-9A-F]+\r\n$/;
const NOTHING = /^$/;

describe("the matrix of mt and class", () => {
  test.each([
    [0, undefined, NOTHING],
    [0, 2, NOTHING],
    [1, undefined, STORED],
    [1, 0, STORED],
    [1, 1, STORED],
    [1, 2, STORED],
    [1, 3, STORED],
    [2, undefined, SHOWN],
    [2, 0, SHOWN],
    [2, 1, SHOWN],
    [2, 2, STORED],
    [2, 3, SHOWN],
    [3, undefined, STORED],
    [3, 1, STORED],
    [3, 2, STORED],
    [3, 3, SHOWN],
  ] as const)("mt=%i, class %s", async (mt, messageClass, expected) => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command(`AT+CNMI=2,${mt},0,0,0`);
    expect(await incoming(rig, host, messageClass)).toMatch(expected);
    // What is not shown is kept.
    expect(rig.modem().modem.memories.used("SM")).toBe(expected === SHOWN ? 0 : 1);
  });

  test("a class 0 message is shown at once by families that have a screen to think of", async () => {
    const rig = new Rig({ profile: "simcom-sim800" });
    const host = await rig.host();
    await host.command("AT+CNMI=2,1,0,0,0");
    expect(await incoming(rig, host, 0)).toMatch(/^\r\n\+CMT: "",\d+\r\n[0-9A-F]+\r\n$/);
    expect(rig.modem().modem.memories.used("SM")).toBe(0);
  });

  test("class 2 goes to the SIM although ME is chosen", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await rig.host();
    await host.command("AT+CNMI=2,1");
    expect(await incoming(rig, host, 2)).toBe('\r\n+CMTI: "SM",0\r\n');
    expect(await incoming(rig, host, 1)).toBe('\r\n+CMTI: "ME",0\r\n');
  });

  test("in text mode +CMT shows the text", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CMGF=1;+CNMI=2,2,0,1,0");
    expect(await incoming(rig, host)).toBe(`\r\n+CMT: "${SENDER}",,"26/01/05,10:00:00+04"\r\nHi\r\n`);
  });
});

describe("mode and bfr", () => {
  test.each([
    [0, /^\r\nOK\r\n\r\n\+CMTI: "SM",2\r\n|^\r\n\+CMTI: "SM",1\r\n\r\n\+CMTI: "SM",2\r\n\r\nOK\r\n$/],
    [1, /^\r\nOK\r\n$/],
  ])("lines held in mode 0 come out with bfr=%i or not", async (bfr, expected) => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=0,1,0,0,0");
    expect(await incoming(rig, host)).toBe("");
    expect(await incoming(rig, host)).toBe("");
    expect(await host.command(`AT+CNMI=2,1,0,0,${bfr}`)).toMatch(expected);
    expect(await incoming(rig, host)).toBe('\r\n+CMTI: "SM",3\r\n');
  });
});

describe("what each family takes", () => {
  test.each([
    ["generic-strict", "3,3,3,2,1", "\r\nOK\r\n"],
    ["quectel-ec25", "2,1,0,2,0", "\r\nOK\r\n"],
    ["quectel-ec25", "3,1,0,2,0", "\r\n+CMS ERROR: 303\r\n"],
    ["simcom-sim800", "2,1,0,1,0", "\r\nOK\r\n"],
    ["simcom-sim800", "2,1,0,2,0", "\r\n+CMS ERROR: 303\r\n"],
    ["huawei-e173", "2,1,0,2,0", "\r\n+CMS ERROR: 303\r\n"],
    ["huawei-e173", "1,1,0,2,0", "\r\nOK\r\n"],
    ["huawei-e173", "1,1,0,1,0", "\r\nOK\r\n"],
  ])("%s: AT+CNMI=%s", async (profile, value, answer) => {
    const host = await new Rig({ profile }).host();
    const before = await host.command("AT+CNMI?");
    expect(await host.command(`AT+CNMI=${value}`)).toBe(answer);
    const after = await host.command("AT+CNMI?");
    expect(after).toBe(answer.includes("OK") ? `\r\n+CNMI: ${value}\r\n\r\nOK\r\n` : before);
  });

  test("short forms leave the rest as it is", async () => {
    const host = await new Rig().host();
    await host.command("AT+CNMI=2,1,0,2,1");
    await host.command("AT+CNMI=1");
    expect(await host.command("AT+CNMI?")).toContain("+CNMI: 1,1,0,2,1");
    expect(await host.command("AT+CNMI=1,2,3,4,5,6")).toContain("ERROR");
  });
});

describe("reports", () => {
  test.each([
    ["generic-strict", 1, /\r\n\+CDS: \d+\r\n[0-9A-F]+\r\n$/],
    ["generic-strict", 2, /\r\n\+CDSI: "SR",1\r\n$/],
    ["quectel-ec25", 2, /\r\n\+CDSI: "ME",0\r\n$/],
    ["huawei-e173", 2, /\r\n\+CDSI: "SM",0\r\n$/],
    ["simcom-sim800", 1, /\r\n\+CDS: \d+\r\n[0-9A-F]+\r\n$/],
    ["generic-strict", 0, /OK\r\n$/],
  ])("%s with ds=%i", async (profile, ds, expected) => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    await host.command(`AT+CNMI=1,1,0,${ds},0`);
    expect(await host.submit(pduOf({ statusReportRequest: true }))).toMatch(expected);
  });

  test("a stored report is a STATUS-REPORT that names the message", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=1,1,0,2,0");
    await host.submit(pduOf({ statusReportRequest: true }));
    await host.command('AT+CPMS="SR"');
    const [, hex = ""] = await host.lines("AT+CMGR=1");
    expect(decodePdu(hex, { direction: "mt" })).toMatchObject({
      kind: "status-report",
      messageReference: 0,
      recipient: { ton: 1, npi: 1, digits: "4915112345678" },
      timestamp: { iso: "2026-01-05T10:00:00+01:00" },
      discharge: { iso: "2026-01-05T10:00:00+01:00" },
      status: 0,
    });
  });

  test("+CDS in text mode", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=1,1,0,1,0");
    const { hex, tpduLength } = pduOf({ statusReportRequest: true });
    await host.command(`AT+CMGS=${tpduLength}`);
    rig.modem().modem.settings.textMode = true;
    expect(await host.type(`${hex}\x1a`)).toContain(
      '+CDS: 6,0,"+4915112345678",145,"26/01/05,10:00:00+04","26/01/05,10:00:00+04",0\r\n',
    );
  });
});

describe("acknowledgement with CSMS=1", () => {
  async function acknowledged(): Promise<{ rig: Rig; host: Host }> {
    const rig = new Rig();
    const host = await rig.host();
    expect(await host.command("AT+CSMS=1;+CNMI=2,2,0,1,0")).toContain("OK");
    return { rig, host };
  }

  test("the next message waits for AT+CNMA", async () => {
    const { rig, host } = await acknowledged();
    expect(await incoming(rig, host)).toMatch(SHOWN);
    expect(await incoming(rig, host)).toBe("");
    expect(await host.command("AT+CNMA")).toMatch(/^\r\n\+CMT: .*\r\n\r\nOK\r\n$|^\r\nOK\r\n\r\n\+CMT: /s);
    expect(await host.command("AT+CNMA=1")).toBe("\r\nOK\r\n");
    expect(await host.command("AT+CNMA")).toBe("\r\n+CMS ERROR: 340\r\n");
  });

  test("without one mt and ds become 0 and the message comes again later", async () => {
    const { rig, host } = await acknowledged();
    expect(await incoming(rig, host)).toMatch(SHOWN);
    await rig.clock.advance(15_000);
    expect(await host.command("AT+CNMI?")).toContain("+CNMI: 2,0,0,0,0");
    await host.command("AT+CNMI=2,1");
    await rig.clock.advance(60_000);
    expect(host.heard()).toMatch(STORED);
  });

  test("a negative one makes the network try again", async () => {
    const { rig, host } = await acknowledged();
    await incoming(rig, host);
    expect(await host.command("AT+CNMA=2")).toContain("OK");
    await rig.clock.advance(60_000);
    expect(host.heard()).toMatch(SHOWN);
  });

  test("takes a report PDU after a prompt", async () => {
    const { rig, host } = await acknowledged();
    await incoming(rig, host);
    expect(await host.command("AT+CNMA=1,2")).toBe("\r\n> ");
    expect(await host.type("0000\x1a")).toContain("OK");
  });

  test("stored messages need none, and with CSMS=0 the modem answers for itself", async () => {
    const { rig, host } = await acknowledged();
    await host.command("AT+CNMI=2,1,0,2,0");
    expect(await incoming(rig, host)).toMatch(STORED);
    expect(await incoming(rig, host)).toMatch(STORED);
    await host.command("AT+CSMS=0;+CNMI=2,2,0,1,0");
    expect(await incoming(rig, host)).toMatch(SHOWN);
    expect(await incoming(rig, host)).toMatch(SHOWN);
    expect(await host.command("AT+CNMA")).toBe("\r\n+CMS ERROR: 302\r\n");
  });

  test("a restart while one is owed brings the message again", async () => {
    const { rig, host } = await acknowledged();
    await incoming(rig, host);
    rig.modem().reset();
    await rig.clock.advance(3_000);
    expect(rig.modem().modem.memories.used("SM")).toBe(1);
  });
});
