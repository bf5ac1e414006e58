/** What may be put into the ledger, parsed and typed by the border (HTTP, import) before it comes here. */
import type { LocalDate } from "#shared/local-date.ts";
import type {
  Actor,
  Channel,
  Consent,
  Creditor,
  CurrencyCode,
  Debtor,
  EntryKind,
  HoldKind,
} from "./types.ts";

/** Who changes something, when, and how fresh the source's word is. */
export interface Change {
  readonly actor: Actor;
  readonly at: number;
  /** The feed: `api`, or the name of an import's source. */
  readonly source: string;
  /** The source speaks of what was so at this instant. For a call that is now. */
  readonly asOf: number;
}

/**
 * In every input an absent field keeps what is stored (or takes the default when the row is new) and
 * `null` empties it. `version` is the source's own counter: a lower one never overwrites a higher one.
 */
export interface CreditorInput {
  readonly externalId: string;
  readonly version?: number;
  readonly name?: string;
  readonly role?: Creditor["role"];
  readonly timeZone?: string;
  readonly jurisdiction?: string;
  readonly language?: string;
  readonly contact?: string | null;
  readonly paymentInstructions?: Readonly<Record<CurrencyCode, string>>;
}

export interface ContactPointInput {
  readonly channel: Channel;
  /** E.164 for sms and phone. */
  readonly number: string;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country?: string;
  readonly consent?: Consent;
  readonly rank?: number;
}

export interface DebtorInput {
  readonly externalId: string;
  readonly version?: number;
  readonly name?: string;
  readonly kind?: Debtor["kind"];
  readonly language?: string;
  readonly timeZone?: string | null;
  readonly jurisdiction?: string;
  readonly segment?: string;
  /** All that this source knows: one that it gave before and leaves out now is not used any more. */
  readonly contactPoints?: readonly ContactPointInput[];
}

export interface ReceivableInput {
  readonly externalId: string;
  readonly version?: number;
  /** External id of the debtor. */
  readonly debtor?: string;
  readonly currency?: CurrencyCode;
  readonly principal?: bigint;
  /** In its place, from a source that knows only what is open: the stored principal, or this if it is more. */
  readonly principalAtLeast?: bigint;
  readonly issueDate?: LocalDate | null;
  readonly dueDate?: LocalDate;
  readonly description?: string | null;
  readonly disputed?: boolean;
  readonly cancelled?: boolean;
}

export interface EntryInput {
  readonly kind: EntryKind;
  readonly externalId: string;
  readonly version?: number;
  /** External id of the debtor; may be left out when `references` names a receivable. */
  readonly debtor?: string;
  /** External ids of receivables. Fee, interest and write-off name exactly one. */
  readonly references?: readonly string[];
  readonly currency?: CurrencyCode;
  readonly amount?: bigint;
  readonly date?: LocalDate;
  /** It bounced or was booked in error. There is no way back: a second payment has its own id. */
  readonly reversed?: boolean;
}

export interface HoldInput {
  readonly kind: HoldKind;
  /** External id of the debtor. */
  readonly debtor: string;
  /** Narrows it to the debtor's case in this currency. */
  readonly currency?: CurrencyCode;
  /** Narrows it to one receivable, by external id. */
  readonly receivable?: string;
  readonly until?: LocalDate;
  readonly reviewer?: string;
  readonly reason: string;
}
