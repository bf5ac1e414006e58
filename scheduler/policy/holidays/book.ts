/** Public holidays as a table: jurisdiction, date, name. Decisions look here and nowhere else. */
import { dayNumber, type LocalDate } from "#shared/local-date.ts";

export interface Holiday {
  /** ISO 3166-1 alpha-2, or a subdivision of ISO 3166-2 for what is kept only there. */
  readonly jurisdiction: string;
  readonly date: LocalDate;
  readonly name: string;
}

/** A year of a country's holidays that somebody filled in. Without it no day of the year is known to be free. */
export interface HolidayYear {
  readonly jurisdiction: string;
  readonly year: number;
}

export interface HolidayBook {
  nameOf(jurisdiction: string, day: number): string | undefined;
  /** Whether the year of this day is on file. */
  knows(jurisdiction: string, day: number): boolean;
}

const MS_PER_DAY = 86_400_000;

export function createHolidayBook(holidays: readonly Holiday[], years: readonly HolidayYear[]): HolidayBook {
  const names = new Map<string, Map<number, string>>();
  for (const { jurisdiction, date, name } of holidays) {
    const days = names.get(jurisdiction) ?? new Map<number, string>();
    days.set(dayNumber(date), name);
    names.set(jurisdiction, days);
  }
  const known = new Map<string, Set<number>>();
  for (const { jurisdiction, year } of years)
    known.set(jurisdiction, (known.get(jurisdiction) ?? new Set<number>()).add(year));
  return {
    nameOf: (jurisdiction, day) => names.get(jurisdiction)?.get(day),
    knows: (jurisdiction, day) =>
      known.get(jurisdiction)?.has(new Date(day * MS_PER_DAY).getUTCFullYear()) ?? false,
  };
}
