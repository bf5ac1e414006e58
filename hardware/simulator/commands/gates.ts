/** Why a command cannot run now (27.007 9.2.1, 27.005 3.2.5). */
import { cme, cms, type Reply } from "#hardware/simulator/modem/answers.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { Need } from "./types.ts";

/** The same cause in both families of error codes. */
const CAUSES = {
  absent: { cme: 10, cms: 310 },
  pin: { cme: 11, cms: 311 },
  puk: { cme: 12, cms: 316 },
  broken: { cme: 13, cms: 313 },
  busy: { cme: 14, cms: 314 },
} as const;

const LOCKED = {
  open: "busy",
  busy: "busy",
  pin: "pin",
  puk: "puk",
  blocked: "broken",
  failed: "broken",
} as const;

const NO_NETWORK_SERVICE = 331;

export function refusalOf(modem: VirtualModem, need: Need | undefined): Reply | undefined {
  if (need === undefined) return undefined;
  const cause = simCause(modem);
  const startingCode = modem.profile.quirks?.startingCode;
  if (cause === "busy" && startingCode !== undefined)
    return need === "sim" ? cme(startingCode) : cms(startingCode);
  if (cause) return need === "sim" ? cme(CAUSES[cause].cme) : cms(CAUSES[cause].cms);
  if (need !== "sim" && !modem.power.ready.sms) return cms(modem.profile.dialogue.notReadyCode);
  return need === "network" && !modem.served ? cms(NO_NETWORK_SERVICE) : undefined;
}

function simCause(modem: VirtualModem): keyof typeof CAUSES | undefined {
  if (modem.simUsable) return undefined;
  if (modem.starting) return "busy";
  if (modem.functionality === 0) return "broken";
  const lock = modem.sim?.lock(modem.pinVerified);
  if (lock === undefined) return "absent";
  return LOCKED[lock];
}
