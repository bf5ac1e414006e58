/** Octets that are lost, changed, torn apart or late between modem and host. */
import { describe, expect, test } from "vitest";
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import { pduOf, Rig } from "./rig.ts";

const SIGNAL = "\r\n+CSQ: 20,99\r\n\r\nOK\r\n";

describe("an answer", () => {
  test.each<[FaultAction, string]>([
    [{ kind: "truncate", length: 9 }, "\r\n+CSQ: 2"],
    [{ kind: "line-ends", form: "none" }, "+CSQ: 20,99OK"],
    [{ kind: "line-ends", form: "lf" }, "\n+CSQ: 20,99\n\nOK\n"],
    [{ kind: "line-ends", form: "extra" }, "\r\r\n+CSQ: 20,99\r\r\n\r\r\nOK\r\r\n"],
    [{ kind: "insert", what: "nul" }, `\0\0\0${SIGNAL}`],
    [{ kind: "replace", pattern: "20", by: "31" }, "\r\n+CSQ: 31,99\r\n\r\nOK\r\n"],
    [{ kind: "drop-final" }, "\r\n+CSQ: 20,99\r\n"],
  ])("changed by %o", async (action, heard) => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "answer", command: "+CSQ", action });
    expect(await host.command("AT+CSQ")).toBe(heard);
    expect(await host.command("AT+CSQ")).toBe(SIGNAL);
  });

  test.each(["garbage", "diag"] as const)("with %s in the middle", async (what) => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "answer", command: "+CSQ", action: { kind: "insert", what, at: 6 } });
    const heard = await host.command("AT+CSQ");
    expect(heard.startsWith(SIGNAL.slice(0, 6))).toBe(true);
    expect(heard.endsWith(SIGNAL.slice(6))).toBe(true);
    expect(heard.length).toBeGreaterThan(SIGNAL.length + 10);
  });

  test("in two pieces, with what is said between them behind", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "answer", command: "+CSQ", action: { kind: "split", at: 7, ms: 500 } });
    expect(await host.command("AT+CSQ")).toBe(SIGNAL.slice(0, 7));
    rig.modem().strike({ kind: "say", line: "^RSSI:18" });
    await rig.clock.advance(499);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1);
    expect(host.heard()).toBe(`${SIGNAL.slice(7)}\r\n^RSSI:18\r\n`);
  });

  test("merged with the next one", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "answer", command: "+CSQ", action: { kind: "merge", ms: 500 } });
    expect(await host.command("AT+CSQ")).toBe("");
    expect(await host.command("AT")).toBe("");
    await rig.clock.advance(500);
    expect(host.heard()).toBe(`${SIGNAL}\r\nOK\r\n`);
  });

  test("whose result comes late, after its lines", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({
      at: "answer",
      command: "+CMGS",
      nth: 1,
      action: { kind: "late-final", ms: 70_000 },
    });
    expect(await host.submit(pduOf())).toBe("\r\n+CMGS: 0\r\n");
    await rig.clock.advance(70_000);
    expect(host.heard()).toBe("\r\nOK\r\n");
  });

  test("that takes a time between two bounds", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({
      at: "answer",
      command: "+CSQ",
      every: 1,
      action: { kind: "delay-answer", ms: 20, toMs: 150 },
    });
    for (let i = 0; i < 20; i++) {
      expect(await host.command("AT+CSQ")).toBe("");
      await rig.clock.advance(19);
      expect(host.heard()).toBe("");
      await rig.clock.advance(131);
      expect(host.heard()).toBe(SIGNAL);
    }
  });

  test("echo comes back by itself", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "command", command: "+CSQ", action: { kind: "echo-on" } });
    expect(await host.command("AT+CSQ")).toBe(SIGNAL);
    expect(await host.command("AT")).toBe("AT\r\r\nOK\r\n");
  });
});

describe("an unsolicited line", () => {
  const cases: readonly [FaultAction, string][] = [
    [{ kind: "drop-line" }, ""],
    [{ kind: "duplicate-line" }, '\r\n+CMTI: "SM",1\r\n\r\n+CMTI: "SM",1\r\n'],
    [{ kind: "truncate", length: 8 }, "\r\n+CMTI:"],
    [{ kind: "replace", pattern: ",1", by: ",-1" }, '\r\n+CMTI: "SM",-1\r\n'],
  ];
  test.each(cases)("changed by %o", async (action, heard) => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=2,1,0,0,0");
    rig.simulator.faults.arm({ at: "unsolicited", line: "^\\+CMTI", action });
    rig.modem().strike({ kind: "say", line: "^RSSI:18" });
    expect(await host.type("")).toBe("\r\n^RSSI:18\r\n");
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "Hi" });
    expect(await host.type("")).toBe(heard);
    expect(rig.modem().modem.memories.used("SM")).toBe(1);
  });
});

describe("what the host writes", () => {
  test.each<[FaultAction, string]>([
    [{ kind: "drop-octet", index: 20 }, "\r\n+CMS ERROR: 304\r\n"],
    [{ kind: "line-feed" }, "\r\n+CMS ERROR: 304\r\n"],
    [{ kind: "drop-ctrl-z" }, ""],
  ])("a PDU with %o is not sent", async (action, answer) => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "pdu", action });
    expect(await host.submit(pduOf())).toBe(answer);
    expect(rig.simulator.ledger.count).toBe(0);
    await host.type("\x1b");
    expect(await host.submit(pduOf())).toContain("OK");
  });

  test("a Ctrl-Z that is lost leaves the prompt open for another", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "pdu", action: { kind: "drop-ctrl-z" } });
    expect(await host.submit(pduOf())).toBe("");
    expect(await host.type("\x1a")).toContain("+CMGS: 0");
    expect(rig.simulator.ledger.count).toBe(1);
  });

  test("the first octets after a silence are eaten", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "input", idleMs: 5_000, every: 1, action: { kind: "eat", octets: 3 } });
    await rig.clock.advance(5_000);
    expect(await host.command("AT+CSQ")).toBe("");
    expect(await host.command("AT+CSQ")).toBe(SIGNAL);
    await rig.clock.advance(4_000);
    expect(await host.command("AT+CSQ")).toBe(SIGNAL);
  });

  test("a prompt that comes late takes a PDU that was typed before it", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    rig.simulator.faults.arm({ at: "prompt", action: { kind: "delay-prompt", ms: 3_000 } });
    expect(await host.type(`AT+CMGS=${tpduLength}\r`)).toBe("");
    expect(await host.type(`${hex}\x1a`)).toBe("");
    await rig.clock.advance(3_000);
    expect(host.heard()).toBe("\r\n> \r\n+CMGS: 0\r\n\r\nOK\r\n");
  });
});

test.each([
  ["generic-strict", 332],
  ["wavecom-q2", 513],
])("%s says %i when the network is silent", async (profile, code) => {
  const rig = new Rig({ profile });
  const host = await rig.host();
  rig.simulator.faults.arm({ at: "submit", action: { kind: "network-timeout", ms: 42_000 } });
  expect(await host.submit(pduOf())).toBe("");
  await rig.clock.advance(42_000);
  expect(host.heard()).toBe(`\r\n+CMS ERROR: ${code}\r\n`);
  expect(rig.simulator.ledger.count).toBe(0);
  rig.simulator.faults.arm({ at: "accepted", action: { kind: "accept-but-error" } });
  expect(await host.submit(pduOf())).toBe(`\r\n+CMS ERROR: ${code}\r\n`);
  expect(rig.simulator.ledger.count).toBe(1);
});

describe("time on the line", () => {
  test("a slow line takes ten bits an octet, one answer after the other", async () => {
    const rig = new Rig({ modems: [{ profile: "generic-strict", baud: 1_000 }] });
    const host = await rig.host(0, { raw: true });
    await host.command("ATE0");
    await rig.clock.advance(1_000);
    host.heard();
    expect(await host.command("AT+CSQ")).toBe("");
    await host.command("AT");
    await rig.clock.advance(10 * SIGNAL.length - 1);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1);
    expect(host.heard()).toBe(SIGNAL);
    await rig.clock.advance(59);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1);
    expect(host.heard()).toBe("\r\nOK\r\n");
  });

  test("a listing takes its time for each message", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const action: FaultAction = { kind: "delay-answer", ms: 100, perLineMs: 50 };
    rig.simulator.faults.arm({ at: "answer", command: "+CMGL", every: 1, action });
    rig.modem().strike({ kind: "incoming", from: "+49177", text: "n", count: 4 });
    expect(await host.command("AT+CMGL=4")).toBe("");
    await rig.clock.advance(299);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1);
    expect(host.heard().match(/\+CMGL/g)).toHaveLength(4);
  });

  test("each modem may have the latency of its own radio", async () => {
    const rig = new Rig({
      modems: [{ profile: "simcom-sim800", latency: "own" }, { profile: "quectel-ec25" }],
    });
    expect(await (await rig.host(1)).submit(pduOf())).toContain("OK");
    const slow = await rig.host(0);
    expect(await slow.submit(pduOf())).toBe("");
    await rig.clock.advance(60_000);
    expect(slow.heard()).toContain("OK");
  });
});
