import fc from "fast-check";
import { expect, test } from "vitest";
import {
  judge,
  type PostResult,
  parseRetryAfter,
  TRY_DELAYS_MS,
  type Verdict,
} from "#gateway/webhooks/schedule.ts";

const HOUR_MS = 3_600_000;
const FAILED: PostResult = { status: 500, error: "answered 500" };

test("ten tries over three days", () => {
  expect(TRY_DELAYS_MS).toHaveLength(10);
  const total = TRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0);
  expect(total).toBeGreaterThan(72 * HOUR_MS);
  expect(total).toBeLessThan(80 * HOUR_MS);
});

test.each<[string, PostResult, number, Verdict]>([
  ["2xx", { status: 204 }, 1, { kind: "delivered" }],
  ["the first failure", FAILED, 1, { kind: "retry", afterMs: 5_000 }],
  ["no answer", { error: "connect ECONNREFUSED" }, 2, { kind: "retry", afterMs: 300_000 }],
  ["the ninth failure", FAILED, 9, { kind: "retry", afterMs: 24 * HOUR_MS }],
  ["the tenth failure", FAILED, 10, { kind: "give-up" }],
  ["410", { status: 410, error: "answered 410" }, 1, { kind: "disable" }],
  [
    "Retry-After",
    { status: 429, error: "answered 429", retryAfterMs: 90_000 },
    1,
    { kind: "pause", afterMs: 90_000 },
  ],
  ["a short Retry-After", { ...FAILED, retryAfterMs: 1_000 }, 2, { kind: "pause", afterMs: 300_000 }],
  ["an endless Retry-After", { ...FAILED, retryAfterMs: 1e12 }, 1, { kind: "pause", afterMs: 24 * HOUR_MS }],
  ["Retry-After after the last try", { ...FAILED, retryAfterMs: 1 }, 10, { kind: "give-up" }],
])("%s", (_, result, tries, verdict) => {
  expect(judge(result, tries, 0.5)).toEqual(verdict);
});

test("chance moves a wait by a tenth at most", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (tries, chance) => {
        const verdict = judge(FAILED, tries, chance) as { afterMs: number };
        const delay = TRY_DELAYS_MS[tries] ?? 0;
        return verdict.afterMs >= delay * 0.9 - 1 && verdict.afterMs <= delay * 1.1 + 1;
      },
    ),
  );
});

test.each([
  [undefined, undefined],
  ["120", 120_000],
  ["Mon, 05 Jan 2026 09:01:00 GMT", 60_000],
  ["Mon, 05 Jan 2026 08:00:00 GMT", 0],
  ["soon", undefined],
])("Retry-After: %s", (header, ms) => {
  expect(parseRetryAfter(header, Date.UTC(2026, 0, 5, 9, 0, 0))).toBe(ms);
});
