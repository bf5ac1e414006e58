/** Step 5: full functionality, or there is no SIM and no network (27.007 8.2). */
import { readCommand, setCommand } from "#hardware/at/command.ts";
import { numberField, splitFields } from "#hardware/at/fields.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import { answerText, type StartContext } from "./context.ts";

export async function switchRadioOn(context: StartContext): Promise<undefined> {
  const text = answerText(await context.channel.run(readCommand("+CFUN")));
  const level = numberField(splitFields(text ?? "")[0]);
  // ZTE K3565 answers with the test form, which tells nothing; setting what is set is no harm.
  if (level !== 1) await context.channel.run(setCommand("+CFUN", 1), { timeoutMs: LIMITS.functionalityMs });
}

/** Off and on again: what helps when a SIM is not seen. */
export async function cycleRadio(context: StartContext): Promise<void> {
  for (const level of [0, 1]) {
    await context.channel.run(setCommand("+CFUN", level), { timeoutMs: LIMITS.functionalityMs });
  }
}
