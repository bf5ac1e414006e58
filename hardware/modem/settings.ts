/** What can be set for one modem, and every limit of this room by name. */
import { PROFILE_NAMES } from "./profiles/index.ts";
import type { Profile } from "./profiles/profile.ts";

export interface ModemSettings {
  /** 4 to 8 digits. Tried once per SIM, and only while at least two tries are left. */
  readonly pin?: string | undefined;
  /** Service centre, `+` and digits. Written to the SIM only when it has another one. */
  readonly serviceCentre?: string | undefined;
  /** A name of `PROFILE_NAMES`; found by the modem's own answers unless given. */
  readonly profile?: string | undefined;
  /** AT+CGSMS, 27.007 10.1.21: 0 packet, 1 circuit, 2 packet preferred, 3 circuit preferred. */
  readonly bearer?: 0 | 1 | 2 | 3 | undefined;
  /** How often the storages are listed; 60 s unless given. */
  readonly sweepIntervalMs?: number | undefined;
  /** How long the network may take to answer a submit; the profile's limit unless given. */
  readonly submitAnswerMs?: number | undefined;
}

/** One sentence on what is wrong with a setting: its name, the rule, the remedy. */
export class ModemSettingsError extends Error {
  override name = "ModemSettingsError";
}

/** @throws ModemSettingsError */
export function assertModemSettings(settings: ModemSettings): void {
  const { pin, serviceCentre, profile, bearer, sweepIntervalMs, submitAnswerMs } = settings;
  const refuse = (text: string): never => {
    throw new ModemSettingsError(text);
  };
  if (pin !== undefined && !/^\d{4,8}$/.test(pin)) refuse("pin: must be 4 to 8 digits, in quotes");
  if (serviceCentre !== undefined && !/^\+?\d{3,20}$/.test(serviceCentre)) {
    refuse("serviceCentre: must be 3 to 20 digits, with + when international");
  }
  if (profile !== undefined && !PROFILE_NAMES.includes(profile)) {
    refuse(`profile: "${profile}" is none of ${PROFILE_NAMES.join(", ")}`);
  }
  if (bearer !== undefined && ![0, 1, 2, 3].includes(bearer)) refuse("bearer: must be 0, 1, 2 or 3");
  for (const [name, ms] of Object.entries({ sweepIntervalMs, submitAnswerMs })) {
    if (ms !== undefined && !(Number.isFinite(ms) && ms >= INTERVAL_MS_MIN)) {
      refuse(`${name}: must be at least ${INTERVAL_MS_MIN} ms`);
    }
  }
}

/** How long the network may take to answer a submit. */
export function submitAnswerMs(settings: ModemSettings, profile: Profile): number {
  return settings.submitAnswerMs ?? profile.submitAnswerMs;
}

/** Shorter ones would keep the wire busy with itself. */
const INTERVAL_MS_MIN = 1_000;

export const LIMITS = {
  /** From AT+CMGS to the prompt. */
  promptMs: 10_000,
  /** After the profile's limit: only listening. */
  lateAnswerMs: 5_000,

  /** A port that is not there is looked for so often; a remote one, or one that is held, less and less. */
  reopenMs: 1_000,
  reopenMsMax: 30_000,
  /** Held by another program, or not allowed. */
  reopenRefusedMs: 5_000,

  /** Rounds of ESC CR and AT, three times each: the first ones are lost while a modem wakes up or finds its baud rate. */
  wakeRounds: 3,
  functionalityMs: 15_000,
  /** A SIM is busy for some seconds after power-up or PIN. */
  simBusyTries: 20,
  simBusyMs: 2_000,
  /** The message service comes up after the rest of the modem. */
  serviceTries: 60,
  serviceMs: 1_000,
  pduModeTries: 10,
  pinMs: 15_000,
  /** How many starts in a row may be broken off by a restart of the modem. */
  restartsMax: 5,

  sweepIntervalMs: 60_000,
  statusIntervalMs: 60_000,
  /** Until nothing is on the wire. */
  idlePollMs: 5_000,
  /** While not registered: indications may be lost, so it is asked too. */
  registrationPollMs: 10_000,
  blockedPollMs: 30_000,
  /** Some modems lose the network silently until their radio is switched off and on. */
  searchingMsMax: 600_000,

  listMs: 60_000,
  readMs: 10_000,
  deleteMs: 10_000,
  /** AT+CMGW writes to flash memory; a SIM takes up to a second for it. */
  writeMs: 15_000,
  storageMs: 10_000,
  acknowledgeMs: 5_000,
  /** A kept link is dropped by the network 1 to 5 s after the last part (27.005 3.5.6). */
  nextPartMs: 1_000,
  /** AT+CMMS stands before a submit, so it may not take long. */
  linkMs: 3_000,

  /** What belongs to one boot comes within this time after the first sign of it. */
  bootTailMs: 60_000,
  /** A modem that worked for so long gets a fresh recovery ladder. */
  provenMs: 60_000,
} as const;
