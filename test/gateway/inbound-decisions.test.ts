import { describe, expect, test } from "vitest";
import { isReread } from "#gateway/reports/inbound.ts";
import { joinParts } from "#gateway/reports/join-parts.ts";

describe("isReread", () => {
  const stored = (index: number): { stored: { storage: string; index: number } } => ({
    stored: { storage: "ME", index },
  });
  test.each([
    ["in the same place: its deletion failed", { receivedAt: 9, index: 3 }, stored(3), true],
    [
      "in another place, read by this process: a second message",
      { receivedAt: 9, index: 3 },
      stored(4),
      false,
    ],
    [
      "read before this process began: it may not have been deleted",
      { receivedAt: 4, index: 3 },
      stored(4),
      true,
    ],
    ["not stored by the modem: the network sends again", { receivedAt: 9, index: null }, {}, true],
  ])("%s", (_, copy, pdu, expected) => {
    expect(isReread(copy, pdu, 5)).toBe(expected);
  });
});

test("joinParts refuses what is no message", () => {
  expect(() => joinParts([])).toThrow(RangeError);
  expect(() => joinParts([{ pdu: "00", receivedAt: 0 }])).toThrow(RangeError);
});
