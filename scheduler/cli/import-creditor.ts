/** Whose list it is: the creditor that is named, the only one there is, or one that is made now. */

import type { Ledger } from "#scheduler/ledger/ledger.ts";
import { creditorsOf, findCreditor } from "#scheduler/ledger/parties.ts";
import type { Actor, Creditor } from "#scheduler/ledger/types.ts";
import { createZoneCandidates } from "#scheduler/ledger/zones.ts";
import type { Database } from "#shared/sqlite.ts";

export interface CreditorFlags {
  readonly creditor?: string;
  readonly name?: string;
  readonly country?: string;
  readonly timeZone?: string;
  readonly language?: string;
}

export interface CreditorContext {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly now: number;
  readonly actor: Actor;
}

/** Creditors looked at to find out that there is one only. */
const ENOUGH = 2;

export async function creditorFor(
  context: CreditorContext,
  flags: CreditorFlags,
  homeCountry: string | undefined,
): Promise<{ readonly row: Creditor } | { readonly refusal: string }> {
  const known = creditorsOf(context.db, "", ENOUGH);
  if (flags.creditor === undefined) {
    const [only] = known;
    if (known.length === 1 && only !== undefined) return { row: only };
    return {
      refusal:
        known.length === 0
          ? 'There is no creditor yet. Make one with the first list: --creditor acme --name "Acme Ltd" --country GB.'
          : "There are several creditors. Say whose list it is: --creditor ID.",
    };
  }
  const row = findCreditor(context.db, flags.creditor);
  if (row !== undefined) return { row };
  return makeCreditor(context, flags.creditor, flags, homeCountry);
}

async function makeCreditor(
  { ledger, now, actor }: CreditorContext,
  externalId: string,
  flags: CreditorFlags,
  homeCountry: string | undefined,
): Promise<{ readonly row: Creditor } | { readonly refusal: string }> {
  const jurisdiction = flags.country?.toUpperCase() ?? homeCountry;
  if (flags.name === undefined || jurisdiction === undefined)
    return {
      refusal: `There is no creditor "${externalId}". To make it now, add --name "Name as debtors know it" --country DE.`,
    };
  const timeZone = flags.timeZone ?? createZoneCandidates().ofDebtor({ jurisdiction })[0] ?? "Etc/UTC";
  const language = flags.language ?? new Intl.Locale(`und-${jurisdiction.slice(0, 2)}`).maximize().language;
  const outcome = await ledger.putCreditor(
    { externalId, name: flags.name, jurisdiction, timeZone, language },
    { actor, at: now, source: "cli", asOf: now },
  );
  if (outcome.kind === "refused") return { refusal: `${outcome.refusal.field}: ${outcome.refusal.detail}` };
  return { row: outcome.row };
}
