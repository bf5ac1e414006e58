/** Step 4: what modem this is, and with that its profile. */
import { type AtCommand, runCommand } from "#hardware/at/command.ts";
import { afterPrefix, unquote } from "#hardware/at/fields.ts";
import { findProfile } from "#hardware/modem/profiles/index.ts";
import { LIMITS, submitAnswerMs } from "#hardware/modem/settings.ts";
import type { StartContext, StartFacts } from "./context.ts";

const IDENTITY_CHARACTERS_MAX = 80;

export async function identify(context: StartContext, facts: StartFacts): Promise<undefined> {
  const manufacturer = await value(context, runCommand("+CGMI"), ["Manufacturer:"]);
  const model = await value(context, runCommand("+CGMM"), ["Model:"]);
  const revision = await value(context, runCommand("+CGMR"), ["Revision:"]);
  const imei = await readImei(context);
  const { settings, memory } = context;
  const profile = findProfile(manufacturer, model, settings.profile);
  facts.profile = profile;
  facts.identity = {
    imei,
    manufacturer,
    model,
    revision,
    profile: profile.name,
    keepsLastReference: profile.keepsLastReference && !memory.referenceNotKept.has(imei),
    answerLimitMs: submitAnswerMs(settings, profile) + LIMITS.lateAnswerMs,
  };
  context.board.know({ modem: facts.identity });
  for (const command of profile.init) await context.channel.run(command);
}

/** Bare, or as `+CGMM: "x"`, or as `Model: x`. Several lines (Nokia) are joined. */
async function value(context: StartContext, command: AtCommand, labels: readonly string[]): Promise<string> {
  const reply = await context.channel.run(command, { bare: true, prefixes: labels });
  if (reply.kind !== "ok") return "";
  const lines = reply.lines.map((line) => {
    const label = labels.find((text) => line.startsWith(text));
    return unquote((label === undefined ? afterPrefix(line) : line.slice(label.length)).trim());
  });
  return lines.join(" ").slice(0, IDENTITY_CHARACTERS_MAX);
}

async function readImei(context: StartContext): Promise<string> {
  for (const name of ["+CGSN", "+GSN"]) {
    const reply = await context.channel.run(runCommand(name), { bare: true });
    const digits = reply.kind === "ok" ? /\d{14,17}/.exec(reply.lines.join(" "))?.[0] : undefined;
    if (digits !== undefined) return digits;
  }
  return "";
}
