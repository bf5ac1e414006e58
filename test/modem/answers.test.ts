/** Small answers of modems in all their forms. */
import { describe, expect, test } from "vitest";
import type { Reply } from "#hardware/at/conversation.ts";
import { finalResult } from "#hardware/at/results.ts";
import { createFailureCount } from "#hardware/modem/failure-count.ts";
import { isStatusReport } from "#hardware/modem/pdu-kind.ts";
import { findProfile, PROFILE_NAMES } from "#hardware/modem/profiles/index.ts";
import { dbmOfCsq, dbmOfRsrp } from "#hardware/modem/signal.ts";
import { iccidIn } from "#hardware/modem/start-up/sim-identity.ts";
import { simStateOf } from "#hardware/modem/start-up/sim-state.ts";
import type { ErrorAction, SubmitOutcome } from "#hardware/modem/types.ts";
import { classifyUrc } from "#hardware/modem/urc.ts";

function replyOf(line: string): Reply {
  const result = finalResult(line);
  if (result?.kind === "error") return { ...result, lines: [], records: [] };
  return { kind: "ok", lines: line === "" ? [] : [line], records: [] };
}

test.each([
  ["+CPIN: READY", "ready"],
  ['+CPIN: "READY"', "ready"],
  ["+CPIN:READY", "ready"],
  ["+CPIN: SIM PIN2", "ready"],
  ["+CPIN: SIM PUK2", "ready"],
  ["+CPIN: SIM PIN", "needs-pin"],
  ["+CPIN: SIM PUK", "locked"],
  ["+CPIN: PH-NET PIN", "locked"],
  ["+CPIN: PH-SIM PIN", "locked"],
  ["+CPIN: NOT INSERTED", "missing"],
  ["+CPIN: NOT READY", "busy"],
  ["+CME ERROR: 10", "missing"],
  ["+CME ERROR: SIM not inserted", "missing"],
  ["+CME ERROR: 11", "needs-pin"],
  ["+CME ERROR: 12", "locked"],
  ["+CME ERROR: 13", "missing"],
  ["+CME ERROR: 14", "busy"],
  ["+CME ERROR: SIM busy", "busy"],
  ["+CME ERROR: 100", "unclear"],
  ["ERROR", "unclear"],
  ["", "unclear"],
])("SIM state from %j: %s", (line, kind) => {
  expect(simStateOf(replyOf(line)).kind).toBe(kind);
});

test.each([
  ["+QCCID: 89490200001234567890", "89490200001234567890"],
  ["89860318760238610932", "89860318760238610932"],
  ["+ICCID: 8944500102198304826F", "8944500102198304826"],
  ['^ICCID: "98941234567890123456"', "98941234567890123456"],
  ["#CCID: 8939104320000000000", "8939104320000000000"],
  ['+CRSM: 144,0,"98944710000045321098"', "89497401000054230189"],
  ['+CRSM: 144,0,"984405112030405060F7"', "8944501102030405067"],
  ["+CRSM: 148,4", undefined],
  ["+CCID: 12345", undefined],
])("ICCID in %j", (line, iccid) => {
  expect(iccidIn(line)).toBe(iccid);
});

test.each([
  [0, -113],
  [31, -51],
  [20, -73],
  [99, undefined],
  [116, -100],
  [199, undefined],
])("CSQ %i is %s dBm", (rssi, dbm) => {
  expect(dbmOfCsq(rssi)).toBe(dbm);
  expect(dbmOfRsrp(255)).toBeUndefined();
  expect(dbmOfRsrp(41)).toBe(-100);
});

test.each([
  ["07919471060040340412850110520000", false],
  ["0006110A9171", true],
  ["079194710600403406110A91", true],
  ["00", undefined],
  ["", undefined],
  ["zz", undefined],
])("a stored PDU %s is a report: %s", (hex, isReport) => {
  expect(isStatusReport(hex)).toBe(isReport);
});

describe("profiles", () => {
  test.each([
    ["Quectel", "EC25", "quectel", 120_000],
    ["SIMCOM_Ltd", "SIMCOM_SIM800L", "simcom", 60_000],
    ["SIMCOM INCORPORATED", "SIMCOM_SIM7600E", "simcom", 185_000],
    ["huawei", "E173", "huawei", 185_000],
    ["ZTE INCORPORATED", "MF190", "zte", 185_000],
    ["Telit", "LE910-EUG", "telit", 185_000],
    ["u-blox", "SARA-R410M", "u-blox", 180_000],
    ["SIEMENS", "MC75i", "cinterion", 185_000],
    ["Cinterion", "EHS6", "cinterion", 185_000],
    [" WAVECOM MODEM", " MULTIBAND  900E  1800", "wavecom", 185_000],
    ["Acme", "Anvil", "generic", 185_000],
    ["", "", "generic", 185_000],
  ])("%s %s", (manufacturer, model, name, answerMs) => {
    expect(findProfile(manufacturer, model)).toMatchObject({ name, submitAnswerMs: answerMs });
  });

  test("a setting names another one", () => {
    expect(findProfile("Acme", "Anvil", "telit").name).toBe("telit");
    expect(findProfile("SIMCOM_Ltd", "SIM800", "simcom").submitAnswerMs).toBe(60_000);
    expect(findProfile("Quectel", "EC25", "generic").name).toBe("generic");
  });

  test("the eight of the house are there", () => {
    expect(PROFILE_NAMES).toEqual(
      expect.arrayContaining([
        "generic",
        "quectel",
        "simcom",
        "huawei",
        "zte",
        "telit",
        "u-blox",
        "cinterion",
      ]),
    );
  });
});

describe("what a modem says by itself", () => {
  test.each([
    ["Quectel", '+CMTI: "SM",3', { kind: "stored", storage: "SM", index: 3 }],
    ["Quectel", '+CMTI: "ME",0', { kind: "stored", storage: "ME", index: 0 }],
    ["Quectel", '+CMTI: "SM",-1', { kind: "stored", storage: "SM" }],
    ["Quectel", '+CDSI: "SR",2', { kind: "stored", storage: "SR", index: 2 }],
    ["Quectel", "RDY", { kind: "boot", certain: true }],
    ["Quectel", "POWERED DOWN", { kind: "boot", certain: true }],
    ["SIEMENS", "^SYSSTART AIRPLANE MODE", { kind: "boot", certain: true }],
    ["SIMCOM", "SMS Ready", { kind: "boot", certain: false }],
    ["Quectel", "+QIND: SMS DONE", { kind: "boot", certain: false }],
    ["Quectel", "+CPIN: READY", { kind: "boot", certain: false }],
    ["Telit", "#QSS: 3", { kind: "boot", certain: false }],
    ["Quectel", "+CPIN: NOT INSERTED", { kind: "sim-changed" }],
    ["huawei", "^SIMST:255", { kind: "sim-changed" }],
    ["huawei", '^SMMEMFULL:"SM"', { kind: "storage-full" }],
    ["SIMCOM", "+SMS FULL", { kind: "storage-full" }],
    ["Cinterion", "^SMGO: 2", { kind: "storage-full" }],
    ["Acme", '+CIEV: "smsfull",1', { kind: "storage-full" }],
    ["Acme", "RING", { kind: "ring" }],
    ["Acme", "+CRING: VOICE", { kind: "ring" }],
    ["Acme", "+CMGS: 7", { kind: "late-reference", reference: 7 }],
    ["Acme", "+CMS ERROR: 38", { kind: "late-error" }],
    ["Acme", "+CREG: 2", { kind: "registration", domain: "+CREG", stat: 2 }],
    ["Acme", "OK", { kind: "noise" }],
    ["Acme", '+CUSD: 0,"x",15', { kind: "noise" }],
    ["huawei", "^RSSI:17", { kind: "noise" }],
    ["huawei", "^DSFLOWRPT:00000000,0000", { kind: "noise" }],
    ["huawei", '^HCSQ:"LTE",40,50,60,20', { kind: "noise" }],
    ["ZTE", "+ZUSIMR:2", { kind: "noise" }],
    ["SIMCOM", "*PSUTTZ: 2026,1,1", { kind: "noise" }],
    ["Acme", "^WHAT:1", { kind: "strange", line: "^WHAT:1" }],
  ])("%s: %s", (manufacturer, text, urc) => {
    expect(classifyUrc({ kind: "line", text }, findProfile(manufacturer, ""))).toMatchObject(urc);
  });

  test("records", () => {
    const of = (header: string, textMode = false) =>
      classifyUrc({ kind: "record", header, data: "00", textMode }, findProfile("", ""));
    expect(of("+CMT: ,24")).toEqual({ kind: "direct", what: "message", pdu: "00" });
    expect(of("+CDS: 25")).toEqual({ kind: "direct", what: "report", pdu: "00" });
    expect(of("+CBM: 88")).toEqual({ kind: "noise" });
    expect(of('+CMT: "+49"', true)).toEqual({ kind: "text-mode" });
  });
});

describe("a run of the same error", () => {
  const refused = (
    code: number,
    action: ErrorAction,
    escalation?: { afterTries: number },
  ): SubmitOutcome => ({
    kind: "refused",
    error: {
      family: "cms",
      code,
      text: `+CMS ERROR: ${code}`,
      action,
      ...(escalation === undefined ? {} : { escalation: { ...escalation, action: "reset-modem" as const } }),
    },
  });

  test.each([
    ["a full storage is cleaned at once", [refused(322, "reset-modem")], ["clean-storage"]],
    ["a SIM that is gone is looked at at once", [refused(310, "park-sim")], ["check-sim"]],
    ["no network is asked about at once", [refused(331, "retry")], ["check-network"]],
    ["ME failure twice", [refused(300, "reset-modem"), refused(300, "reset-modem")], ["none", "reset"]],
    [
      "unknown error, three times",
      [1, 2, 3].map(() => refused(500, "retry", { afterTries: 2 })),
      ["none", "none", "reset"],
    ],
    [
      "but not with a success in between",
      [refused(300, "reset-modem"), { kind: "accepted" } as SubmitOutcome, refused(300, "reset-modem")],
      ["none", "none", "none"],
    ],
    [
      "a dead number is not the modem's fault",
      [1, 2, 3].map(() => refused(1, "other-sim")),
      ["none", "none", "none"],
    ],
  ])("%s", (_name, outcomes, remedies) => {
    const count = createFailureCount();
    expect(outcomes.map((outcome) => count.note(outcome))).toEqual(remedies);
  });
});
