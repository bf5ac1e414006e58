import type { Registry } from "prom-client";
import type { NumberSettings } from "#gateway/config.ts";
import type { EventLog, FleetView, Inbox, Messages } from "#gateway/messages/types.ts";
import type { Webhooks } from "#gateway/webhooks/types.ts";
import type { ApiKeys } from "#shared/api-keys.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Logger } from "#shared/logger.ts";

/** What the HTTP side is handed; it never meets a modem or a table. */
export interface HttpDeps {
  readonly messages: Messages;
  readonly inbox: Inbox;
  readonly events: EventLog;
  readonly fleet: FleetView;
  readonly keys: ApiKeys;
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly numbers: NumberSettings;
  /** Writes to the database and comes back after the commit. @throws DatabaseUnavailable */
  readonly checkDatabase: () => Promise<void>;
}
