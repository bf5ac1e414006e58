/** Steps 0 to 3: wake the modem, and agree on how to talk. */
import { basicCommand, setCommand } from "#hardware/at/command.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import type { StartContext, Trouble } from "./context.ts";

/** ESC CR leaves a prompt that an earlier program may have left behind; then AT until it is answered. */
export async function wake(context: StartContext): Promise<Trouble | undefined> {
  for (let round = 1; round <= LIMITS.wakeRounds; round++) {
    if (await context.channel.resynchronise()) return undefined;
    if (context.channel.closedBecause !== undefined || context.signal.aborted) return undefined;
  }
  return { kind: "mute", detail: "the modem does not answer AT" };
}

/**
 * Echo off, words instead of numbers, results on: one by one, because a modem that refuses one of them
 * in a joined command leaves the rest undone. AT&D0 keeps a falling DTR from resetting the modem.
 */
export async function agreeOnForm(context: StartContext): Promise<Trouble | undefined> {
  for (const letters of ["E0", "V1", "Q0", "&D0"]) {
    await context.channel.run(basicCommand(letters), { numericResults: true });
  }
  // Errors with numbers; some old modems have only words, or neither.
  for (const level of [1, 2]) {
    const reply = await context.channel.run(setCommand("+CMEE", level));
    if (reply.kind !== "error") break;
  }
  return undefined;
}
