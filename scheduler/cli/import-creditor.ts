/** Whose list it is: the creditor that is named, the only one there is, or one that is made now. */
import type { CreditorInput } from "#scheduler/ledger/inputs.ts";
import type { Ledger } from "#scheduler/ledger/ledger.ts";
import type { Outcome } from "#scheduler/ledger/outcome.ts";
import { creditorsOf, findCreditor } from "#scheduler/ledger/parties.ts";
import { planCreditor, type StoredCreditor } from "#scheduler/ledger/plan-parties.ts";
import type { Actor, Creditor } from "#scheduler/ledger/types.ts";
import { createZoneCandidates } from "#scheduler/ledger/zones.ts";
import type { Database } from "#shared/sqlite.ts";

export interface CreditorFlags {
  readonly creditor?: string;
  readonly name?: string;
  readonly role?: Creditor["role"];
  readonly country?: string;
  readonly timeZone?: string;
  readonly language?: string;
  readonly contact?: string;
  readonly pay?: Readonly<Record<string, string>>;
}

export interface CreditorContext {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly now: number;
  readonly actor: Actor;
  /** False in a dry run: a new creditor is only thought of. */
  readonly write: boolean;
}

type Found = { readonly row: Creditor } | { readonly refusal: string };

/** Creditors looked at to find out that there is one only. */
const ENOUGH = 2;

export async function creditorFor(
  context: CreditorContext,
  flags: CreditorFlags,
  homeCountry: string | undefined,
): Promise<Found> {
  const [only, another] = creditorsOf(context.db, "", ENOUGH);
  const externalId = flags.creditor ?? (another === undefined ? only?.externalId : undefined);
  if (externalId === undefined)
    return {
      refusal:
        only === undefined
          ? 'There is no creditor yet. Make one with the first list: --creditor acme --name "Acme Ltd" --country GB.'
          : "There are several creditors. Say whose list it is: --creditor ID.",
    };
  const stored = findCreditor(context.db, externalId);
  const jurisdiction = flags.country?.toUpperCase() ?? homeCountry;
  if (stored === undefined && (flags.name === undefined || jurisdiction === undefined))
    return {
      refusal: `There is no creditor "${externalId}". To make it now, add --name "Name as debtors know it" --country DE.`,
    };
  const outcome = await put(context, stored, inputOf(externalId, flags, stored, jurisdiction));
  if (outcome.kind === "refused") return { refusal: `${outcome.refusal.field}: ${outcome.refusal.detail}` };
  return { row: outcome.row };
}

/** What is still to be done before a debtor of this creditor is written to. */
export function nextStepFor(db: Database, { externalId, name, role }: Creditor): string | undefined {
  if (role !== "collector") return undefined;
  const own = db.sql("select 1 from policy_assignment where creditor = ? limit 1").get(externalId);
  if (own !== undefined) return undefined;
  return (
    `${name} collects for others: nobody is written to before a policy holds whose first text tells a stranger ` +
    `nothing. Such as: dunlin policies assign collection-agency --creditor ${externalId}`
  );
}

function put(
  { ledger, now, actor, write }: CreditorContext,
  stored: StoredCreditor | undefined,
  input: CreditorInput,
): Promise<Outcome<StoredCreditor>> {
  const change = { actor, at: now, source: "cli", asOf: now };
  return write ? ledger.putCreditor(input, change) : Promise.resolve(planCreditor(stored, input, change));
}

/** What the flags say; for a new creditor, what follows from its country as well. */
function inputOf(
  externalId: string,
  flags: CreditorFlags,
  stored: StoredCreditor | undefined,
  jurisdiction: string | undefined,
): CreditorInput {
  const { name, role, country, timeZone, language, contact, pay } = flags;
  const place = stored === undefined ? jurisdiction : country?.toUpperCase();
  const derived = stored === undefined && place !== undefined ? derivedFrom(place) : {};
  return {
    externalId,
    ...derived,
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(place === undefined ? {} : { jurisdiction: place }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(language === undefined ? {} : { language }),
    ...(contact === undefined ? {} : { contact }),
    ...(pay === undefined ? {} : { paymentInstructions: { ...stored?.paymentInstructions, ...pay } }),
  };
}

function derivedFrom(jurisdiction: string): Pick<CreditorInput, "timeZone" | "language"> {
  const timeZone = createZoneCandidates().ofDebtor({ jurisdiction })[0] ?? "Etc/UTC";
  const place = /^[A-Z]{2}/.exec(jurisdiction)?.[0] ?? "GB";
  return { timeZone, language: new Intl.Locale(`und-${place}`).maximize().language };
}
