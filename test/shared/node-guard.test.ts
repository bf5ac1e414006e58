import { expect, test } from "vitest";
import { isSupportedNode } from "#shared/node-guard.ts";

test.each([
  [20, 20, false],
  [22, 23, false],
  [24, 11, false],
  [24, 12, true],
  [24, 21, true],
  [25, 0, true],
  [26, 0, false],
])("Node %i.%i: %s", (major, minor, supported) => {
  expect(isSupportedNode(major, minor)).toBe(supported);
});
