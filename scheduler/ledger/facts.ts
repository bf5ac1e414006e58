/**
 * `CaseFacts`: everything `decide(policy, pack, facts, now)` may look at, read in one go and never
 * changed. It holds facts only; counters ("three reminders in seven days") are derived by who asks.
 */
import type { LocalDate } from "#shared/local-date.ts";
import type { OccurrenceState } from "./states.ts";
import type {
  Case,
  Channel,
  ContactPoint,
  Creditor,
  Debtor,
  FeedStatus,
  Hold,
  MessageClass,
  Occurrence,
  PaymentPromise,
  Receivable,
  RowId,
} from "./types.ts";

export interface ReceivableFacts extends Receivable {
  /** The ledger's sum for this item; above zero. */
  readonly open: bigint;
  readonly fees: bigint;
  readonly interest: bigint;
  /** Payments and credit notes that went to this item. */
  readonly credited: bigint;
}

export interface ContactPointFacts extends ContactPoint {
  /**
   * IANA zones the debtor may be in, most certain first: the stated zone alone; else those of the address,
   * and of the number's country where that is another one. A window must be open in all of them
   * (12 CFR 1006.6(b)(1)(i)).
   */
  readonly zones: readonly string[];
  /** The number said STOP: to this creditor, or to everybody on this gateway. */
  readonly optedOut?: { readonly at: number; readonly scope: "creditor" | "all" };
}

/** One contact that counts against caps: of any case of the debtor, or of anyone else at the same number. */
export interface ContactFact {
  readonly at: number;
  readonly caseId: RowId;
  readonly debtorId: RowId;
  readonly channel: Channel;
  readonly class: MessageClass;
  readonly state: OccurrenceState;
  readonly occurrenceId: RowId;
}

/**
 * A reason outside the case why nothing may be planned: a restart after long downtime that an operator has
 * not approved, a clock that jumped, a fleet that is paused. Set by the run loop, never by the ledger.
 */
export interface Gate {
  /** Rule id ("catch-up.approval"). */
  readonly rule: string;
  readonly detail: string;
  /** "debt" lets thanks through. */
  readonly blocks: "debt" | "all";
  /** When it opens by itself, if it does. */
  readonly until?: number;
}

export interface CaseFacts {
  /** When the snapshot was read. */
  readonly readAt: number;
  readonly case: Case;
  readonly creditor: Creditor;
  readonly debtor: Debtor;
  /** Zones of the debtor apart from any number, for local dates; the first is the most certain. Never empty. */
  readonly zones: readonly string[];
  /** Tried in this order: rank, then score, then row. */
  readonly contactPoints: readonly ContactPointFacts[];
  /** Receivables of the case with something open, disputed ones included, by due date then external id. */
  readonly receivables: readonly ReceivableFacts[];
  /** Paid or credited but on no item: more was paid than was owed. */
  readonly unallocatedCredit: bigint;
  /** Sum of `open` minus `unallocatedCredit`: what the case owes, never below zero. */
  readonly openTotal: bigint;
  /** The latest payment that still counts; its `amount` is the whole payment. */
  readonly lastPayment?: { readonly amount: bigint; readonly date: LocalDate; readonly recordedAt: number };
  /** Holds in force as far as the ledger knows: not ended by hand. `until` is for the caller to judge. */
  readonly holds: readonly Hold[];
  /** Promises that are open or were broken in this episode, oldest first. */
  readonly promises: readonly PaymentPromise[];
  /** All occurrences of the case, oldest first. */
  readonly occurrences: readonly Occurrence[];
  /** Contacts of the last `CONTACT_HISTORY_MS`, oldest first. */
  readonly contacts: readonly ContactFact[];
  /** Feeds of the creditor. No `payments` feed at all means that nobody promised one. */
  readonly feeds: readonly FeedStatus[];
  /** Absent and empty mean the same: nothing outside the case stands in the way. */
  readonly gates?: readonly Gate[];
}

/** 32 days: longer than the longest cap known (a month). */
export const CONTACT_HISTORY_MS = 32 * 86_400_000;
