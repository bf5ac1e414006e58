/** Climbs the recovery ladder of one modem: waits, takes the step, and says whether the port is still good. */
import type { OpenPort } from "#hardware/port/port.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { createLadder, RECOVERY_STEPS, RECOVERY_STEPS_WITH_SPARE, type RecoveryStep } from "./ladder.ts";
import type { Profile } from "./profiles/profile.ts";
import { recover, restartBySpare } from "./recovery.ts";
import type { StatusBoard } from "./status-board.ts";

/** The open port on which the modem fell silent. */
export interface Line {
  /** @throws PortClosed */
  readonly write: (bytes: Uint8Array) => void;
  readonly lost: AbortSignal;
}

export interface Climber {
  /**
   * The next step, but none before `from`: a modem that answers needs no talking to. True when the same
   * port is to be used for another start, which verifies the step.
   */
  climb(from: RecoveryStep, detail: string, line: Line): Promise<boolean>;
  /** The modem proved that it works: next time the ladder begins at its foot. */
  succeeded(): void;
}

export interface ClimberDeps {
  readonly open: OpenPort;
  readonly clock: Clock;
  readonly log: Logger;
  readonly board: StatusBoard;
  readonly stopping: AbortSignal;
  /** As far as it is known by now. */
  readonly profile: () => Profile;
  /** Who hears what the modem says while a step speaks with it. */
  readonly listen: (listener: (bytes: Uint8Array) => void) => void;
}

export function createClimber(deps: ClimberDeps): Climber {
  const { open, clock, log, board, stopping, listen } = deps;
  const ladder = createLadder(open.spare === undefined ? RECOVERY_STEPS : RECOVERY_STEPS_WITH_SPARE);

  async function climb(from: RecoveryStep, detail: string, line: Line): Promise<boolean> {
    const ended = AbortSignal.any([stopping, line.lost]);
    const next = ladder.next(from);
    if (next.kind === "park") {
      const minutes = Math.round(next.waitMs / 60_000);
      const advice = `power it off and on, or replace it (tried again in ${minutes} minutes)`;
      board.to("recovering", `${detail}; nothing helped: ${advice}`);
      await clock.sleep(next.waitMs, ended);
      return true;
    }
    // Looked for before the wait, which would be in vain without one.
    const spare = next.step === "spare-port" ? await otherPort() : undefined;
    if (next.step === "spare-port" && spare === undefined) return climb(from, detail, line);
    board.to("recovering", `${detail}; recovery step ${next.step}, round ${next.round}`);
    await clock.sleep(next.waitMs, ended);
    if (ended.aborted || next.step === "reopen") return false;
    const context = { profile: deps.profile(), clock, write: line.write, listen, ended };
    if (next.step !== "spare-port") await recover(next.step, context);
    else if (spare !== undefined) await restartBySpare(spare, context).catch(cannotUseIt);
    return !line.lost.aborted;
  }

  /** Undefined when there is none, or nobody can tell. */
  async function otherPort(): Promise<OpenPort | undefined> {
    return open.spare?.().catch(() => undefined);
  }

  function cannotUseIt(error: unknown): void {
    log.warn({ err: error }, "the modem's other port could not be used");
  }

  return { climb, succeeded: () => ladder.reset() };
}
