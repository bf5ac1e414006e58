/** What the gateway says of a message is what happened to it. */
import { textOf } from "#test/simulation/plan.ts";
import type { Case, Tale, Violation } from "./case.ts";

export function judgeTruth(one: Case): Violation[] {
  const kinds = new Set(one.world.fired.map(({ kind }) => kind));
  // The network itself told a lie then.
  if (kinds.has("wrong-reference") || kinds.has("report-status")) return [];
  return one.tales.flatMap((tale) => [...neverArrived(one, tale), ...neverLost(one, tale)]);
}

/** A phone that is configured knows what it got. */
function neverArrived({ world }: Case, { accepted: { planned }, events }: Tale): Violation[] {
  const phone = world.plan.phones.find(({ number }) => number === planned.to);
  if (phone === undefined || !events.some(({ type }) => type === "message.delivered")) return [];
  const text = textOf(planned);
  if (world.simulator.handset(planned.to).received.some((got) => got.text === text)) return [];
  return [{ rule: "truth", text: `${planned.marker} was called delivered, and its phone never had it` }];
}

/** Only a number that is no more makes the network give a message up for good before its time. */
function neverLost({ world }: Case, { accepted: { planned }, events }: Tale): Violation[] {
  const phone = world.plan.phones.find(({ number }) => number === planned.to);
  if (phone?.state === "dead" || !events.some(({ type }) => type === "message.undelivered")) return [];
  return [{ rule: "truth", text: `${planned.marker} was called undelivered, and nobody had said so` }];
}
