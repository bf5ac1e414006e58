/** Steps 9 to 11: registration with indications, and the operator's name in readable form. */
import { readCommand, setCommand } from "#hardware/at/command.ts";
import {
  isRegistrationAnswer,
  parseRegistrationAnswer,
  REGISTRATION_DOMAINS,
  type RegistrationStats,
} from "#hardware/modem/registration.ts";
import type { StartContext, StartFacts } from "./context.ts";

export async function askForRegistration(context: StartContext, facts: StartFacts): Promise<undefined> {
  for (const domain of REGISTRATION_DOMAINS) {
    const withPlace = await context.channel.run(setCommand(domain, 2));
    if (withPlace.kind === "error") await context.channel.run(setCommand(domain, 1));
  }
  facts.registration = await queryRegistration(context.channel, {});
  // Long names; AT+COPS? then shows one. AT+COPS=? is never sent: it blocks for minutes.
  await context.channel.run(setCommand("+COPS", 3, 0));
}

/**
 * Asks the domains that answered before, or all of them when none did. One that does not answer now
 * keeps what was known.
 */
export async function queryRegistration(
  channel: StartContext["channel"],
  known: RegistrationStats,
): Promise<RegistrationStats> {
  const stats: RegistrationStats = { ...known };
  const answered = REGISTRATION_DOMAINS.filter((domain) => known[domain] !== undefined);
  for (const domain of answered.length > 0 ? answered : REGISTRATION_DOMAINS) {
    const reply = await channel.run(readCommand(domain), { isAnswer: isRegistrationAnswer });
    const stat = reply.lines.map(parseRegistrationAnswer).find((found) => found !== undefined);
    if (stat !== undefined) stats[domain] = stat;
  }
  return stats;
}
