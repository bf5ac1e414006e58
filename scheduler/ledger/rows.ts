/** Rows of the database as the types of the ledger, in one place for every reader. */
import type { StoredContactPoint } from "./plan-contacts.ts";
import type { StoredEntry, StoredReceivable } from "./plan-items.ts";
import type { StoredCreditor, StoredDebtor } from "./plan-parties.ts";
import type { ContactPointState } from "./states.ts";
import type {
  Case,
  CaseStage,
  Channel,
  Consent,
  Creditor,
  Debtor,
  EntryKind,
  Hold,
  HoldKind,
  ReceivableState,
  Settlement,
} from "./types.ts";

type Maybe<T> = T | null;

/** `{ [key]: value }`, or nothing when the column is null. */
export function given<K extends string, T>(key: K, value: Maybe<T>): { [P in K]?: T } {
  return (value === null ? {} : { [key]: value }) as { [P in K]?: T };
}

export interface CreditorRow {
  readonly id: number;
  readonly external_id: string;
  readonly name: string;
  readonly role: Creditor["role"];
  readonly time_zone: string;
  readonly jurisdiction: string;
  readonly language: string;
  readonly contact: Maybe<string>;
  readonly payment_instructions: string;
  readonly version: Maybe<number>;
  readonly as_of: number;
}

export function creditorOf(row: CreditorRow): StoredCreditor {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    role: row.role,
    timeZone: row.time_zone,
    jurisdiction: row.jurisdiction,
    language: row.language,
    paymentInstructions: JSON.parse(row.payment_instructions) as Record<string, string>,
    asOf: row.as_of,
    ...given("contact", row.contact),
    ...given("version", row.version),
  };
}

export interface DebtorRow {
  readonly id: number;
  readonly creditor_id: number;
  readonly external_id: string;
  readonly name: string;
  readonly kind: Debtor["kind"];
  readonly language: string;
  readonly time_zone: Maybe<string>;
  readonly jurisdiction: string;
  readonly segment: string;
  readonly version: Maybe<number>;
  readonly as_of: number;
}

export function debtorOf(row: DebtorRow): StoredDebtor {
  return {
    id: row.id,
    creditorId: row.creditor_id,
    externalId: row.external_id,
    name: row.name,
    kind: row.kind,
    language: row.language,
    jurisdiction: row.jurisdiction,
    segment: row.segment,
    asOf: row.as_of,
    ...given("timeZone", row.time_zone),
    ...given("version", row.version),
  };
}

export interface ContactPointRow {
  readonly id: number;
  readonly debtor_id: number;
  readonly channel: Channel;
  readonly number: string;
  readonly country: Maybe<string>;
  readonly consent_state: Consent["state"];
  readonly consent_source: Maybe<string>;
  readonly consent_at: Maybe<number>;
  readonly state: ContactPointState;
  readonly score: number;
  readonly permanent_failures: number;
  readonly last_delivered_at: Maybe<number>;
  readonly last_inbound_at: Maybe<number>;
  readonly rank: number;
  readonly listed_by: string;
  readonly listed: number;
}

export function contactPointOf(row: ContactPointRow): StoredContactPoint {
  return {
    id: row.id,
    debtorId: row.debtor_id,
    channel: row.channel,
    number: row.number,
    consent: {
      state: row.consent_state,
      ...given("source", row.consent_source),
      ...given("at", row.consent_at),
    },
    state: row.state,
    score: row.score,
    permanentFailures: row.permanent_failures,
    rank: row.rank,
    listedBy: row.listed_by,
    listed: row.listed === 1,
    ...given("country", row.country),
    ...given("lastDeliveredAt", row.last_delivered_at),
    ...given("lastInboundAt", row.last_inbound_at),
  };
}

export interface CaseRow {
  readonly id: number;
  readonly code: string;
  readonly creditor_id: number;
  readonly debtor_id: number;
  readonly currency: string;
  readonly stage: CaseStage;
  readonly episode: number;
  readonly settled_at: Maybe<number>;
  readonly settled_as: Maybe<Settlement>;
  readonly next_action_at: Maybe<number>;
}

export function caseOf(row: CaseRow): Case {
  return {
    id: row.id,
    code: row.code,
    creditorId: row.creditor_id,
    debtorId: row.debtor_id,
    currency: row.currency,
    stage: row.stage,
    episode: row.episode,
    ...given("settledAt", row.settled_at),
    ...given("settledAs", row.settled_as),
    ...given("nextActionAt", row.next_action_at),
  };
}

export interface ReceivableRow {
  readonly id: number;
  readonly creditor_id: number;
  readonly case_id: number;
  readonly external_id: string;
  readonly version: Maybe<number>;
  readonly as_of: number;
  readonly principal: number;
  readonly issue_date: Maybe<string>;
  readonly due_date: string;
  readonly due_date_sequence: number;
  readonly description: Maybe<string>;
  readonly state: ReceivableState;
  readonly first_seen_at: number;
  readonly episode: number;
  readonly disputed: number;
  readonly listed_by: string;
  readonly is_open: number;
  readonly currency: string;
  readonly debtor: string;
}

/** A receivable with the currency and the debtor of its case. */
export const SELECT_RECEIVABLE = `select receivable.*, dunning_case.currency, debtor.external_id as debtor
  from receivable join dunning_case on dunning_case.id = receivable.case_id
  join debtor on debtor.id = dunning_case.debtor_id`;

export function receivableOf(row: ReceivableRow): StoredReceivable {
  return {
    id: row.id,
    caseId: row.case_id,
    creditorId: row.creditor_id,
    externalId: row.external_id,
    debtor: row.debtor,
    currency: row.currency,
    principal: BigInt(row.principal),
    dueDate: row.due_date,
    dueDateSequence: row.due_date_sequence,
    state: row.state,
    firstSeenAt: row.first_seen_at,
    disputed: row.disputed === 1,
    listedBy: row.listed_by,
    episode: row.episode,
    asOf: row.as_of,
    ...given("issueDate", row.issue_date),
    ...given("description", row.description),
    ...given("version", row.version),
  };
}

export interface EntryRow {
  readonly id: number;
  readonly creditor_id: number;
  readonly case_id: Maybe<number>;
  readonly external_id: string;
  readonly kind: EntryKind;
  readonly amount: number;
  readonly currency: string;
  readonly entry_date: string;
  readonly refs: string;
  readonly debtor_ref: Maybe<string>;
  readonly reversed_at: Maybe<number>;
  readonly recorded_at: number;
  readonly version: Maybe<number>;
  readonly as_of: number;
}

export function entryOf(row: EntryRow): StoredEntry {
  return {
    id: row.id,
    creditorId: row.creditor_id,
    externalId: row.external_id,
    kind: row.kind,
    amount: BigInt(row.amount),
    currency: row.currency,
    date: row.entry_date,
    references: JSON.parse(row.refs) as string[],
    recordedAt: row.recorded_at,
    asOf: row.as_of,
    ...given("caseId", row.case_id),
    ...given("debtor", row.debtor_ref),
    ...given("reversedAt", row.reversed_at),
    ...given("version", row.version),
  };
}

export interface HoldRow {
  readonly id: string;
  readonly creditor_id: number;
  readonly debtor_id: number;
  readonly kind: HoldKind;
  readonly scope: Hold["scope"];
  readonly target_id: number;
  readonly until: Maybe<string>;
  readonly reviewer: Maybe<string>;
  readonly reason: string;
  readonly placed_by: string;
  readonly placed_at: number;
  readonly ended_at: Maybe<number>;
}

export function holdOf(row: HoldRow): Hold {
  return {
    id: row.id,
    kind: row.kind,
    scope: row.scope,
    targetId: row.target_id,
    reason: row.reason,
    placedBy: row.placed_by,
    placedAt: row.placed_at,
    ...given("until", row.until),
    ...given("reviewer", row.reviewer),
    ...given("endedAt", row.ended_at),
  };
}
