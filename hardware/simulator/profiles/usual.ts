/** What most families do; a profile begins with it and says where it differs. */
import type { Dialogue, Routing } from "./types.ts";

export const USUAL_DIALOGUE = {
  echo: true,
  unknownCommand: "error",
  escape: "ok",
  promptTimeoutMs: 60_000,
  inputWhileSubmitting: "wait",
  notReadyCode: 314,
  submitTimestamp: false,
} as const satisfies Partial<Dialogue>;

export const USUAL_ROUTING = {
  /** Modes 0 to 2, no bm but 2, ds 0 to 2. */
  offered: [
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 2],
    [0, 1, 2],
    [0, 1],
  ],
  refusedModes: [],
  services: [0, 1],
  classZero: "store",
  cmtHead: ",",
  cdsHead: "",
  acknowledgementTimeoutMs: 15_000,
} as const satisfies Partial<Routing>;
