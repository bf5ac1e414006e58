/** `dunlin holidays list|add|remove`: the table of public holidays; a running service takes it within a minute. */
import { Command } from "commander";
import type { HolidayStore } from "#scheduler/policy/holidays/store.ts";
import { systemClock } from "#shared/clock.ts";
import { parseLocalDate } from "#shared/local-date.ts";
import { actor } from "./actor.ts";
import { look } from "./look.ts";
import { type CommonOptions, command, complain, parseCount, print, table } from "./options.ts";

const YEAR_MIN = 2000;
const YEAR_MAX = 2100;
const PLACE = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/;
const PLACE_HELP = "two letters, or a region of ISO 3166-2, such as ES or DE-BY";

export function holidaysCommand(): Command {
  const holidays = new Command("holidays").description(
    "The table of public holidays, by place and year: what is in it decides, and it can be edited.",
  );
  holidays.addCommand(
    command("list", "The holidays of a place in a year.")
      .argument("<place>", PLACE_HELP)
      .argument("[year]", "this year when absent", parseCount(YEAR_MIN, YEAR_MAX))
      .action((place: string, year: number | undefined, options: CommonOptions) =>
        edit(options, place, (store, where) => list(store, where, year ?? thisYear())),
      ),
  );
  holidays.addCommand(
    command("add", "Make a day a holiday, or name it anew.")
      .argument("<place>", PLACE_HELP)
      .argument("<day>", "YYYY-MM-DD")
      .argument("<name>", "as people call it")
      .action((place: string, day: string, name: string, options: CommonOptions) =>
        edit(options, place, (store, where) => add(store, where, day, name)),
      ),
  );
  holidays.addCommand(
    command("remove", "Make a holiday a working day.")
      .argument("<place>", PLACE_HELP)
      .argument("<day>", "YYYY-MM-DD")
      .action((place: string, day: string, options: CommonOptions) =>
        edit(options, place, (store, where) => remove(store, where, day)),
      ),
  );
  return holidays;
}

type Work = (store: HolidayStore, place: string) => Promise<number>;

async function edit(options: CommonOptions, place: string, work: Work): Promise<void> {
  const where = place.toUpperCase();
  if (PLACE.test(where)) await look(options, ({ rules }) => work(rules.holidays, where));
  else {
    complain(`"${place}" is no place. Write ${PLACE_HELP}.`);
    process.exitCode = 1;
  }
}

async function list(store: HolidayStore, place: string, year: number): Promise<number> {
  await store.ensure([place], [year], systemClock.now());
  const { onFile, days, removed } = await store.table(place, year);
  if (!onFile && days.length === 0) {
    complain(`Nobody knows the holidays of ${place} in ${year}. Add them with "dunlin holidays add".`);
    return 1;
  }
  const sourceOf = (source: string): string => (source === "seed" ? "date-holidays" : source);
  print(
    table(
      ["day", "name", "from"],
      days.map(({ date, name, source }) => [date, name, sourceOf(source)]),
    ),
  );
  for (const { date, name, source } of removed) print(`${date} ${name}: taken out by ${sourceOf(source)}`);
  if (place.includes("-")) print(`Every holiday of ${place.slice(0, 2)} is one here too.`);
  return 0;
}

async function add(store: HolidayStore, place: string, day: string, name: string): Promise<number> {
  if (!isDay(day)) return 1;
  if (name.trim() === "") {
    complain("A holiday has a name, as people call it.");
    return 1;
  }
  const now = systemClock.now();
  // The other days of the year come from the seed, as they would have without this one.
  await store.ensure([place], [yearOf(day)], now);
  await store.put({ jurisdiction: place, date: day, name: name.trim() }, actor(), now);
  print(`${day} is ${name.trim()} in ${place}.`);
  return 0;
}

async function remove(store: HolidayStore, place: string, day: string): Promise<number> {
  if (!isDay(day)) return 1;
  const now = systemClock.now();
  await store.ensure([place], [yearOf(day)], now);
  if (await store.remove(place, day, actor(), now)) {
    print(`${day} is a working day in ${place} from now on.`);
    return 0;
  }
  complain(`${day} is no holiday in ${place}.`);
  return 1;
}

function isDay(day: string): boolean {
  const good = parseLocalDate(day) !== undefined;
  if (!good) complain(`"${day}" is no day. Write it as YYYY-MM-DD.`);
  return good;
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

function thisYear(): number {
  return new Date(systemClock.now()).getUTCFullYear();
}
