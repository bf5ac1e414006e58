/** Sending: 27.005 3.5 and 4.3 to 4.5, and what the ledger keeps of it. */
import { describe, expect, test } from "vitest";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { pduOf, pdusOf, Rig, SOMEBODY } from "./rig.ts";

describe("AT+CMGS in PDU mode", () => {
  test("numbers messages on the SIM, wraps after 255, and writes its own reference into the PDU", async () => {
    const rig = new Rig({ modems: [{ profile: "quectel-ec25", sim: { lastReference: 253 } }] });
    const host = await rig.host();
    for (const reference of [254, 255, 0, 1]) {
      expect(await host.submit(pduOf())).toBe(`\r\n+CMGS: ${reference}\r\n\r\nOK\r\n`);
    }
    const entries = rig.simulator.ledger.entries();
    expect(entries.map((entry) => entry.messageReference)).toEqual([254, 255, 0, 1]);
    expect(entries[0]?.pduHex.slice(0, 6)).toBe("0001FE");
    expect(await host.command("AT+CRSM=176,28483,0,0,2")).toContain('+CRSM: 144,0,"01FF"');
  });

  test("the ledger has sequence, time, SIM, modem, recipient, PDU, text and concatenation", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const text = `${"Dunlin ".repeat(25)}😀`;
    for (const pdu of pdusOf({ text, concatenationReference: 99 })) await host.submit(pdu);
    const entries = rig.simulator.ledger.entries();
    expect(entries).toHaveLength(3);
    expect(entries.map((entry) => entry.text).join("")).toBe(text);
    const { imsi, iccid } = rig.modem().modem.sim ?? {};
    expect(JSON.parse(JSON.stringify(entries[1]))).toMatchObject({
      sequence: 2,
      at: rig.clock.now(),
      imsi,
      iccid,
      modem: "modem0",
      messageReference: 1,
      destination: SOMEBODY,
      concatenation: { referenceBits: 8, reference: 99, total: 3, sequence: 2 },
    });
    expect(rig.simulator.ledger.entries({ after: 2 }).map((entry) => entry.sequence)).toEqual([3]);
    expect(rig.simulator.ledger.at(2)).toBe(entries[1]);
  });

  test.each([
    ["a length that is one too long", (length: number) => length + 1],
    ["a length that is one too short", (length: number) => length - 1],
    ["the length of the whole PDU", (length: number) => length + 8],
  ])("%s is CMS 304", async (_, change) => {
    const rig = new Rig();
    const host = await rig.host();
    const { hex, tpduLength } = pduOf({ smsc: "+491710760000" });
    await host.command(`AT+CMGS=${change(tpduLength)}`);
    expect(await host.type(`${hex}\x1a`)).toBe("\r\n+CMS ERROR: 304\r\n");
    expect(rig.simulator.ledger.count).toBe(0);
    expect(rig.modem().modem.sim?.lastReference).toBe(255);
  });

  test.each([
    ["nothing", ""],
    ["no hexadecimal", "00XY000D91945111325476F8000005C8329BFD06"],
    ["a DELIVER", "0000000D91945111325476F8000005C8329BFD06"],
    ["a length of user data that is not there", "0001000D91945111325476F8000009C8329BFD06"],
    ["a number of 21 digits", "0001001591945111325476F8000005C8329BFD06"],
  ])("%s is CMS 304", async (_, hex) => {
    const host = await new Rig().host();
    await host.command(`AT+CMGS=${Math.max(7, hex.length / 2 - 1)}`);
    expect(await host.type(`${hex}\x1a`)).toBe("\r\n+CMS ERROR: 304\r\n");
  });

  test("the service centre comes from the PDU or from the SIM; without any it is CMS 330", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.submit(pduOf({ smsc: "+4917000000" }));
    expect(rig.simulator.ledger.at(1)?.pduHex).toMatch(/^06919471000000/);
    await host.submit(pduOf());
    expect(rig.simulator.ledger.at(2)?.pduHex).toMatch(/^0001/);
    expect(await host.command('AT+CSCA="",129')).toBe("\r\nOK\r\n");
    expect(await host.submit(pduOf())).toBe("\r\n+CMS ERROR: 330\r\n");
    expect(await host.submit(pduOf({ smsc: "+4917000000" }))).toContain("OK");
  });

  test("lower-case digits and line ends inside the PDU do no harm", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    await host.command(`AT+CMGS=${tpduLength}`);
    expect(await host.type(`\n${hex.slice(0, 10).toLowerCase()}\r\n${hex.slice(10)}\r\n\x1a`)).toContain(
      "OK",
    );
    expect(rig.simulator.ledger.at(1)?.text).toBe("Hello");
  });

  test("takes everything that the codec can build", async () => {
    const host = await new Rig().host();
    const data = new Uint8Array(140).fill(0x5a);
    const binary = encodeSubmit({
      destination: { ton: 1, npi: 1, digits: "4915112345678" },
      coding: 4,
      userData: { data },
    });
    expect(await host.submit(binary)).toContain("OK");
    expect(await host.submit(pduOf({ text: "x".repeat(160), validitySeconds: 86_400 }))).toContain("OK");
    expect(await host.submit(pduOf({ text: "ж".repeat(70), class: 0 }))).toContain("OK");
  });
});

describe("the prompt", () => {
  test.each([
    ["generic-strict", "\r\nOK\r\n"],
    ["simcom-sim800", ""],
  ])("ESC takes %s back to the command line", async (profile, answer) => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    await host.command("AT+CMGS=20");
    expect(await host.type("0011\x1b")).toBe(answer);
    expect(await host.command("AT")).toBe("\r\nOK\r\n");
    expect(rig.simulator.ledger.count).toBe(0);
  });

  test("is given up when nobody answers", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CMGS=20");
    await rig.clock.advance(59_999);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1);
    expect(host.heard()).toBe("\r\nERROR\r\n");
    expect(await host.command("AT")).toBe("\r\nOK\r\n");
  });

  test("has its own time each, although prompts share a timer", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.submit(pduOf());
    await rig.clock.advance(50_000);
    await host.command("AT+CMGS=20");
    await rig.clock.advance(59_000);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1_000);
    expect(host.heard()).toBe("\r\nERROR\r\n");
  });

  test("keeps unsolicited lines back until the message is done", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CREG=1");
    const { hex, tpduLength } = pduOf();
    await host.command(`AT+CMGS=${tpduLength}`);
    rig.modem().modem.radio.register(5, ["CREG"]);
    expect(await host.type(hex)).toBe("");
    expect(await host.type("\x1a")).toBe("\r\n+CMGS: 0\r\n\r\nOK\r\n\r\n+CREG: 5\r\n");
  });

  test("comes only with network", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().modem.radio.register(2);
    expect(await host.command("AT+CMGS=20")).toBe("\r\n+CMS ERROR: 331\r\n");
    rig.modem().modem.radio.register(0, ["CREG", "CGREG"]);
    rig.modem().modem.radio.register(1, ["CEREG"]);
    expect(await host.submit(pduOf())).toContain("OK");
  });
});

describe("text mode", () => {
  test("sends with the fields of AT+CSMP", async () => {
    const rig = new Rig();
    const host = await rig.host();
    expect(await host.command("AT+CMGF=1;+CSMP=49,167,0,0")).toBe("\r\nOK\r\n");
    expect(await host.command(`AT+CMGS="${SOMEBODY}",145`)).toBe("\r\n> ");
    expect(await host.type("two\r")).toBe("\r\n> ");
    expect(await host.type("lines\x1a")).toBe("\r\n+CMGS: 0\r\n\r\nOK\r\n");
    expect(rig.simulator.ledger.at(1)?.text).toBe("two\nlines");
    expect(rig.simulator.ledger.at(1)?.pduHex).toMatch(/^0031/);
  });

  test("takes UCS-2 in hexadecimal", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command('AT+CMGF=1;+CSCS="UCS2"');
    await host.command('AT+CMGS="002B0034003900310035003100310032003300340035003600370038"');
    expect(await host.type("043F04400438\x1a")).toContain("+CMGS: 0");
    expect(rig.simulator.ledger.at(1)).toMatchObject({ destination: SOMEBODY, text: "при" });
  });

  test("refuses what does not fit one message", async () => {
    const host = await new Rig().host();
    await host.command("AT+CMGF=1");
    await host.command(`AT+CMGS="${SOMEBODY}"`);
    expect(await host.type(`${"x".repeat(161)}\x1a`)).toBe("\r\n+CMS ERROR: 305\r\n");
    await host.command('AT+CMGS="no number"');
    expect(await host.type("x\x1a")).toBe("\r\n+CMS ERROR: 305\r\n");
  });
});

describe("stored messages", () => {
  test("AT+CMGW keeps, AT+CMSS sends and marks as sent", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    expect(await host.command(`AT+CMGW=${tpduLength}`)).toBe("\r\n> ");
    expect(await host.type(`${hex}\x1a`)).toBe("\r\n+CMGW: 1\r\n\r\nOK\r\n");
    expect(await host.command("AT+CMGR=1")).toContain(`+CMGR: 2,,${tpduLength}\r\n${hex}`);
    expect(await host.command("AT+CMSS=1")).toBe("\r\n+CMSS: 0\r\n\r\nOK\r\n");
    expect(await host.command("AT+CMGR=1")).toContain("+CMGR: 3,,");
    expect(await host.command('AT+CMSS=1,"+4915200000000",145')).toBe("\r\n+CMSS: 1\r\n\r\nOK\r\n");
    const sent = rig.simulator.ledger.entries();
    expect(sent.map((entry) => [entry.destination, entry.text])).toEqual([
      [SOMEBODY, "Hello"],
      ["+4915200000000", "Hello"],
    ]);
    expect(await host.command("AT+CMSS=2")).toBe("\r\n+CMS ERROR: 321\r\n");
  });

  test("an entry stays unsent when the network refuses it", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const { hex, tpduLength } = pduOf();
    await host.command(`AT+CMGW=${tpduLength}`);
    await host.type(`${hex}\x1a`);
    rig.simulator.network.refusal = 38;
    expect(await host.command("AT+CMSS=1")).toBe("\r\n+CMS ERROR: 38\r\n");
    expect(await host.command("AT+CMGR=1")).toContain("+CMGR: 2,,");
  });

  test("AT+CMGC sends a COMMAND, which takes a reference and is not in the ledger", async () => {
    const rig = new Rig();
    const host = await rig.host();
    const command = "0002000000000D91945111325476F800";
    expect(await host.command(`AT+CMGC=${command.length / 2 - 1}`)).toBe("\r\n> ");
    expect(await host.type(`${command}\x1a`)).toBe("\r\n+CMGC: 0\r\n\r\nOK\r\n");
    expect(rig.simulator.ledger.count).toBe(0);
    expect(await host.submit(pduOf())).toContain("+CMGS: 1");
  });
});

test("AT+CMMS keeps the link: the next message is faster when it comes within a second", async () => {
  const lognormal = { kind: "lognormal", sigma: 0, tailShare: 0, tailMinMs: 0, tailMaxMs: 0 } as const;
  const latency = { ...lognormal, medianMs: 4_000, linkedMedianMs: 2_000 };
  const rig = new Rig({ profile: "quectel-ec25", network: { latency } });
  const host = await rig.host();
  await host.command("AT+CMMS=2");
  const timed = async (): Promise<number> => {
    await host.submit(pduOf());
    const start = rig.clock.monotonic();
    while (!host.heard().includes("OK")) await rig.clock.advance(100);
    return rig.clock.monotonic() - start;
  };
  expect(await timed()).toBe(4_000);
  expect(await timed()).toBe(2_000);
  await rig.clock.advance(5_000);
  expect(await timed()).toBe(4_000);
});

test("with CSMS=1 generic-strict adds the SUBMIT-REPORT to +CMGS", async () => {
  const rig = new Rig();
  const host = await rig.host();
  await host.command("AT+CSMS=1");
  expect(await host.submit(pduOf())).toBe("\r\n+CMGS: 0,010062105001000040\r\n\r\nOK\r\n");
});

test("the ledger forgets the oldest when told to keep few, and goes on counting", async () => {
  const rig = new Rig({ ledgerKeep: 3 });
  const host = await rig.host();
  for (let i = 0; i < 10; i++) await host.submit(pduOf({ text: `${i}` }));
  const { ledger } = rig.simulator;
  expect(ledger.count).toBe(10);
  const kept = ledger.entries();
  expect(kept.length).toBeGreaterThanOrEqual(3);
  expect(kept.length).toBeLessThanOrEqual(6);
  expect(kept.at(-1)?.text).toBe("9");
  expect(kept.length + ledger.forgotten).toBe(10);
  expect(ledger.at(10)?.text).toBe("9");
  expect(ledger.at(1)).toBeUndefined();
});
