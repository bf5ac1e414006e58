/**
 * The nouns of the ledger. Amounts are bigint minor units of the case's currency (ISO 4217 exponents in
 * `#shared/money.ts`), instants are milliseconds since 1970, dates are local dates of the debtor.
 *
 * Row numbers (`id`) are the database's own. They never leave the scheduler and are never part of an
 * idempotency key: after a restore from a backup they may be given out again. What a key is made of is
 * the creditor's, the debtor's and the receivable's external id, which the source system owns.
 */
import type { LocalDate } from "#shared/local-date.ts";
import type { ContactPointState, OccurrenceState, PromiseState } from "./states.ts";

export type RowId = number;

/** Who made a change: `key:<name>`, `import:<source>`, `cli:<user>` or `scheduler`. */
export type Actor = string;

/** ISO 4217, three capitals. */
export type CurrencyCode = string;

export interface Creditor {
  readonly id: RowId;
  readonly externalId: string;
  /** As debtors know it; the first words of a text. */
  readonly name: string;
  /** `collector` works for others: 12 CFR 1006 (Reg F) and its like bind it, mostly not a `creditor`. */
  readonly role: "creditor" | "collector";
  /** IANA zone of its staff and its working days. */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2, with a subdivision where the law differs ("US-MA"). */
  readonly jurisdiction: string;
  /** BCP 47; what a debtor without a language of its own is created with. */
  readonly language: string;
  /** How debtors reach a person ("030 123456"), as texts print it. Absent: no text that must say it is sent. */
  readonly contact?: string;
  /** How to pay, by currency. No entry means that no text may ask for money in that currency. */
  readonly paymentInstructions: Readonly<Record<CurrencyCode, string>>;
}

export interface Debtor {
  readonly id: RowId;
  readonly creditorId: RowId;
  readonly externalId: string;
  readonly name: string;
  readonly kind: "consumer" | "business";
  /** BCP 47 ("es", "pt-BR"). */
  readonly language: string;
  /** IANA zone, when the debtor or its source stated one. */
  readonly timeZone?: string;
  /** ISO 3166-1 alpha-2, with a subdivision where known ("ES", "US-MA"): whose law, and which zones. */
  readonly jurisdiction: string;
  /** Free word of the creditor's ("vip", "pensioner"); chooses the policy. Empty when none. */
  readonly segment: string;
}

export type Channel = "sms" | "email" | "post" | "phone";

export interface Consent {
  readonly state: "unknown" | "given" | "withdrawn";
  /** Where it comes from, in the creditor's words ("contract 2024-03"). */
  readonly source?: string;
  readonly at?: number;
}

export interface ContactPoint {
  readonly id: RowId;
  readonly debtorId: RowId;
  readonly channel: Channel;
  /** E.164 for sms and phone; an address for the others. */
  readonly number: string;
  readonly consent: Consent;
  readonly state: ContactPointState;
  /** 0 (never worked) to 100 (delivered lately). Only `retired` keeps a number from being used. */
  readonly score: number;
  /** Permanent failures in a row; an accepted delivery or an inbound text sets it back to 0. */
  readonly permanentFailures: number;
  readonly lastDeliveredAt?: number;
  readonly lastInboundAt?: number;
  /** 0 is tried first. */
  readonly rank: number;
}

/** Why a receivable claims nothing any more although nobody paid it here. */
export type ReceivableState =
  | "open"
  /** The source took it back. */
  | "cancelled"
  /** It was missing from a full list, so the source no longer knows it as open. */
  | "absent";

export interface Receivable {
  readonly id: RowId;
  readonly caseId: RowId;
  readonly externalId: string;
  /** The source's own, when it has one: a lower one never overwrites a higher one. */
  readonly version?: number;
  readonly currency: CurrencyCode;
  readonly principal: bigint;
  readonly issueDate?: LocalDate;
  readonly dueDate: LocalDate;
  /** Counts the changes of `dueDate`, from 0: part of an occurrence's key, so that a moved date is planned anew. */
  readonly dueDateSequence: number;
  /** What the invoice is for, in the creditor's words; may be shown to the debtor. */
  readonly description?: string;
  readonly state: ReceivableState;
  /** When the ledger first heard of it: what was old by then enters the ladder by the policy's rule for old debt. */
  readonly firstSeenAt: number;
  /** The debtor contests it. It stays in the ledger and out of every debt text. */
  readonly disputed: boolean;
}

/** Sign of the amount: fee and interest add to what is owed, the others take away. */
export type EntryKind = "payment" | "credit-note" | "fee" | "interest" | "write-off";

export interface LedgerEntry {
  readonly id: RowId;
  readonly caseId: RowId;
  readonly externalId: string;
  readonly kind: EntryKind;
  /** Above zero; the sign is the kind's. */
  readonly amount: bigint;
  /** Value date. */
  readonly date: LocalDate;
  /** External ids of the receivables it names; empty means oldest first. Fee, interest and write-off name one. */
  readonly references: readonly string[];
  /** A payment that bounced counts nothing from the moment its reversal is committed. */
  readonly reversedAt?: number;
  readonly recordedAt: number;
}

export type HoldKind = "dispute" | "vulnerable" | "legal" | "insolvency" | "manual";

export interface Hold {
  /** `hold_…` */
  readonly id: string;
  readonly kind: HoldKind;
  readonly scope: "debtor" | "case" | "item";
  /** The row that the scope names: a debtor, a case or a receivable. */
  readonly targetId: RowId;
  /** The last local day (debtor's zone) that is held. Absent: until somebody ends it. */
  readonly until?: LocalDate;
  readonly reviewer?: string;
  readonly reason: string;
  readonly placedBy: Actor;
  readonly placedAt: number;
  readonly endedAt?: number;
}

export type CaseStage =
  | "watching"
  | "preventive"
  | "due"
  | "early"
  | "late"
  | "final"
  | "handover"
  | "closed";

export type Settlement = "paid" | "credited" | "written-off" | "cancelled";

/** Creditor × debtor × currency. */
export interface Case {
  readonly id: RowId;
  /** Eight characters in two groups ("4T7K-93QX"): the public id and the code in texts. */
  readonly code: string;
  readonly creditorId: RowId;
  readonly debtorId: RowId;
  readonly currency: CurrencyCode;
  readonly stage: CaseStage;
  /** Counts how often the case went from nothing open to something open, from 1. */
  readonly episode: number;
  /** Since when nothing is open, and why; absent while something is. */
  readonly settledAt?: number;
  readonly settledAs?: Settlement;
  /** When it must be decided again; absent when nothing will happen without a new fact. */
  readonly nextActionAt?: number;
}

/** One feed of a creditor and how far it reaches. */
export interface FeedStatus {
  readonly creditorId: RowId;
  readonly source: string;
  readonly carries: "receivables" | "payments";
  /** What happened up to this instant is in the ledger. */
  readonly asOf: number;
  readonly receivedAt: number;
}

export type MessageClass = "debt" | "formal" | "promise" | "thanks" | "service" | "confirmation";

/** What an occurrence hangs on. `id` is the external id of a receivable, the episode, or a promise's id. */
export interface Anchor {
  readonly kind: "receivable" | "case" | "promise" | "reply" | "manual";
  readonly id: string;
  /** Of a receivable: its `dueDateSequence`. */
  readonly sequence: number;
}

/** A receivable in a message, with the step of its own ladder that the message settles, if one was due. */
export interface Cover {
  readonly receivableId: RowId;
  /** Of the receivable when the message was planned: a date moved later is planned anew. */
  readonly dueDateSequence: number;
  readonly stepId?: string;
  /** The item was due in the same round, but a louder stage speaks: the text does not list it. */
  readonly superseded?: boolean;
}

/** One step done, or being done, for a case: made once, under a unique key. */
export interface Occurrence {
  readonly id: RowId;
  readonly key: string;
  readonly caseId: RowId;
  readonly debtorId: RowId;
  readonly policyVersion: string;
  readonly stepId: string;
  readonly stage: CaseStage;
  readonly anchor: Anchor;
  /** 0, and one more for each insistence or deliberate resend of the same step. */
  readonly sequence: number;
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly contactPointId?: RowId;
  readonly number?: string;
  /** Receivables that the message speaks of. */
  readonly receivableIds: readonly RowId[];
  /** The same receivables as the decision saw them; stored as decided. */
  readonly covers: readonly Cover[];
  readonly state: OccurrenceState;
  /** Why it is in this state: a rule id or one sentence. */
  readonly reason?: string;
  readonly plannedFor: number;
  /** The instant that counts against contact caps; absent when nothing reached or will reach the debtor. */
  readonly contactAt?: number;
  readonly createdAt: number;
  readonly handedOverAt?: number;
  readonly submittedAt?: number;
  readonly deliveredAt?: number;
  readonly endedAt?: number;
  /** The gateway's id of the message. */
  readonly gatewayId?: string;
}

export interface PaymentPromise {
  /** `prom_…` */
  readonly id: string;
  readonly caseId: RowId;
  readonly amount: bigint;
  readonly dueDate: LocalDate;
  readonly state: PromiseState;
  readonly madeAt: number;
}
