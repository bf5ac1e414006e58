/** From the contract to the ledger's inputs: amounts in minor units, numbers in E.164. */
import type { z } from "zod";
import type {
  Change,
  ContactPointInput,
  DebtorInput,
  EntryInput,
  ReceivableInput,
} from "#scheduler/ledger/inputs.ts";
import type { Consent, Creditor, EntryKind } from "#scheduler/ledger/types.ts";
import { MoneyError, parseDecimal } from "#shared/money.ts";
import { parsePhoneNumber } from "#shared/phone-number.ts";
import { problem } from "#shared/problems.ts";
import type * as api from "./schemas.ts";

/** A caller's clock may be ahead of ours by this much; what lies further ahead would win for too long. */
const AHEAD_MAX_MS = 5 * 60_000;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,63}$/;

export const ENTRY_KINDS: Readonly<Record<z.output<typeof api.EntryParams>["kind"], EntryKind>> = {
  payments: "payment",
  "credit-notes": "credit-note",
  fees: "fee",
  interest: "interest",
  "write-offs": "write-off",
};

export function changeBy(keyName: string, now: number, asOf: string | undefined, source = "api"): Change {
  const at = asOf === undefined ? now : Date.parse(asOf);
  if (at > now + AHEAD_MAX_MS) throw invalid("asOf", "It lies in the future.");
  return { actor: `key:${keyName}`, at: now, source, asOf: at };
}

export function invalid(field: string, detail: string) {
  return problem("request_invalid", { errors: [{ pointer: `/${field}`, detail }] });
}

/** The same of a part of the address. */
export function wrongQuery(name: string, detail: string) {
  return problem("request_invalid", { errors: [{ pointer: `?${name}`, detail }] });
}

/** Members that are there; `undefined` never reaches the ledger. */
type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

export function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}

export function debtorInput(
  externalId: string,
  { asOf: _asOf, contactPoints, ...rest }: z.output<typeof api.DebtorInput>,
  creditor: Creditor,
): DebtorInput {
  const country = (rest.jurisdiction ?? creditor.jurisdiction).slice(0, 2);
  return {
    externalId,
    ...present(rest),
    ...(contactPoints === undefined
      ? {}
      : { contactPoints: contactPoints.map((point, i) => contactPointInput(point, i, country)) }),
  };
}

function contactPointInput(
  point: z.output<typeof api.ContactPointInput>,
  index: number,
  country: string,
): ContactPointInput {
  const pointer = `contactPoints/${index}/number`;
  const { channel, rank, consent } = point;
  const rest: Omit<ContactPointInput, "number"> = {
    channel,
    ...(rank === undefined ? {} : { rank }),
    ...(consent === undefined ? {} : { consent: consentInput(consent) }),
  };
  if (channel === "email") {
    if (!EMAIL.test(point.number)) throw invalid(pointer, "It is no e-mail address.");
    return { ...rest, number: point.number.toLowerCase() };
  }
  if (channel === "post") return { ...rest, number: point.number };
  const parsed = parsePhoneNumber(point.number, { homeCountry: country });
  if (!parsed.ok) throw invalid(pointer, parsed.detail);
  if ("shortCode" in parsed) throw invalid(pointer, "It is a short code, and no debtor's number.");
  return { ...rest, number: parsed.e164, ...(parsed.country === "001" ? {} : { country: parsed.country }) };
}

function consentInput(said: NonNullable<z.output<typeof api.ContactPointInput>["consent"]>): Consent {
  const { state, source, at } = said;
  return {
    state,
    ...(source === undefined ? {} : { source }),
    ...(at === undefined ? {} : { at: Date.parse(at) }),
  };
}

export function receivableInput(
  externalId: string,
  body: z.output<typeof api.ReceivableInput>,
): ReceivableInput {
  const { asOf: _asOf, principal, ...rest } = body;
  return {
    externalId,
    ...present(rest),
    ...present({ principal: minor(principal, body.currency, "principal") }),
  };
}

export function entryInput(
  kind: EntryKind,
  externalId: string,
  body: z.output<typeof api.EntryInput>,
): EntryInput {
  const { asOf: _asOf, amount, ...rest } = body;
  return {
    kind,
    externalId,
    ...present(rest),
    ...present({ amount: minor(amount, body.currency, "amount") }),
  };
}

function minor(amount: string | undefined, currency: string | undefined, field: string): bigint | undefined {
  if (amount === undefined || currency === undefined) return undefined;
  try {
    return parseDecimal(amount, currency);
  } catch (error) {
    if (error instanceof MoneyError) throw invalid(field, `${error.message}.`);
    throw error;
  }
}
