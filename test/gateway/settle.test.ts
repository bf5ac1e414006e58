/** What each answer of a modem means: named rows, then what holds for all of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEGMENT_MOVES } from "#gateway/messages/states.ts";
import {
  actionFor,
  exhaustedSims,
  NOT_SENT_MAX,
  type PastAttempt,
  REFUSALS_MAX,
  RESENDS_MAX,
  RETRIES_PER_SIM_MAX,
  type SettleFacts,
  settle,
} from "#gateway/outbox/settle.ts";
import type { ErrorAction, ModemError, SubmitOutcome } from "#hardware/modem/types.ts";

const NOW = 1_000_000;
const FACTS: SettleFacts = {
  now: NOW,
  segment: 1,
  sim: 1,
  report: true,
  onUnknown: "hold",
  past: [],
  streak: 0,
  others: false,
};

function refused(action: ErrorAction, retryAfterMs?: number): SubmitOutcome {
  const error: ModemError = {
    family: "cms",
    code: 42,
    text: "congestion",
    action,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  return { kind: "refused", error };
}

function past(count: number, attempt: Partial<PastAttempt>): readonly PastAttempt[] {
  return Array.from({ length: count }, () => ({
    segment: 1,
    sim: 1,
    outcome: "refused" as const,
    ...attempt,
  }));
}

const ACCEPTED: SubmitOutcome = { kind: "accepted", messageReference: 7 };
const UNKNOWN: SubmitOutcome = { kind: "unknown", reason: "no answer" };
const NOT_SENT: SubmitOutcome = { kind: "not-sent", reason: "no prompt" };

interface Row {
  readonly name: string;
  readonly outcome: SubmitOutcome;
  readonly facts?: Partial<SettleFacts>;
  readonly segment: object;
  readonly sim?: object;
}

const ROWS: readonly Row[] = [
  {
    name: "accepted with a report: overdue an hour after three days, when no validity was asked for",
    outcome: ACCEPTED,
    segment: { to: "submitted", reportDueAt: NOW + 73 * 3_600_000 },
    sim: { kind: "well" },
  },
  {
    name: "accepted with a validity period: overdue an hour after it",
    outcome: ACCEPTED,
    facts: { validitySeconds: 3_600 },
    segment: { to: "submitted", reportDueAt: NOW + 2 * 3_600_000 },
  },
  {
    name: "accepted without a report: nothing is ever overdue",
    outcome: ACCEPTED,
    facts: { report: false },
    segment: { to: "submitted" },
  },
  {
    name: "duplicate rejected by the service centre: the first copy is there",
    outcome: refused("done"),
    segment: { to: "submitted" },
    sim: { kind: "well" },
  },
  {
    name: "a dead number fails at once and the SIM keeps its pace",
    outcome: refused("number-dead"),
    segment: { to: "failed", code: "number_dead" },
    sim: { kind: "none" },
  },
  {
    name: "a dead message fails at once, also when other SIMs are there",
    outcome: refused("message-dead"),
    facts: { others: true },
    segment: { to: "failed", code: "message_refused" },
    sim: { kind: "none" },
  },
  {
    name: "no credit parks the SIM, and the message waits at once for another",
    outcome: refused("park-sim"),
    facts: { others: true },
    segment: { to: "queued", code: "sim_refused", notBefore: undefined },
    sim: { kind: "park" },
  },
  {
    name: "congestion slows the SIM and lets the message rest",
    outcome: refused("slow-down", 20_000),
    segment: { to: "queued", code: "network_busy", notBefore: NOW + 20_000 },
    sim: { kind: "slow" },
  },
  {
    name: "a first retry waits five seconds",
    outcome: refused("retry"),
    segment: { to: "queued", notBefore: NOW + 5_000 },
    sim: { kind: "none" },
  },
  {
    name: "the error's own wait counts when it is longer",
    outcome: refused("retry", 600_000),
    segment: { to: "queued", notBefore: NOW + 600_000 },
  },
  {
    name: "the third retry waits twice as long as the second",
    outcome: refused("retry"),
    facts: { past: past(2, { action: "retry" }) },
    segment: { to: "queued", notBefore: NOW + 20_000 },
  },
  {
    name: "after three retries on one SIM another one takes it at once",
    outcome: refused("retry"),
    facts: { past: past(RETRIES_PER_SIM_MAX, { action: "retry" }), others: true },
    segment: { to: "queued", code: "sim_refused", notBefore: undefined },
  },
  {
    name: "after three retries on the only SIM it fails",
    outcome: refused("retry"),
    facts: { past: past(RETRIES_PER_SIM_MAX, { action: "retry" }) },
    segment: { to: "failed", code: "retries_exhausted" },
  },
  {
    name: "three retries on another SIM do not count against this one",
    outcome: refused("retry"),
    facts: { past: past(RETRIES_PER_SIM_MAX, { action: "retry", sim: 2 }) },
    segment: { to: "queued" },
  },
  {
    name: "a facility that this SIM lacks: another SIM at once",
    outcome: refused("other-sim"),
    facts: { others: true },
    segment: { to: "queued", code: "sim_refused", notBefore: undefined },
  },
  {
    name: "the same with no other SIM: this one again, later",
    outcome: refused("other-sim"),
    segment: { to: "queued", notBefore: NOW + 5_000 },
  },
  {
    name: "a modem in need of a reset is the driver's business; the message tries again",
    outcome: refused("reset-modem"),
    segment: { to: "queued", notBefore: NOW + 5_000 },
  },
  {
    name: "an error that does not tell whether it was sent is unknown",
    outcome: refused("unknown"),
    segment: { to: "unknown", code: "outcome_unknown", resend: false },
    sim: { kind: "none" },
  },
  {
    name: "no answer is unknown and stays so",
    outcome: UNKNOWN,
    segment: { to: "unknown", resend: false },
  },
  {
    name: "no answer, and the caller accepts a second copy",
    outcome: UNKNOWN,
    facts: { onUnknown: "resend" },
    segment: { to: "unknown", resend: true },
  },
  {
    name: "a second copy is not made after notAfter",
    outcome: UNKNOWN,
    facts: { onUnknown: "resend", notAfter: NOW },
    segment: { to: "unknown", resend: false },
  },
  {
    name: "copies come to an end",
    outcome: UNKNOWN,
    facts: { onUnknown: "resend", past: past(RESENDS_MAX, { outcome: "unknown" }) },
    segment: { to: "unknown", resend: false },
  },
  {
    name: "what never left tries again soon",
    outcome: NOT_SENT,
    segment: { to: "queued", notBefore: NOW + 500 },
    sim: { kind: "none" },
  },
  {
    name: "what never leaves is given up in the end",
    outcome: NOT_SENT,
    facts: { past: past(NOT_SENT_MAX - 1, { outcome: "not-sent" }) },
    segment: { to: "failed", code: "retries_exhausted" },
  },
  {
    name: "a retry that would come after notAfter is not made",
    outcome: refused("retry"),
    facts: { notAfter: NOW + 5_000 },
    segment: { to: "expired", code: "not_after_passed" },
  },
  {
    name: "congestion that never ends is given up",
    outcome: refused("slow-down"),
    facts: { past: past(REFUSALS_MAX - 1, { action: "slow-down" }) },
    segment: { to: "failed", code: "network_busy" },
  },
];

describe("settle", () => {
  test.each(ROWS)("$name", ({ outcome, facts, segment, sim }) => {
    const verdict = settle(outcome, { ...FACTS, ...facts });
    expect({ notBefore: undefined, ...verdict.segment }).toMatchObject(segment);
    if (sim !== undefined) expect(verdict.sim).toMatchObject(sim);
  });

  const action = fc.constantFrom<ErrorAction>(
    "retry",
    "other-sim",
    "number-dead",
    "message-dead",
    "park-sim",
    "reset-modem",
    "slow-down",
    "unknown",
    "done",
  );
  const attempt = fc.record({
    segment: fc.integer({ min: 1, max: 3 }),
    sim: fc.integer({ min: 1, max: 3 }),
    outcome: fc.constantFrom("refused" as const, "not-sent" as const, "unknown" as const),
    action: fc.option(action, { nil: undefined }),
  });

  test("every verdict is a move of the table, and nothing but proof of not being sent queues again", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(ACCEPTED, UNKNOWN, NOT_SENT),
          fc.tuple(action, fc.option(fc.nat(1e6), { nil: undefined })).map(([a, ms]) => refused(a, ms)),
        ),
        fc.array(attempt, { maxLength: 20 }),
        fc.boolean(),
        fc.option(fc.integer({ min: NOW - 10, max: NOW + 1e7 }), { nil: undefined }),
        (outcome, history, others, notAfter) => {
          const { segment } = settle(outcome, { ...FACTS, past: history, others, notAfter });
          expect(SEGMENT_MOVES.submitting).toContain(segment.to);
          const unproven =
            outcome.kind === "unknown" || (outcome.kind === "refused" && outcome.error.action === "unknown");
          if (unproven) expect(segment.to).toBe("unknown");
          if (segment.to === "queued" && notAfter !== undefined)
            expect(segment.notBefore ?? NOW).toBeLessThan(notAfter);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("actionFor", () => {
  const error: ModemError = { family: "cms", code: 1, text: "unassigned", action: "other-sim" };
  const numberDead = { ...error, escalation: { afterTries: 1, action: "number-dead" } } as const;
  const parkSim = { ...error, escalation: { afterTries: 3, action: "park-sim" } } as const;
  const same = { error: "cms:1" };

  test.each([
    ["no escalation: what the table says", error, past(9, same), 9, "other-sim"],
    ["the number is not blamed by the first SIM", numberDead, [], 0, "other-sim"],
    ["the number is blamed by the second SIM", numberDead, past(1, { ...same, sim: 2 }), 0, "number-dead"],
    ["another error before does not count", numberDead, past(1, { error: "cms:2" }), 0, "other-sim"],
    ["the SIM is not blamed for what others met", parkSim, past(3, { ...same, sim: 2 }), 0, "other-sim"],
    ["the SIM is blamed for what it met with one message", parkSim, past(3, same), 0, "park-sim"],
    ["the SIM is blamed for a run with whichever messages", parkSim, [], 3, "park-sim"],
  ] as const)("%s", (_, met, history, streak, action) => {
    expect(actionFor(met, { past: history, sim: 1, streak })).toBe(action);
  });
});

describe("exhaustedSims", () => {
  test("a SIM that said it cannot, and one that was tried often enough; not one that was parked", () => {
    expect(
      exhaustedSims([
        ...past(1, { sim: 1, action: "other-sim" }),
        ...past(RETRIES_PER_SIM_MAX + 1, { sim: 2, action: "retry" }),
        ...past(RETRIES_PER_SIM_MAX, { sim: 3, action: "retry" }),
        ...past(5, { sim: 4, action: "park-sim" }),
      ]),
    ).toEqual([1, 2]);
  });
});
