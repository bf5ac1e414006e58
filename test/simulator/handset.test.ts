/** The phones at the other end: on, off, full, slow, dead, and those that answer. */
import { describe, expect, test } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import type { Deliver } from "#hardware/pdu/types.ts";
import { reportingHost, reports, statuses, withReport } from "./reports.ts";
import { pduOf, pdusOf, Rig, SOMEBODY } from "./rig.ts";

describe("phones", () => {
  test("one that is off gets its message when it is on again", async () => {
    const rig = new Rig();
    const host = await reportingHost(rig);
    const phone = rig.simulator.handset(SOMEBODY);
    phone.state = "off";
    expect(reports(await host.submit(pduOf(withReport)))).toEqual([]);
    expect(phone.received).toEqual([]);
    await rig.clock.advance(3_600_000);
    phone.state = "on";
    await rig.clock.advance(0);
    expect(phone.received).toMatchObject([{ from: "+4915100000001", text: "Hello", parts: 1 }]);
    const [report] = reports(host.heard());
    expect(report).toMatchObject({ status: 0, messageReference: 0 });
    expect(report?.discharge.iso).toBe("2026-01-05T11:00:00+01:00");
  });

  test("one that is off or full until a time", async () => {
    for (const state of ["off", "full"] as const) {
      const rig = new Rig();
      const host = await reportingHost(rig);
      const phone = rig.simulator.handset(SOMEBODY);
      phone.become(state, 3_600_000);
      expect(statuses(await host.submit(pduOf(withReport)))).toEqual([]);
      await rig.clock.advance(3_599_999);
      expect(phone.received).toEqual([]);
      await rig.clock.advance(60_001);
      expect(phone.received).toHaveLength(1);
      expect(statuses(host.heard())).toEqual([0]);
      expect(phone.state).toBe("on");
    }
  });

  test("the validity of the message ends the waiting", async () => {
    const rig = new Rig();
    const host = await reportingHost(rig);
    rig.simulator.handset(SOMEBODY).state = "off";
    await host.submit(pduOf({ ...withReport, validitySeconds: 600 }));
    await rig.clock.advance(600_000);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1_000);
    expect(statuses(host.heard())).toEqual([0x46]);
    rig.simulator.handset(SOMEBODY).state = "on";
    await rig.clock.advance(0);
    expect(rig.simulator.handset(SOMEBODY).received).toEqual([]);
  });

  test("one whose memory is full gets it at a later try", async () => {
    const rig = new Rig({ network: { intermediateReports: true } });
    const host = await reportingHost(rig);
    const phone = rig.simulator.handset(SOMEBODY);
    phone.state = "full";
    expect(statuses(await host.submit(pduOf(withReport)))).toEqual([0x25]);
    phone.state = "on";
    await rig.clock.advance(0);
    expect(statuses(host.heard())).toEqual([0]);
  });

  test("intermediate reports come once and only when the network sends them", async () => {
    const rig = new Rig({ network: { intermediateReports: true } });
    const host = await reportingHost(rig);
    rig.simulator.handset(SOMEBODY).state = "off";
    expect(statuses(await host.submit(pduOf(withReport)))).toEqual([0x22]);
    await rig.clock.advance(3_600_000);
    expect(host.heard()).toBe("");
  });

  test("a dead number is accepted and reported as a failure", async () => {
    const rig = new Rig();
    const host = await reportingHost(rig);
    rig.simulator.handset(SOMEBODY).state = "dead";
    const heard = await host.submit(pduOf(withReport));
    expect(heard).toContain("+CMGS: 0");
    expect(statuses(heard)).toEqual([0x43]);
    expect(rig.simulator.ledger.count).toBe(1);
  });

  test("a number dies while its message waits", async () => {
    const rig = new Rig();
    const host = await reportingHost(rig);
    const phone = rig.simulator.handset(SOMEBODY);
    phone.state = "off";
    await host.submit(pduOf(withReport));
    phone.state = "dead";
    await rig.clock.advance(0);
    expect(statuses(host.heard())).toEqual([0x43]);
  });

  test.each([
    ["unknown", 1],
    ["barred", 10],
  ] as const)("an %s number is refused at once", async (state, cms) => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.handset(SOMEBODY).state = state;
    expect(await host.submit(pduOf())).toBe(`\r\n+CMS ERROR: ${cms}\r\n`);
    expect(rig.simulator.ledger.count).toBe(0);
  });

  test("a slow one takes its time", async () => {
    const rig = new Rig();
    const host = await reportingHost(rig);
    const phone = rig.simulator.handset(SOMEBODY);
    phone.state = "slow";
    phone.slowMs = 30_000;
    await host.submit(pduOf(withReport));
    host.heard();
    await rig.clock.advance(29_999);
    expect(phone.received).toEqual([]);
    await rig.clock.advance(1);
    expect(phone.received).toHaveLength(1);
    expect(statuses(host.heard())).toEqual([0]);
  });

  test("national and international spelling are the same phone", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.handset("015112345678").state = "unknown";
    for (const to of ["+4915112345678", "015112345678", "004915112345678"]) {
      expect(await host.submit(pduOf({ to }))).toContain("+CMS ERROR: 1");
    }
    expect(await host.submit(pduOf({ to: "+4915112345679" }))).toContain("OK");
  });

  test("a script answers: the first rule that matches, after its time, as often as it may", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=2,1");
    const phone = rig.simulator.handset(SOMEBODY);
    phone.script([
      { match: "^pay", reply: "When I can", afterMs: 5_000, times: 1 },
      { match: "stop", reply: "Who are you?" },
    ]);
    await host.submit(pduOf({ text: "Pay now" }));
    expect(host.heard()).toBe("");
    await rig.clock.advance(5_000);
    expect(host.heard()).toBe('\r\n+CMTI: "SM",1\r\n');
    await host.submit(pduOf({ text: "Pay now" }));
    await rig.clock.advance(5_000);
    expect(host.heard()).toBe("");
    expect(await host.submit(pduOf({ text: "or we STOP" }))).toContain('+CMTI: "SM",2');
    const [, hex = ""] = await host.lines("AT+CMGR=1");
    const reply = decodePdu(hex, { direction: "mt" }) as Deliver;
    expect(reply).toMatchObject({
      originator: { digits: "4915112345678" },
      userData: { text: "When I can" },
    });
  });

  test("parts become one message whatever their order", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const phone = rig.simulator.handset(SOMEBODY);
    const text = `${"Überfällig! ".repeat(20)}😀`;
    for (const pdu of [...pdusOf({ text })].reverse()) await host.submit(pdu);
    expect(phone.received).toMatchObject([{ text, parts: 4 }]);
  });
});
