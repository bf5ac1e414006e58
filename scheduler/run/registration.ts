/**
 * The webhook that the gateway calls. It is made once and its secret kept; one whose secret is lost is
 * replaced, because nothing that it sends could be believed.
 */
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { WANTED_EVENTS } from "./intake.ts";
import type { Marks } from "./marks.ts";

export interface RegistrationDeps {
  readonly db: Database;
  readonly log: Logger;
  readonly gateway: GatewayClient;
  readonly marks: Marks;
}

/** True when the gateway will call us at `url`. */
export async function registerWebhook(deps: RegistrationDeps, url: string): Promise<boolean> {
  const list = await deps.gateway.webhooks();
  if (list.kind !== "ok") return false;
  const known = deps.marks.get("gateway.webhook");
  const mine = list.value.find((webhook) => webhook.id === known);
  if (mine !== undefined && mine.url === url && mine.enabled) return true;
  for (const webhook of list.value) {
    if (webhook.id === known || webhook.url === url) await deps.gateway.deleteWebhook(webhook.id);
  }
  const made = await deps.gateway.createWebhook(url, WANTED_EVENTS);
  if (made.kind !== "ok") {
    const detail = made.kind === "no-answer" ? made.detail : made.kind;
    deps.log.warn({ detail }, "the gateway takes no webhook; its events are polled");
    return false;
  }
  await deps.db.write(() => {
    deps.marks.set("gateway.webhook", made.value.id);
    deps.marks.set("gateway.webhook-secret", made.value.secret);
  });
  return true;
}
