/**
 * The next instant at which a text may leave: inside the contact hours of every zone the debtor may be in.
 * Hours are compared on the wall clock, half-open; instants are derived last, so that a gap or an overlap
 * of summer time moves an instant and never a rule.
 */
import type { Zones } from "#shared/local-date.ts";
import type { Calendar } from "./calendar.ts";

export interface Opening {
  /** Not before `from`. */
  readonly at: number;
  /** First instant outside the window, the earliest of all zones. */
  readonly end: number;
}

/** The shortest validity is 5 minutes (3GPP TS 23.040 9.2.3.12.1) and ends inside the window; the rest is the way there. */
export const WINDOW_REST_MIN_MS = 10 * 60_000;
/** Days ahead that are searched; no run of holidays is as long. */
const HORIZON_DAYS = 45;
/** Moves from one zone's opening to another's: a few for each day of the horizon. */
const MOVES_MAX = 400;

/** `undefined`: the zones have no common hour within the horizon. */
export function findOpening(
  zones: Zones,
  names: readonly string[],
  calendar: Calendar,
  from: number,
): Opening | undefined {
  const horizon = from + HORIZON_DAYS * 86_400_000;
  let at = from;
  for (let move = 0; move < MOVES_MAX && at <= horizon; move++) {
    let end = Number.POSITIVE_INFINITY;
    let next = at;
    for (const name of names) {
      const here = inZone(zones, name, calendar, at);
      if (here === undefined) return undefined;
      if (here.at > at) {
        next = here.at;
        break;
      }
      end = Math.min(end, here.end);
    }
    if (next > at) at = next;
    else if (end - at >= WINDOW_REST_MIN_MS) return { at, end };
    else at = end;
  }
  return undefined;
}

/** The window around `at` in one zone, or the next one after it. */
function inZone(zones: Zones, zone: string, calendar: Calendar, at: number): Opening | undefined {
  const today = zones.dayAt(at, zone);
  const minute = zones.minuteAt(at, zone);
  for (const span of calendar.hours(today).spans) {
    if (minute >= span.until) continue;
    const end = zones.instantOn(today, span.until, zone);
    // In the second pass of a repeated hour the end of the window may already have passed once: it stays passed.
    if (end <= at) continue;
    if (minute >= span.from) return { at, end };
    const start = zones.instantOn(today, span.from, zone);
    return { at: start > at ? start : at + (span.from - minute) * 60_000, end };
  }
  for (let day = today + 1; day <= today + HORIZON_DAYS; day++) {
    const [span] = calendar.hours(day).spans;
    if (span === undefined) continue;
    const start = zones.instantOn(day, span.from, zone);
    const end = zones.instantOn(day, span.until, zone);
    // A window that lies whole in a gap has no instant of its own.
    if (start > at && end > start) return { at: start, end };
  }
  return undefined;
}

/** Whether `at` is inside the window of every zone, and if not, the rule that refuses it. */
export function refusalAt(
  zones: Zones,
  names: readonly string[],
  calendar: Calendar,
  at: number,
): string | undefined {
  for (const zone of names) {
    const day = zones.dayAt(at, zone);
    const minute = zones.minuteAt(at, zone);
    const { spans, closedBy } = calendar.hours(day);
    if (closedBy !== undefined) return closedBy;
    if (!spans.some((span) => minute >= span.from && minute < span.until))
      return calendar.refusal(day, minute);
  }
  return undefined;
}
