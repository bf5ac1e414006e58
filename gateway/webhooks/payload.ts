/** An event as receivers get it: one rule for who may see it, one shape for webhook, stream and list. */
import type { GatewayEvent } from "#gateway/messages/types.ts";
import { type ApiKey, hasScope } from "#shared/api-keys.ts";
import type * as api from "#shared/gateway-api.ts";

export function maySee(key: Pick<ApiKey, "id" | "scopes">, event: GatewayEvent): boolean {
  if (event.type.startsWith("message.")) return event.keyId === key.id || hasScope(key.scopes, "read:all");
  return hasScope(key.scopes, event.type.startsWith("inbound.") ? "inbound:read" : "fleet:read");
}

export function renderEvent(event: GatewayEvent): api.GatewayEvent {
  return {
    id: event.id,
    type: event.type,
    timestamp: new Date(event.at).toISOString(),
    sequence: event.sequence,
    ...(event.messageId === undefined ? {} : { messageId: event.messageId }),
    ...(event.messageSequence === undefined ? {} : { messageSequence: event.messageSequence }),
    data: withMoments(event.data),
  };
}

/** Members of `data` that are milliseconds inside the gateway and RFC 3339 outside, like every moment. */
const MOMENTS: readonly string[] = ["receivedAt", "until"];

function withMoments(data: GatewayEvent["data"]): Record<string, unknown> {
  const written: Record<string, unknown> = { ...data };
  for (const name of MOMENTS) {
    const ms = written[name];
    if (typeof ms === "number") written[name] = new Date(ms).toISOString();
  }
  return written;
}
