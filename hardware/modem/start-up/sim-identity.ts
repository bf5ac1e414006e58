/** Steps 7 and 8: which SIM this is. */
import { runCommand } from "#hardware/at/command.ts";
import type { Reply } from "#hardware/at/conversation.ts";
import type { Profile } from "#hardware/modem/profiles/profile.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import {
  errorCode,
  failureText,
  repeat,
  type StartContext,
  type StartFacts,
  type Trouble,
} from "./context.ts";

/** 18 to 20 digits (ITU-T E.118); undefined when the modem does not tell, as some do before the PIN. */
export async function readIccid(context: StartContext, profile: Profile): Promise<string | undefined> {
  for (const query of profile.iccid) {
    const reply = await context.channel.run(query.command, {
      bare: query.bare ?? false,
      prefixes: query.prefixes ?? [],
    });
    const iccid =
      reply.kind === "ok" ? reply.lines.map(iccidIn).find((found) => found !== undefined) : undefined;
    if (iccid !== undefined) return iccid;
  }
  return undefined;
}

/** Digits as printed, or the file's ten octets with their digits swapped, as +CRSM gives them. */
export function iccidIn(line: string): string | undefined {
  const file = /^\+CRSM: ?\d+, ?\d+, ?"?([0-9A-Fa-f]{20})"?/.exec(line)?.[1];
  const text = file === undefined ? line : file.replace(/(.)(.)/g, "$2$1");
  return /(?<![0-9A-Fa-f])(\d{18,20})F{0,2}(?![0-9A-Fa-f])/i.exec(text)?.[1];
}

export async function identifySim(context: StartContext, facts: StartFacts): Promise<Trouble | undefined> {
  const imsi = await readImsi(context);
  const iccid = await readIccid(context, facts.profile);
  if (typeof imsi !== "string") return imsi;
  if (iccid === undefined)
    context.log.warn({}, "the modem does not tell the ICCID; the IMSI stands in for it");
  facts.sim = { iccid: iccid ?? `imsi:${imsi}`, imsi };
  context.board.know({ sim: facts.sim });
  return undefined;
}

/** To be run as a bare question: the answer has no prefix. */
export const ASK_IMSI = runCommand("+CIMI");

/** AT+CIMI answers with bare digits; some modems put their prefix before them. */
export function imsiIn(reply: Reply): string | undefined {
  return reply.kind === "ok" ? /\d{6,15}/.exec(reply.lines.join(" "))?.[0] : undefined;
}

async function readImsi(context: StartContext): Promise<string | Trouble> {
  const reply = await repeat(
    context,
    LIMITS.simBusyTries,
    LIMITS.simBusyMs,
    () => context.channel.run(ASK_IMSI, { bare: true }),
    // 14 is a SIM that is busy; anything else does not get better by waiting.
    (answer) => imsiIn(answer) !== undefined || (errorCode(answer) !== 14 && errorCode(answer) !== 515),
  );
  const detail = `the SIM does not tell its IMSI (${failureText(reply)})`;
  return imsiIn(reply) ?? { kind: "unfit", detail };
}
