/** Framing and grammar of the AT interface: V.250 clause 5, 27.007 clause 9. */
import { describe, expect, test } from "vitest";
import { pduOf, Rig, SOMEBODY } from "./rig.ts";

describe("echo", () => {
  test("is on after power-up and repeats the line with its CR", async () => {
    const host = await new Rig().host(0, { raw: true });
    expect(await host.command("AT")).toBe("AT\r\r\nOK\r\n");
  });

  test("repeats the PDU and Ctrl-Z too", async () => {
    const rig = new Rig();
    const host = await rig.host(0, { raw: true });
    const { hex, tpduLength } = pduOf();
    expect(await host.command(`AT+CMGS=${tpduLength}`)).toBe(`AT+CMGS=${tpduLength}\r\r\n> `);
    expect(await host.type(`${hex}\x1a`)).toBe(`${hex}\x1a\r\n+CMGS: 0\r\n\r\nOK\r\n`);
  });

  test("comes character by character when the host types slowly", async () => {
    const host = await new Rig().host(0, { raw: true });
    expect(await host.type("A")).toBe("A");
    expect(await host.type("T")).toBe("T");
    expect(await host.type("\r")).toBe("\r\r\nOK\r\n");
  });

  test("ATE0 is itself echoed, what follows is not", async () => {
    const host = await new Rig().host(0, { raw: true });
    expect(await host.command("ATE0")).toBe("ATE0\r\r\nOK\r\n");
    expect(await host.command("AT")).toBe("\r\nOK\r\n");
    expect(await host.command("ATE1")).toBe("\r\nOK\r\n");
    expect(await host.command("AT")).toBe("AT\r\r\nOK\r\n");
  });
});

describe("line ends and editing", () => {
  test("CR LF counts as CR", async () => {
    const host = await new Rig().host();
    expect(await host.type("AT\r\nAT\r\n")).toBe("\r\nOK\r\n\r\nOK\r\n");
  });

  test.each([
    ["at+csq", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n"],
    ["At+CsQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n"],
    ["\0\0AT", "\r\nOK\r\n"],
    ["noise AT", "\r\nOK\r\n"],
    ["no command", ""],
    ["", ""],
    ["AT+CSX\bQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n"],
  ])("%j", async (line, answer) => {
    const host = await new Rig().host();
    expect(await host.command(line)).toBe(answer);
  });

  test("A/ repeats the last command without a line end", async () => {
    const host = await new Rig().host();
    await host.command("AT+CSQ");
    expect(await host.type("A/")).toBe("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    expect(await host.type("a/")).toBe("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  });

  test("S3, S4 and S5 change the signs", async () => {
    const host = await new Rig().host();
    expect(await host.command("ATS3?")).toBe("\r\n013\r\n\r\nOK\r\n");
    expect(await host.command("ATS5=42")).toBe("\r\nOK\r\n");
    expect(await host.command("AX*T+CMGFF*?")).toBe("\r\n+CMGF: 0\r\n\r\nOK\r\n");
    expect(await host.command("ATS3=33")).toBe("!\nOK!\n");
    expect(await host.type("AT!")).toBe("!\nOK!\n");
    expect(await host.type("ATS3=13!")).toBe("\r\nOK\r\n");
    expect(await host.command("ATS3=300")).toBe("\r\nERROR\r\n");
  });

  test("a line that is too long is an ERROR and runs nothing", async () => {
    const host = await new Rig().host();
    expect(await host.command(`AT+CMGF=1;${" ".repeat(600)}`)).toBe("\r\nERROR\r\n");
    expect(await host.command("AT+CMGF?")).toContain("+CMGF: 0");
  });

  test("ESC CR at the command line does nothing", async () => {
    const host = await new Rig().host();
    expect(await host.type("\x1b\rAT\r")).toBe("\r\nOK\r\n");
  });
});

describe("results", () => {
  test("V0 has numbers, Q1 has none", async () => {
    const host = await new Rig().host();
    expect(await host.command("ATV0")).toBe("0\r");
    expect(await host.command("AT+CSQ")).toBe("+CSQ: 20,99\r\n0\r");
    expect(await host.command("ATS3=x")).toBe("4\r");
    expect(await host.command("ATQ1")).toBe("");
    expect(await host.command("AT+CSQ")).toBe("+CSQ: 20,99\r\n");
    expect(await host.command("ATQ0V1")).toBe("\r\nOK\r\n");
  });

  test("several commands in one line share one result and stop at the first that fails", async () => {
    const host = await new Rig().host();
    expect(await host.command("AT+CMEE=1;+CREG=2;+CSQ")).toBe("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    expect(await host.command("ATE0V1+CSQ;+CMGF?")).toBe("\r\n+CSQ: 20,99\r\n\r\n+CMGF: 0\r\n\r\nOK\r\n");
    expect(await host.command("AT+CSQ;+CMEE=9;+CMGF=1")).toBe("\r\n+CSQ: 20,99\r\n\r\n+CME ERROR: 50\r\n");
    expect(await host.command("AT+CMGF?")).toContain("+CMGF: 0");
  });

  test.each([
    [0, "\r\nERROR\r\n", "\r\n+CMS ERROR: 304\r\n"],
    [1, "\r\n+CME ERROR: 4\r\n", "\r\n+CMS ERROR: 304\r\n"],
    [2, "\r\n+CME ERROR: operation not supported\r\n", "\r\n+CMS ERROR: invalid PDU mode parameter\r\n"],
  ])("CMEE=%i spells errors so", async (level, unknown, badLength) => {
    const host = await new Rig().host();
    await host.command(`AT+CMEE=${level}`);
    expect(await host.command("AT+NONSENSE")).toBe(unknown);
    expect(await host.command("AT+CMGS=0")).toBe(badLength);
  });

  test.each([
    ["quectel-ec25", "\r\nERROR\r\n"],
    ["simcom-sim800", "\r\nERROR\r\n"],
    ["huawei-e173", "\r\nCOMMAND NOT SUPPORT\r\n"],
    ["generic-strict", "\r\n+CME ERROR: 4\r\n"],
  ])("%s answers an unknown command so", async (profile, answer) => {
    const host = await new Rig({ profile }).host();
    expect(await host.command("AT+NONSENSE=1")).toBe(answer);
  });

  test("what waits while a command runs comes after it", async () => {
    const rig = new Rig({ profile: "quectel-ec25", network: { latency: 2_000 } });
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    await host.command(`AT+CMGS=${tpduLength}`);
    expect(await host.type(`${hex}\x1a`)).toBe("");
    expect(await host.command("AT+CSQ")).toBe("");
    await rig.clock.advance(2_000);
    expect(host.heard()).toBe("\r\n+CMGS: 0\r\n\r\nOK\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  });

  test("by 27.005 any character ends a submit that the network has not answered", async () => {
    const rig = new Rig({ network: { latency: 2_000 } });
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    await host.command(`AT+CMGS=${tpduLength}`);
    expect(await host.type(`${hex}\x1a\r\n`)).toBe("");
    await rig.clock.advance(1_800);
    expect(await host.command("AT")).toBe("\r\nERROR\r\n\r\nOK\r\n");
    // The service centre had it already: the host was wrong to interrupt.
    expect(rig.simulator.ledger.count).toBe(1);
    await rig.clock.advance(2_000);
    expect(host.heard()).toBe("");
  });

  test("with echo on, an unsolicited line does not tear a half-typed one", async () => {
    const rig = new Rig();
    const host = await rig.host(0, { raw: true });
    await host.type("AT+CREG=1\rAT+C");
    rig.modem().modem.radio.register(5, ["CREG"]);
    expect(await host.type("SQ\r")).toBe("SQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n\r\n+CREG: 5\r\n");
    await host.command("ATE0");
    await host.type("AT+C");
    rig.modem().modem.radio.register(1, ["CREG"]);
    await rig.clock.advance(0);
    expect(host.heard()).toBe("\r\n+CREG: 1\r\n");
  });

  test("a second host is told that the port is taken", async () => {
    const rig = new Rig();
    const first = await rig.host();
    await expect(rig.host()).rejects.toMatchObject({ name: "PortError", code: "busy" });
    await first.close();
    await expect(rig.host()).resolves.toBeDefined();
  });
});

test("answers arrive the same however the port cuts them", async () => {
  const whole = await new Rig().host();
  const cut = await new Rig({ chunked: true, seed: 5 }).host();
  for (const line of ["AT+CGMI;+CGMM;+CGMR", "AT+CNMI=?", `AT+CSCA="${SOMEBODY}",145`, "AT+CSCA?"]) {
    expect(await cut.command(line)).toBe(await whole.command(line));
  }
});
