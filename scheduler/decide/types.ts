/**
 * What a decision is: a value that can be printed, stored and tested in a table (house rule 4). Nothing
 * here reads time, chance or a database.
 */
import type { Anchor, CaseStage, Channel, Cover, MessageClass, RowId } from "#scheduler/ledger/types.ts";
import type { LocalDate } from "#shared/local-date.ts";

/** One rule that was looked at. A refusal always has one, with the id of the rule that refused. */
export interface Explained {
  /** Stable id: of a law row ("co.ley-2300.hours"), of the policy ("policy.minimum-interval") or of the house. */
  readonly rule: string;
  /** "passed" let it through, "blocked" stopped it, "applied" changed something, "noted" only tells. */
  readonly outcome: "passed" | "blocked" | "applied" | "noted";
  /** One plain sentence with the values that were compared. */
  readonly detail: string;
}

/** A step that will not be sent, and why: it ended, or a later or louder one speaks instead. */
export interface Superseded {
  readonly receivableId: RowId;
  readonly anchor: Anchor;
  readonly stepId: string;
  readonly stage: CaseStage;
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly reason: "expired" | "superseded" | "entered-later" | "louder";
}

/** What would leave. Everything that goes into the occurrence row and into the text. */
export interface PlannedMessage {
  readonly stepId: string;
  readonly stage: CaseStage;
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly anchor: Anchor;
  /** How many occurrences this step and anchor had before: part of the unique key. */
  readonly sequence: number;
  /** `NAME@VERSION` of the policy. */
  readonly policyVersion: string;
  readonly templateKey: string;
  readonly templateVersion: number;
  /** Language of the template that is used ("pt" for a debtor with "pt-BR"). */
  readonly language: string;
  readonly contactPointId: RowId;
  readonly number: string;
  /** The receivables that the text lists and sums, oldest due date first. Empty for a thank-you. */
  readonly receivableIds: readonly RowId[];
  /** Every item that was due in this round, exactly once; stored with the occurrence as it stands. */
  readonly covers: readonly Cover[];
  /** Steps that this message passes over for good; each is stored as a skipped occurrence. */
  readonly supersedes: readonly Superseded[];
  /** The ledger's sum over `receivableIds`, minor units; of a thank-you, what was paid. */
  readonly amount: bigint;
  /** Earliest and latest due date of what is listed; equal for one item, absent for a thank-you. */
  readonly dueDate?: LocalDate;
  readonly latestDueDate?: LocalDate;
  /** Until when to pay, on the debtor's calendar, counted from the day on which the text leaves. */
  readonly finalDate?: LocalDate;
  /** Legal parts that must stand in the text, with the rule that wants them. */
  readonly notices: readonly RequiredNotice[];
  /** Not to leave before this instant, nor at or after `notAfter`: the window in every zone of the debtor. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export type NoticeKind = "opt-out" | "collector";

export interface RequiredNotice {
  readonly kind: NoticeKind;
  readonly rule: string;
}

/** What else has to happen, once; the run loop does it in the transaction that stores the decision. */
export type Effect =
  | { readonly kind: "promise-broken"; readonly promiseId: string }
  /** The ladder is over: what was never said is passed over for good. */
  | { readonly kind: "steps-skipped"; readonly policyVersion: string; readonly steps: readonly Superseded[] }
  | { readonly kind: "task"; readonly task: TaskKind; readonly detail: string };

export type TaskKind =
  | "approve-message"
  | "approve-catch-up"
  | "handover"
  | "promise-broken"
  | "no-contact"
  | "unallocated-credit"
  | "fee-over-cap"
  | "setup"
  | "old-debt";

interface Reasoned {
  /** The rule that made it so. */
  readonly rule: string;
  readonly because: string;
  /** Every rule that was looked at, in order. */
  readonly explanation: readonly Explained[];
  /** The stage of the case as the facts show it now. */
  readonly stage: CaseStage;
  readonly effects: readonly Effect[];
}

/** Everything allows it: reserve the occurrence, compose the text, hand it over. */
export interface Send extends Reasoned {
  readonly kind: "send";
  readonly message: PlannedMessage;
}

/** Nothing now; decide again at `until` (always later than `now`) or when a fact changes. */
export interface Wait extends Reasoned {
  readonly kind: "wait";
  readonly until: number;
  /** What is ready and only waits for its time. */
  readonly message?: PlannedMessage;
}

/** Something must change first: a person, a payment file, a template. `until` only when it ends by itself. */
export interface Hold extends Reasoned {
  readonly kind: "hold";
  readonly until?: number;
  /** What would leave were it not held; for approval this is the preview. */
  readonly message?: PlannedMessage;
}

/** The ladder is over until new facts come. */
export interface Stop extends Reasoned {
  readonly kind: "stop";
}

export type Decision = Send | Wait | Hold | Stop;
