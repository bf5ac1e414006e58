import type { Registry } from "prom-client";
import type { NumberSettings } from "#gateway/config.ts";
import type { CoreMetrics } from "#gateway/core-metrics.ts";
import type { EventLog, FleetView, Inbox, Messages } from "#gateway/messages/types.ts";
import type { Webhooks } from "#gateway/webhooks/types.ts";
import type { ApiKeys } from "#shared/api-keys.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Logger } from "#shared/logger.ts";

export interface SimControl {
  /** False when the SIM is unknown or parked already. */
  parkSim(iccid: string, reason: string): Promise<boolean>;
  /** False when the SIM is unknown or not parked. `by` names who did it. */
  releaseSim(iccid: string, by: string): Promise<boolean>;
}

/** What the HTTP side is handed; it never meets a modem or a table. */
export interface HttpDeps {
  readonly messages: Messages;
  readonly inbox: Inbox;
  readonly events: EventLog;
  readonly fleet: FleetView;
  readonly sims: SimControl;
  readonly keys: ApiKeys;
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly log: Logger;
  readonly metrics: Registry;
  /** What the core counts. */
  readonly counts: () => CoreMetrics;
  readonly numbers: NumberSettings;
  /** Writes to the database and comes back after the commit. @throws DatabaseUnavailable */
  readonly checkDatabase: () => Promise<void>;
}
