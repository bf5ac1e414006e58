/** The table of holidays: seeded once for a year, then edited by people, whose word stands. */
import { type LocalDate, parseLocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Holiday, HolidayYear } from "./book.ts";
import { seedHolidays } from "./seed.ts";

export interface StoredHoliday extends Holiday {
  /** `seed`, or who wrote it. */
  readonly source: string;
}

export interface HolidayStore {
  /** Seeds the years that are not on file. What people changed is not touched. Returns what was seeded. */
  ensure(jurisdictions: readonly string[], years: readonly number[], now: number): Promise<HolidayYear[]>;
  list(jurisdiction: string, year: number): Promise<readonly StoredHoliday[]>;
  /** @throws RangeError when the date does not exist */
  put(holiday: Holiday, by: string, now: number): Promise<void>;
  /** An ordinary day from now on. False when it was none. */
  remove(jurisdiction: string, date: LocalDate, by: string, now: number): Promise<boolean>;
  all(): Promise<{ readonly holidays: readonly Holiday[]; readonly years: readonly HolidayYear[] }>;
}

export function createHolidayStore(db: Database): HolidayStore {
  return {
    ensure: async (jurisdictions, years, now) => {
      const known = new Set(
        (db.sql("select jurisdiction, year from holiday_year").all() as HolidayYear[]).map(nameOf),
      );
      const missing = jurisdictions.flatMap((jurisdiction) =>
        years.map((year) => ({ jurisdiction, year })).filter((one) => !known.has(nameOf(one))),
      );
      const seeded = await Promise.all(
        missing.map(async (one) => ({ one, days: await seedHolidays(one.jurisdiction, one.year) })),
      );
      // A place that the source does not know stays missing: nobody can say that none of its days is free.
      const found = seeded.filter(({ days }) => days.length > 0);
      if (found.length > 0) await db.write(() => insertYears(db, found, now));
      return found.map(({ one }) => one);
    },
    list: async (jurisdiction, year) =>
      db
        .sql(
          `select jurisdiction, date, name, source from holiday
           where jurisdiction = ? and substr(date, 1, 4) = ? and removed = 0 order by date`,
        )
        .all(jurisdiction, String(year)) as StoredHoliday[],
    put: (holiday, by, now) =>
      db.write(() => {
        if (parseLocalDate(holiday.date) === undefined)
          throw new RangeError(`"${holiday.date}" is not a day; write it as 2026-12-25`);
        db.sql(
          `insert into holiday (jurisdiction, date, name, source, changed_at) values (?, ?, ?, ?, ?)
           on conflict (jurisdiction, date) do update set name = excluded.name, source = excluded.source,
             changed_at = excluded.changed_at, removed = 0`,
        ).run(holiday.jurisdiction, holiday.date, holiday.name, by, now);
      }),
    remove: (jurisdiction, date, by, now) =>
      db.write(
        () =>
          db
            .sql(
              `update holiday set removed = 1, source = ?, changed_at = ?
               where jurisdiction = ? and date = ? and removed = 0`,
            )
            .run(by, now, jurisdiction, date).changes > 0,
      ),
    all: async () => ({
      holidays: db.sql("select jurisdiction, date, name from holiday where removed = 0").all() as Holiday[],
      years: db.sql("select jurisdiction, year from holiday_year").all() as HolidayYear[],
    }),
  };
}

function nameOf({ jurisdiction, year }: HolidayYear): string {
  return `${jurisdiction} ${year}`;
}

function insertYears(
  db: Database,
  found: readonly { readonly one: HolidayYear; readonly days: readonly Holiday[] }[],
  now: number,
): void {
  for (const { one, days } of found) {
    db.sql("insert or ignore into holiday_year (jurisdiction, year, seeded_at) values (?, ?, ?)").run(
      one.jurisdiction,
      one.year,
      now,
    );
    for (const { jurisdiction, date, name } of days)
      db.sql(
        `insert or ignore into holiday (jurisdiction, date, name, source, changed_at)
         values (?, ?, ?, 'seed', ?)`,
      ).run(jurisdiction, date, name, now);
  }
}
