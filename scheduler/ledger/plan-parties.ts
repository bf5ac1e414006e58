/** Pure: what an input makes of a creditor or a debtor. Reading and writing rows is done elsewhere. */
import { isZone } from "#shared/local-date.ts";
import { isCurrency } from "#shared/money.ts";
import type { Change, CreditorInput, DebtorInput } from "./inputs.ts";
import { changesBetween, type Freshness, type Outcome, refused, settleAgainst } from "./outcome.ts";
import type { Creditor, Debtor } from "./types.ts";

export type StoredCreditor = Creditor & Freshness;
export type StoredDebtor = Debtor & Freshness;

const CREDITOR_FIELDS = [
  "name",
  "role",
  "timeZone",
  "jurisdiction",
  "language",
  "contact",
  "paymentInstructions",
] as const;
const DEBTOR_FIELDS = ["name", "kind", "language", "timeZone", "jurisdiction", "segment"] as const;

export function planCreditor(
  stored: StoredCreditor | undefined,
  input: CreditorInput,
  change: Change,
): Outcome<StoredCreditor> {
  const invalid = checkPlace(input) ?? checkInstructions(input);
  if (invalid !== undefined) return invalid;
  for (const field of ["name", "timeZone", "jurisdiction", "language"] as const)
    if (stored === undefined && input[field] === undefined)
      return refused("field_missing", field, `A new creditor needs ${field}. Send it with the first call.`);
  const contact = input.contact === null ? undefined : (input.contact ?? stored?.contact);
  const incoming = freshnessOf(input, change);
  const after: StoredCreditor = {
    id: stored?.id ?? 0,
    externalId: input.externalId,
    name: input.name ?? stored?.name ?? "",
    role: input.role ?? stored?.role ?? "creditor",
    timeZone: input.timeZone ?? stored?.timeZone ?? "",
    jurisdiction: input.jurisdiction ?? stored?.jurisdiction ?? "",
    language: input.language ?? stored?.language ?? "",
    paymentInstructions: sortedByKey(input.paymentInstructions ?? stored?.paymentInstructions ?? {}),
    ...(contact === undefined ? {} : { contact }),
    ...freshnessAfter(stored, incoming),
  };
  return settle(stored, after, CREDITOR_FIELDS, incoming);
}

/** A new debtor without a language or jurisdiction takes the creditor's; without a kind it is a consumer. */
export function planDebtor(
  stored: StoredDebtor | undefined,
  input: DebtorInput,
  creditor: Creditor,
  change: Change,
): Outcome<StoredDebtor> {
  const invalid = checkPlace(input);
  if (invalid !== undefined) return invalid;
  if (stored === undefined && input.name === undefined)
    return refused("field_missing", "name", "A new debtor needs a name. Send it with the first call.");
  const timeZone = input.timeZone === null ? undefined : (input.timeZone ?? stored?.timeZone);
  const numberCountry = input.contactPoints?.find((point) => point.country !== undefined)?.country;
  const incoming = freshnessOf(input, change);
  const after: StoredDebtor = {
    id: stored?.id ?? 0,
    creditorId: creditor.id,
    externalId: input.externalId,
    name: input.name ?? stored?.name ?? "",
    // Consumers are protected more: a kind that nobody stated is taken to be theirs.
    kind: input.kind ?? stored?.kind ?? "consumer",
    language: input.language ?? stored?.language ?? creditor.language,
    jurisdiction: input.jurisdiction ?? stored?.jurisdiction ?? numberCountry ?? creditor.jurisdiction,
    segment: input.segment ?? stored?.segment ?? "",
    ...(timeZone === undefined ? {} : { timeZone }),
    ...freshnessAfter(stored, incoming),
  };
  return settle(stored, after, DEBTOR_FIELDS, incoming);
}

/** The higher version and the later instant of the two: neither ever goes back. */
export function freshnessAfter(stored: Freshness | undefined, incoming: Freshness): Freshness {
  const version = Math.max(stored?.version ?? -1, incoming.version ?? -1);
  return {
    asOf: Math.max(stored?.asOf ?? 0, incoming.asOf),
    ...(version < 0 ? {} : { version }),
  };
}

export function freshnessOf(input: { readonly version?: number }, change: Change): Freshness {
  return { asOf: change.asOf, ...(input.version === undefined ? {} : { version: input.version }) };
}

export function settle<Row extends Freshness & object>(
  stored: Row | undefined,
  after: Row,
  fields: readonly (keyof Row & string)[],
  incoming: Freshness,
): Outcome<Row> {
  if (stored !== undefined)
    return settleAgainst(stored, after, changesBetween(stored, after, fields), incoming);
  return { kind: "created", row: after, changes: [] };
}

function checkPlace(input: {
  readonly timeZone?: string | null;
  readonly jurisdiction?: string;
  readonly language?: string;
}): Outcome<never> | undefined {
  if (typeof input.timeZone === "string" && !isZone(input.timeZone))
    return refused("field_invalid", "timeZone", "A time zone is an IANA name such as Europe/Madrid.");
  if (input.jurisdiction !== undefined && !/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(input.jurisdiction))
    return refused(
      "field_invalid",
      "jurisdiction",
      "A jurisdiction is an ISO 3166 code such as ES or US-MA.",
    );
  if (input.language !== undefined && !isLanguage(input.language))
    return refused("field_invalid", "language", "A language is a BCP 47 tag such as es or pt-BR.");
  return undefined;
}

function isLanguage(tag: string): boolean {
  return /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/.test(tag);
}

function checkInstructions(input: CreditorInput): Outcome<never> | undefined {
  const unknown = Object.keys(input.paymentInstructions ?? {}).find((currency) => !isCurrency(currency));
  if (unknown === undefined) return undefined;
  return refused(
    "field_invalid",
    "paymentInstructions",
    "Each key is an ISO 4217 currency code such as EUR.",
  );
}

function sortedByKey(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
