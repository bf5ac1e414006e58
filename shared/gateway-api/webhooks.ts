import { z } from "zod";
import { Id, label, PageQuery, pageOf, Timestamp } from "./common.ts";
import { EVENT_TYPES, EventType } from "./events.ts";

const URL_CHARS_MAX = 2_000;
/** How long a replaced secret still signs, unless the request says otherwise. */
const ROTATION_OVERLAP_SECONDS = 24 * 3_600;
const ROTATION_OVERLAP_SECONDS_MAX = 7 * 24 * 3_600;

/** Whether the address may be reached is checked again at each connection. */
export const WebhookUrl = z
  .string()
  .max(URL_CHARS_MAX)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  }, "Give an http or https address without a user name or password in it.");

const Events = z
  .array(EventType)
  .min(1)
  .max(EVENT_TYPES.length)
  .meta({ description: "Which events to send; all that the key may see when absent" });

export const NewWebhook = z
  .strictObject({
    url: WebhookUrl,
    events: Events.optional(),
    description: label(200).optional(),
    enabled: z.boolean().default(true),
  })
  .meta({ id: "NewWebhook" });

export const WebhookChange = z
  .strictObject({
    url: WebhookUrl.optional(),
    events: Events.nullable().optional().meta({ description: "null: all that the key may see" }),
    description: label(200).nullable().optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: "WebhookChange" });

export const Webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(EventType).optional(),
    description: z.string().optional(),
    enabled: z.boolean(),
    disabledReason: z.string().optional(),
    createdAt: Timestamp,
    pending: z.int().meta({ description: "Events that wait to be sent or sent again" }),
    lastSuccessAt: Timestamp.optional(),
    lastFailureAt: Timestamp.optional(),
    secretExpiresAt: Timestamp.optional().meta({
      description: "Until then a replaced secret signs beside the new one",
    }),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.output<typeof Webhook>;

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().meta({ description: "`whsec_…`; shown in this answer and never again" }),
}).meta({ id: "WebhookWithSecret" });

export const WebhookList = z.object({ items: z.array(Webhook) }).meta({ id: "WebhookList" });

export const RotateSecret = z
  .strictObject({
    overlapSeconds: z.int().min(0).max(ROTATION_OVERLAP_SECONDS_MAX).default(ROTATION_OVERLAP_SECONDS),
  })
  .meta({ id: "RotateSecret" });

export const ReplayRequest = z
  .union([z.strictObject({ eventId: Id }), z.strictObject({ since: Timestamp, until: Timestamp.optional() })])
  .meta({ id: "ReplayRequest", description: "One event, or all events of a span of time" });

export const ReplayAnswer = z
  .object({ fromSequence: z.int(), untilSequence: z.int() })
  .meta({ id: "ReplayAnswer", description: "The events in this range are sent again, with their own ids" });

export const TestAnswer = z
  .object({
    ok: z.boolean(),
    status: z.int().optional(),
    error: z.string().optional(),
    durationMs: z.int(),
  })
  .meta({ id: "TestAnswer" });

export const Delivery = z
  .object({
    eventId: z.string(),
    type: z.string(),
    sequence: z.int(),
    messageId: z.string().optional(),
    state: z.enum(["pending", "delivered", "failed"]),
    attempts: z.int(),
    nextAttemptAt: Timestamp.optional(),
    lastAttemptAt: Timestamp.optional(),
    lastStatus: z.int().optional(),
    lastError: z.string().optional(),
    lastDurationMs: z.int().optional(),
    lastResponse: z.string().optional().meta({ description: "The first characters, with numbers masked" }),
  })
  .meta({ id: "Delivery" });

export const DeliveryPage = pageOf(Delivery).meta({ id: "DeliveryPage" });

export const DeliveryQuery = z.strictObject({
  state: z.enum(["pending", "delivered", "failed"]).optional(),
  ...PageQuery,
});
