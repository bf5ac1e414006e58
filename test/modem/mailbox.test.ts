/** What arrives is read, made durable, and only then deleted: that one index. */
import { describe, expect, test } from "vitest";
import type { Answer } from "#test/support/scripted-modem.ts";
import { MESSAGE, ONLY_ME, OTHER, REPORT, ready, slot } from "./arrivals.ts";

test("+CMTI: read, handed up, deleted", async () => {
  const { rig, modem } = await ready(slot(3, MESSAGE));
  modem.say('\r\n+CMTI: "ME",3\r\n');
  await rig.clock.advance(0);
  expect(rig.delivered).toEqual([
    {
      hex: MESSAGE,
      sim: { iccid: "89497401000054230189", imsi: "262019876543210" },
      stored: { storage: "ME", index: 3 },
      receivedAt: rig.clock.now(),
    },
  ]);
  expect(modem.sent).toEqual(["AT+CMGR=3", "AT+CMGD=3"]);
});

test("not deleted before it is durable, and what is slow does not hold the wire", async () => {
  const durable = Promise.withResolvers<void>();
  const { rig, modem } = await ready(
    { ...slot(3, MESSAGE), "AT+CMGS=2": ["> "], "0011\x1a": ["+CMGS: 1"] },
    { deliver: () => durable.promise },
  );
  modem.say('\r\n+CMTI: "ME",3\r\n');
  await rig.clock.advance(0);
  expect((await rig.modem.submit({ hex: "0011", tpduLength: 2 })).kind).toBe("accepted");
  expect(modem.sent).not.toContain("AT+CMGD=3");
  durable.resolve();
  await rig.clock.advance(0);
  expect(modem.sent).toContain("AT+CMGD=3");
});

test("what could not be made durable stays, and comes again with the next sweep", async () => {
  let failures = 1;
  const delivered: string[] = [];
  const { rig, modem } = await ready(
    { ...ONLY_ME, ...slot(3, MESSAGE) },
    {
      deliver: async (pdu) => {
        if (failures-- > 0) throw new Error("disk full");
        delivered.push(pdu.hex);
      },
    },
  );
  modem.say('\r\n+CMTI: "ME",3\r\n');
  await rig.clock.advance(0);
  expect(modem.sent).toEqual(["AT+CMGR=3"]);
  modem.answers.set("AT+CMGL=4", ["+CMGL: 3,1,,24", MESSAGE]);
  await rig.clock.advance(60_000);
  expect(delivered).toEqual([MESSAGE]);
  expect(modem.sent).toContain("AT+CMGD=3");
});

test("a delivery report, by its own kind and not by who announces it", async () => {
  const { rig, modem } = await ready({ ...slot(2, REPORT), 'AT+CPMS="SR"': [] });
  modem.say('\r\n+CDSI: "SR",2\r\n');
  await rig.clock.advance(0);
  expect(modem.sent).toEqual(['AT+CPMS="SR"', "AT+CMGR=2", "AT+CMGD=2"]);
  modem.say('\r\n+CMTI: "SR",2\r\n');
  await rig.clock.advance(0);
  expect(rig.reports.length).toBe(2);
  expect(rig.delivered).toEqual([]);
});

test("storages are switched when the URC names another, and back", async () => {
  const { rig, modem } = await ready({ ...slot(1, MESSAGE), ...slot(2, OTHER) });
  modem.say('\r\n+CMTI: "SM",1\r\n');
  await rig.clock.advance(0);
  modem.say('\r\n+CMTI: "ME",2\r\n');
  await rig.clock.advance(0);
  expect(modem.sent).toEqual([
    'AT+CPMS="SM"',
    "AT+CMGR=1",
    "AT+CMGD=1",
    'AT+CPMS="ME"',
    "AT+CMGR=2",
    "AT+CMGD=2",
  ]);
});

test("a storage that cannot be selected is not read by another one's numbers", async () => {
  const { rig, modem } = await ready({ ...slot(1, MESSAGE), 'AT+CPMS="SM"': ["ERROR"] });
  modem.say('\r\n+CMTI: "SM",1\r\n');
  await rig.clock.advance(0);
  expect(modem.sent.join()).not.toMatch(/CMG[RD]/);
  expect(rig.delivered).toEqual([]);
});

test("a modem that hangs in its listing is read slot by slot from then on", async () => {
  const { rig, modem } = await ready({ ...ONLY_ME, ...slot(1, OTHER, 3), ...slot(4, MESSAGE) });
  modem.answers.set("AT+CMGL=4", () => undefined);
  modem.answers.set("AT+CPMS?", ['+CPMS: "ME",2,100,"ME",2,100,"ME",2,100']);
  await rig.clock.advance(200_000);
  expect(rig.delivered.map((pdu) => pdu.hex)).toEqual([MESSAGE]);
  expect(modem.sent.filter((command) => command === "AT+CMGL=4").length).toBe(1);
  // What was stored to be sent is not ours to delete, and nothing beyond the last message is asked for.
  expect(modem.sent.filter((command) => command.startsWith("AT+CMGD"))).toEqual(["AT+CMGD=4"]);
  expect(modem.sent).not.toContain("AT+CMGR=5");
});

describe("empty slots", () => {
  test.each<[string, readonly string[]]>([
    ["CMS 321", ["+CMS ERROR: 321"]],
    ["OK alone", ["OK"]],
    ["0,,0", ["+CMGR: 0,,0"]],
    ["255,,0", ["+CMGR: 255,,0"]],
  ])("%s", async (_name, answer) => {
    const { rig, modem } = await ready({ "AT+CMGR=3": answer });
    modem.say('\r\n+CMTI: "ME",3\r\n');
    await rig.clock.advance(0);
    expect(rig.delivered).toEqual([]);
    expect(modem.sent).toEqual(["AT+CMGR=3"]);
    expect(rig.modem.status.state).toBe("ready");
  });
});

test("a PDU that nobody can read is handed up all the same", async () => {
  const { rig, modem } = await ready(slot(3, "07919471FFFFFFFFFFFFFFFF0"));
  modem.say('\r\n+CMTI: "ME",3\r\n');
  await rig.clock.advance(0);
  expect(rig.delivered.map((pdu) => pdu.hex)).toEqual(["07919471FFFFFFFFFFFFFFFF0"]);
  expect(modem.sent).toContain("AT+CMGD=3");
});

describe("directly to us", () => {
  test("+CMT and +CDS", async () => {
    const { rig, modem } = await ready();
    modem.say(`\r\n+CMT: ,24\r\n${MESSAGE}\r\n\r\n+CDS: 26\r\n${REPORT.toLowerCase()}\r\n`);
    await rig.clock.advance(0);
    expect(rig.delivered.map((pdu) => [pdu.hex, pdu.stored])).toEqual([[MESSAGE, undefined]]);
    expect(rig.reports.map((pdu) => pdu.hex)).toEqual([REPORT]);
    expect(modem.sent).toEqual([]);
  });

  test("offered again until it is taken, since nobody else has it", async () => {
    let failures = 2;
    const taken: string[] = [];
    const { rig, modem } = await ready(
      {},
      {
        deliver: async (pdu) => {
          if (failures-- > 0) throw new Error("busy");
          taken.push(pdu.hex);
        },
      },
    );
    modem.say(`\r\n+CMT: ,24\r\n${MESSAGE}\r\n`);
    await rig.clock.advance(10_000);
    expect(taken).toEqual([MESSAGE]);
  });

  test("acknowledged where CSMS=1 stays on, after it is durable", async () => {
    const durable = Promise.withResolvers<void>();
    const { rig, modem } = await ready(
      { "AT+CSMS?": ["+CSMS: 1,1,1,1"], "AT+CNMA": [] },
      { deliver: () => durable.promise },
    );
    modem.say(`\r\n+CMT: ,24\r\n${MESSAGE}\r\n`);
    await rig.clock.advance(0);
    expect(modem.sent).toEqual([]);
    durable.resolve();
    await rig.clock.advance(0);
    expect(modem.sent).toEqual(["AT+CNMA"]);
  });

  test.each([
    ["Cinterion wants a number", "Cinterion", ["AT+CNMA=1"]],
    ["SIMCom wants none for a message", "SIMCOM", []],
  ])("%s", async (_name, manufacturer, sent) => {
    const { rig, modem } = await ready({
      "AT+CGMI": [manufacturer],
      "AT+CSMS?": ["+CSMS: 1,1,1,1"],
      "AT+CNMA=1": [],
    });
    modem.say(`\r\n+CMT: ,24\r\n${MESSAGE}\r\n`);
    await rig.clock.advance(0);
    expect(modem.sent).toEqual(sent);
  });

  test("text mode means that the settings are lost", async () => {
    const { rig, modem } = await ready();
    modem.say('\r\n+CMT: "+49","","26/01/01,10:00:00+04"\r\nOK\r\n');
    await rig.until("starting", 0);
    await rig.until("ready");
    expect(modem.sent).toContain("AT+CMGF=0");
  });
});

test("a waiting submit goes before all but two operations, and arrivals are not left behind", async () => {
  const changes: Record<string, Answer> = { "AT+CMGS=2": ["> "], "0011\x1a": ["+CMGS: 1"] };
  for (let index = 0; index < 30; index++) Object.assign(changes, slot(index, MESSAGE));
  const { rig, modem } = await ready(changes);
  let sent = 0;
  const sender = (async () => {
    while (sent < 40)
      if ((await rig.modem.submit({ hex: "0011", tpduLength: 2 })).kind === "accepted") sent++;
  })();
  for (let index = 0; index < 30; index++) modem.say(`\r\n+CMTI: "ME",${index}\r\n`);
  await sender;
  await rig.clock.advance(0);
  expect(rig.delivered.length).toBe(30);
  // While submits wait, at most two readings or deletions stand between two of them.
  const order = modem.sent.map((command) => (command.startsWith("AT+CMG") ? command.slice(3, 7) : "PDU"));
  const busy = order.slice(0, order.lastIndexOf("PDU"));
  expect(busy.join(" ")).not.toMatch(/(?:CMG[RD] ){3}/);
});

test("a call is hung up on, once in a while", async () => {
  const { rig, modem } = await ready({ "AT+CHUP": ["ERROR"], ATH: [] });
  modem.say("\r\nRING\r\n\r\nRING\r\n");
  await rig.clock.advance(0);
  expect(modem.sent).toEqual(["AT+CHUP", "ATH"]);
});
