/** Days and months as operators bill them: calendar periods in one configured time zone. */
import { Temporal } from "temporal-polyfill";

export interface Period {
  /** Milliseconds since 1970; `until` is the first that is not in it. */
  readonly from: number;
  readonly until: number;
}

export interface Calendar {
  day(now: number): Period;
  month(now: number): Period;
}

/** @throws RangeError when the zone is no IANA name such as `Europe/Berlin` */
export function createCalendar(timeZone = "UTC"): Calendar {
  const at = (now: number): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  at(0);
  return {
    day: (now) => {
      const start = at(now).startOfDay();
      return { from: start.epochMilliseconds, until: start.add({ days: 1 }).startOfDay().epochMilliseconds };
    },
    month: (now) => {
      const start = at(now).with({ day: 1 }).startOfDay();
      return {
        from: start.epochMilliseconds,
        until: start.add({ months: 1 }).startOfDay().epochMilliseconds,
      };
    },
  };
}
