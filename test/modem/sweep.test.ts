/** What no indication told of is found by listing. */
import { describe, expect, test } from "vitest";
import { modemRig } from "#test/support/modem-rig.ts";
import { scriptedModem } from "#test/support/scripted-modem.ts";
import { MESSAGE, ONLY_ME, OTHER, REPORT, ready, slot } from "./arrivals.ts";

describe("the sweep", () => {
  const listing = [
    "+CMGL: 0,1,,24",
    MESSAGE,
    "+CMGL: 4,0,,26",
    REPORT,
    "+CMGL: 5,3,,20",
    OTHER,
    "+CMGL: 6,2,,20",
    OTHER,
  ];

  test("at the start: messages and reports, but not what was stored to be sent", async () => {
    const modem = scriptedModem();
    // Only ME has something.
    let storage = "ME";
    for (const name of ["ME", "SM", "SR"]) {
      modem.answers.set(`AT+CPMS="${name}"`, () => {
        storage = name;
        return [];
      });
    }
    modem.answers.set("AT+CMGL=4", () => (storage === "ME" ? listing : []));
    modem.answers.set("AT+CMGD=0", []);
    modem.answers.set("AT+CMGD=4", []);
    const rig = modemRig(modem.open);
    await rig.until("ready");
    await rig.clock.advance(0);
    expect(rig.delivered.map((pdu) => pdu.stored?.index)).toEqual([0]);
    expect(rig.reports.map((pdu) => pdu.stored?.index)).toEqual([4]);
    const deletions = modem.sent.filter((command) => command.startsWith("AT+CMGD"));
    expect(deletions).toEqual(["AT+CMGD=0", "AT+CMGD=4"]);
  });

  test("finds what no URC told of, within a minute, and not twice", async () => {
    const { rig, modem } = await ready({
      'AT+CPMS="SM"': ["ERROR"],
      'AT+CPMS="SR"': ["ERROR"],
      "AT+CMGD=9": ["ERROR"],
    });
    modem.answers.set("AT+CMGL=4", ["+CMGL: 9,0,,24", MESSAGE]);
    await rig.clock.advance(300_000);
    expect(rig.delivered.length).toBe(1);
    // It could not be deleted, so that is tried again each time.
    expect(modem.sent.filter((command) => command === "AT+CMGD=9").length).toBe(5);
    // The same slot with another message in it is another message.
    modem.answers.set("AT+CMGL=4", ["+CMGL: 9,0,,24", OTHER]);
    await rig.clock.advance(60_000);
    expect(rig.delivered.map((pdu) => pdu.hex)).toEqual([MESSAGE, OTHER]);
  });

  test.each(['+CMTI: "ME",-1', '^SMMEMFULL:"SM"', '+CIEV: "smsfull",1'])("is called by %s", async (line) => {
    const { rig, modem } = await ready({ "AT+CGMI": ["huawei"] });
    modem.say(`\r\n${line}\r\n`);
    await rig.clock.advance(0);
    expect(modem.sent).toContain("AT+CMGL=4");
  });

  test("a +CMTI during the listing does not hand a message up twice", async () => {
    const { rig, modem } = await ready({ ...ONLY_ME, ...slot(9, MESSAGE) });
    modem.answers.set("AT+CMGD=9", () => {
      modem.answers.set("AT+CMGR=9", ["+CMS ERROR: 321"]);
      return [];
    });
    modem.answers.set("AT+CMGL=4", () => {
      modem.say('\r\n+CMTI: "ME",9\r\n');
      return ["+CMGL: 9,1,,24", MESSAGE];
    });
    modem.say('\r\n+CMTI: "ME",-1\r\n');
    await rig.clock.advance(0);
    expect(rig.delivered.length).toBe(1);
  });

  test("indications that were switched off meanwhile: the modem is set up again", async () => {
    const { rig, modem } = await ready();
    modem.answers.set("AT+CNMI?", ["+CNMI: 0,0,0,0,0"]);
    await rig.clock.advance(60_000);
    expect(rig.statuses.some((status) => status.state === "starting")).toBe(true);
    expect(modem.sent).toContain("AT+CNMI=2,1,0,2,0");
  });
});
