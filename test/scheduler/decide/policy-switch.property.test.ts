/** 12: a policy is edited or exchanged in the middle of a ladder. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "#scheduler/decide/decide.ts";
import { afterSending } from "#scheduler/decide/forecast.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { readyPolicy } from "#scheduler/policy/ready.ts";
import { packOf } from "./facts.ts";
import { catalogue, preset, presets } from "./law.ts";
import { DAY, live, worlds } from "./world.ts";

/** Every step of a preset some days later or earlier, in the same order. */
function edited(name: string, days: number): ReadyPolicy {
  const { document } = preset(name);
  const steps = document.steps.map((step) => ({
    ...step,
    offset: step.offset > 0 ? Math.max(1, step.offset + days) : step.offset,
  }));
  return readyPolicy({ ...document, steps }, catalogue, { version: 2 });
}

/** What the new policy sends in the next hundred days; fails when a decision names no way on. */
function goOn(policy: ReadyPolicy, start: CaseFacts, from: number): string[] {
  let facts = start;
  let now = from;
  const said: string[] = [];
  for (let left = 500; left > 0 && now < from + 100 * DAY; left--) {
    const decision = decide(policy, packOf(facts), facts, now);
    const asked =
      decision.kind === "hold" && decision.rule === "step.approval" ? decision.message : undefined;
    const message = decision.kind === "send" ? decision.message : asked;
    if (message !== undefined) {
      now = Math.max(now, message.notBefore);
      for (const { receivableId, stepId, superseded, dueDateSequence } of message.covers)
        if (superseded !== true && stepId !== undefined)
          said.push(`${receivableId} ${dueDateSequence} ${stepId}`);
      facts = afterSending(facts, message, now);
      continue;
    }
    expect(decision.rule.length).toBeGreaterThan(0);
    if (decision.kind === "send" || decision.kind === "stop" || decision.until === undefined) break;
    expect(decision.until).toBeGreaterThan(now);
    now = decision.until;
  }
  return said;
}

function heard(facts: CaseFacts): Set<string> {
  const sent = new Set(["submitted", "unknown", "delivered"]);
  return new Set(
    facts.occurrences
      .filter(({ state, class: kind }) => sent.has(state) && (kind === "debt" || kind === "formal"))
      .flatMap(({ covers }) => covers.filter(({ superseded }) => superseded !== true))
      .map(({ receivableId, dueDateSequence, stepId }) => `${receivableId} ${dueDateSequence} ${stepId}`),
  );
}

const plans = fc.record({
  world: worlds,
  other: fc.constantFrom(...presets.keys()),
  days: fc.integer({ min: -6, max: 9 }),
  edit: fc.boolean(),
});

test("12: what was said is never said again, and every open case has a next action, a date or a reason", () => {
  let continued = 0;
  fc.assert(
    fc.property(plans, ({ world, other, days, edit }) => {
      const { sent } = live(world);
      const middle = sent[Math.floor(sent.length / 2)];
      if (middle === undefined) return;
      const policy = edit ? edited(world.policy, days) : preset(other);
      const facts = afterSending(middle.facts, middle.message, middle.at);
      const before = heard(facts);
      const after = goOn(policy, facts, middle.at);
      continued += after.length;
      for (const step of after) expect(before.has(step), step).toBe(false);
      expect(new Set(after).size).toBe(after.length);
    }),
    { numRuns: 150 },
  );
  expect(continued).toBeGreaterThan(50);
});
