import { expect, test } from "vitest";
import { closest } from "#shared/closest.ts";

const FIELDS = ["to", "text", "notBefore", "notAfter", "priority", "reference", "onUnknown"];

test.each([
  ["txt", "text"],
  ["not_before", "notBefore"],
  ["NotAfter", "notAfter"],
  ["refrence", "reference"],
  ["pirority", "priority"],
  ["onUnkown", "onUnknown"],
  ["ot", "to"],
  ["body", undefined],
  ["x".repeat(100), undefined],
])("%s: %s", (name, meant) => {
  expect(closest(name, FIELDS)).toBe(meant);
});
