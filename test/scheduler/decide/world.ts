/**
 * A debtor's half year in memory: cases, payments, holds, a STOP, outages, failures. Decisions are taken
 * whenever one asks to be asked again, and what they send is written down for the properties to judge.
 */
import fc from "fast-check";
import { decide } from "#scheduler/decide/decide.ts";
import type { Decision, PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { Occurrence } from "#scheduler/ledger/types.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { addDays } from "#shared/local-date.ts";
import { afterSending, factsOf, packOf } from "./facts.ts";
import { preset, presets } from "./law.ts";
import { apply, sorted, type World, type WorldEvent } from "./world-events.ts";

export const START = Date.UTC(2026, 0, 5);
export const DAY = 86_400_000;
export const DAYS = 200;

export interface ItemPlan {
  readonly dueIn: number;
  readonly seenIn: number;
  readonly open: number;
}

export interface WorldPlan {
  readonly policy: string;
  readonly place: number;
  /** How many the debtor has. */
  readonly numbers: number;
  readonly cases: readonly (readonly ItemPlan[])[];
  /** By minute since the start. */
  readonly events: readonly (readonly [minute: number, event: WorldEvent])[];
  readonly outcomes: readonly Occurrence["state"][];
}

/** Where debtors live: law and candidate zones. Who collects for others has the policy for it. */
export const PLACES: readonly { jurisdiction: string; zones: readonly string[]; role?: "collector" }[] = [
  { jurisdiction: "ES", zones: ["Europe/Madrid"] },
  { jurisdiction: "DE", zones: ["Europe/Berlin"] },
  { jurisdiction: "GB", zones: ["Europe/London"] },
  { jurisdiction: "CO", zones: ["America/Bogota"] },
  { jurisdiction: "CL", zones: ["America/Santiago"] },
  { jurisdiction: "PE", zones: ["America/Lima"] },
  { jurisdiction: "MX", zones: ["America/Tijuana", "America/Cancun"] },
  { jurisdiction: "AU", zones: ["Australia/Lord_Howe", "Australia/Perth"] },
  { jurisdiction: "IN", zones: ["Asia/Kolkata"] },
  { jurisdiction: "US-MA", zones: ["America/New_York"], role: "collector" },
  { jurisdiction: "US", zones: ["America/New_York", "America/Los_Angeles"], role: "collector" },
];

const item = fc.record({
  dueIn: fc.integer({ min: -60, max: 80 }),
  seenIn: fc.integer({ min: -20, max: 40 }),
  open: fc.integer({ min: 1, max: 30_000 }),
});

const event: fc.Arbitrary<WorldEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("payment" as const),
    case: fc.nat(2),
    share: fc.constantFrom(0.3, 0.5, 1, 1, 1),
  }),
  fc.record({
    kind: fc.constant("hold" as const),
    case: fc.nat(2),
    days: fc.integer({ min: 1, max: 30 }),
    item: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("stop" as const) }),
  fc.record({ kind: fc.constant("outage" as const), hours: fc.integer({ min: 1, max: 60 * 24 }) }),
  fc.record({
    kind: fc.constant("move-due" as const),
    case: fc.nat(2),
    days: fc.integer({ min: -10, max: 40 }),
  }),
);

export const worlds: fc.Arbitrary<WorldPlan> = fc.record({
  policy: fc.constantFrom(...presets.keys()),
  place: fc.nat(PLACES.length - 1),
  numbers: fc.integer({ min: 1, max: 3 }),
  cases: fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  events: fc.array(fc.tuple(fc.integer({ min: 0, max: DAYS * 1_440 }), event), { maxLength: 5 }),
  outcomes: fc.array(
    fc.constantFrom<Occurrence["state"]>(
      "delivered",
      "delivered",
      "unknown",
      "submitted",
      "expired",
      "failed-permanent",
    ),
    { minLength: 1, maxLength: 8 },
  ),
});

export interface Sent {
  readonly at: number;
  readonly message: PlannedMessage;
  /** What was known when it left. */
  readonly facts: CaseFacts;
  readonly key: string;
  /** What became of it. */
  readonly state: Occurrence["state"];
  /** The scheduler had been away until this instant. */
  readonly firstAfterOutage: boolean;
}

export interface Taken {
  readonly at: number;
  readonly facts: CaseFacts;
  readonly decision: Decision;
}

export interface History {
  readonly policy: ReadyPolicy;
  readonly sent: readonly Sent[];
  readonly decisions: readonly Taken[];
  readonly stoppedAt: number | undefined;
  readonly zones: readonly string[];
}

const DECISIONS_MAX = 5_000;

export function live(plan: WorldPlan): History {
  const place = PLACES[plan.place] ?? PLACES[0];
  if (place === undefined) throw new RangeError("no place");
  const policy = preset(place.role === "collector" ? "collection-agency" : plan.policy);
  const cases = plan.cases.map((items, i) => caseOf(items, i, place, plan.numbers));
  const events = [...plan.events].sort(([a], [b]) => a - b);
  const sent: Sent[] = [];
  const decisions: Taken[] = [];
  const world = { cases, awayUntil: 0, stoppedAt: undefined as number | undefined };
  const wakes = cases.map(() => START);
  let now = START;
  const end = START + DAYS * DAY;
  for (let left = DECISIONS_MAX; now < end; left--) {
    if (left === 0) throw new Error("the world does not come to rest");
    for (let next = events[0]; next !== undefined && instantOf(next) <= now; next = events[0]) {
      events.shift();
      apply(world, next[1], now);
      wakes.fill(now);
    }
    const back = world.awayUntil === now;
    const due = world.awayUntil > now ? -1 : wakes.findIndex((at) => at <= now);
    if (due >= 0) {
      const before = sent.length;
      wakes[due] = look(world, policy, due, now, { sent, decisions, plan, back });
      // A text to one case is a contact of all: the others are asked again.
      if (sent.length > before) wakes.fill(now);
      continue;
    }
    const nextEvent = events[0] === undefined ? end : instantOf(events[0]);
    now = Math.min(nextEvent, Math.max(Math.min(...wakes), world.awayUntil), end);
  }
  return { policy, sent, decisions, stoppedAt: world.stoppedAt, zones: place.zones };
}

function instantOf([minute]: readonly [number, WorldEvent]): number {
  return START + minute * 60_000;
}

interface Log {
  readonly sent: Sent[];
  readonly decisions: Taken[];
  readonly plan: WorldPlan;
  readonly back: boolean;
}

/** Decides one case and does what it says; the instant at which it wants to be asked again. */
function look(world: World, policy: ReadyPolicy, i: number, now: number, log: Log): number {
  const facts = world.cases[i];
  if (facts === undefined) return Number.POSITIVE_INFINITY;
  const visible = {
    ...facts,
    receivables: facts.receivables.filter(({ firstSeenAt }) => firstSeenAt <= now),
  };
  const open = visible.receivables.reduce((sum, one) => sum + one.open, 0n);
  const seen = { ...visible, openTotal: open };
  const decision = decide(policy, packOf(facts), seen, now);
  log.decisions.push({ at: now, facts: seen, decision });
  const unseen = facts.receivables.map(({ firstSeenAt }) => firstSeenAt).filter((at) => at > now);
  const later = Math.min(...unseen, Number.POSITIVE_INFINITY);
  if (decision.kind === "send") {
    const { message } = decision;
    const state = log.plan.outcomes[log.sent.length % log.plan.outcomes.length] ?? "delivered";
    const key = JSON.stringify([i, message.stepId, message.anchor, message.sequence]);
    log.sent.push({ at: now, message, facts: seen, key, state, firstAfterOutage: log.back });
    world.cases = world.cases.map((one, j) => {
      const after = afterSending(one, message, now, state);
      return j === i ? after : { ...one, contacts: after.contacts };
    });
    return now;
  }
  if (decision.kind === "hold" && decision.rule === "step.approval" && decision.message !== undefined) {
    const approved = afterSending(facts, decision.message, now, "approved");
    world.cases[i] = { ...approved, contacts: facts.contacts };
    return now;
  }
  return Math.min(
    later,
    decision.kind === "stop" ? Number.POSITIVE_INFINITY : (decision.until ?? Number.POSITIVE_INFINITY),
  );
}

function caseOf(
  items: readonly ItemPlan[],
  index: number,
  place: (typeof PLACES)[number],
  numbers: number,
): CaseFacts {
  const today = new Date(START).toISOString().slice(0, 10);
  const facts = factsOf({
    items: items.map((one, i) => ({
      id: 100 * (index + 1) + i,
      externalId: `R${index}-${i}`,
      dueDate: addDays(today, one.dueIn),
      firstSeenAt: START + one.seenIn * DAY,
      open: BigInt(one.open),
      principal: BigInt(one.open),
    })),
    zones: place.zones,
    jurisdiction: place.jurisdiction,
    role: place.role ?? "creditor",
    numbers,
  });
  const id = index + 1;
  return { ...facts, case: { ...facts.case, id }, receivables: sorted(facts.receivables) };
}
