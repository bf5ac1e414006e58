/**
 * The rules as they stand in the database, joined into a rulebook, and made anew after every edit. What
 * ships with Dunlin is written there at the first start, so that all of it can be read and changed.
 */

import { checkPolicy } from "#scheduler/policy/check.ts";
import type { PolicyDocument } from "#scheduler/policy/document.ts";
import type { RulesFolder } from "#scheduler/policy/folder.ts";
import { createHolidayBook } from "#scheduler/policy/holidays/book.ts";
import { createHolidayStore, type HolidayStore } from "#scheduler/policy/holidays/store.ts";
import { countryOf, createLawBook } from "#scheduler/policy/law/pack.ts";
import { shippedPacks, withOperatorPacks } from "#scheduler/policy/law/read.ts";
import { createPackStore, type PackStore } from "#scheduler/policy/law/store.ts";
import { shippedPolicies } from "#scheduler/policy/read.ts";
import { type ReadyPolicy, readyPolicy } from "#scheduler/policy/ready.ts";
import {
  type Assignment,
  createPolicyStore,
  type PolicyStore,
  sameDocument,
} from "#scheduler/policy/store.ts";
import { createLinter } from "#scheduler/policy/templates/lint.ts";
import { textUses } from "#scheduler/policy/templates/purposes.ts";
import { type ShippedText, shippedTexts } from "#scheduler/policy/templates/shipped.ts";
import { createTemplateStore, type TemplateStore } from "#scheduler/policy/templates/store.ts";
import { createCatalogue, type TemplateCatalogue } from "#scheduler/policy/templates/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { createRulebook, type Rulebook } from "./rulebook.ts";

export interface LiveRules {
  /** As they stood at the last refresh. */
  current(): Rulebook;
  /** Reads everything again; to be called after an edit, an import, and once a day for the holidays. */
  refresh(): Promise<Rulebook>;
  /** Cases are held because the holidays of their jurisdiction were not looked for yet. */
  lacksHolidays(): boolean;
  readonly policies: PolicyStore;
  readonly templates: TemplateStore;
  readonly holidays: HolidayStore;
  readonly packs: PackStore;
}

export interface LiveRulesOptions {
  readonly db: Database;
  readonly zones: Zones;
  readonly clock: Clock;
  /** An operator's own rules, read and checked (`readRulesFolder`); written as new versions where they differ. */
  readonly folder?: RulesFolder;
}

/** What everybody gets until somebody assigns another one. */
export const DEFAULT_POLICY = "friendly-small-business";
/** Holidays of last year, this and next are on file: a forecast looks a year ahead. */
const HOLIDAY_YEARS = [-1, 0, 1];
const SHIPPED = "dunlin";

interface Stores {
  readonly policies: PolicyStore;
  readonly templates: TemplateStore;
  readonly holidays: HolidayStore;
  readonly packs: PackStore;
}

export async function openRules(options: LiveRulesOptions): Promise<LiveRules> {
  const { db, clock, folder } = options;
  const stores: Stores = {
    policies: createPolicyStore(db),
    templates: createTemplateStore(db),
    holidays: createHolidayStore(db),
    packs: createPackStore(db),
  };
  await install(stores, shippedPolicies(), shippedTexts(), SHIPPED, clock.now());
  if (folder !== undefined) await installFolder(stores, folder, clock.now());
  await assignDefault(stores, clock.now());
  let loaded = await load(options, stores);
  return {
    ...stores,
    current: () => loaded.rulebook,
    refresh: async () => {
      loaded = await load(options, stores);
      return loaded.rulebook;
    },
    lacksHolidays: () => loaded.missed.size > 0,
  };
}

interface Loaded {
  readonly rulebook: Rulebook;
  /** Jurisdictions that a decision asked for in vain since it was loaded. */
  readonly missed: ReadonlySet<string>;
}

async function load({ db, zones, clock }: LiveRulesOptions, stores: Stores): Promise<Loaded> {
  const now = clock.now();
  const documents = withOperatorPacks(shippedPacks(), await stores.packs.latest());
  const debtors = db.sql("select distinct jurisdiction from debtor").pluck().all() as string[];
  const places = new Set([
    ...documents.flatMap(({ jurisdiction, members }) => [jurisdiction, ...members]),
    ...debtors.flatMap((place) => [countryOf(place), place]),
  ]);
  const asked = new Set(places);
  for (const nowhere of ["house", "EU"]) places.delete(nowhere);
  const year = new Date(now).getUTCFullYear();
  const years = HOLIDAY_YEARS.map((distance) => year + distance);
  await stores.holidays.ensure([...places].sort(), years, now);
  const { holidays, years: known } = await stores.holidays.all();
  const lawBook = createLawBook(documents, createHolidayBook(holidays, known), zones);
  const catalogue = createCatalogue(await stores.templates.all());
  const missed = new Set<string>();
  const holidaysRead = (place: string): boolean => {
    if (!asked.has(place)) missed.add(place);
    return asked.has(place);
  };
  const choose = await chooser(stores.policies, catalogue);
  return { rulebook: createRulebook({ lawBook, catalogue, choose, holidaysRead }), missed };
}

/** Creditor and segment, then creditor, then segment, then everybody. */
async function chooser(
  policies: PolicyStore,
  catalogue: TemplateCatalogue,
): Promise<(creditor: string, segment: string) => ReadyPolicy | undefined> {
  const stored = new Map((await policies.latest()).map((one) => [one.name, one]));
  const chosen = new Map<string, ReadyPolicy>();
  const keyOf = (creditor: string, segment: string): string => JSON.stringify([creditor, segment]);
  for (const { creditor, segment, policy, since } of await policies.assignments()) {
    const found = stored.get(policy);
    if (found === undefined) continue;
    const { document, version } = found;
    chosen.set(keyOf(creditor, segment), readyPolicy(document, catalogue, { version, since }));
  }
  return (creditor, segment) =>
    chosen.get(keyOf(creditor, segment)) ??
    chosen.get(keyOf(creditor, "*")) ??
    chosen.get(keyOf("*", segment)) ??
    chosen.get(keyOf("*", "*"));
}

/**
 * Texts without an error are approved by who gave them; the others stay drafts for a person. What was given
 * before is not written again: an edit by hand stays until its giver says something new.
 */
async function install(
  stores: Stores,
  policies: readonly PolicyDocument[],
  texts: readonly ShippedText[],
  by: string,
  now: number,
): Promise<void> {
  const existing = await stores.templates.all();
  const stored = await stores.policies.latest();
  const edited = new Set(existing.filter(({ createdBy }) => createdBy !== by).map(nameOfText));
  const wanted = texts.filter((text) => by !== SHIPPED || !edited.has(nameOfText(text)));
  const given = new Map(
    existing.filter(({ createdBy }) => createdBy === by).map((one) => [nameOfText(one), one.text]),
  );
  const linter = createLinter();
  const documents = [...stored.map(({ document }) => document), ...policies];
  const purposes = new Map(documents.flatMap(textUses).map(({ key, purpose }) => [key, purpose]));
  await Promise.all(
    wanted
      .filter((text) => given.get(nameOfText(text)) !== text.text)
      .map(async ({ key, language, text }) => {
        const flags = { asksReason: false, transliterate: true };
        const purpose = purposes.get(key) ?? "legal-words";
        const lint = linter.lint({ text, language, purpose, maxSegments: 6, ...flags });
        const draft = { key, language, text, ...flags, lint };
        const { version, state } = await stores.templates.draft(draft, by, now);
        if (state === "draft" && lint.ok) await stores.templates.approve(key, language, version, by, now);
      }),
  );
  for (const document of policies) await savePolicy(stores, document, by, now);
}

/** A preset that an operator edited stays as it is; a newer shipped one does not replace it. */
async function savePolicy(stores: Stores, document: PolicyDocument, by: string, now: number): Promise<void> {
  const known = (await stores.policies.latest()).find(({ name }) => name === document.name);
  if (by === SHIPPED && known !== undefined && known.createdBy !== SHIPPED) return;
  const given = await stores.policies.latestBy(document.name, by);
  if (given !== undefined && sameDocument(given.document, document)) return;
  await stores.policies.save(document, by, now);
}

function nameOfText({ key, language }: { readonly key: string; readonly language: string }): string {
  return `${key} ${language}`;
}

async function installFolder(stores: Stores, folder: RulesFolder, now: number): Promise<void> {
  const by = "folder";
  await install(stores, folder.policies, folder.texts, by, now);
  for (const pack of folder.packs) await stores.packs.save(pack, by, now);
  for (const holiday of folder.holidays) {
    await stores.holidays.put(holiday, by, now);
    if (holiday.removed) await stores.holidays.remove(holiday.jurisdiction, holiday.date, by, now);
  }
  const since = new Date(now).toISOString().slice(0, 10);
  for (const assignment of folder.assignments) {
    const known = (await stores.policies.assignments()).find((one) => sameScope(one, assignment));
    if (known?.policy !== assignment.policy) await stores.policies.assign({ ...assignment, since }, by, now);
  }
}

function sameScope(a: Pick<Assignment, "creditor" | "segment">, b: typeof a): boolean {
  return a.creditor === b.creditor && a.segment === b.segment;
}

async function assignDefault(stores: Stores, now: number): Promise<void> {
  if ((await stores.policies.assignments()).length > 0) return;
  const since = new Date(now).toISOString().slice(0, 10);
  await stores.policies.assign({ creditor: "*", segment: "*", policy: DEFAULT_POLICY, since }, SHIPPED, now);
}

/** What is wrong with the policies that hold now; shown at the start. */
export async function judgeRules(rules: LiveRules): Promise<string[]> {
  const catalogue = createCatalogue(await rules.templates.all());
  const assigned = new Set((await rules.policies.assignments()).map(({ policy }) => policy));
  return (await rules.policies.latest())
    .filter(({ name }) => assigned.has(name))
    .flatMap(({ document }) => checkPolicy(document, catalogue).problems)
    .map(({ field, rule, remedy }) => `${field} ${rule}. ${remedy}`);
}
