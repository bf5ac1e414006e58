/** The shipped law and texts as every decision test uses them, with holidays seeded once. */

import type { PolicyDocument } from "#scheduler/policy/document.ts";
import { createHolidayBook } from "#scheduler/policy/holidays/book.ts";
import { seedHolidays } from "#scheduler/policy/holidays/seed.ts";
import { createLawBook, type LawBook } from "#scheduler/policy/law/pack.ts";
import { shippedPacks } from "#scheduler/policy/law/read.ts";
import { readPolicy, shippedPolicies } from "#scheduler/policy/read.ts";
import { type ReadyPolicy, readyPolicy } from "#scheduler/policy/ready.ts";
import { shippedTexts } from "#scheduler/policy/templates/shipped.ts";
import { createCatalogue, type TemplateCatalogue } from "#scheduler/policy/templates/types.ts";
import { createZones } from "#shared/local-date.ts";

export const COUNTRIES = "AU BE CL CO DE DK ES FR GB IN MX NL PE PT US".split(" ");
const YEARS = [2025, 2026, 2027];

export const zones = createZones();

const holidays = (
  await Promise.all(COUNTRIES.flatMap((country) => YEARS.map((year) => seedHolidays(country, year))))
).flat();

export const lawBook: LawBook = createLawBook(
  shippedPacks(),
  createHolidayBook(
    holidays,
    COUNTRIES.flatMap((jurisdiction) => YEARS.map((year) => ({ jurisdiction, year }))),
  ),
  zones,
);

export const catalogue: TemplateCatalogue = createCatalogue(
  shippedTexts().map((text) => ({
    ...text,
    version: 1,
    state: "approved" as const,
    asksReason: false,
    transliterate: true,
  })),
);

export const presets: ReadonlyMap<string, PolicyDocument> = new Map(
  shippedPolicies().map((document) => [document.name, document]),
);

export function preset(name: string, changes: Partial<PolicyDocument> = {}): ReadyPolicy {
  const document = presets.get(name);
  if (document === undefined) throw new RangeError(`there is no preset ${name}`);
  return readyPolicy({ ...document, ...changes }, catalogue);
}

/** A policy written in the test, with as little as it needs. */
export function policyOf(toml: string, languages: readonly string[] = ["en"]): ReadyPolicy {
  const head = `format = 1\nname = "test"\ntitle = "Test"\nlanguages = ${JSON.stringify(languages)}\n`;
  const read = readPolicy(head + toml, "toml");
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return readyPolicy(read.value, catalogue);
}
