import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "./common.ts";
import { Iccid } from "./messages.ts";

export const InboundMessage = z
  .object({
    id: z.string(),
    from: z.string().meta({ description: "As the network gave it: a number, a short code or a name" }),
    text: z.string().optional(),
    data: z.string().optional().meta({ description: "Hexadecimal, for 8-bit messages" }),
    sim: z.string(),
    sentAt: z.string().optional().meta({ description: "As the service centre stamped it, ISO 8601" }),
    receivedAt: Timestamp,
    segments: z.int(),
    complete: z.boolean().meta({ description: "False when parts never came and it was given up" }),
  })
  .meta({ id: "InboundMessage" });
export type InboundMessage = z.output<typeof InboundMessage>;

export const InboundPage = pageOf(InboundMessage).meta({ id: "InboundPage" });

export const InboundQuery = z.strictObject({
  from: z.string().min(1).max(40).optional(),
  sim: Iccid.optional(),
  ...PageQuery,
});
