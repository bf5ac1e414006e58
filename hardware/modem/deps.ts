/** What a modem is given to live with. */
import type { OpenPort } from "#hardware/port/port.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { ModemSettings } from "./settings.ts";
import type { ModemEvents, PinMemory } from "./types.ts";

export interface ModemDeps {
  /** The name in the settings; for people and logs. */
  readonly name: string;
  readonly open: OpenPort;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: ModemEvents;
  readonly pinMemory: PinMemory;
  readonly settings: ModemSettings;
}
