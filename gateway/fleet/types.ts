import type { ModemSettings } from "#hardware/modem/settings.ts";
import type { OpenPort } from "#hardware/port/port.ts";

/** A modem as the settings name it. */
export interface ModemConfig {
  readonly name: string;
  /** Where it is, for people: `/dev/serial/by-id/…`, `tcp://host:port`, `unix:/path`. */
  readonly port: string;
  readonly open: OpenPort;
  readonly settings: ModemSettings;
}
