/** Message memories: AT+CPMS, +CMGR, +CMGL, +CMGD (27.005 3.2.2, 3.4.2, 3.4.3, 3.5.4). */
import { describe, expect, test } from "vitest";
import { type Host, pduOf, Rig } from "./rig.ts";

const SENDER = "+491771234567";

async function received(rig: Rig, texts: readonly string[]): Promise<Host> {
  const host = await rig.host();
  for (const text of texts) rig.simulator.network.sendToSim({ from: SENDER, to: "+4915100000001", text });
  await rig.clock.advance(0);
  host.heard();
  return host;
}

describe("reading", () => {
  test("turns unread into read, once", async () => {
    const host = await received(new Rig(), ["one"]);
    expect(await host.command("AT+CMGR=1")).toMatch(/^\r\n\+CMGR: 0,,\d+\r\n[0-9A-F]+\r\n\r\nOK\r\n$/);
    expect(await host.command("AT+CMGR=1")).toContain("+CMGR: 1,,");
  });

  test("lists by status and makes what it lists read", async () => {
    const host = await received(new Rig(), ["one", "two"]);
    await host.command("AT+CMGR=2");
    expect(await host.lines("AT+CMGL=1")).toHaveLength(3);
    expect(await host.lines("AT+CMGL=0")).toHaveLength(3);
    expect(await host.lines("AT+CMGL=0")).toEqual(["OK"]);
    expect(await host.lines("AT+CMGL=4")).toHaveLength(5);
    expect(await host.command("AT+CMGL=5")).toBe("\r\n+CMS ERROR: 305\r\n");
  });

  test("shows text and header in text mode", async () => {
    const host = await received(new Rig(), ["Grüße"]);
    await host.command('AT+CMGF=1;+CSCS="8859-1"');
    const [head, text] = await host.lines('AT+CMGL="REC UNREAD"');
    expect(head).toBe(`+CMGL: 1,"REC UNREAD","${SENDER}",,"26/01/05,10:00:00+04"`);
    expect(text).toBe("Grüße");
    expect(await host.command("AT+CMGR=1")).toContain('+CMGR: "REC READ",');
    await host.command("AT+CSDH=1");
    expect(await host.command("AT+CMGR=1")).toContain('+04",145,4,0,0,"",145,5\r\n');
  });

  test.each([
    ["generic-strict", "\r\n+CMS ERROR: 321\r\n"],
    ["quectel-ec25", "\r\nOK\r\n"],
  ])("%s on an empty place", async (profile, answer) => {
    const host = await new Rig({ profile }).host();
    expect(await host.command("AT+CMGR=1")).toBe(answer);
    expect(await host.command("AT+CMGR=9999")).toBe("\r\n+CMS ERROR: 321\r\n");
  });
});

describe("places", () => {
  test.each([
    ["generic-strict", "SM", 1],
    ["quectel-ec25", "ME", 0],
    ["simcom-sim800", "SM", 1],
    ["huawei-e173", "SM", 0],
  ])("of %s start in %s at %i", async (profile, storage, first) => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    await host.command("AT+CNMI=1,1");
    rig.simulator.network.sendToSim({ from: SENDER, to: "+4915100000001", text: "x" });
    await rig.clock.advance(0);
    expect(host.heard()).toBe(`\r\n+CMTI: "${storage}",${first}\r\n`);
  });

  test("that are free again are used again, the lowest first", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await received(rig, ["a", "b", "c", "d"]);
    await host.command("AT+CMGD=2");
    await host.command("AT+CMGD=1");
    for (const index of [1, 2, 4]) {
      rig.simulator.network.sendToSim({ from: SENDER, to: "+4915100000001", text: "x" });
      await rig.clock.advance(0);
      expect(host.heard()).toBe(`\r\n+CMTI: "ME",${index}\r\n`);
    }
  });

  test.each([
    [1, ["0", "2", "3"]],
    [2, ["0", "2"]],
    [3, ["0"]],
    [4, []],
  ])("AT+CMGD=0,%i deletes by status", async (flag, left) => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await rig.host();
    const memories = rig.modem().modem.memories;
    for (const status of [0, 1, 2, 3] as const) memories.add("ME", { status, pduHex: "00", tpduLength: 0 });
    expect(await host.command(`AT+CMGD=0,${flag}`)).toBe("\r\nOK\r\n");
    expect(memories.list("ME").map(({ message }) => String(message.status))).toEqual(left);
  });

  test("AT+CMGD knows what it may delete", async () => {
    const host = await received(new Rig(), ["a", "b"]);
    expect(await host.command("AT+CMGD=?")).toBe("\r\n+CMGD: (1,2),(0-4)\r\n\r\nOK\r\n");
    expect(await host.command("AT+CMGD=1")).toBe("\r\nOK\r\n");
    expect(await host.command("AT+CMGD=1")).toBe("\r\nOK\r\n");
    expect(await host.command("AT+CMGD=31")).toBe("\r\n+CMS ERROR: 321\r\n");
    expect(await host.command("AT+CMGD=1,7")).toBe("\r\n+CMS ERROR: 305\r\n");
    const huawei = await new Rig({ profile: "huawei-e173" }).host();
    expect(await huawei.command("AT+CMGD=?")).toContain("+CMGD: (0-29),(0-4)");
  });
});

describe("AT+CPMS", () => {
  test("chooses, counts and refuses what is not offered", async () => {
    const host = await new Rig().host();
    expect(await host.command("AT+CPMS?")).toContain('+CPMS: "SM",0,30,"SM",0,30,"SM",0,30');
    expect(await host.command('AT+CPMS="ME","ME","ME"')).toContain("+CPMS: 0,100,0,100,0,100");
    expect(await host.command('AT+CPMS="SR"')).toContain("+CPMS: 0,50,0,100,0,100");
    expect(await host.command('AT+CPMS="ME","SR"')).toBe("\r\n+CMS ERROR: 303\r\n");
    expect(await host.command('AT+CPMS="XX"')).toBe("\r\n+CMS ERROR: 303\r\n");
    expect(await host.command("AT+CPMS?")).toContain('"SR",0,50,"ME",0,100,"ME",0,100');
  });

  test("MT is ME and SM in one", async () => {
    const rig = new Rig({
      profile: "quectel-ec25",
      modems: [{ profile: "quectel-ec25", sim: { storageSize: 2 } }],
    });
    const host = await rig.host();
    const { memories } = rig.modem().modem;
    memories.add("ME", { status: 0, pduHex: "AA", tpduLength: 1 });
    memories.add("SM", { status: 0, pduHex: "BB", tpduLength: 1 });
    expect(await host.command('AT+CPMS="MT"')).toContain("+CPMS: 2,257,");
    expect(await host.lines("AT+CMGL=4")).toEqual(["+CMGL: 0,0,,1", "AA", "+CMGL: 255,0,,1", "BB", "OK"]);
    expect(await host.command("AT+CMGD=255")).toBe("\r\nOK\r\n");
    expect(memories.used("SM")).toBe(0);
  });
});

describe("a full memory", () => {
  test("is told to the network, which tries again when there is room", async () => {
    const rig = new Rig({ modems: [{ profile: "huawei-e173", sim: { storageSize: 2 } }] });
    const host = await rig.host();
    await host.command("AT^CURC=0;+CNMI=1,1");
    for (const text of ["a", "b", "c"])
      rig.simulator.network.sendToSim({ from: SENDER, to: "+4915100000001", text });
    await rig.clock.advance(0);
    expect(host.heard()).toBe('\r\n+CMTI: "SM",0\r\n\r\n+CMTI: "SM",1\r\n\r\n^SMMEMFULL:"SM"\r\n');
    await host.command("AT+CMGD=0");
    expect(host.heard()).toBe("");
    await rig.clock.advance(60_000);
    expect(host.heard()).toContain('+CMTI: "SM",0');
  });
});

describe("reports with ds=2", () => {
  test.each(["SM", "ME", "SR"] as const)(
    "go to %s when that is where this one puts them",
    async (storage) => {
      const rig = new Rig();
      const host = await rig.host();
      rig.modem().strike({ kind: "report-storage", storage });
      await host.command("AT+CNMI=2,1,0,2,0");
      expect(await host.submit(pduOf({ statusReportRequest: true }))).toContain(`+CDSI: "${storage}",`);
      expect(rig.modem().modem.memories.used(storage)).toBe(1);
    },
  );
});
