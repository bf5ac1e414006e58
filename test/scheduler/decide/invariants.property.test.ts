/**
 * The invariants of shared/field/dunning.md section 6 as far as they concern deciding, by their numbers.
 * Those that need two services, a database or a restart are tests of the run loop and of the ledger.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCalendar } from "#scheduler/decide/calendar.ts";
import { createComposer } from "#scheduler/decide/compose.ts";
import { decide } from "#scheduler/decide/decide.ts";
import { refusalAt } from "#scheduler/decide/windows.ts";
import { stageRank } from "#scheduler/policy/ready.ts";
import { addDays, dayNumber, daysBetween } from "#shared/local-date.ts";
import { segmentText } from "#shared/sms-text.ts";
import { packOf } from "./facts.ts";
import { zones } from "./law.ts";
import { DAY, type History, live, type Sent, type WorldPlan, worlds } from "./world.ts";

const RUNS = { numRuns: 120 };

/** Runs a world and judges its history; the plan is printed and shrunk when it fails. */
function holds(judge: (history: History, plan: WorldPlan) => void, numRuns = RUNS.numRuns): void {
  fc.assert(
    fc.property(worlds, (plan) => judge(live(plan), plan)),
    { numRuns },
  );
}

const isDebt = ({ message }: Sent): boolean => message.class === "debt" || message.class === "formal";
/** It reached the debtor, or may have. */
const HEARD: ReadonlySet<string> = new Set(["submitted", "unknown", "delivered"]);
const localDay = (at: number, zone: string): number => dayNumber(zones.dateAt(at, zone));

describe("invariants", () => {
  test("1: no occurrence key is ever used twice, whatever became of the attempts", () => {
    holds(({ sent }) => {
      expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
    });
  });

  test("2: no debt text when what is open is at or below the minimum", () => {
    holds(({ sent, policy }) => {
      for (const one of sent.filter(isDebt)) {
        const minimum = policy.minimum(one.facts.case.currency);
        expect(one.message.amount > minimum && one.facts.openTotal > minimum).toBe(true);
      }
    });
  });

  test("3: every text leaves inside the contact hours of every candidate zone", () => {
    holds(({ sent, policy }) => {
      for (const { at, message, facts } of sent) {
        const calendar = createCalendar(policy, packOf(facts));
        const names = facts.contactPoints[0]?.zones ?? [];
        expect(refusalAt(zones, names, calendar, at)).toBeUndefined();
        expect(refusalAt(zones, names, calendar, message.notAfter - 1)).toBeUndefined();
        expect(message.notAfter - at).toBeGreaterThanOrEqual(5 * 60_000);
      }
    });
  });

  test("4: no stretch of days has more texts to the debtor than the strictest cap, all cases together", () => {
    holds(({ sent, policy }) => {
      const [first] = sent;
      if (first === undefined) return;
      const law = packOf(first.facts).lawOn(dayNumber("2026-03-01"));
      const caps = [...law.caps.filter(({ window }) => window === "rolling"), ...policy.document.caps];
      for (const { count, days } of caps)
        for (const [i, { at }] of sent.entries()) {
          const over = sent[i + count];
          if (over !== undefined) expect(over.at - at).toBeGreaterThanOrEqual(days * DAY);
        }
      for (const { days } of law.spacings)
        for (const [i, { at }] of sent.entries()) {
          const next = sent[i + 1];
          if (next !== undefined) expect(next.at - at).toBeGreaterThanOrEqual(days * DAY);
        }
    });
  });

  test("5: after a STOP nothing is sent", () => {
    holds(({ sent, stoppedAt }) => {
      for (const { at } of sent) if (stoppedAt !== undefined) expect(at).toBeLessThan(stoppedAt);
    });
  });

  test("6: what is on hold gets no debt text, and its end brings one text that day at most", () => {
    holds(({ sent, zones: names }) => {
      for (const { at, message, facts } of sent) {
        const date = zones.dateAt(at, names[0] ?? "UTC");
        const inForce = facts.holds.filter(({ until }) => until === undefined || date <= until);
        if (isDebt({ message } as Sent)) expect(inForce.some(({ scope }) => scope === "case")).toBe(false);
        for (const { scope, targetId } of inForce)
          if (scope === "item") expect(message.receivableIds).not.toContain(targetId);
      }
      onePerDay(sent, names);
    });
  });

  test("7: never two stages on one local day, and no softer text about the same debt in the cool-down", () => {
    holds(({ sent, policy, zones: names }) => {
      onePerDay(sent, names);
      const zone = names[0] ?? "UTC";
      // A first contact says nothing: it is as soft to a new number late in a case as at its beginning.
      const debts = sent.filter(
        (one) => isDebt(one) && HEARD.has(one.state) && one.message.stepId !== policy.firstContact?.id,
      );
      for (const [i, later] of debts.entries())
        for (const earlier of debts.slice(0, i)) {
          if (!sameDebt(earlier, later)) continue;
          const days = localDay(later.at, zone) - localDay(earlier.at, zone);
          if (days >= policy.document.coolDown) continue;
          expect(stageRank(later.message.stage)).toBeGreaterThanOrEqual(stageRank(earlier.message.stage));
        }
    });
  });

  test("8: after an outage one text at most in the first window, and no note for a due date that is past", () => {
    holds(({ sent, zones: names }) => {
      onePerDay(sent, names);
      for (const { at, message } of sent) {
        if (message.stage !== "preventive" && message.stage !== "due") continue;
        const date = zones.dateAt(at, names[0] ?? "UTC");
        const latest = message.stage === "due" ? (message.dueDate ?? "") : addDays(message.dueDate ?? "", -1);
        if (message.receivableIds.length === 1) expect(date <= latest).toBe(true);
        expect(date <= (message.latestDueDate ?? "")).toBe(true);
      }
    });
  });

  test("8: the latest valid step speaks: nothing that was superseded comes back", () => {
    holds(({ sent, policy }) => {
      const order = policy.steps.map(({ id }) => id);
      const highest = new Map<string, number>();
      for (const { message } of sent.filter(isDebt)) {
        const { anchor, stepId } = message;
        // A first contact goes to every number, whatever the others have heard.
        if (stepId === policy.firstContact?.id) continue;
        const name = `${anchor.id} ${anchor.sequence}`;
        const index = order.indexOf(stepId);
        expect(index).toBeGreaterThanOrEqual(highest.get(name) ?? 0);
        highest.set(name, index);
      }
    });
  });

  test("9: the same facts give the same decision, and facts are not changed", () => {
    holds(({ sent, policy }) => {
      for (const { at, facts } of sent.slice(0, 5)) {
        const before = JSON.stringify(facts, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
        const [a, b] = [decide(policy, packOf(facts), facts, at), decide(policy, packOf(facts), facts, at)];
        expect(a).toEqual(b);
        const after = JSON.stringify(facts, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
        expect(after).toBe(before);
      }
    });
  });

  test("11: the amount in a text is the ledger's sum over what it lists", () => {
    holds(({ sent }) => {
      for (const { message, facts } of sent.filter(isDebt)) {
        const listed = facts.receivables.filter(({ id }) => message.receivableIds.includes(id));
        expect(message.amount).toBe(listed.reduce((sum, { open }) => sum + open, 0n));
      }
    });
  });

  test("12, 18: every look at a case ends in an action, a later instant, or a named reason", () => {
    holds(({ decisions }) => {
      for (const { at, decision } of decisions) {
        expect(decision.rule).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*(\[\d+\])?$/);
        expect(decision.because.length).toBeGreaterThan(3);
        expect(decision.explanation.at(-1)?.rule).toBe(decision.rule);
        if (decision.kind === "wait") expect(decision.until).toBeGreaterThan(at);
        if (decision.kind === "hold" && decision.until !== undefined)
          expect(decision.until).toBeGreaterThan(at);
      }
    });
  });

  test("13: every item that is due is in exactly one text of the round, and lists never mix", () => {
    holds(({ sent }) => {
      for (const { message, facts } of sent.filter(isDebt)) {
        const ids = message.covers.map(({ receivableId }) => receivableId);
        expect(new Set(ids).size).toBe(ids.length);
        const listed = message.covers.filter(({ superseded }) => superseded !== true);
        expect(listed.map(({ receivableId }) => receivableId)).toEqual(message.receivableIds);
        for (const id of ids) expect(facts.receivables.some((one) => one.id === id)).toBe(true);
        expect(message.receivableIds.length).toBeGreaterThan(0);
        if (message.finalDate === undefined) continue;
        const date = zones.dateAt(message.notBefore, facts.zones[0] ?? "UTC");
        for (const one of facts.receivables)
          if (message.receivableIds.includes(one.id))
            expect(daysBetween(one.dueDate, date)).toBeGreaterThan(0);
      }
    });
  });

  test("17: no text has a hole, is too long, or counts other segments than it will take", () => {
    const composer = createComposer();
    holds(({ sent, policy }) => {
      for (const { message, facts } of sent) {
        const { maxSegments } = policy.document;
        const composed = composer.compose(policy.catalogue, facts, message, maxSegments);
        if (composed.kind === "blocked") throw new Error(`${composed.rule}: ${composed.detail}`);
        expect(composed.text).not.toMatch(/\{|\}|undefined|null|NaN| {2}|\u00a0|\u202f/);
        expect(composed.segments).toBe(segmentText(composed.text).segments.length);
        expect(composed.segments).toBeLessThanOrEqual(maxSegments);
        expect(composed.text).toContain(facts.creditor.name);
        expect(composed.text).toContain(facts.creditor.contact ?? "-");
        if (message.notices.length > 0) expect(composed.text).toContain("STOP");
      }
    });
  });

  test("20: between a decision and the instant it names, asking again gives the same instant", () => {
    holds(({ decisions, policy }) => {
      for (const { at, facts, decision } of decisions.slice(0, 12)) {
        if (decision.kind === "send" || decision.kind === "stop" || decision.until === undefined) continue;
        for (const part of [0.01, 0.3, 0.5, 0.9, 0.999]) {
          const now = Math.floor(at + part * (decision.until - at));
          const again = decide(policy, packOf(facts), facts, now);
          const until = again.kind === "wait" || again.kind === "hold" ? again.until : undefined;
          expect([again.kind, until], `${decision.rule}, then ${again.rule}`).toEqual([
            decision.kind,
            decision.until,
          ]);
        }
      }
    });
  });

  test("21: a clock that is set back sends nothing a second time", () => {
    holds(({ sent, policy }) => {
      for (const [i, { at, message, facts }] of sent.entries()) {
        const next = sent[i + 1];
        if (next === undefined || next.facts.case.id !== facts.case.id || !isDebt(next)) continue;
        const back = decide(policy, packOf(facts), { ...next.facts, receivables: facts.receivables }, at);
        if (back.kind === "send") expect(back.message.stepId).not.toBe(message.stepId);
      }
    });
  });
});

function onePerDay(sent: readonly Sent[], names: readonly string[]): void {
  for (const zone of names) {
    const days = sent.map(({ at }) => localDay(at, zone));
    expect(new Set(days).size).toBe(days.length);
  }
}

/** Something that the earlier text listed is still open, under the same due date, when the later one leaves. */
function sameDebt(earlier: Sent, later: Sent): boolean {
  if (earlier.facts.case.id !== later.facts.case.id) return false;
  const state = earlier.facts.receivables;
  return later.message.covers.some(
    ({ receivableId, dueDateSequence, superseded }) =>
      superseded !== true &&
      earlier.message.receivableIds.includes(receivableId) &&
      state.find(({ id }) => id === receivableId)?.dueDateSequence === dueDateSequence,
  );
}

test("the worlds do something: most of them send texts", () => {
  let texts = 0;
  fc.assert(
    fc.property(worlds, (plan) => {
      texts += live(plan).sent.length;
    }),
    { numRuns: 50, seed: 7 },
  );
  expect(texts).toBeGreaterThan(150);
});
