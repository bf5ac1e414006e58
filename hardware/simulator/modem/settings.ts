/** What commands set and a restart forgets. */
import type { Profile, StorageName } from "#hardware/simulator/profiles/types.ts";

export type RegistrationCommand = "CREG" | "CGREG" | "CEREG";

export interface Settings {
  /** ATE, ATV, ATQ, ATS3, ATS4, ATS5. */
  echo: boolean;
  verbose: boolean;
  quiet: boolean;
  lineEnd: number;
  lineFeed: number;
  backspace: number;
  registers: Map<number, number>;
  /** AT+CMEE: 0 ERROR, 1 numbers, 2 words. */
  errorLevel: number;
  /** AT+CMGF: 0 PDU, 1 text. */
  textMode: boolean;
  showHeader: boolean;
  characterSet: string;
  /** AT+CSMP: fo, vp, pid, dcs. */
  textParameters: [number, number, number, number];
  /** AT+CNMI: mode, mt, bm, ds, bfr. */
  routing: [number, number, number, number, number];
  /** AT+CSMS. */
  service: number;
  /** AT+CPMS: mem1 to read, mem2 to write, mem3 for what arrives. */
  storages: [StorageName, StorageName, StorageName];
  registrationLevels: Record<RegistrationCommand, number>;
  /** AT+COPS=3,<format>. */
  operatorFormat: number;
  keepLink: number;
  bearer: number;
  callerLine: boolean;
  ussdCodes: boolean;
  /** AT+CTZR: 0 nothing, 1 `+CTZV`, 2 `+CTZE` with the time. */
  timeZoneCodes: 0 | 1 | 2;
  /** The family's own command for the network's time. */
  networkTime: boolean;
}

export function defaultSettings(profile: Profile): Settings {
  return {
    echo: profile.dialogue.echo,
    verbose: true,
    quiet: false,
    lineEnd: 13,
    lineFeed: 10,
    backspace: 8,
    registers: new Map(),
    errorLevel: profile.dialogue.errorLevel,
    textMode: false,
    showHeader: false,
    characterSet: "GSM",
    textParameters: [17, 167, 0, 0],
    routing: [...profile.routing.chosen],
    service: 0,
    storages: [...profile.storage.chosen],
    registrationLevels: { CREG: 0, CGREG: 0, CEREG: 0 },
    operatorFormat: 0,
    keepLink: 0,
    bearer: 3,
    callerLine: false,
    ussdCodes: false,
    timeZoneCodes: 0,
    networkTime: false,
  };
}
