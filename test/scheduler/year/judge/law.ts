/**
 * The law as the judge knows it, written by hand from section 2 of the field page and from the policies of
 * the year. Nothing here comes from the packs, the presets or the calendar that are judged.
 */

/** Minutes of the local day, half-open. */
export type Hours = readonly [from: number, until: number];

export interface Limits {
  /** By weekday, 0 is Sunday; absent: closed. */
  readonly hours: Readonly<Partial<Record<number, Hours>>>;
  readonly caps: readonly { readonly count: number; readonly days: number }[];
  /** Calendar days from one contact to the next, at least. */
  readonly spacingDays: number;
}

export interface PlaceLaw extends Limits {
  /** Everywhere in the place, for people who did not say where they are. */
  readonly zones: readonly string[];
  /** Days on which nothing may be sent, of 2026; those that nobody disputes. */
  readonly holidays: ReadonlySet<string>;
}

const at = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const span = (from: string, until: string): Hours => [at(from), at(until)];

function week(monFri: Hours, sat?: Hours, sun?: Hours): Limits["hours"] {
  return {
    1: monFri,
    2: monFri,
    3: monFri,
    4: monFri,
    5: monFri,
    ...(sat === undefined ? {} : { 6: sat }),
    ...(sun === undefined ? {} : { 0: sun }),
  };
}

const days = (...list: string[]): ReadonlySet<string> => new Set(list.map((day) => `2026-${day}`));
/** One text a day, over all cases: the manners of the house. */
const ONE_A_DAY = { count: 1, days: 1 };
/** Where no law names hours: Monday to Saturday, 08:00 to 20:00, no holidays. */
const HOUSE = {
  hours: week(span("08:00", "20:00"), span("08:00", "20:00")),
  caps: [ONE_A_DAY],
  spacingDays: 0,
};

export const PLACE_LAW: Readonly<Record<string, PlaceLaw>> = {
  ES: {
    ...HOUSE,
    zones: ["Europe/Madrid", "Atlantic/Canary"],
    holidays: days("01-06", "04-03", "05-01", "10-12", "12-08", "12-25"),
  },
  DE: {
    ...HOUSE,
    zones: ["Europe/Berlin"],
    holidays: days("04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"),
  },
  FR: {
    ...HOUSE,
    zones: ["Europe/Paris"],
    holidays: days("04-06", "05-01", "05-08", "05-14", "07-14", "08-15", "11-11", "12-25"),
  },
  GB: {
    ...HOUSE,
    zones: ["Europe/London"],
    holidays: days("04-03", "05-04", "05-25", "12-25"),
  },
  // Ley 2300/2023: Mon–Fri 07–19, Sat 08–15, none on Sundays and holidays, once a day.
  CO: {
    hours: week(span("07:00", "19:00"), span("08:00", "15:00")),
    caps: [ONE_A_DAY],
    spacingDays: 0,
    zones: ["America/Bogota"],
    holidays: days("01-12", "03-23", "04-02", "04-03", "05-01", "05-18", "06-08", "06-15", "06-29", "07-20"),
  },
  // Ley 21.320: Mon–Sat 08–20, two a week, at least two days apart.
  CL: {
    hours: week(span("08:00", "20:00"), span("08:00", "20:00")),
    caps: [ONE_A_DAY, { count: 2, days: 7 }],
    spacingDays: 2,
    zones: ["America/Santiago", "Pacific/Easter"],
    holidays: days("04-03", "05-01", "05-21", "07-16", "09-18", "09-19", "12-08", "12-25"),
  },
  // Ley 29571 art. 62: none from 20 to 07, on Saturdays, Sundays and holidays.
  PE: {
    hours: week(span("07:00", "20:00")),
    caps: [ONE_A_DAY],
    spacingDays: 0,
    zones: ["America/Lima"],
    holidays: days("04-03", "05-01", "07-28", "07-29", "12-25"),
  },
  // CONDUSEF 07–22; the stricter of two readings: Mon–Fri, no holidays.
  MX: {
    hours: week(span("07:00", "22:00")),
    caps: [ONE_A_DAY],
    spacingDays: 0,
    zones: ["America/Mexico_City", "America/Tijuana", "America/Cancun", "America/Hermosillo"],
    holidays: days("02-02", "03-16", "05-01", "09-16", "11-16", "12-25"),
  },
  // RBI: 08–19 on any day.
  IN: {
    hours: week(span("08:00", "19:00"), span("08:00", "19:00"), span("08:00", "19:00")),
    caps: [ONE_A_DAY],
    spacingDays: 0,
    zones: ["Asia/Kolkata"],
    holidays: days(),
  },
  // ACCC/ASIC: Mon–Fri 07:30–21, weekend 09–21, no national holidays, 3 a week, 10 a month.
  AU: {
    hours: week(span("07:30", "21:00"), span("09:00", "21:00"), span("09:00", "21:00")),
    caps: [ONE_A_DAY, { count: 3, days: 7 }, { count: 10, days: 30 }],
    spacingDays: 0,
    zones: [
      "Australia/Sydney",
      "Australia/Perth",
      "Australia/Adelaide",
      "Australia/Darwin",
      "Australia/Brisbane",
    ],
    holidays: days("01-26", "04-03", "04-06", "12-25"),
  },
};

export interface PolicyLimits extends Limits {
  /** Hours from one text about money to the next local day that may follow. */
  readonly minimum: bigint;
  /** How old the bank's word may be when arrears are asked for. */
  readonly feedHours: number;
  /** Days after a promised date before the promise is broken. */
  readonly promiseGrace: number;
}

const ANY_DAY = span("00:00", "24:00");

/** By segment, as in `rules.ts`; here `spacingDays` is between texts about money. */
export const POLICY_LIMITS: readonly PolicyLimits[] = [
  {
    hours: week(span("09:00", "18:00")),
    caps: [{ count: 2, days: 14 }],
    spacingDays: 5,
    minimum: 500n,
    feedHours: 72,
    promiseGrace: 2,
  },
  {
    hours: week(span("08:30", "18:30"), span("09:00", "13:00")),
    caps: [
      { count: 2, days: 7 },
      { count: 6, days: 30 },
    ],
    spacingDays: 4,
    minimum: 1_000n,
    feedHours: 30,
    promiseGrace: 1,
  },
  {
    hours: week(span("09:00", "19:00"), span("09:00", "13:00")),
    caps: [
      { count: 2, days: 7 },
      { count: 6, days: 30 },
    ],
    spacingDays: 3,
    minimum: 1_000n,
    feedHours: 26,
    promiseGrace: 1,
  },
  {
    hours: week(ANY_DAY, ANY_DAY, ANY_DAY),
    caps: [],
    spacingDays: 1,
    minimum: 1_000n,
    feedHours: 30,
    promiseGrace: 1,
  },
  {
    hours: week(span("09:00", "18:00"), span("10:00", "13:00")),
    caps: [
      { count: 2, days: 7 },
      { count: 6, days: 30 },
    ],
    spacingDays: 5,
    minimum: 2_000n,
    feedHours: 26,
    promiseGrace: 1,
  },
];

/** Days that a stranger has to say so, before a collector's next text. */
export const STRANGER_DAYS = 4;

/** Stages from the softest to the loudest. */
export const STAGES = ["preventive", "due", "early", "late", "final"] as const;
