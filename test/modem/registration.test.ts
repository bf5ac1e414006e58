/** The forms of +CREG, and what they mean together. */
import { describe, expect, test } from "vitest";
import {
  isRegistered,
  parseRegistrationAnswer,
  parseRegistrationUrc,
  registrationOf,
} from "#hardware/modem/registration.ts";

test.each([
  ["+CREG: 0,1", 1],
  ['+CREG: 2,1,"CE00","01CEAD8F",7', 1],
  ["+CREG: 2,1,8BE3,2BAF", 1],
  ['+CREG: 002,001,"18d8","ffff"', 1],
  ["+CREG: 000,001", 1],
  ['+CEREG: 2, 5 , "CE00","01CEAD8F",7', 5],
  ["+CGREG: 2,0", 0],
  ["+CREG: 2,6", 6],
])("answer %s", (line, stat) => {
  expect(parseRegistrationAnswer(line)).toBe(stat);
});

test.each([
  ["+CREG: 1", { domain: "+CREG", stat: 1 }],
  ['+CREG: 1,"CE00","01CEAD8F",7', { domain: "+CREG", stat: 1 }],
  ["+CREG: 1,8BE3,2BAF", { domain: "+CREG", stat: 1 }],
  ["+CREG: 1,4CA,81DE445", { domain: "+CREG", stat: 1 }],
  ["+CREG: 2,,", { domain: "+CREG", stat: 2 }],
  ["+CGREG: 5", { domain: "+CGREG", stat: 5 }],
  ['+CEREG: 3,"0000","0000"', { domain: "+CEREG", stat: 3 }],
  // A late answer still tells the truth.
  ["+CREG: 2,5", { domain: "+CREG", stat: 5 }],
])("indication %s", (line, urc) => {
  expect(parseRegistrationUrc(line)).toEqual(urc);
});

test.each(["+CREG:", "+CREG: x", "+CREG: 99", "+COPS: 0,1", "+CREG"])("%j says nothing", (line) => {
  expect(parseRegistrationUrc(line)).toBeUndefined();
});

describe("together", () => {
  test.each([
    [{ "+CREG": 1 }, "home", true],
    [{ "+CREG": 0, "+CGREG": 0, "+CEREG": 1 }, "home", true],
    [{ "+CREG": 5 }, "roaming", true],
    [{ "+CREG": 6 }, "home", true],
    [{ "+CREG": 7 }, "roaming", true],
    [{ "+CREG": 2, "+CEREG": 0 }, "searching", false],
    [{ "+CREG": 3 }, "denied", false],
    [{ "+CREG": 8 }, "none", false],
    [{ "+CREG": 4 }, "none", false],
    [{}, "none", false],
  ] as const)("%j", (stats, name, registered) => {
    expect(registrationOf(stats)).toBe(name);
    expect(isRegistered(stats)).toBe(registered);
  });
});
