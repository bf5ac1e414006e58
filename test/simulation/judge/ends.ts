/** Each accepted message is known, and ended in one state. */
import type { MessageState } from "#gateway/messages/states.ts";
import type { Case, Tale, Violation } from "./case.ts";

const ENDS: readonly MessageState[] = [
  "submitted",
  "delivered",
  "undelivered",
  "failed",
  "expired",
  "cancelled",
  "unknown",
];

export function judgeEnds({ tales }: Case): Violation[] {
  return tales.flatMap(judgeTale);
}

function judgeTale({ accepted: { planned, id }, message, submits }: Tale): Violation[] {
  const ends = (text: string): Violation => ({ rule: "ends", text: `${planned.marker} (${id}) ${text}` });
  if (message === undefined) return [ends("was accepted and is lost")];
  const found: Violation[] = [];
  if (!ENDS.includes(message.state)) found.push(ends(`ended as ${message.state}`));
  if (message.state === "submitted" && planned.report) found.push(ends("waits for a report for ever"));
  const taken = new Set(submits.map(({ part }) => part));
  for (const { number, state } of message.segments)
    if ((state === "submitted" || state === "delivered") && !taken.has(number))
      found.push(ends(`part ${number} is called ${state}, and the service centre never had it`));
  return found;
}
