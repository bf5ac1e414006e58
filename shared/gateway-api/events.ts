import { z } from "zod";
import { PageQuery, Timestamp } from "./common.ts";
import { MessageState } from "./messages.ts";

export const EVENT_TYPES = [
  "message.accepted",
  "message.queued",
  "message.submitted",
  "message.buffered",
  "message.delivered",
  "message.undelivered",
  "message.failed",
  "message.expired",
  "message.cancelled",
  "message.unknown",
  "inbound.received",
  "inbound.undecodable",
  "modem.changed",
  "sim.parked",
  "sim.released",
] as const;

export const EventType = z.enum(EVENT_TYPES).meta({ id: "EventType" });
export type EventType = z.output<typeof EventType>;

/** What a webhook sends, the live stream carries and the list shows: one shape for all three. */
export const GatewayEvent = z
  .object({
    id: z
      .string()
      .meta({ description: "Stays the same in every repetition: the key to ignore a second copy by" }),
    type: EventType,
    timestamp: Timestamp.meta({ description: "When it happened" }),
    sequence: z.int().meta({ description: "Grows from event to event over the whole gateway" }),
    messageId: z.string().optional(),
    messageSequence: z
      .int()
      .optional()
      .meta({ description: "The place of this event in its message's own history, from 1" }),
    data: z.record(z.string(), z.unknown()).meta({
      description:
        "MessageEventData on message.*, InboundMessage on inbound.received, ModemEventData on modem.changed, " +
        "SimEventData on sim.*",
    }),
  })
  .meta({ id: "Event" });
export type GatewayEvent = z.output<typeof GatewayEvent>;

export const MessageEventData = z
  .object({
    to: z.string(),
    state: MessageState.meta({ description: "Of the message, after what happened" }),
    alphabet: z.enum(["gsm7", "ucs2"]),
    segments: z.int(),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    segment: z.int().optional().meta({ description: "The one that changed, from 1" }),
    reason: z.string().optional(),
    code: z.string().optional().meta({ description: "Of the reason; explained at /problems/CODE" }),
    status: z.int().optional().meta({ description: "TP-ST of the delivery report" }),
    evidence: z.string().optional().meta({
      description: "What settled a segment that was unknown: a `kind` of Evidence",
    }),
  })
  .meta({ id: "MessageEventData" });

export const ModemEventData = z
  .object({
    modem: z.string(),
    state: z.string(),
    detail: z.string(),
    sim: z.string().optional(),
    imei: z.string().optional(),
    model: z.string().optional(),
  })
  .meta({ id: "ModemEventData" });

export const SimEventData = z
  .object({
    sim: z.string().meta({ description: "ICCID" }),
    reason: z.string().optional(),
    code: z.string().optional(),
    until: Timestamp.optional().meta({ description: "Absent: until a person releases it" }),
    by: z.string().optional().meta({ description: "Who released it" }),
  })
  .meta({ id: "SimEventData" });

export const EventQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).meta({ description: "Only events after this sequence" }),
  type: z
    .union([EventType, z.array(EventType).max(EVENT_TYPES.length)])
    .optional()
    .meta({ description: "May be repeated" }),
  limit: PageQuery.limit,
});

export const EventPage = z
  .object({
    items: z.array(GatewayEvent).meta({ description: "Oldest first" }),
    nextAfter: z.int().meta({ description: "Send as `after` to go on from here" }),
  })
  .meta({ id: "EventPage" });
