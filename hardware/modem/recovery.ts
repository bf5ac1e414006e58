/** The steps of the ladder that say something to the modem. Each is verified by the start that follows. */
import { createChannel } from "#hardware/at/channel.ts";
import { type AtCommand, setCommand } from "#hardware/at/command.ts";
import type { OpenPort } from "#hardware/port/port.ts";
import type { Clock } from "#shared/clock.ts";
import type { RecoveryStep } from "./ladder.ts";
import type { Profile } from "./profiles/profile.ts";
import { LIMITS } from "./settings.ts";

export interface RecoveryContext {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly write: (bytes: Uint8Array) => void;
  readonly listen: (listener: (bytes: Uint8Array) => void) => void;
  /** The port is lost, or we are stopping. */
  readonly ended: AbortSignal;
}

/** A restart takes a modem from 3 to 20 s; a USB port vanishes within the first few. */
export const RESTART_MS = 20_000;

/** A mute modem is not waited for long: its answer is worth nothing, only what the command does. */
const ANSWER_MS = 5_000;

export async function recover(
  step: Exclude<RecoveryStep, "reopen" | "spare-port">,
  context: RecoveryContext,
): Promise<void> {
  switch (step) {
    case "talk":
      return;
    case "radio-cycle":
      await say(context, [setCommand("+CFUN", 4), setCommand("+CFUN", 1)], LIMITS.functionalityMs);
      return;
    case "restart":
      await say(context, [setCommand("+CFUN", 1, 1)], ANSWER_MS);
      await context.clock.sleep(RESTART_MS, context.ended);
      return;
    case "vendor-reset":
      if (context.profile.reset.length === 0) return;
      await say(context, context.profile.reset, ANSWER_MS);
      await context.clock.sleep(RESTART_MS, context.ended);
      return;
  }
}

/**
 * A restart that is said on the modem's other AT port: the first one's parser may be dead while the modem
 * is not. A spare that cannot be opened is no help, and the ladder goes on. @throws PortError
 */
export async function restartBySpare(
  spare: OpenPort,
  { profile, clock, ended }: Pick<RecoveryContext, "profile" | "clock" | "ended">,
): Promise<void> {
  const gone = new AbortController();
  let listener: (bytes: Uint8Array) => void = () => undefined;
  const port = await spare({ data: (bytes) => listener(bytes), closed: () => gone.abort() });
  const context: RecoveryContext = {
    profile,
    clock,
    write: (bytes) => {
      if (!gone.signal.aborted) port.write(bytes);
    },
    listen: (next) => {
      listener = next;
    },
    ended: AbortSignal.any([ended, gone.signal]),
  };
  await say(context, [setCommand("+CFUN", 1, 1), ...profile.reset], ANSWER_MS);
  await port.close();
  await clock.sleep(RESTART_MS, ended);
}

/** Says them whether or not anybody answers. */
async function say(
  context: RecoveryContext,
  commands: readonly AtCommand[],
  timeoutMs: number,
): Promise<void> {
  const channel = createChannel({
    write: context.write,
    clock: context.clock,
    onUnsolicited: () => undefined,
  });
  context.listen((bytes) => channel.feed(bytes));
  context.ended.addEventListener("abort", () => channel.close("the port is closed"), { once: true });
  await channel.escape();
  for (const command of commands) {
    if (context.ended.aborted) return;
    await channel.run(command, { timeoutMs, evenIfMute: true });
  }
}
