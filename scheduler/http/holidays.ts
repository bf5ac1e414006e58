/** Public holidays as a table for each place and year: read, written whole, and day by day. */

import { z } from "zod";
import type { HolidayTable } from "#scheduler/policy/holidays/store.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { parseLocalDate } from "#shared/local-date.ts";
import { problem } from "#shared/problems.ts";
import { callerOf } from "./caller.ts";
import type { HttpDeps } from "./deps.ts";
import { invalid } from "./ledger/inputs.ts";
import { iso } from "./render.ts";
import { Day, label, Timestamp } from "./schemas.ts";

const NAME_CHARS_MAX = 120;
const YEAR_MIN = 2000;
const YEAR_MAX = 2100;
const DAYS_MAX = 366;
const TAGS = ["rules"];

const Jurisdiction = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, "A place is written like ES or DE-BY (ISO 3166).");
const Year = z.coerce.number().int().min(YEAR_MIN).max(YEAR_MAX);
const Name = label(NAME_CHARS_MAX);

const YearParams = z.strictObject({ jurisdiction: Jurisdiction, year: Year });
const DayParams = z.strictObject({
  ...YearParams.shape,
  day: z.string().regex(/^\d{2}-\d{2}$/, "Write the day as month and day, such as 12-25."),
});
const StoredDay = z.object({
  date: Day,
  name: z.string(),
  source: z.string().meta({ description: "`seed` (date-holidays), or who wrote it" }),
  changedAt: Timestamp,
});
const Table = z
  .object({
    jurisdiction: z.string(),
    year: z.int(),
    onFile: z
      .boolean()
      .meta({ description: "false: nobody filled the year in, and it is asked for before anything is sent" }),
    days: z.array(StoredDay),
    removed: z.array(StoredDay).meta({ description: "Taken out by somebody; they stay working days" }),
  })
  .meta({ id: "HolidayTable" });
const PutTable = z
  .strictObject({ days: z.array(z.strictObject({ date: Day, name: Name })).max(DAYS_MAX) })
  .meta({ id: "PutHolidayTable" });
const PutDay = z.strictObject({ name: Name }).meta({ id: "PutHoliday" });

export function serveHolidays(app: HttpServer, deps: HttpDeps): void {
  const { holidays } = deps.rules;
  app.get(
    "/v1/holidays/:jurisdiction/:year",
    {
      config: { scope: "rules:read" },
      schema: {
        tags: TAGS,
        summary: "The holidays of a place in a year",
        params: YearParams,
        response: { 200: Table },
      },
    },
    async ({ params: { jurisdiction, year } }) => render(await holidays.table(jurisdiction, year)),
  );
  app.put(
    "/v1/holidays/:jurisdiction/:year",
    {
      config: { scope: "rules:write" },
      schema: {
        tags: TAGS,
        summary: "Write the holidays of a whole year",
        description:
          "The year has exactly these days from now on. A region has the days of its country as well; write only its own.",
        params: YearParams,
        body: PutTable,
        response: { 200: Table },
      },
    },
    async (request) => {
      const { jurisdiction, year } = request.params;
      const { days } = request.body;
      const elsewhere = days.findIndex(({ date }) => !date.startsWith(`${year}-`));
      if (elsewhere !== -1)
        throw invalid(`days/${elsewhere}/date`, `It is no day of ${year}. Send each year on its own.`);
      const twice = days.findIndex(({ date }, i) => days.findIndex((one) => one.date === date) !== i);
      if (twice !== -1) throw invalid(`days/${twice}/date`, "It stands there twice. Send each day once.");
      await holidays.replace({ jurisdiction, year }, days, callerOf(request), deps.clock.now());
      return tableAfterEdit(deps, jurisdiction, year);
    },
  );
  serveDays(app, deps);
}

function serveDays(app: HttpServer, deps: HttpDeps): void {
  const { holidays } = deps.rules;
  app.put(
    "/v1/holidays/:jurisdiction/:year/:day",
    {
      config: { scope: "rules:write" },
      schema: {
        tags: TAGS,
        summary: "Make a day a holiday, or name it anew",
        params: DayParams,
        body: PutDay,
        response: { 200: Table },
      },
    },
    async (request) => {
      const { jurisdiction, year } = request.params;
      const date = dateOf(request.params);
      const now = deps.clock.now();
      // The other days of the year come from the seed, as they would have without this one.
      await holidays.ensure([jurisdiction], [year], now);
      await holidays.put({ jurisdiction, date, name: request.body.name }, callerOf(request), now);
      return tableAfterEdit(deps, jurisdiction, year);
    },
  );
  app.delete(
    "/v1/holidays/:jurisdiction/:year/:day",
    {
      config: { scope: "rules:write" },
      schema: {
        tags: TAGS,
        summary: "Make a holiday a working day",
        description: "It stays one: it is not seeded again.",
        params: DayParams,
        response: { 200: Table },
      },
    },
    async (request) => {
      const { jurisdiction, year } = request.params;
      const date = dateOf(request.params);
      const now = deps.clock.now();
      await holidays.ensure([jurisdiction], [year], now);
      if (!(await holidays.remove(jurisdiction, date, callerOf(request), now)))
        throw problem("not_found", { detail: `${date} is no holiday in ${jurisdiction}.` });
      return tableAfterEdit(deps, jurisdiction, year);
    },
  );
}

async function tableAfterEdit(deps: HttpDeps, jurisdiction: string, year: number) {
  await deps.rulesEdited();
  return render(await deps.rules.holidays.table(jurisdiction, year));
}

function render({ days, removed, ...rest }: HolidayTable): z.output<typeof Table> {
  const shown = (day: HolidayTable["days"][number]) => ({
    date: day.date,
    name: day.name,
    source: day.source,
    changedAt: iso(day.changedAt),
  });
  return { ...rest, days: days.map(shown), removed: removed.map(shown) };
}

function dateOf({ year, day }: { readonly year: number; readonly day: string }): string {
  const date = `${year}-${day}`;
  if (parseLocalDate(date) === undefined) throw invalid("day", `There is no ${date}.`);
  return date;
}
