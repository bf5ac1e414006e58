/** Each change of state has its event, and each event reached the receiver: in order, and the same each time. */
import { assertMove, IllegalMove, type MessageState } from "#gateway/messages/states.ts";
import type { GatewayEvent } from "#gateway/messages/types.ts";
import type { Taken } from "#test/simulation/receiver.ts";
import type { Case, Tale, Violation } from "./case.ts";

export function judgeTold({ world, tales, events }: Case): Violation[] {
  const taken = Map.groupBy(world.receiver.taken, ({ id }) => id);
  const known = new Set(events.map(({ id }) => id));
  return [
    ...tales.flatMap((tale) => judgeHistory(tale)),
    ...events
      .filter(({ sequence }) => sequence > world.toldAfter)
      .flatMap((event) => judgeEvent(event, taken.get(event.id) ?? [])),
    ...judgeOrder(world.receiver.taken),
    ...[...taken.keys()]
      .filter((id) => !known.has(id))
      .map((id) => told(`the receiver was told ${id}, which the gateway does not know`)),
  ];
}

function told(text: string): Violation {
  return { rule: "told", text };
}

function judgeHistory({ accepted: { planned }, message, events }: Tale): Violation[] {
  if (message === undefined) return [];
  const found: Violation[] = [];
  const places = events.map(({ messageSequence }) => messageSequence);
  if (places.some((place, i) => place !== i + 1))
    found.push(told(`${planned.marker}: its events have the places ${places.join(", ")}`));
  const states = events.filter(({ type }) => type !== "message.buffered").map(stateIn);
  if (states[0] !== "queued") found.push(told(`${planned.marker}: its history begins with ${states[0]}`));
  if (states.at(-1) !== message.state)
    found.push(told(`${planned.marker} is ${message.state}, and its last event says ${states.at(-1)}`));
  if (message.segments.length === 1) found.push(...judgeMoves(planned.marker, states));
  return found;
}

/** Of a message with one part, whose states are those of the part. */
function judgeMoves(marker: string, states: readonly MessageState[]): Violation[] {
  const found: Violation[] = [];
  for (const [i, state] of states.entries()) {
    const before = states[i - 1];
    if (before === undefined) continue;
    try {
      // `submitting` is told to nobody: a part that was queued comes back with what became of it.
      assertMove(before === "queued" && state !== "delivered" ? "submitting" : before, state);
    } catch (error) {
      if (!(error instanceof IllegalMove)) throw error;
      found.push(told(`${marker} went from ${before} to ${state}`));
    }
  }
  return found;
}

function stateIn({ type }: GatewayEvent): MessageState {
  const name = type.slice("message.".length);
  return name === "accepted" ? "queued" : (name as MessageState);
}

function judgeEvent(event: GatewayEvent, copies: readonly Taken[]): Violation[] {
  if (copies.length === 0) return [told(`nobody was told ${event.type} (${event.id})`)];
  if (new Set(copies.map(({ body }) => body)).size > 1)
    return [told(`${event.type} (${event.id}) was told in different words`)];
  return [];
}

/** The first copy of each event of a message comes after that of the one before. */
function judgeOrder(taken: readonly Taken[]): Violation[] {
  const reached = new Map<string, number>();
  const found: Violation[] = [];
  for (const { event } of taken) {
    const { messageId, messageSequence = 0 } = event;
    if (messageId === undefined) continue;
    const last = reached.get(messageId) ?? 0;
    if (messageSequence > last + 1)
      found.push(told(`event ${messageSequence} of ${messageId} was told before event ${last + 1}`));
    reached.set(messageId, Math.max(last, messageSequence));
  }
  return found;
}
