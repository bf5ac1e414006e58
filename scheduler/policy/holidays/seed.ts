/**
 * Where the table of holidays comes from the first time: date-holidays (data CC-BY-3.0, by its authors).
 * It is a source to import from and never asked while deciding; people correct the table afterwards.
 */
import type { LocalDate } from "#shared/local-date.ts";
import type { Holiday } from "./book.ts";

/** Days on which public life rests; `bank` is what the United Kingdom and others call theirs. */
const KINDS: ReadonlySet<string> = new Set(["public", "bank"]);

/** @param jurisdiction "CO", or "DE-BY" for what is kept there and in the whole country. Empty when unknown. */
export async function seedHolidays(jurisdiction: string, year: number): Promise<Holiday[]> {
  const { default: Holidays } = await import("date-holidays");
  const [country = "", region] = jurisdiction.split("-");
  const found = new Map<LocalDate, string>();
  const source = region === undefined ? new Holidays(country) : new Holidays(country, region);
  for (const holiday of source.getHolidays(year) ?? []) {
    if (!KINDS.has(holiday.type)) continue;
    for (const date of datesOf(holiday.date, holiday.start, holiday.end))
      if (date.startsWith(String(year))) found.set(date, found.get(date) ?? holiday.name);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, name]) => ({ jurisdiction, date, name }));
}

/** A holiday may last several days; its text names the first, `start` and `end` are instants of local midnights. */
function datesOf(first: string, start: Date, end: Date): LocalDate[] {
  const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
  const from = Date.parse(`${first.slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: days }, (_, i) => new Date(from + i * 86_400_000).toISOString().slice(0, 10));
}
