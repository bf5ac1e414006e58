/** Parameter lists as modems really write them. */
import { expect, test } from "vitest";
import { afterPrefix, allows, numberField, parseSets, splitFields } from "#hardware/at/fields.ts";

test.each([
  ["+CREG: 2,1", "2,1"],
  ["+CMS ERROR:330", "+CMS ERROR:330"],
  ["^ICCID: 8986", "8986"],
  ["EC25", "EC25"],
  ["+CSMS=(0)", "+CSMS=(0)"],
])("after the prefix of %j", (line, rest) => {
  expect(afterPrefix(line)).toBe(rest);
});

test.each([
  ['2,1,"CE00","01CE",7', ["2", "1", "CE00", "01CE", "7"]],
  ['"SM",3', ["SM", "3"]],
  ['"a,b",(1,2),x', ["a,b", "(1,2)", "x"]],
  ["", [""]],
  [",24", ["", "24"]],
  ["2,,", ["2", "", ""]],
])("the fields of %j", (text, fields) => {
  expect(splitFields(text)).toEqual(fields);
});

test("a list without end is cut", () => {
  expect(splitFields(",".repeat(10_000)).length).toBe(64);
});

test.each([
  ["12", 12],
  ["002", 2],
  ["-1", -1],
  ["", undefined],
  ["1.5", undefined],
  ["0x10", undefined],
  [undefined, undefined],
])("the number in %j", (text, value) => {
  expect(numberField(text)).toBe(value);
});

test.each<[string, string, readonly (readonly (number | string)[])[], readonly (number | string)[]]>([
  ["ranges (EC25)", "(0-2),(0-3),(0,2),(0-2),(0,1)", [[0, 1, 2], [3], [0, 2], [2], [1]], [3]],
  ["names", '("SM","ME"),("SM")', [["SM", "ME"], ["SM"]], ["MT"]],
  ["one list for all (MU609)", '"ME","MT","SM"', [["ME", "MT", "SM"]], ["SR"]],
  ["a pair around all (Wavecom)", '(("SM","BM","SR"),("SM"))', [["SM", "BM", "SR"], ["SM"]], ["ME"]],
  ["one value without parentheses", "(0-3),(0,1),(0,2,3),(0,2),1", [[3], [1], [3], [2]], [4]],
])("sets: %s", (_name, text, inside, notInFirst) => {
  const sets = parseSets(text);
  inside.forEach((values, at) => {
    for (const value of values) expect(allows(sets[at], value), `${value} in set ${at}`).toBe(true);
  });
  for (const value of notInFirst) expect(allows(sets[0], value)).toBe(false);
});

test.each([
  ["", 0],
  ["(),(),()", 3],
])("sets of %j", (text, count) => {
  expect(parseSets(text).length).toBe(count);
  expect(allows(parseSets(text)[0], "SM")).toBe(false);
});
