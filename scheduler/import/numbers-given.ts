/**
 * A customer's numbers are all that the list gives, in whatever rows. The first row of a customer replaces
 * what the list gave before; a row that would thereby take away or change a number waits until every row
 * was read, because a later one may give that number again. New customers and new numbers need not wait.
 */
import type { ContactPointInput } from "#scheduler/ledger/inputs.ts";

/** Numbers of one list, each once, in the order given. */
export function together(
  first: readonly ContactPointInput[],
  further: readonly ContactPointInput[],
): ContactPointInput[] {
  const points = new Map<string, ContactPointInput>();
  for (const point of [...first, ...further]) {
    const key = keyOf(point);
    const before = points.get(key);
    points.set(key, before === undefined ? point : strictest(before, point));
  }
  return [...points.values()];
}

/** The numbers of a further row, with the word on consent that the list as a whole has said until here. */
export function withEarlierConsent(
  given: readonly ContactPointInput[],
  earlier: readonly ContactPointInput[],
): ContactPointInput[] {
  const known = new Map(earlier.map((point) => [keyOf(point), point]));
  return together(given, []).map((point) => {
    const before = known.get(keyOf(point));
    return before === undefined ? point : strictest(before, point);
  });
}

function keyOf(point: ContactPointInput): string {
  return `${point.channel} ${point.number}`;
}

/** Within one list a "no" stands, whichever row says it. */
function strictest(a: ContactPointInput, b: ContactPointInput): ContactPointInput {
  if (a.consent?.state === "withdrawn" || b.consent === undefined) return a;
  if (b.consent.state === "withdrawn" || a.consent === undefined) return { ...a, consent: b.consent };
  return a;
}
