/** A collector's numbers may be a stranger's: whatever happens, each reads first what tells nothing of the debt. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayNumber } from "#shared/local-date.ts";
import { zones } from "./law.ts";
import { live, PLACES, type Sent, worlds } from "./world.ts";

const collectors = PLACES.flatMap(({ role }, place) => (role === "collector" ? [place] : []));
const plans = fc.record({ world: worlds, place: fc.constantFrom(...collectors) });

/** The case that a text belongs to, by its key. */
function caseOf({ key }: Sent): number {
  return (JSON.parse(key) as [number])[0];
}

test("no number hears of a debt before it had days to say that it is a stranger's", () => {
  let toSecond = 0;
  fc.assert(
    fc.property(plans, ({ world, place }) => {
      const { sent, policy, zones: names } = live({ ...world, place });
      const { firstContact } = policy;
      if (firstContact === undefined) throw new Error("the collector's policy has no first contact");
      const day = (at: number): number => dayNumber(zones.dateAt(at, names[0] ?? "UTC"));
      const debts = sent.filter(({ message }) => message.class === "debt" || message.class === "formal");
      for (const [i, text] of debts.entries()) {
        const { at, message } = text;
        if (message.stepId === firstContact.id) continue;
        const first = debts
          .slice(0, i)
          .find(
            (one) =>
              one.message.stepId === firstContact.id &&
              one.message.number === message.number &&
              caseOf(one) === caseOf(text) &&
              (one.state === "delivered" || one.state === "submitted"),
          );
        if (first === undefined) throw new Error(`${message.stepId} to ${message.number} comes first`);
        expect(day(at) - day(first.at)).toBeGreaterThan(firstContact.payWithin);
        if (!message.number.endsWith("1")) toSecond++;
      }
    }),
    { numRuns: 120 },
  );
  expect(toSecond, "other numbers than the first were written to").toBeGreaterThan(0);
});
