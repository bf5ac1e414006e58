/** What the steps of a start share: the line they speak on, and the facts they find. */
import type { Channel } from "#hardware/at/channel.ts";
import type { AtCommand } from "#hardware/at/command.ts";
import type { Reply } from "#hardware/at/conversation.ts";
import { modemErrorOf } from "#hardware/at/errors.ts";
import { afterPrefix, unquote } from "#hardware/at/fields.ts";
import type { ModemMemory } from "#hardware/modem/memory.ts";
import type { Profile } from "#hardware/modem/profiles/profile.ts";
import type { RegistrationStats } from "#hardware/modem/registration.ts";
import { LIMITS, type ModemSettings } from "#hardware/modem/settings.ts";
import type { StatusBoard } from "#hardware/modem/status-board.ts";
import type { ModemIdentity, PinMemory, SimIdentity } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";

export interface StartContext {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: ModemSettings;
  readonly pinMemory: PinMemory;
  readonly memory: ModemMemory;
  readonly board: StatusBoard;
  /** Aborted when the session ends, whatever it was doing. */
  readonly signal: AbortSignal;
}

/** Found step by step; a step may rely on the facts of those before it. */
export interface StartFacts {
  profile: Profile;
  identity: ModemIdentity;
  sim: SimIdentity;
  registration: RegistrationStats;
  storages: Storages;
  /** AT+CSMS is 1: each +CMT and +CDS must be acknowledged. */
  mustAcknowledge: boolean;
  /** AT+CMMS=2 is offered. */
  canKeepLink: boolean;
  /** AT+CNMI as the modem confirmed it, for the check at each sweep. */
  indications: string;
}

/** Names are those of 27.005 3.1: SM, ME, MT, SR, … */
export interface Storages {
  /** Those that can be listed and read, without MT, which is only SM and ME together. */
  readonly listed: readonly string[];
  /** Not offered, but found in modems that do not offer it: asked for once, and left when refused. */
  readonly guessed: readonly string[];
  /** `<mem1>` now, from which reading and deleting is done. */
  readonly current: string;
  /** `<mem2>`, where AT+CMGW puts and AT+CMSS finds a PDU; undefined when the modem does not say. */
  readonly writing?: string;
  /** How many storages AT+CPMS takes at once. */
  readonly parameters: 1 | 2 | 3;
}

/** Why a start cannot go on. */
export type Trouble =
  /** The modem does not answer any more. */
  | { readonly kind: "mute"; readonly detail: string }
  /** A person must act. */
  | { readonly kind: "blocked"; readonly detail: string }
  /** It answers, but does not become usable; a reset may help. */
  | { readonly kind: "unfit"; readonly detail: string };

export type Step = (context: StartContext, facts: StartFacts) => Promise<Trouble | undefined>;

/** The first line of a good answer without its prefix and quotes; undefined when there is none. */
export function answerText(reply: Reply): string | undefined {
  const line = reply.kind === "ok" ? reply.lines[0] : undefined;
  return line === undefined ? undefined : unquote(afterPrefix(line));
}

/** The code of a +CME or +CMS ERROR, whether it came as a number or as a text. */
export function errorCode(reply: Reply): number | undefined {
  return reply.kind === "error" ? modemErrorOf(reply.error, "generic", "before-pdu").code : undefined;
}

/** In words, for details and logs. */
export function failureText(reply: Reply): string {
  switch (reply.kind) {
    case "ok":
      return "an empty answer";
    case "error":
      return reply.error.text;
    case "timeout":
      return "no answer";
    case "closed":
      return reply.reason;
  }
}

/** Repeats `attempt` until `done` accepts its reply, or the tries, the line or the session are at an end. */
export async function repeat(
  context: StartContext,
  tries: number,
  pauseMs: number,
  attempt: () => Promise<Reply>,
  done: (reply: Reply) => boolean,
): Promise<Reply> {
  for (let count = 1; ; count++) {
    const reply = await attempt();
    const over = reply.kind === "closed" || context.signal.aborted || isMute(context.channel);
    if (done(reply) || over || count >= tries) return reply;
    await context.clock.sleep(pauseMs, context.signal);
  }
}

/**
 * Takes no for an answer, but neither silence nor "busy": a command that was perhaps not heard is said
 * again, and one that came while the SIM was busy once more a little later.
 */
export function insist(context: StartContext, command: AtCommand, timeoutMs?: number): Promise<Reply> {
  const options = timeoutMs === undefined ? {} : { timeoutMs };
  const heard = (): Promise<Reply> =>
    repeat(
      context,
      INSIST_TRIES,
      0,
      () => context.channel.run(command, options),
      (reply) => reply.kind !== "timeout",
    );
  return repeat(context, LIMITS.simBusyTries, LIMITS.simBusyMs, heard, (reply) => !isBusy(reply));
}

/** The SIM was pulled out after it was read: what is refused for that would be missing until the next start. */
export const SIM_GONE: Trouble = {
  kind: "blocked",
  detail: "the SIM was taken out; insert one, or push it home",
};

/** 310 and +CME 10: no SIM. */
export function isSimGone(reply: Reply): boolean {
  const code = errorCode(reply);
  return reply.kind === "error" && code === (reply.error.family === "cms" ? 310 : 10);
}

/** 314 and +CME 14 SIM busy, 515 initialising, 517 SIM not ready (SIM800), 532 SIM not ready (Cinterion). */
const BUSY = { cms: [314, 515, 517, 532], cme: [14, 515] };

function isBusy(reply: Reply): boolean {
  if (reply.kind !== "error" || reply.error.family === "plain") return false;
  return BUSY[reply.error.family].includes(errorCode(reply) ?? -1);
}

const INSIST_TRIES = 3;

/** A command was not answered, nor were the tries to find the step again. */
const UNANSWERED_MAX = 3;

export function isMute(channel: Channel): boolean {
  return channel.unanswered >= UNANSWERED_MAX;
}
