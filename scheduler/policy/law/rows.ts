/**
 * A jurisdiction pack is data: dated rows with their source. A row that a machine can keep has a kind of
 * its own; what only people can keep is a `duty`, shown where it matters. Nothing here is legal advice.
 */
import { z } from "zod";
import { HoursTable } from "#scheduler/policy/hours.ts";
import { parseLocalDate } from "#shared/local-date.ts";

const LocalDateText = z
  .string()
  .refine((text) => parseLocalDate(text) !== undefined, 'must be a day that exists, such as "2026-07-01"');

const RULE_ID = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/;

const scope = {
  /** Stable: it is what a refusal names. */
  id: z.string().regex(RULE_ID, 'must be lower-case words joined by dots, such as "co.ley-2300.hours"'),
  /** The act or the page that says so. */
  source: z.string().min(3),
  /** True when the source was read; false means: confirm from the primary text before relying on it. */
  verified: z.boolean(),
  /** First and last day in force; absent means that the source gives none. */
  from: LocalDateText.optional(),
  until: LocalDateText.optional(),
  /** Whom it binds: who collects an own debt, or who collects for others. Absent: both. */
  role: z.enum(["creditor", "collector"]).optional(),
  debtor: z.enum(["consumer", "business"]).optional(),
  /** ISO 3166-2 subdivision; absent: the whole country. */
  region: z
    .string()
    .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/)
    .optional(),
  note: z.string().optional(),
};

const Days = z.number().int().min(1).max(366);
/** Contacts are remembered for 32 days (`CONTACT_HISTORY_MS`); a rule may not look further back. */
const ContactDays = z.number().int().min(1).max(31);
const Amounts = z.record(z.string().regex(/^[A-Z]{3}$/), z.string().regex(/^\d+(\.\d+)?$/));

/** A text may leave on these days between these hours of the debtor's wall clock, half-open. */
const ContactHours = z.strictObject({
  ...scope,
  kind: z.literal("contact-hours"),
  hours: HoursTable,
  /** `closed`: no contact on the public holidays of the debtor's jurisdiction. */
  holidays: z.enum(["closed", "open"]),
  /** Counts only where no other row gives hours. */
  fallback: z.boolean().optional(),
});

/** At most `count` contacts in any `days` in a row, all cases and channels together. */
const Cap = z.strictObject({
  ...scope,
  kind: z.literal("cap"),
  count: z.number().int().min(1).max(100),
  days: ContactDays,
  /** `local-day` looks at the calendar only; `rolling` also at 24 hours times `days`. */
  window: z.enum(["rolling", "local-day"]).default("rolling"),
});

/** At least `days` days from one contact to the next. */
const Spacing = z.strictObject({ ...scope, kind: z.literal("spacing"), days: ContactDays });

/** No second channel within `days` of a contact by another one. */
const SingleChannel = z.strictObject({ ...scope, kind: z.literal("single-channel"), days: ContactDays });

/** Words that must stand in every text. */
const Notice = z.strictObject({
  ...scope,
  kind: z.literal("notice"),
  notice: z.enum(["opt-out", "collector"]),
});

/** A contact point may be used only when its owner agreed to it. */
const AuthorisedChannels = z.strictObject({ ...scope, kind: z.literal("authorised-channels") });

/** A text may not ask why the debt is unpaid. */
const NeverAskWhy = z.strictObject({ ...scope, kind: z.literal("never-ask-why") });

/** What dunning may cost the debtor. */
const FeeCap = z.strictObject({
  ...scope,
  kind: z.literal("fee-cap"),
  /** Most for one reminder, by currency. */
  perReminder: Amounts.optional(),
  remindersMax: z.number().int().min(1).optional(),
  daysBetween: Days.optional(),
  /** The first reminder costs nothing. */
  firstFree: z.boolean().default(false),
  /** Days after the free reminder before the first fee. */
  waitDays: Days.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** Most in all for one debt, by its principal, in `currency`: `base` plus `percent` of what is above `above`. */
  total: z
    .array(
      z.strictObject({
        upTo: z.string().optional(),
        base: z.string(),
        percent: z.number().min(0).max(100).default(0),
        above: z.string().default("0"),
        max: z.string().optional(),
        min: z.string().optional(),
      }),
    )
    .min(1)
    .optional(),
});

/** Late interest: simple, on the principal alone, percentage points above a reference rate. */
const InterestCap = z.strictObject({
  ...scope,
  kind: z.literal("interest-cap"),
  pointsAbove: z.number().min(0).max(100),
  reference: z.string().min(1),
});

/** A fixed sum for a late payment, by the size of the debt. */
const LumpSum = z.strictObject({
  ...scope,
  kind: z.literal("lump-sum"),
  currency: z.string().regex(/^[A-Z]{3}$/),
  steps: z.array(z.strictObject({ below: z.string().optional(), amount: z.string() })).min(1),
});

/** Contact must rest while such a hold is in force. */
const HoldRule = z.strictObject({
  ...scope,
  kind: z.literal("hold"),
  hold: z.enum(["dispute", "vulnerable", "legal", "insolvency", "manual"]),
  days: Days.optional(),
  statement: z.string().min(1),
});

/** Words and confirmations of an opt-out. */
const OptOut = z.strictObject({
  ...scope,
  kind: z.literal("opt-out"),
  words: z.array(z.string().min(1)).default([]),
  confirmationsMax: z.number().int().min(0).max(1).optional(),
  withinDays: z.number().int().min(0).optional(),
});

/** For people: no machine can keep it alone. */
const Duty = z.strictObject({ ...scope, kind: z.literal("duty"), statement: z.string().min(1) });

export const LawRow = z.discriminatedUnion("kind", [
  ContactHours,
  Cap,
  Spacing,
  SingleChannel,
  Notice,
  AuthorisedChannels,
  NeverAskWhy,
  FeeCap,
  InterestCap,
  LumpSum,
  HoldRule,
  OptOut,
  Duty,
]);
export type LawRow = z.output<typeof LawRow>;
export type LawRowOf<K extends LawRow["kind"]> = Extract<LawRow, { kind: K }>;

export const PackDocument = z.strictObject({
  format: z.literal(1),
  /** ISO 3166-1 alpha-2, "EU", or "house" for our own manners. */
  jurisdiction: z.string().regex(/^([A-Z]{2}|house)$/),
  title: z.string().min(1),
  /** When a person last compared the rows with their sources. */
  reviewed: LocalDateText,
  /** Countries that the pack holds for as well ("EU"). */
  members: z.array(z.string().regex(/^[A-Z]{2}$/)).default([]),
  rule: z.array(LawRow),
});
export type PackDocument = z.output<typeof PackDocument>;
