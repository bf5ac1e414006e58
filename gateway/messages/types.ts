/** Messages as the rooms of the gateway hand them to each other. Times are milliseconds since 1970. */
import type { MessageState, SegmentState } from "./states.ts";

export interface NewMessage {
  /** E.164 with the `+`, or a short code the settings allow. */
  readonly to: string;
  readonly text: string;
  readonly notBefore?: number;
  /** After this it is not handed to a modem any more. */
  readonly notAfter?: number;
  /** TP-VP: how long the service centre keeps trying, from the submit on. */
  readonly validitySeconds?: number;
  /** 0 (bulk) to 9 (urgent). */
  readonly priority: number;
  /** TP-DCS message class; 0 is shown at once ("flash"). */
  readonly class?: 0 | 1 | 2 | 3;
  /** ICCID of the SIM that must send it. */
  readonly sim?: string;
  /** The caller's own reference. */
  readonly reference?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Ask for a delivery report. */
  readonly report: boolean;
  readonly transliterate: boolean;
  readonly onUnknown: "hold" | "resend";
  /** `stored`: put on the modem first (AT+CMGW), so that the entry's status tells whether it was sent. */
  readonly evidence?: "stored";
}

/**
 * What settles an attempt of which nobody knows whether it was sent, strongest first:
 * - `late-answer`: the modem's own answer, after all
 * - `sim-reference`: the last message reference on the SIM (EF_SMSS, 3GPP TS 31.102 4.2.9)
 * - `next-reference`: the reference of the SIM's next message
 * - `report`: a status report with the reference that was due
 * - `stored-entry`: the status of the PDU that was put on the modem before
 * - `resolved`: a person decided
 * - `policy`: the caller wanted a second copy rather than none
 */
export const EVIDENCE_KINDS = [
  "late-answer",
  "sim-reference",
  "next-reference",
  "report",
  "stored-entry",
  "resolved",
  "policy",
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** What was looked at after an attempt without an outcome. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly at: number;
  /** In one sentence. */
  readonly saw: string;
  /** `nothing`: it does not tell. */
  readonly verdict: "sent" | "not-sent" | "nothing";
  /** Id of the key of the person who decided. */
  readonly decidedBy?: string;
}

/** One time that a segment was handed to a modem. */
export interface Attempt {
  readonly try: number;
  readonly sim: string;
  readonly modem: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** As it is known now; absent while the modem has it. */
  readonly outcome?: "accepted" | "refused" | "not-sent" | "unknown";
  readonly messageReference?: number;
  readonly detail?: string;
  readonly evidence: readonly Evidence[];
}

export interface Segment {
  readonly number: number;
  readonly state: SegmentState;
  readonly text: string;
  readonly sim?: string;
  readonly modem?: string;
  /** TP-MR as the modem gave it. */
  readonly messageReference?: number;
  readonly attempts: number;
  readonly submittedAt?: number;
  readonly deliveredAt?: number;
  /** Why it is in this state, in one sentence. */
  readonly reason?: string;
  /** Catalogue code of the reason (`shared/problems.ts`), where there is one. */
  readonly code?: string;
  /** Present where one message is read by itself. */
  readonly history?: readonly Attempt[];
}

export interface Message extends NewMessage {
  readonly id: string;
  readonly keyId: string;
  readonly state: MessageState;
  readonly alphabet: "gsm7" | "ucs2";
  readonly segments: readonly Segment[];
  readonly acceptedAt: number;
  readonly submittedAt?: number;
  readonly deliveredAt?: number;
}

export interface AcceptContext {
  readonly keyId: string;
  /** Of the `Idempotency-Key` header; stored in the same transaction as the messages. */
  readonly idempotency?: { readonly key: string; readonly bodyHash: string };
}

export type AcceptResult =
  | { readonly kind: "accepted"; readonly messages: readonly Message[] }
  /** The same key and body were accepted before; these are the messages of then, as they are now. */
  | { readonly kind: "replayed"; readonly messages: readonly Message[] }
  /** The key was used with another body. */
  | { readonly kind: "conflict" }
  /** The outbox is at its limit. */
  | { readonly kind: "full"; readonly retryAfterMs: number };

export interface MessageFilter {
  readonly keyId?: string;
  readonly state?: MessageState;
  readonly to?: string;
  readonly reference?: string;
  readonly acceptedFrom?: number;
  readonly acceptedUntil?: number;
  /** The id of the last message of the page before. Newest first. */
  readonly after?: string;
  readonly limit: number;
}

export type CancelResult =
  | { readonly kind: "cancelled"; readonly message: Message }
  /** A segment is on the air or settled already. */
  | { readonly kind: "too-late"; readonly message: Message }
  | { readonly kind: "not-found" };

/**
 * What a person says of segments that are `unknown`: they were sent; they were not, and go out (again);
 * or they are given up.
 */
export type Resolution = "sent" | "not-sent" | "failed";

export interface ResolveRequest {
  readonly outcome: Resolution;
  /** All unknown segments unless given. */
  readonly segment?: number;
  /** Only while this is the segment's last try: a repeated request must not decide about the next one. */
  readonly try?: number;
  /** Id of the key, and its name. */
  readonly by: { readonly id: string; readonly name: string };
}

export type ResolveResult =
  /** Also when the same was decided before. */
  | { readonly kind: "resolved"; readonly message: Message }
  | { readonly kind: "nothing-unknown"; readonly message: Message }
  | { readonly kind: "not-found" };

/** What `gateway/http` needs of the messages; implemented beside it on the database. */
export interface Messages {
  /** Resolves after the commit: then the messages are on disk, all of them or none. */
  accept(messages: readonly NewMessage[], context: AcceptContext): Promise<AcceptResult>;
  /** What `accept` answers to a key that was used before; undefined when it was not, or there is none. */
  recall(context: AcceptContext): Promise<AcceptResult | undefined>;
  /** With the history of each segment. */
  get(id: string, keyId?: string): Promise<Message | undefined>;
  /** Settles what is `unknown` by a person's decision. */
  resolve(id: string, request: ResolveRequest, keyId?: string): Promise<ResolveResult>;
  list(filter: MessageFilter): Promise<readonly Message[]>;
  cancel(id: string, keyId?: string): Promise<CancelResult>;
  /** Accepted and not yet settled segments, for the limit and the metrics. */
  countQueued(): Promise<number>;
}

export interface InboundMessage {
  readonly id: string;
  readonly from: string;
  readonly text?: string;
  /** Hexadecimal, for 8-bit messages. */
  readonly data?: string;
  readonly sim: string;
  /** As the service centre stamped it, ISO 8601. */
  readonly sentAt?: string;
  readonly receivedAt: number;
  readonly segments: number;
  /** False when parts of a long message never came and it was given up. */
  readonly complete: boolean;
}

export interface InboundFilter {
  readonly from?: string;
  readonly sim?: string;
  readonly after?: string;
  readonly limit: number;
}

export interface Inbox {
  list(filter: InboundFilter): Promise<readonly InboundMessage[]>;
  get(id: string): Promise<InboundMessage | undefined>;
}

/** Everything that happens, in one sequence; the source of webhooks and of the live stream. */
export interface GatewayEvent {
  /** Grows by at least 1 from event to event; never used twice. */
  readonly sequence: number;
  readonly id: string;
  readonly type: EventType;
  readonly at: number;
  /** Present on message events: the place of this event in its message's own history, from 1. */
  readonly messageId?: string;
  readonly messageSequence?: number;
  readonly keyId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type EventType =
  | "message.accepted"
  | "message.submitted"
  | "message.delivered"
  | "message.undelivered"
  | "message.failed"
  | "message.expired"
  | "message.cancelled"
  | "message.unknown"
  | "message.queued"
  | "message.buffered"
  | "inbound.received"
  /** A received PDU that cannot be read; it is kept as it came. */
  | "inbound.undecodable"
  | "modem.changed"
  | "sim.parked"
  | "sim.released";

export interface EventLog {
  /** Events after `sequence`, oldest first. */
  after(sequence: number, limit: number, types?: readonly EventType[]): Promise<readonly GatewayEvent[]>;
  get(id: string): Promise<GatewayEvent | undefined>;
  lastSequence(): Promise<number>;
  /** Calls back after each commit that added events, with the newest sequence. Returns the way out. */
  onAppended(listener: (lastSequence: number) => void): () => void;
}

export interface FleetView {
  modems(): readonly ModemView[];
  sims(): Promise<readonly SimView[]>;
}

export interface ModemView {
  readonly name: string;
  readonly port: string;
  readonly state: string;
  readonly detail: string;
  readonly imei?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly revision?: string;
  readonly profile?: string;
  readonly sim?: string;
  readonly operator?: string;
  readonly signalDbm?: number;
  readonly registration?: string;
  readonly submitting: boolean;
}

export interface SimView {
  readonly iccid: string;
  readonly imsi: string;
  readonly modem?: string;
  readonly parked?: { readonly since: number; readonly until?: number; readonly reason: string };
  /** Segments handed over in the running window of each limit, and the limit. */
  readonly usage: readonly {
    readonly per: "minute" | "hour" | "day" | "month";
    readonly used: number;
    readonly limit?: number;
  }[];
  readonly queued: number;
}
