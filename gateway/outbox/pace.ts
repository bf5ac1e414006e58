/**
 * How fast a SIM goes. A network that says "congestion" slows its SIM, and only that one; each
 * accepted segment brings it back a little, until it runs free again.
 */
export interface Pace {
  /** Least time between an answer and the next hand-over; 0 runs free. */
  readonly intervalMs: number;
}

export const FREE_PACE: Pace = { intervalMs: 0 };

const SLOWED_MS_MIN = 5_000;
const SLOWED_MS_MAX = 60_000;
const SLOWER = 2;
const FASTER = 0.75;
/** Shorter intervals are not worth a wait. */
const FREE_BELOW_MS = 250;

export function slower(pace: Pace): Pace {
  return { intervalMs: Math.min(Math.max(SLOWED_MS_MIN, pace.intervalMs * SLOWER), SLOWED_MS_MAX) };
}

export function faster(pace: Pace): Pace {
  if (pace.intervalMs === 0) return pace;
  const intervalMs = pace.intervalMs * FASTER;
  return intervalMs < FREE_BELOW_MS ? FREE_PACE : { intervalMs };
}
