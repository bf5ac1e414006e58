/**
 * The recovery ladder as a decision: which step comes next, after what wait, and when to give up. Each
 * step is followed by a new start, which verifies it.
 */

export const RECOVERY_STEPS = ["talk", "reopen", "radio-cycle", "restart", "vendor-reset"] as const;
/** Last of a round where the modem has a second AT port: a restart that is said there. */
export const RECOVERY_STEPS_WITH_SPARE = [...RECOVERY_STEPS, "spare-port"] as const;
export type RecoveryStep = (typeof RECOVERY_STEPS_WITH_SPARE)[number];

export const RECOVERY_ROUNDS_MAX = 3;

/** Before the first step; twice as long with each step that did not help. */
export const RECOVERY_WAIT_MS = 1_000;
export const RECOVERY_WAIT_MS_MAX = 60_000;

/** After the last round somebody should look; the modem is tried again in case somebody did. */
export const PARK_MS = 900_000;

export type Recovery =
  | { readonly kind: "step"; readonly step: RecoveryStep; readonly round: number; readonly waitMs: number }
  | { readonly kind: "park"; readonly waitMs: number };

export interface Ladder {
  /** What to do next. `from` skips the steps before it: a modem that answers needs no talking to. */
  next(from?: RecoveryStep): Recovery;
  /** The modem proved that it works. */
  reset(): void;
}

export function createLadder(steps: readonly RecoveryStep[] = RECOVERY_STEPS): Ladder {
  let position = 0;
  let taken = 0;
  return {
    next(from = "talk") {
      const perRound = steps.length;
      const firstStep = steps.indexOf(from);
      if (position % perRound < firstStep) position += firstStep - (position % perRound);
      const round = Math.floor(position / perRound) + 1;
      if (round > RECOVERY_ROUNDS_MAX) {
        position = 0;
        taken = 0;
        return { kind: "park", waitMs: PARK_MS };
      }
      const step = steps[position % perRound] as RecoveryStep;
      const waitMs = Math.min(RECOVERY_WAIT_MS * 2 ** taken, RECOVERY_WAIT_MS_MAX);
      position++;
      taken++;
      return { kind: "step", step, round, waitMs };
    },
    reset() {
      position = 0;
      taken = 0;
    },
  };
}
