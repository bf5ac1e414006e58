/** The table of holidays: seeded once for a year, then edited by people, whose word stands. */
import { type LocalDate, parseLocalDate } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Holiday, HolidayYear } from "./book.ts";
import { seedHolidays } from "./seed.ts";

export interface StoredHoliday extends Holiday {
  /** `seed`, or who wrote it. */
  readonly source: string;
  readonly changedAt: number;
}

export type DayName = Omit<Holiday, "jurisdiction">;

/** One year of one place, as people see and edit it. */
export interface HolidayTable extends HolidayYear {
  /** False: nobody filled it in, and no day of it is known to be a working day. */
  readonly onFile: boolean;
  readonly days: readonly StoredHoliday[];
  /** Days that somebody took out; they are working days and stay so. */
  readonly removed: readonly StoredHoliday[];
}

export interface HolidayStore {
  /** Seeds the years that are not on file. What people changed is not touched. Returns what was seeded. */
  ensure(jurisdictions: readonly string[], years: readonly number[], now: number): Promise<HolidayYear[]>;
  table(jurisdiction: string, year: number): Promise<HolidayTable>;
  /** The year is exactly these days from now on, and is on file. */
  replace(year: HolidayYear, days: readonly DayName[], by: string, now: number): Promise<void>;
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
    table: async (jurisdiction, year) => readTable(db, { jurisdiction, year }),
    replace: ({ jurisdiction, year }, days, by, now) =>
      db.write(() => {
        const wanted = new Set(days.map(({ date }) => date));
        for (const { date } of readTable(db, { jurisdiction, year }).days)
          if (!wanted.has(date)) removeDay(db, jurisdiction, date, by, now);
        for (const { date, name } of days) putDay(db, { jurisdiction, date, name }, by, now);
        markOnFile(db, { jurisdiction, year }, now);
      }),
    put: (holiday, by, now) => db.write(() => putDay(db, holiday, by, now)),
    remove: (jurisdiction, date, by, now) => db.write(() => removeDay(db, jurisdiction, date, by, now)),
    all: async () => ({
      holidays: db.sql("select jurisdiction, date, name from holiday where removed = 0").all() as Holiday[],
      years: db.sql("select jurisdiction, year from holiday_year").all() as HolidayYear[],
    }),
  };
}

function nameOf({ jurisdiction, year }: HolidayYear): string {
  return `${jurisdiction} ${year}`;
}

function readTable(db: Database, { jurisdiction, year }: HolidayYear): HolidayTable {
  const rows = db
    .sql(
      `select jurisdiction, date, name, source, changed_at as changedAt, removed from holiday
       where jurisdiction = ? and substr(date, 1, 4) = ? order by date`,
    )
    .all(jurisdiction, String(year)) as (StoredHoliday & { readonly removed: number })[];
  const days = (removed: number): StoredHoliday[] =>
    rows.filter((row) => row.removed === removed).map(({ removed: _, ...day }) => day);
  const onFile =
    db.sql("select 1 from holiday_year where jurisdiction = ? and year = ?").get(jurisdiction, year) !==
    undefined;
  return { jurisdiction, year, onFile, days: days(0), removed: days(1) };
}

/** What says the same already is left as it is: who wrote it first stays named. */
function putDay(db: Database, holiday: Holiday, by: string, now: number): void {
  if (parseLocalDate(holiday.date) === undefined)
    throw new RangeError(`"${holiday.date}" is not a day; write it as 2026-12-25`);
  db.sql(
    `insert into holiday (jurisdiction, date, name, source, changed_at) values (?, ?, ?, ?, ?)
     on conflict (jurisdiction, date) do update set name = excluded.name, source = excluded.source,
       changed_at = excluded.changed_at, removed = 0 where removed = 1 or name <> excluded.name`,
  ).run(holiday.jurisdiction, holiday.date, holiday.name, by, now);
}

function removeDay(db: Database, jurisdiction: string, date: LocalDate, by: string, now: number): boolean {
  const { changes } = db
    .sql(
      `update holiday set removed = 1, source = ?, changed_at = ?
       where jurisdiction = ? and date = ? and removed = 0`,
    )
    .run(by, now, jurisdiction, date);
  return changes > 0;
}

function markOnFile(db: Database, { jurisdiction, year }: HolidayYear, now: number): void {
  db.sql("insert or ignore into holiday_year (jurisdiction, year, seeded_at) values (?, ?, ?)").run(
    jurisdiction,
    year,
    now,
  );
}

function insertYears(
  db: Database,
  found: readonly { readonly one: HolidayYear; readonly days: readonly Holiday[] }[],
  now: number,
): void {
  for (const { one, days } of found) {
    markOnFile(db, one, now);
    for (const { jurisdiction, date, name } of days)
      db.sql(
        `insert or ignore into holiday (jurisdiction, date, name, source, changed_at)
         values (?, ?, ?, 'seed', ?)`,
      ).run(jurisdiction, date, name, now);
  }
}
