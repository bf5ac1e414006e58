/** What happens to a debtor in the worlds of the property tests: payments, holds, a STOP, outages. */
import type { CaseFacts, ReceivableFacts } from "#scheduler/ledger/facts.ts";
import type { Hold } from "#scheduler/ledger/types.ts";
import { addDays } from "#shared/local-date.ts";

export type WorldEvent =
  | { readonly kind: "payment"; readonly case: number; readonly share: number }
  | { readonly kind: "hold"; readonly case: number; readonly days: number; readonly item: boolean }
  | { readonly kind: "stop" }
  | { readonly kind: "outage"; readonly hours: number }
  | { readonly kind: "move-due"; readonly case: number; readonly days: number };

export interface World {
  cases: CaseFacts[];
  awayUntil: number;
  stoppedAt: number | undefined;
}

export function apply(world: World, event: WorldEvent, now: number): void {
  switch (event.kind) {
    case "outage":
      world.awayUntil = Math.max(world.awayUntil, now + event.hours * 3_600_000);
      return;
    case "stop":
      world.stoppedAt ??= now;
      world.cases = world.cases.map((facts) => ({
        ...facts,
        contactPoints: facts.contactPoints.map((point) => ({
          ...point,
          optedOut: { at: now, scope: "all" as const },
        })),
      }));
      return;
    case "payment":
    case "hold":
    case "move-due": {
      const facts = world.cases[event.case];
      if (facts !== undefined) world.cases[event.case] = changed(facts, event, now);
    }
  }
}

function changed(facts: CaseFacts, event: Extract<WorldEvent, { case: number }>, now: number): CaseFacts {
  const [first] = facts.receivables;
  if (first === undefined) return facts;
  if (event.kind === "hold") {
    const one: Hold = {
      id: `hold_${now}`,
      kind: "manual",
      scope: event.item ? "item" : "case",
      targetId: event.item ? first.id : facts.case.id,
      until: addDays(new Date(now).toISOString().slice(0, 10), event.days),
      reason: "asked",
      placedBy: "test",
      placedAt: now,
    };
    return { ...facts, holds: [...facts.holds, one] };
  }
  if (event.kind === "move-due") {
    const dueDate = addDays(first.dueDate, event.days);
    const moved = { ...first, dueDate, dueDateSequence: first.dueDateSequence + 1 };
    return { ...facts, receivables: sorted([moved, ...facts.receivables.slice(1)]) };
  }
  return afterPayment(facts, event.share, now);
}

/** Oldest first, as the ledger does when a payment names nothing. */
function afterPayment(facts: CaseFacts, share: number, now: number): CaseFacts {
  const total = facts.receivables.reduce((sum, { open }) => sum + open, 0n);
  const amount = share === 1 ? total : BigInt(Math.max(1, Math.floor(Number(total) * share)));
  let left = amount;
  const receivables = facts.receivables.flatMap((one) => {
    const part = left < one.open ? left : one.open;
    left -= part;
    return part === one.open ? [] : [{ ...one, open: one.open - part, credited: one.credited + part }];
  });
  const lastPayment = { amount, date: new Date(now).toISOString().slice(0, 10), recordedAt: now };
  if (receivables.length > 0) return { ...facts, receivables, lastPayment };
  const settled = { ...facts.case, settledAt: now, settledAs: "paid" as const };
  return { ...facts, receivables, lastPayment, case: settled };
}

export function sorted(receivables: readonly ReceivableFacts[]): ReceivableFacts[] {
  return [...receivables].sort((a, b) =>
    a.dueDate === b.dueDate ? (a.externalId < b.externalId ? -1 : 1) : a.dueDate < b.dueDate ? -1 : 1,
  );
}
