/** Which lines end a command. */
import { expect, test } from "vitest";
import { finalResult } from "#hardware/at/results.ts";
import { looksUnsolicited } from "#hardware/at/unsolicited.ts";

test.each(["OK", "OK "])("%j is good", (line) => {
  expect(finalResult(line)).toEqual({ kind: "ok" });
});

test.each([
  ["ERROR", { family: "plain", text: "ERROR" }],
  ["COMMAND NOT SUPPORT", { family: "plain", text: "COMMAND NOT SUPPORT" }],
  ["MODEM ERROR: 7", { family: "plain", text: "MODEM ERROR: 7" }],
  ["NA", { family: "plain", text: "NA" }],
  ["ERROR+CNUM:", { family: "plain", text: "ERROR+CNUM:" }],
  ["+CMS ERROR: 330", { family: "cms", code: 330, text: "+CMS ERROR: 330" }],
  ["+CMS ERROR:330", { family: "cms", code: 330, text: "+CMS ERROR: 330" }],
  ["+CME ERROR: 10", { family: "cme", code: 10, text: "+CME ERROR: 10" }],
  ["+CME ERROR: SIM not inserted", { family: "cme", text: "+CME ERROR: SIM not inserted" }],
  ["+CMS ERROR: network timeout", { family: "cms", text: "+CMS ERROR: network timeout" }],
])("%j is an error", (line, error) => {
  expect(finalResult(line)).toEqual({ kind: "error", error });
});

test.each([
  "RING",
  "NO CARRIER",
  "BUSY",
  "CONNECT 9600",
  "+CMGS: 5",
  "0",
  "4",
  "OKAY",
  "> OK",
  "",
  '+CMTI: "SM",1',
])("%j ends nothing", (line) => {
  expect(finalResult(line)).toBeUndefined();
});

test("numbers are results only where they were asked for", () => {
  expect(finalResult("0", true)).toEqual({ kind: "ok" });
  expect(finalResult("4", true)).toMatchObject({ kind: "error" });
  expect(finalResult("2", true)).toBeUndefined();
});

test.each([
  "RING",
  "RDY",
  "Call Ready",
  "SMS Ready",
  "NO CARRIER",
  "POWERED DOWN",
  "+CREG: 1",
  "^RSSI:12",
  "*PSUTTZ: 1",
])("%j is said by the modem itself", (line) => {
  expect(looksUnsolicited(line)).toBe(true);
});

test.each(["EC25", "SIMCOM_SIM800L", "11.126.85.00.209", "262019876543210", " MULTIBAND  900E  1800"])(
  "%j may be an answer",
  (line) => {
    expect(looksUnsolicited(line)).toBe(false);
  },
);
