/** When a webhook is tried again. Pure: what happened goes in, what to do comes out. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The wait before each try: Standard Webhooks' example schedule, 75 hours and 35 minutes in all. */
export const TRY_DELAYS_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Waits are stretched or shortened by up to a tenth, so that many events do not come back at once. */
const JITTER = 0.1;
const RETRY_AFTER_MS_MAX = 24 * HOUR_MS;

export interface PostResult {
  /** Absent when no answer came. */
  readonly status?: number;
  /** Why it does not count as delivered; absent when it does. */
  readonly error?: string;
  /** As the receiver asked, from now on. */
  readonly retryAfterMs?: number;
}

export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly afterMs: number }
  /** The receiver asked for a pause: nothing else is sent to it until then. */
  | { readonly kind: "pause"; readonly afterMs: number }
  | { readonly kind: "give-up" }
  /** 410: the receiver is gone for good. */
  | { readonly kind: "disable" };

/** `tries` counts the one that just ended; `chance` is in [0, 1). */
export function judge(result: PostResult, tries: number, chance: number): Verdict {
  if (result.error === undefined) return { kind: "delivered" };
  if (result.status === 410) return { kind: "disable" };
  const delay = TRY_DELAYS_MS[tries];
  if (delay === undefined) return { kind: "give-up" };
  const afterMs = Math.round(delay * (1 - JITTER + 2 * JITTER * chance));
  if (result.retryAfterMs === undefined) return { kind: "retry", afterMs };
  return { kind: "pause", afterMs: Math.max(afterMs, Math.min(result.retryAfterMs, RETRY_AFTER_MS_MAX)) };
}

/** `Retry-After` (RFC 9110 10.2.3): seconds, or a date. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
