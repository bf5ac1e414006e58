/**
 * A clock that jumped is believed by nobody: set back, it would send again what was sent; set forward,
 * it would send a month at once. Planning stops until the clock is back or an operator accepts it.
 */

/** Set back by more than this below the highest instant seen, it stops. Below, NTP is at work. */
export const BACKWARD_MAX_MS = 2 * 60_000;
/** Ahead of the monotonic clock by more than this while we were running, it stops. */
export const FORWARD_MAX_MS = 60 * 60_000;

export interface ClockReading {
  /** The wall clock now. */
  readonly now: number;
  /** Highest wall instant ever seen, from the disk. */
  readonly highWater?: number;
  /** The reading before this one in the same process; none right after a start. */
  readonly previous?: { readonly now: number; readonly monotonic: number };
  readonly monotonic: number;
  /** An operator said that clocks up to this instant are right. */
  readonly acceptedUntil?: number;
}

export type ClockVerdict =
  | { readonly kind: "good" }
  | { readonly kind: "set-back"; readonly byMs: number }
  | { readonly kind: "jumped-ahead"; readonly byMs: number };

export function judgeClock(reading: ClockReading): ClockVerdict {
  const { now, highWater, previous, monotonic } = reading;
  if (highWater !== undefined && now < highWater - BACKWARD_MAX_MS)
    return { kind: "set-back", byMs: highWater - now };
  if (previous !== undefined) {
    const ahead = now - previous.now - (monotonic - previous.monotonic);
    if (ahead > FORWARD_MAX_MS && now > (reading.acceptedUntil ?? Number.NEGATIVE_INFINITY))
      return { kind: "jumped-ahead", byMs: ahead };
  }
  return { kind: "good" };
}

export interface ClockGuard {
  /** Judges the clock now. After `jumped-ahead` it stays so until it is accepted or turned back. */
  check(): ClockVerdict;
  verdict(): ClockVerdict;
  /** An operator's word: the clock is right as it stands. */
  accept(): Promise<void>;
}

export interface ClockGuardDeps {
  readonly clock: { now(): number; monotonic(): number };
  /** The marks of `clock.high-water` and `clock.accepted`. */
  readonly highWater: () => number | undefined;
  readonly acceptedUntil: () => number | undefined;
  /** The mark of `clock.ahead`: what came in under such a clock lies in the time to come. */
  readonly aheadMs: () => number | undefined;
  readonly store: (change: {
    readonly highWater?: number;
    readonly acceptedUntil?: number;
    readonly aheadMs?: number;
  }) => Promise<unknown>;
}

/** The high water is written at most this often; a restart forgets no more than that. */
const STORE_EVERY_MS = 30_000;

export function createClockGuard(deps: ClockGuardDeps): ClockGuard {
  const { clock } = deps;
  let good: { now: number; monotonic: number } | undefined;
  let last: ClockVerdict = { kind: "good" };
  let stored = deps.highWater();
  let highest = stored;
  return {
    check() {
      const reading = { now: clock.now(), monotonic: clock.monotonic() };
      const acceptedUntil = deps.acceptedUntil();
      last = judgeClock({
        ...reading,
        ...(highest === undefined ? {} : { highWater: highest }),
        ...(good === undefined ? {} : { previous: good }),
        ...(acceptedUntil === undefined ? {} : { acceptedUntil }),
      });
      if (last.kind === "jumped-ahead" && last.byMs > (deps.aheadMs() ?? 0) + BACKWARD_MAX_MS / 2)
        // When it cannot be written, the next check tries again.
        deps.store({ aheadMs: last.byMs }).catch(() => {});
      if (last.kind !== "good") return last;
      good = reading;
      highest = Math.max(highest ?? reading.now, reading.now);
      if (stored === undefined || highest - stored >= STORE_EVERY_MS) {
        stored = highest;
        deps.store({ highWater: highest }).catch(() => {
          // The database says itself that it takes no writes; the next check tries again.
          stored = undefined;
        });
      }
      return last;
    },
    verdict: () => last,
    async accept() {
      const now = clock.now();
      // Accepted ahead, it leaves nothing behind in the time to come; accepted as set back, it does.
      const setBackMs = Math.max(0, (highest ?? now) - now);
      const aheadMs = last.kind === "jumped-ahead" ? 0 : (deps.aheadMs() ?? 0) + setBackMs;
      await deps.store({ highWater: now, acceptedUntil: now, aheadMs });
      [highest, stored, good] = [now, now, { now, monotonic: clock.monotonic() }];
      last = { kind: "good" };
    },
  };
}
