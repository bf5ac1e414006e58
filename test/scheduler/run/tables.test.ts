/** The small pure judgements of the run loop, as tables. */
import { describe, expect, test } from "vitest";
import type { Decision } from "#scheduler/decide/types.ts";
import { fitsWindow, makeBody, VALIDITY_MIN_MS } from "#scheduler/run/body.ts";
import { fleetCapacity } from "#scheduler/run/capacity.ts";
import { judgeCatchUp } from "#scheduler/run/catch-up.ts";
import { judgeClock } from "#scheduler/run/clock-guard.ts";
import type { Fleet } from "#scheduler/run/gateway-client.ts";
import { sameTime } from "#scheduler/run/gateway-time.ts";
import { occurrenceKey } from "#scheduler/run/occurrence-key.ts";
import { judgeUnderWay } from "#scheduler/run/plan.ts";
import { type Receipt, verdictOf } from "#scheduler/run/verdict.ts";
import { SendMessage } from "#shared/gateway-api/messages.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 2, 3, 12, 0);

describe("the clock", () => {
  const running = { previous: { now: NOW, monotonic: 0 }, highWater: NOW };
  test.each([
    ["first start ever", { now: NOW, monotonic: 0 }, "good"],
    ["a minute later", { ...running, now: NOW + 60_000, monotonic: 60_000 }, "good"],
    ["NTP turns it back a minute", { ...running, now: NOW - 60_000, monotonic: 1_000 }, "good"],
    ["set back three minutes", { ...running, now: NOW - 180_000, monotonic: 1_000 }, "set-back"],
    ["set back, seen after a restart", { highWater: NOW, now: NOW - HOUR_MS, monotonic: 0 }, "set-back"],
    ["59 minutes ahead", { ...running, now: NOW + 59 * 60_000, monotonic: 0 }, "good"],
    ["61 minutes ahead", { ...running, now: NOW + 61 * 60_000, monotonic: 0 }, "jumped-ahead"],
    [
      "61 minutes ahead after a restart: downtime",
      { highWater: NOW, now: NOW + 61 * 60_000, monotonic: 0 },
      "good",
    ],
    [
      "ahead, and accepted",
      { ...running, now: NOW + 2 * HOUR_MS, monotonic: 0, acceptedUntil: NOW + 2 * HOUR_MS },
      "good",
    ],
  ] as const)("%s: %s", (_name, reading, wanted) => {
    expect(judgeClock(reading).kind).toBe(wanted);
  });
});

describe("catch-up after downtime", () => {
  const settings = { downtimeDaysMax: 3, dueShareMax: 0.2 };
  test.each([
    ["the first start", {}, 500, "go-on"],
    ["half an hour away", { aliveAt: NOW - HOUR_MS / 2 }, 500, "go-on"],
    ["two hours away, little is due", { aliveAt: NOW - 2 * HOUR_MS }, 100, "go-on"],
    ["two hours away, much is due", { aliveAt: NOW - 2 * HOUR_MS }, 500, "ask"],
    ["four days away", { aliveAt: NOW - 96 * HOUR_MS }, 30, "ask"],
    ["four days away, next to nothing is due", { aliveAt: NOW - 96 * HOUR_MS }, 5, "go-on"],
  ])("%s", (_name, facts, dueCases, wanted) => {
    expect(judgeCatchUp({ ...facts, now: NOW, dueCases, openCases: 1_000 }, settings).kind).toBe(wanted);
  });
});

describe("capacity of the fleet", () => {
  const modem = (name: string, state = "ready") => ({
    name,
    port: "/dev/x",
    state,
    detail: "",
    submitting: false,
  });
  const sim = (iccid: string, name: string, more: object = {}) => ({
    iccid,
    imsi: "262",
    modem: name,
    usage: [],
    queued: 0,
    ...more,
  });
  const settings = { segmentsPerMinute: 10, handOverMs: 15 * 60_000 };
  const parked = { parked: { since: "2026-03-03T12:00:00Z", reason: "no credit" } };
  test.each([
    ["two modems", [modem("a"), modem("b")], [sim("1", "a"), sim("2", "b")], 300, 300],
    ["one is searching", [modem("a"), modem("b", "searching")], [sim("1", "a"), sim("2", "b")], 150, 150],
    ["one SIM is parked", [modem("a"), modem("b")], [sim("1", "a"), sim("2", "b", parked)], 150, 150],
    ["what waits already", [modem("a")], [sim("1", "a", { queued: 140 })], 150, 10],
    ["more waits than fits", [modem("a")], [sim("1", "a", { queued: 900 })], 150, 0],
    [
      "a limit a minute",
      [modem("a")],
      [sim("1", "a", { usage: [{ per: "minute", used: 3, limit: 4 }] })],
      57,
      57,
    ],
    [
      "a day's limit nearly used",
      [modem("a")],
      [sim("1", "a", { usage: [{ per: "day", used: 95, limit: 100 }] })],
      5,
      5,
    ],
    ["no modem", [], [], 0, 0],
  ])("%s", (_name, modems, sims, segments, free) => {
    expect(fleetCapacity({ modems, sims } as Fleet, settings)).toMatchObject({ segments, free });
  });
});

describe("receipts", () => {
  const receipt = (state: Receipt["state"], more: Partial<Receipt> = {}): Receipt => ({
    gatewayId: "m",
    state,
    ...more,
  });
  test.each([
    ["queued", receipt("queued"), "handed-over", false, true],
    ["delivered", receipt("delivered", { submittedAt: 1 }), "delivered", false, true],
    ["unknown counts as sent", receipt("unknown", { code: "outcome_unknown" }), "unknown", false, true],
    [
      "the network knows no such number",
      receipt("failed", { code: "number_dead" }),
      "failed-permanent",
      true,
      false,
    ],
    [
      "a dead number found by report",
      receipt("undelivered", {
        code: "undeliverable",
        reason: "Status report 43: not obtainable.",
        submittedAt: 1,
      }),
      "failed-permanent",
      true,
      true,
    ],
    [
      "validity over, by report",
      receipt("undelivered", {
        code: "undeliverable",
        reason: "Status report 46: validity period expired.",
        submittedAt: 1,
      }),
      "failed-temporary",
      false,
      true,
    ],
    ["congestion", receipt("failed", { code: "network_busy" }), "failed-temporary", false, false],
    ["a SIM without credit", receipt("failed", { code: "sim_refused" }), "failed-temporary", false, false],
    ["the text is refused", receipt("failed", { code: "message_refused" }), "failed-permanent", false, false],
    ["an unknown cause", receipt("undelivered", { submittedAt: 1 }), "failed-temporary", false, true],
    ["too late for a modem", receipt("expired", { code: "not_after_passed" }), "expired", false, false],
    [
      "the phone was off",
      receipt("expired", { code: "validity_expired", submittedAt: 1 }),
      "expired",
      false,
      true,
    ],
    ["taken back", receipt("cancelled", { code: "cancelled_by_caller" }), "cancelled", false, false],
  ] as const)("%s", (_name, given, state, blamesNumber, left) => {
    expect(verdictOf(given)).toMatchObject({ state, blamesNumber, left });
  });
});

describe("what is under way", () => {
  const decided = (kind: Decision["kind"]): Decision => ({ kind, rule: "r" }) as Decision;
  const reserved = { id: 1, key: "k", state: "reserved" as const, attempts: 0, notAfter: NOW + HOUR_MS };
  const tried = { ...reserved, attempts: 1 };
  const handed = { ...reserved, state: "handed-over" as const, attempts: 1 };
  test.each([
    ["reserved, still right", tried, "send", "k", true, "keep"],
    ["reserved, its time is over", { ...tried, notAfter: NOW }, "send", "k", true, "ask"],
    ["reserved, another amount", tried, "send", "k", false, "ask"],
    ["unknown there, another amount", reserved, "send", "k", false, "replace"],
    ["unknown there, its window is closed", reserved, "wait", "k", true, "replace"],
    ["unknown there, paid", reserved, "stop", undefined, false, "drop"],
    ["perhaps there, paid", tried, "stop", undefined, false, "ask"],
    ["unknown there, a louder step", reserved, "send", "other", true, "drop"],
    ["handed over, still right", handed, "send", "k", true, "keep"],
    ["handed over, the window closes meanwhile", handed, "wait", "k", true, "keep"],
    ["handed over, paid", handed, "stop", undefined, false, "recall"],
    ["handed over, held with the same preview", handed, "hold", "k", true, "recall"],
    ["handed over, another amount", handed, "send", "k", false, "recall"],
  ] as const)("%s", (_name, underWay, kind, key, sameBody, wanted) => {
    expect(judgeUnderWay(underWay, decided(kind), key, sameBody, NOW).kind).toBe(wanted);
  });
});

describe("the request", () => {
  const parts = {
    key: "occ_1",
    to: "+34600123450",
    text: "x",
    class: "debt" as const,
    notBefore: NOW,
    submitWithinMs: HOUR_MS / 2,
  };

  test.each([
    ["early in the window", 8 * HOUR_MS],
    ["at its end", VALIDITY_MIN_MS + 61_000],
  ])("%s: the validity ends with the window, whenever it is submitted", (_name, left) => {
    const { json } = makeBody({ ...parts, windowEnd: NOW + left }, NOW, sameTime);
    const body = SendMessage.parse(JSON.parse(json));
    const latest = Date.parse(body.notAfter ?? "") + (body.validitySeconds ?? 0) * 1_000;
    expect(latest).toBeLessThanOrEqual(NOW + left);
    expect(body.reference).toBe("occ_1");
  });

  test("too little time for the shortest validity is no time", () => {
    expect(fitsWindow(NOW + VALIDITY_MIN_MS + 61_000, NOW)).toBe(true);
    expect(fitsWindow(NOW + VALIDITY_MIN_MS + 60_000, NOW)).toBe(false);
  });
});

test("keys differ in every part, and parts never run into each other", () => {
  const owner = (creditor: string, debtor: string) => ({
    creditor: { externalId: creditor },
    debtor: { externalId: debtor },
    case: { currency: "EUR" },
  });
  const anchor = { kind: "receivable" as const, id: "1", sequence: 0 };
  const keys = [
    occurrenceKey("t", owner("a", "b"), { stepId: "s", anchor, sequence: 0 }),
    occurrenceKey("u", owner("a", "b"), { stepId: "s", anchor, sequence: 0 }),
    occurrenceKey("t", owner("a,b", ""), { stepId: "s", anchor, sequence: 0 }),
    occurrenceKey("t", owner("a", "b"), { stepId: "s", anchor, sequence: 1 }),
    occurrenceKey("t", owner("a", "b"), { stepId: "s", anchor: { ...anchor, sequence: 1 }, sequence: 0 }),
    occurrenceKey("t", owner("a", "b"), { stepId: "z", anchor, sequence: 0 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
