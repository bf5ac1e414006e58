/** The gateway met with nothing that it calls an error of its own. */
import type { Case, Violation } from "./case.ts";

/** What an operator has to be told: a modem or a SIM is in trouble. */
const TROUBLE_OUTSIDE: readonly RegExp[] = [];

export function judgeQuiet({ world }: Case): Violation[] {
  const own = world.complaints.filter((text) => !TROUBLE_OUTSIDE.some((known) => known.test(text)));
  return [...new Set(own)].map((text) => ({ rule: "quiet", text }));
}
