/** The start-up dialogue with modems that are not quite by the book. */
import { describe, expect, test } from "vitest";
import type { Answer } from "#test/support/scripted-modem.ts";
import { inTurn, start } from "./started.ts";

test("by the book: who, which SIM, which network", async () => {
  const { rig, modem } = await start({});
  expect(rig.modem.status).toMatchObject({
    state: "ready",
    modem: {
      imei: "490154203237518",
      manufacturer: "Acme",
      model: "Anvil 1",
      revision: "1.0",
      profile: "generic",
    },
    sim: { iccid: "89497401000054230189", imsi: "262019876543210" },
    registration: "home",
    serviceCentre: "+491710760000",
  });
  await rig.clock.advance(10_000);
  expect(rig.modem.status).toMatchObject({ signalDbm: -73, operator: "Testnet" });
  // Never: they change what is stored, block for minutes, or wipe the service centre.
  expect(modem.sent.filter((command) => /^AT(?:Z|&F|\+COPS=\?|\+CSMP|\+CSCA=|\+CMGD)/.test(command))).toEqual(
    [],
  );
  expect(rig.statuses.map((status) => status.state)).not.toContain("recovering");
});

test("a modem that sleeps through its first commands", async () => {
  const { modem } = await start({ AT: inTurn(["lost"], ["OK"]), "*": ["ERROR"] });
  expect(modem.sent.filter((command) => command === "AT" || command === "ATQ0").length).toBeGreaterThan(1);
});

test("echo, numeric results and quiet ones are all switched off", async () => {
  const { modem } = await start({ AT: ["0"] });
  expect(modem.sent.slice(0, 6)).toEqual(["AT", "AT+CMGF?", "ATE0", "ATV1", "ATQ0", "AT&D0"]);
});

describe("identity", () => {
  test.each<[string, Record<string, Answer>, object]>([
    [
      "with prefixes",
      { "AT+CGMM": ['+CGMM: "X7"'], "AT+CGMI": ['+CGMI: "Acme"'] },
      { manufacturer: "Acme", model: "X7" },
    ],
    [
      "with labels",
      { "AT+CGMM": ["Model: X7"], "AT+CGMR": ["Revision: 7.1"] },
      { model: "X7", revision: "7.1" },
    ],
    ["in several lines", { "AT+CGMR": ["V 1", "01-01-10"] }, { revision: "V 1 01-01-10" }],
    ["without a revision", { "AT+CGMR": ["ERROR"] }, { revision: "" }],
    [
      "AT+GSN in place of AT+CGSN",
      { "AT+CGSN": ["ERROR"], "AT+GSN": ["353195040000011"] },
      { imei: "353195040000011" },
    ],
    [
      "amid noise",
      { "AT+CGMM": ["^BOOT:1,2", "X7"], "AT+CGMI": ["RDX", "^RSSI:3"] },
      { model: "X7", manufacturer: "RDX" },
    ],
  ])("%s", async (_name, changes, identity) => {
    const { rig } = await start(changes);
    expect(rig.modem.status.modem).toMatchObject(identity);
  });
});

test.each([["+CFUN: 0"], ["+CFUN: 4"], ["+CFUN: (0-1,4-7),(0-1)"]])(
  "the radio is switched on: %s",
  async (text) => {
    const { modem } = await start({ "AT+CFUN?": [text], "AT+CFUN=1": [] });
    expect(modem.sent).toContain("AT+CFUN=1");
  },
);

describe("the network", () => {
  test("LTE only", async () => {
    const { rig } = await start({ "AT+CREG?": ["+CREG: 2,0"], "AT+CEREG?": ['+CEREG: 2,1,"CE00","01CE",7'] });
    expect(rig.modem.status.registration).toBe("home");
  });

  test("not there yet, then by an indication, then gone", async () => {
    const { rig, modem } = await start({ "AT+CREG?": ["+CREG: 2,2"] }, { until: "searching" });
    expect(await rig.modem.submit({ hex: "0011", tpduLength: 1 })).toMatchObject({ kind: "not-sent" });
    modem.say("\r\n+CREG: 5\r\n");
    await rig.until("ready", 0);
    expect(rig.modem.status.registration).toBe("roaming");
    modem.say("\r\n+CREG: 3\r\n");
    await rig.until("searching", 0);
    expect(rig.modem.status.registration).toBe("denied");
  });

  test("asked for where no indication comes", async () => {
    const { rig, modem } = await start({ "AT+CREG?": ["+CREG: 2,2"] }, { until: "searching" });
    modem.answers.set("AT+CREG?", ["+CREG: 2,1"]);
    await rig.until("ready", 11_000);
  });

  test("none for ten minutes: the radio is switched off and on", async () => {
    const { rig, modem } = await start(
      { "AT+CREG?": ["+CREG: 2,2"], "AT+CFUN=4": [], "AT+CFUN=1": [] },
      { until: "searching" },
    );
    await rig.until("recovering", 620_000);
    await rig.until("searching");
    expect(modem.sent).toEqual(expect.arrayContaining(["AT+CFUN=4", "AT+CFUN=1"]));
  });
});

describe("the message service", () => {
  test("comes up late, with another number in each family", async () => {
    const { modem } = await start({
      "AT+CPMS?": inTurn(
        ["+CMS ERROR: 517"],
        ["+CMS ERROR: 302"],
        ["+CME ERROR: 14"],
        ["+CMS ERROR: 500"],
        ['+CPMS: "ME",0,100,"ME",0,100,"ME",0,100'],
      ),
    });
    // Nothing that would be refused is asked for before.
    expect(modem.sent.indexOf("AT+CPMS=?")).toBeGreaterThan(modem.sent.indexOf("AT+CPMS?") + 4);
  });

  test("that never comes up is a case for the ladder", async () => {
    const { rig } = await start({ "AT+CPMS?": ["+CMS ERROR: 517"] }, { until: "recovering" });
    expect(rig.modem.status.detail).toContain("message service");
  });

  test("PDU mode comes up late", async () => {
    const { modem } = await start({ "AT+CMGF=0": inTurn(["+CMS ERROR: 302"], ["+CMS ERROR: 302"], []) });
    expect(modem.sent.filter((command) => command === "AT+CMGF=0").length).toBe(3);
  });

  test("the service centre is set only when it is another one", async () => {
    const same = await start({}, { settings: { serviceCentre: "+491710760000" } });
    expect(same.modem.sent.join()).not.toContain("AT+CSCA=");
    const other = await start(
      { 'AT+CSCA="+491722270333",145': [] },
      { settings: { serviceCentre: "+491722270333" } },
    );
    expect(other.modem.sent).toContain('AT+CSCA="+491722270333",145');
  });

  test.each([
    ['+CSCA: "491710760000",145', "+491710760000"],
    ['+CSCA: "",129', undefined],
    ['+CSCA: "01710760000",129', "01710760000"],
  ])("%s", async (text, centre) => {
    const { rig } = await start({ "AT+CSCA?": [text] });
    expect(rig.modem.status.serviceCentre).toBe(centre);
  });

  test("acknowledging is given back to the modem", async () => {
    const { modem } = await start({
      "AT+CSMS?": inTurn(["+CSMS: 1,1,1,1"], ["+CSMS: 0,1,1,1"]),
      "AT+CSMS=0": [],
    });
    expect(modem.sent).toContain("AT+CSMS=0");
  });

  test("a storage set that is refused, and one that is not shown, are passed over", async () => {
    const { modem } = await start({
      'AT+CPMS="ME","ME","ME"': ["ERROR"],
      'AT+CPMS="SM","SM","SM"': [],
      "AT+CPMS?": ['+CPMS: "SM",0,20,"SM",0,20,"SM",0,20'],
    });
    expect(modem.sent).toContain('AT+CPMS="SM","SM","SM"');
  });

  test("indications that are refused, or not shown, are passed over", async () => {
    const { modem } = await start({
      "AT+CNMI=2,1,0,2,0": ["+CMS ERROR: 303"],
      "AT+CNMI=1,1,0,2,0": [],
      "AT+CNMI=2,1,0,1,0": [],
      "AT+CNMI?": ["+CNMI: 2,1,0,1,0"],
    });
    const tries = modem.sent.filter((command) => command.startsWith("AT+CNMI="));
    expect(tries).toEqual(["AT+CNMI=?", "AT+CNMI=2,1,0,2,0", "AT+CNMI=1,1,0,2,0", "AT+CNMI=2,1,0,1,0"]);
  });

  test("a bearer is set where it is asked for", async () => {
    const { modem } = await start({ "AT+CGSMS=3": [] }, { settings: { bearer: 3 } });
    expect(modem.sent).toContain("AT+CGSMS=3");
  });
});
