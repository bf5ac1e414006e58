/** Everything that a judge may look at, gathered when the run is over. */
import type { GatewayEvent, Message } from "#gateway/messages/types.ts";
import type { LedgerEntry } from "#hardware/simulator/ledger.ts";
import type { Accepted } from "#test/simulation/caller.ts";
import { markerIn } from "#test/simulation/plan.ts";
import type { World } from "#test/simulation/world.ts";

/** The letters are those of the README. */
export type Rule =
  | "once"
  | "ends"
  | "evidence"
  | "order"
  | "told"
  | "apart"
  | "rate"
  | "truth"
  | "inbox"
  | "quiet";

export interface Violation {
  readonly rule: Rule;
  readonly text: string;
}

/** One part that the service centre took. */
export interface Submit {
  readonly entry: LedgerEntry;
  readonly part: number;
}

export interface Tale {
  readonly accepted: Accepted;
  /** What the gateway says of it; undefined when it does not know it. */
  readonly message: Message | undefined;
  /** Its own events, in order. */
  readonly events: readonly GatewayEvent[];
  /** In the order in which the service centre took them. */
  readonly submits: readonly Submit[];
}

export interface Case {
  readonly world: World;
  readonly tales: readonly Tale[];
  readonly events: readonly GatewayEvent[];
  /** Taken by the service centre, and nobody wanted it sent. */
  readonly strangers: readonly LedgerEntry[];
}

const PAGE = 1_000;

export async function collect(world: World, accepted: readonly Accepted[]): Promise<Case> {
  const core = world.life?.core;
  if (core === undefined) throw new Error("no process runs at the end");
  const events: GatewayEvent[] = [];
  for (let page = await core.events.after(0, PAGE); page.length > 0; ) {
    events.push(...page);
    page = await core.events.after(page.at(-1)?.sequence ?? 0, PAGE);
  }
  const byMessage = Map.groupBy(events, ({ messageId }) => messageId);
  const entries = world.simulator.ledger.entries();
  const markers = new Set(accepted.map(({ planned }) => planned.marker));
  const marked = Map.groupBy(entries, ({ text }) => {
    const marker = markerIn(text);
    return marker !== undefined && markers.has(marker) ? marker : "";
  });
  const tales = await Promise.all(
    accepted.map(async (one) => ({
      accepted: one,
      message: await core.messages.get(one.id),
      events: byMessage.get(one.id) ?? [],
      submits: (marked.get(one.planned.marker) ?? []).map((entry) => ({
        entry,
        part: entry.concatenation?.sequence ?? 1,
      })),
    })),
  );
  return { world, tales, events, strangers: marked.get("") ?? [] };
}
