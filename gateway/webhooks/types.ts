/** What the other rooms of the gateway ask of the webhooks. Times are milliseconds since 1970. */
import type { EventType } from "#gateway/messages/types.ts";

export interface Webhook {
  readonly id: string;
  /** The key that made it: the receiver sees what this key may see. */
  readonly keyId: string;
  readonly url: string;
  /** Absent: all that the key may see. */
  readonly events?: readonly EventType[];
  readonly description?: string;
  readonly enabled: boolean;
  readonly disabledReason?: string;
  readonly createdAt: number;
  /** Events that wait to be sent, or sent again. */
  readonly pending: number;
  readonly lastSuccessAt?: number;
  readonly lastFailureAt?: number;
  /** Until then the replaced secret signs beside the new one. */
  readonly secretExpiresAt?: number;
}

export interface NewWebhook {
  readonly url: string;
  readonly events?: readonly EventType[];
  readonly description?: string;
  readonly enabled: boolean;
}

/** `null` takes a value away, absence leaves it. */
export interface WebhookChange {
  readonly url?: string;
  readonly events?: readonly EventType[] | null;
  readonly description?: string | null;
  readonly enabled?: boolean;
}

export interface WebhookWithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

export type DeliveryState = "pending" | "delivered" | "failed";

/** One event for one receiver. */
export interface Delivery {
  readonly number: number;
  readonly eventId: string;
  readonly sequence: number;
  readonly type: string;
  readonly messageId?: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAt?: number;
  readonly last?: Attempt;
}

/** How one try to post went. */
export interface Attempt {
  readonly at: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
  /** The first characters of the answer, with numbers masked. */
  readonly response?: string;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState;
  /** `number` of the last delivery of the page before. Newest first. */
  readonly after?: number;
  readonly limit: number;
}

export type ReplayRange = { readonly eventId: string } | { readonly since: number; readonly until?: number };

export interface Replay {
  readonly fromSequence: number;
  readonly untilSequence: number;
}

export interface Webhooks {
  /** @throws Problem `target_not_allowed`, `too_many_webhooks` */
  create(keyId: string, wanted: NewWebhook): Promise<WebhookWithSecret>;
  list(keyId?: string): readonly Webhook[];
  get(id: string, keyId?: string): Webhook | undefined;
  change(id: string, change: WebhookChange): Promise<Webhook | undefined>;
  remove(id: string): Promise<boolean>;
  /** A new secret; the old one signs beside it for `overlapMs`. */
  rotate(id: string, overlapMs: number): Promise<WebhookWithSecret | undefined>;
  /** Posts a `webhook.test` event now, once, and tells how it went. */
  test(id: string): Promise<Attempt | undefined>;
  /** Undefined when there is no such event. */
  replay(id: string, range: ReplayRange): Promise<Replay | undefined>;
  deliveries(id: string, filter: DeliveryFilter): readonly Delivery[];
  start(): void;
  /** Ends the posts on the way; their events stay pending. */
  stop(): Promise<void>;
}
