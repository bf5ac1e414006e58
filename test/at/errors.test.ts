/** The tables of errors, as classes that drive actions. */
import { describe, expect, test } from "vitest";
import { modemError, modemErrorOf } from "#hardware/at/errors.ts";

describe("one number of each class", () => {
  test.each([
    ["cms", 1, "other-sim"],
    ["cms", 8, "park-sim"],
    ["cms", 17, "retry"],
    ["cms", 22, "slow-down"],
    ["cms", 42, "slow-down"],
    ["cms", 95, "message-dead"],
    ["cms", 192, "slow-down"],
    ["cms", 195, "number-dead"],
    ["cms", 197, "done"],
    ["cms", 208, "reset-modem"],
    ["cms", 300, "reset-modem"],
    ["cms", 304, "message-dead"],
    ["cms", 310, "park-sim"],
    ["cms", 332, "unknown"],
    ["cms", 38, "unknown"],
    ["cme", 10, "park-sim"],
    ["cme", 14, "retry"],
    ["cme", 16, "park-sim"],
    ["cme", 31, "unknown"],
    ["plain", undefined, "retry"],
  ] as const)("%s %s: %s", (family, code, action) => {
    expect(modemError(family, code, "generic", "after-pdu").action).toBe(action);
  });
});

describe("from 512 on, each vendor has its own", () => {
  test.each([
    ["wavecom", 512, "retry"],
    ["wavecom", 513, "unknown"],
    ["wavecom", 514, "unknown"],
    ["wavecom", 531, "other-sim"],
    ["cinterion", 513, "reset-modem"],
    ["cinterion", 515, "message-dead"],
    ["cinterion", 517, "message-dead"],
    ["cinterion", 521, "unknown"],
    ["simcom", 517, "retry"],
    ["simcom", 515, "retry"],
    ["quectel", 515, "retry"],
    ["quectel", 777, "unknown"],
    ["generic", 521, "unknown"],
    // A vendor's own code that its table does not have must not be read by another vendor's table.
    ["cinterion", 531, "unknown"],
  ])("%s %i: %s", (vendor, code, action) => {
    expect(modemError("cms", code, vendor, "after-pdu").action).toBe(action);
  });
});

test.each([332, 38, 513, 514, 521, 777, 197])("before the PDU, %i proves that nothing was sent", (code) => {
  expect(modemError("cms", code, "generic", "before-pdu").action).toBe("retry");
});

test("texts stand for their numbers (AT+CMEE=2)", () => {
  expect(
    modemErrorOf({ family: "cme", text: "+CME ERROR: SIM not inserted" }, "generic", "after-pdu"),
  ).toMatchObject({
    code: 10,
    action: "park-sim",
  });
  expect(
    modemErrorOf({ family: "cms", text: "+CMS ERROR: Network timeout" }, "generic", "after-pdu"),
  ).toMatchObject({
    code: 332,
    action: "unknown",
  });
  expect(modemErrorOf({ family: "cms", text: "+CMS ERROR: Gremlins" }, "generic", "after-pdu")).toMatchObject(
    {
      action: "retry",
      text: "+CMS ERROR: Gremlins",
    },
  );
});

test("a wait comes with what can be tried again, and an escalation where it will not help for ever", () => {
  expect(modemError("cms", 38, "generic", "after-pdu").retryAfterMs).toBe(600_000);
  expect(modemError("cms", 314, "generic", "after-pdu")).toMatchObject({
    retryAfterMs: 2_000,
    escalation: { afterTries: 20, action: "reset-modem" },
  });
  expect(modemError("cms", 1, "generic", "after-pdu").escalation).toEqual({
    afterTries: 1,
    action: "number-dead",
  });
});

test("every code of every family has a text, an action, and no retry without a wait", () => {
  for (const family of ["cms", "cme"] as const) {
    for (let code = 0; code < 800; code++) {
      for (const vendor of ["generic", "wavecom", "simcom", "cinterion", "huawei"]) {
        const error = modemError(family, code, vendor, "after-pdu");
        expect(error.text).toContain(String(code));
        if (error.action === "retry") expect(error.retryAfterMs, `${family} ${code}`).toBeGreaterThan(0);
      }
    }
  }
});
