/**
 * The law for one debtor: the rows of every pack that applies, by the day on which they are in force.
 * Rows are never merged into one number: each keeps its id, all must agree, so the strictest wins and a
 * refusal can name the row that refused.
 */
import type { HolidayBook } from "#scheduler/policy/holidays/book.ts";
import { type WeekHours, weekOf } from "#scheduler/policy/hours.ts";
import { dayNumber, type Zones } from "#shared/local-date.ts";
import type { LawRow, LawRowOf, PackDocument } from "./rows.ts";

export type HoursRow = LawRowOf<"contact-hours"> & { readonly week: WeekHours };

/** The rows in force on one day. */
export interface Law {
  readonly hours: readonly HoursRow[];
  readonly caps: readonly LawRowOf<"cap">[];
  readonly spacings: readonly LawRowOf<"spacing">[];
  readonly singleChannel: readonly LawRowOf<"single-channel">[];
  readonly notices: readonly LawRowOf<"notice">[];
  readonly authorisedChannels: readonly LawRowOf<"authorised-channels">[];
  readonly neverAskWhy: readonly LawRowOf<"never-ask-why">[];
  readonly feeCaps: readonly LawRowOf<"fee-cap">[];
  readonly interestCaps: readonly LawRowOf<"interest-cap">[];
  readonly lumpSums: readonly LawRowOf<"lump-sum">[];
  readonly holds: readonly LawRowOf<"hold">[];
  readonly optOuts: readonly LawRowOf<"opt-out">[];
  readonly duties: readonly LawRowOf<"duty">[];
}

export interface Pack {
  /** The debtor's jurisdiction first ("US-MA"), then any other that was asked for. */
  readonly jurisdictions: readonly string[];
  /** Jurisdictions that no pack is on file for. */
  readonly unknown: readonly string[];
  readonly zones: Zones;
  /** @param day whole days since 1970-01-01 on the debtor's calendar */
  lawOn(day: number): Law;
  /** The next day on which other rows are in force. */
  changesAfter(day: number): number | undefined;
  /** The holiday's name, `undefined` for an ordinary day, or "unknown" when the year is not on file. */
  holiday(day: number): HolidayAnswer;
  /** What was once derived from this pack and `key`, made at the first time. */
  remember<T>(key: object, make: () => T): T;
}

/** The name of the day off, "unknown" where the year is not on file, nothing for an ordinary day. */
export type HolidayAnswer = { readonly name: string } | "unknown" | undefined;

export interface LawBook {
  packFor(scope: PackScope): Pack;
  /** Every row of every pack, for people. */
  readonly documents: readonly PackDocument[];
}

export interface PackScope {
  readonly jurisdictions: readonly string[];
  readonly role: "creditor" | "collector";
  readonly debtor: "consumer" | "business";
}

/** Different scopes remembered; a scope is a jurisdiction, a role and a kind of debtor. */
const PACKS_MAX = 2_000;
/** Days whose answer is remembered: about ten years. */
const DAYS_MAX = 4_000;

export function createLawBook(
  documents: readonly PackDocument[],
  holidays: HolidayBook,
  zones: Zones,
): LawBook {
  const packs = new Map<string, Pack>();
  return {
    documents,
    packFor: (scope) => {
      const key = `${scope.role} ${scope.debtor} ${scope.jurisdictions.join(" ")}`;
      let pack = packs.get(key);
      if (pack === undefined) {
        if (packs.size >= PACKS_MAX) packs.clear();
        pack = buildPack(documents, holidays, zones, scope);
        packs.set(key, pack);
      }
      return pack;
    },
  };
}

function buildPack(
  documents: readonly PackDocument[],
  holidays: HolidayBook,
  zones: Zones,
  scope: PackScope,
): Pack {
  const countries = new Set(scope.jurisdictions.map(countryOf));
  const applies = (document: PackDocument): boolean =>
    document.jurisdiction === "house" ||
    countries.has(document.jurisdiction) ||
    document.members.some((member) => countries.has(member));
  const found = documents.filter(applies);
  const rows = found.flatMap((document) => document.rule.filter((row) => inScope(row, scope)));
  const known = new Set(found.flatMap((document) => [document.jurisdiction, ...document.members]));
  const slices = slicesOf(rows);
  const calendars = [...new Set(scope.jurisdictions.flatMap((name) => [countryOf(name), name]))];
  const countriesNeeded = [...countries];
  const answers = new Map<number, HolidayAnswer>();
  const derived = new WeakMap<object, unknown>();
  return {
    jurisdictions: scope.jurisdictions,
    unknown: [...countries].filter((country) => !known.has(country)),
    zones,
    lawOn: (day) => {
      for (const slice of slices) if (day < slice.until) return slice.law;
      throw new RangeError(`day ${day} lies after the end of every slice`);
    },
    changesAfter: (day) => {
      const next = slices.find(({ until }) => until > day)?.until;
      return next === Number.POSITIVE_INFINITY ? undefined : next;
    },
    holiday: (day) => {
      if (answers.has(day)) return answers.get(day);
      if (answers.size >= DAYS_MAX) answers.clear();
      const answer = holidayOf(holidays, calendars, countriesNeeded, day);
      answers.set(day, answer);
      return answer;
    },
    remember: <T>(key: object, make: () => T): T => {
      if (!derived.has(key)) derived.set(key, make());
      return derived.get(key) as T;
    },
  };
}

function holidayOf(
  holidays: HolidayBook,
  calendars: readonly string[],
  countries: readonly string[],
  day: number,
): HolidayAnswer {
  for (const calendar of calendars) {
    const name = holidays.nameOf(calendar, day);
    if (name !== undefined) return { name };
  }
  return countries.every((country) => holidays.knows(country, day)) ? undefined : "unknown";
}

function inScope(row: LawRow, scope: PackScope): boolean {
  return (
    (row.role === undefined || row.role === scope.role) &&
    (row.debtor === undefined || row.debtor === scope.debtor) &&
    (row.region === undefined || scope.jurisdictions.includes(row.region))
  );
}

export function countryOf(jurisdiction: string): string {
  return jurisdiction.split("-")[0] ?? jurisdiction;
}

interface Slice {
  /** First day that is not in it. */
  readonly until: number;
  readonly law: Law;
}

/** The days on which anything begins or ends cut time into stretches of one law. */
function slicesOf(rows: readonly LawRow[]): Slice[] {
  const edges = new Set<number>([Number.POSITIVE_INFINITY]);
  for (const row of rows) {
    if (row.from !== undefined) edges.add(dayNumber(row.from));
    if (row.until !== undefined) edges.add(dayNumber(row.until) + 1);
  }
  return [...edges]
    .sort((a, b) => a - b)
    .map((until) => ({ until, law: lawOf(rows.filter((row) => inForce(row, until))) }));
}

/** In force on the last day before `until`; no edge lies inside a slice. */
function inForce(row: LawRow, until: number): boolean {
  const [from, last] = [row.from && dayNumber(row.from), row.until && dayNumber(row.until)];
  if (from && from >= until) return false;
  return !last || (until !== Number.POSITIVE_INFINITY && last >= until - 1);
}

function lawOf(rows: readonly LawRow[]): Law {
  const of = <K extends LawRow["kind"]>(kind: K): LawRowOf<K>[] =>
    rows.filter((row): row is LawRowOf<K> => row.kind === kind);
  const named = of("contact-hours").filter((row) => !row.fallback);
  const hours = named.length > 0 ? named : of("contact-hours");
  return {
    hours: hours.map((row) => ({ ...row, week: weekOf(row.hours) })),
    caps: of("cap"),
    spacings: of("spacing"),
    singleChannel: of("single-channel"),
    notices: of("notice"),
    authorisedChannels: of("authorised-channels"),
    neverAskWhy: of("never-ask-why"),
    feeCaps: of("fee-cap"),
    interestCaps: of("interest-cap"),
    lumpSums: of("lump-sum"),
    holds: of("hold"),
    optOuts: of("opt-out"),
    duties: of("duty"),
  };
}
