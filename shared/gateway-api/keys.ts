import { z } from "zod";
import { label, Timestamp } from "./common.ts";

/** What a key may do. `read:all` widens reading to messages of other keys; `admin` holds every scope. */
export const SCOPES = [
  "messages:write",
  "messages:read",
  "inbound:read",
  "events:read",
  "fleet:read",
  "webhooks:write",
  "metrics:read",
  "read:all",
  "admin",
] as const;

export const Scope = z.enum(SCOPES).meta({ id: "Scope" });
export type Scope = z.output<typeof Scope>;

export const NewKey = z
  .strictObject({
    name: label(100),
    scopes: z.array(Scope).min(1).max(SCOPES.length),
    expiresAt: Timestamp.optional(),
  })
  .meta({ id: "NewKey" });

export const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    shown: z.string().meta({ description: "The first characters of the key" }),
    scopes: z.array(z.string()),
    createdAt: Timestamp,
    expiresAt: Timestamp.optional(),
    revokedAt: Timestamp.optional(),
    lastUsedAt: Timestamp.optional(),
  })
  .meta({ id: "Key" });

export const KeyWithText = Key.extend({
  key: z.string().meta({ description: "The key itself; shown in this answer and never again" }),
}).meta({ id: "KeyWithText" });

export const KeyList = z.object({ items: z.array(Key) }).meta({ id: "KeyList" });
