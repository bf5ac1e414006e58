/** The service centre, the phones and the other SIMs (23.040 clause 3). */
import { describe, expect, test } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { joinUserData } from "#hardware/pdu/reassembly.ts";
import type { Deliver } from "#hardware/pdu/types.ts";
import { drawLatencyMs, LATENCIES, latencyOf } from "#hardware/simulator/network/latency.ts";
import { seededRandom } from "#shared/random.ts";
import { reportingHost, reports, statuses, withReport } from "./reports.ts";
import { type Host, pduOf, pdusOf, Rig, type RigOptions, SOMEBODY } from "./rig.ts";

describe("latency", () => {
  test("none sets no timer", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.submit(pduOf());
    // The only timer is the long one that watches the prompt.
    expect(rig.clock.nextTimerMs()).toBe(60_000);
  });

  test("the service centre has the message before the modem says so", async () => {
    const rig = new Rig({ network: { latency: 1_000 } });
    const host = await rig.host();
    await host.submit(pduOf());
    await rig.clock.advance(699);
    expect(rig.simulator.ledger.count).toBe(0);
    await rig.clock.advance(1);
    expect(rig.simulator.ledger.count).toBe(1);
    expect(host.heard()).toBe("");
    await rig.clock.advance(300);
    expect(host.heard()).toBe("\r\n+CMGS: 0\r\n\r\nOK\r\n");
  });

  test.each([
    ["gsm", 4_200],
    ["umts", 2_600],
    ["lte", 1_300],
    ["nbiot", 8_000],
  ] as const)("%s has its median at %i ms and a tail of one in a hundred", (name, medianMs) => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 10_000 }, () => drawLatencyMs(LATENCIES[name], random)).sort(
      (a, b) => a - b,
    );
    expect(Math.abs((draws[5_000] ?? 0) / medianMs - 1)).toBeLessThan(0.05);
    const inTail = draws.filter((ms) => ms >= 20_000).length;
    expect(inTail).toBeGreaterThan(60);
    expect(draws.at(-1)).toBeLessThanOrEqual(60_000);
  });

  test("a number is milliseconds and takes nothing from the chance", () => {
    const random = seededRandom(1);
    expect(drawLatencyMs(latencyOf(250), random)).toBe(250);
    expect(random.float()).toBe(seededRandom(1).float());
  });
});

describe("from one SIM to another", () => {
  async function pair(options: RigOptions = {}): Promise<{ rig: Rig; from: Host; to: Host }> {
    const rig = new Rig({ ...options, modems: [{ profile: "generic-strict" }, { profile: "quectel-ec25" }] });
    const from = await reportingHost(rig);
    const to = await rig.host(1);
    await to.command("AT+CNMI=2,1,0,0,0");
    return { rig, from, to };
  }

  test("a SUBMIT arrives as a DELIVER, in parts and with its text", async () => {
    const { rig, from, to } = await pair();
    const text = `${"long ".repeat(50)}ende`;
    const pdus = pdusOf({ to: "+4915100000002", text });
    for (const pdu of pdus) await from.submit(pdu);
    await rig.clock.advance(0);
    expect(to.heard()).toBe('\r\n+CMTI: "ME",0\r\n\r\n+CMTI: "ME",1\r\n');
    const lines = await to.lines("AT+CMGL=4");
    const delivers = lines.filter((line) => /^[0-9A-F]{40,}$/.test(line));
    const parts = delivers.map((hex) => decodePdu(hex, { direction: "mt" }) as Deliver);
    expect(joinUserData(parts.map((part) => part.userData)).text).toBe(text);
    expect(parts[0]).toMatchObject({
      originator: { ton: 1, digits: "4915100000001" },
      smsc: { digits: "491710760000" },
    });
  });

  test("the sender's report waits for the other modem", async () => {
    const { rig, from, to } = await pair();
    rig.modem(1).modem.radio.register(2);
    expect(statuses(await from.submit(pduOf({ ...withReport, to: "+4915100000002" })))).toEqual([]);
    await rig.clock.advance(60_000);
    rig.modem(1).modem.radio.register(1);
    await rig.clock.advance(0);
    expect(to.heard()).toContain("+CMTI");
    expect(statuses(from.heard())).toEqual([0]);
  });

  test("to itself works too", async () => {
    const { from } = await pair();
    expect(await from.submit(pduOf({ to: "+4915100000001" }))).toContain('+CMTI: "SM",1');
  });
});

describe("incoming messages", () => {
  test("come from numbers and names, by number and IMSI", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const { network } = rig.simulator;
    const imsi = rig.modem().modem.sim?.imsi ?? "";
    expect(network.sendToSim({ from: "Bank 24", to: "+4915100000001", text: "Code 1" })).toBe(1);
    expect(network.sendToSim({ from: "1234", imsi, text: "ж".repeat(71) })).toBe(2);
    const lines = await host.lines("AT+CMGL=4");
    const [first, second] = lines
      .filter((line) => /^[0-9A-F]{30,}$/.test(line))
      .map((hex) => decodePdu(hex, { direction: "mt" }) as Deliver);
    expect(first?.originator).toMatchObject({ ton: 5, text: "Bank 24" });
    expect(second?.originator).toMatchObject({ ton: 0, digits: "1234" });
    expect(second?.moreMessages).toBe(true);
    expect(() => network.sendToSim({ from: "1", to: "+49999", text: "x" })).toThrow(
      "no SIM with number +49999",
    );
  });

  test("may be any PDU", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.network.sendPduToSim({ to: "+4915100000001" }, "07919471016700000401F1");
    expect(await host.command("AT+CMGR=1")).toContain("07919471016700000401F1");
  });

  test("wait in order while the modem is away", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const { network } = rig.simulator;
    rig.modem().unplug();
    for (const text of ["1", "2", "3"]) network.sendToSim({ from: SOMEBODY, to: "+4915100000001", text });
    expect(rig.modem().modem.mailbox?.waiting).toBe(3);
    rig.modem().replug();
    await rig.clock.advance(7_000);
    expect(rig.modem().modem.mailbox?.waiting).toBe(0);
    const texts = rig
      .modem()
      .modem.memories.list("ME")
      .map(({ message }) => (decodePdu(message.pduHex, { direction: "mt" }) as Deliver).userData.text);
    expect(texts).toEqual(["1", "2", "3"]);
  });

  test("carry the time zone of the network, also west of Greenwich and after a change", async () => {
    const rig = new Rig({ network: { timeZoneQuarters: -20 } });
    const host = await rig.host();
    await host.command("AT+CMGF=1;+CNMI=2,2,0,0,0");
    const { network } = rig.simulator;
    network.sendToSim({ from: SOMEBODY, to: "+4915100000001", text: "x" });
    await rig.clock.advance(0);
    expect(host.heard()).toContain('"26/01/05,04:00:00-20"');
    network.setTimeZone(-16);
    network.sendToSim({ from: SOMEBODY, to: "+4915100000001", text: "x" });
    await rig.clock.advance(0);
    expect(host.heard()).toContain('"26/01/05,05:00:00-16"');
  });
});

describe("reports", () => {
  test("repeat the number as dialled or in the network's own form", async () => {
    for (const [recipientForm, ton, digits] of [
      ["as-dialled", 0, "015112345678"],
      ["international", 1, "4915112345678"],
      ["national", 0, "015112345678"],
    ] as const) {
      const rig = new Rig({ network: { recipientForm } });
      const host = await reportingHost(rig);
      const [report] = reports(await host.submit(pduOf({ ...withReport, to: "015112345678" })));
      expect(report?.recipient).toMatchObject({ ton, digits });
    }
  });

  test("come after their delay", async () => {
    const rig = new Rig({ network: { reportDelay: 4_000 } });
    const host = await reportingHost(rig);
    expect(statuses(await host.submit(pduOf(withReport)))).toEqual([]);
    await rig.clock.advance(4_000);
    expect(statuses(host.heard())).toEqual([0]);
  });

  test("a copy that TP-RD forbids is CMS 197 while the first one waits", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.handset(SOMEBODY).state = "off";
    const pdu = pduOf({ rejectDuplicates: true });
    expect(await host.submit(pdu)).toContain("+CMGS: 0");
    const sim = rig.modem().modem.sim;
    if (sim) sim.lastReference = 255;
    expect(await host.submit(pdu)).toBe("\r\n+CMS ERROR: 197\r\n");
    expect(await host.submit(pdu)).toContain("+CMGS: 1");
    expect(rig.simulator.network.pending).toBe(2);
  });
});
