/** A modem by the book (3GPP TS 27.005, 27.007). All other profiles are differences from it. */
import { readCommand, runCommand, setCommand } from "#hardware/at/command.ts";
import type { IccidQuery, PinTriesQuery, Profile, ProfilePatch } from "./profile.ts";

/** TR1M and the retries below it are over by then (24.011 10.1), and so is every vendor's own limit. */
export const SUBMIT_ANSWER_MS = 185_000;

/** 27.007 8.65; it names the code, the tries left and the most it had. */
export const TRIES_BY_CPINR: PinTriesQuery = {
  command: setCommand("+CPINR", "SIM PIN"),
  answer: /^\+CPINR: ?"?SIM PIN"?, ?(?<left>\d+)/,
};

/** VERIFY without a PIN counts no try; the card answers 63Cx with x tries left (ETSI TS 102 221 11.1.9). */
export const TRIES_BY_CARD: PinTriesQuery = {
  command: setCommand("+CSIM", 10, "0020000100"),
  answer: /^\+CSIM: ?\d+, ?"?63C(?<left>[0-9A-F])"?/i,
};

/** EF_ICCID, file 2FE2, which is readable without a PIN (ETSI TS 102 221 13.2). */
export const ICCID_BY_FILE: IccidQuery = { command: setCommand("+CRSM", 176, 12258, 0, 0, 10) };

export const GENERIC: Profile = {
  name: "generic",
  vendor: "generic",
  manufacturer: /^/,
  submitAnswerMs: SUBMIT_ANSWER_MS,
  keepsLastReference: true,
  pinTries: [TRIES_BY_CPINR, TRIES_BY_CARD],
  pinSettleMs: 0,
  iccid: [ICCID_BY_FILE, { command: runCommand("+CCID"), prefixes: ["+ICCID:"], bare: true }],
  init: [],
  reset: [],
  announces: {
    restart: [/^RDY$/, /^APP RDY$/, /^(?:NORMAL )?POWER(?:ED)? DOWN$/],
    booting: [/^Call Ready$/i, /^SMS Ready$/i, /^SMS DONE$/, /^PB DONE$/, /^\+CPIN: ?READY$/],
    storageFull: [/^\+CIEV: ?"smsfull", ?1/i],
    simChanged: [
      /^\+CPIN: ?(?:NOT READY|NOT INSERTED|SIM PIN|SIM PUK|SIM REMOVED)/,
      /^SIM (?:REMOVED|INSERTED)/i,
    ],
    noise: [
      /^\+(?:CGEV|CIEV|CSSI|CSSU|CUSD|CLIP|CRING|CSQ|CESQ|CTZV|CTZE|CTZR|NITZ|CFUN|COPS|CBM|CCWA):/,
      /^(?:BUSY|NO ANSWER|NO DIALTONE|NO CARRIER)$/,
      /^\*(?:PSUTTZ|PSNWID)/,
      /^DST:/,
    ],
  },
  quirks: {
    noMoreMessages: false,
    noDeliverAcknowledge: false,
    acknowledgeWithNumber: false,
    refusedModes: [],
  },
};

/** The generic profile with a family's differences; what a family says comes on top of what all say. */
export function differing(patch: ProfilePatch): Profile {
  const { announces = {}, quirks = {}, ...rest } = patch;
  const base = GENERIC.announces;
  return {
    ...GENERIC,
    // The book asks for it; that a family follows the book in this must be seen on the family first.
    keepsLastReference: false,
    ...rest,
    pinTries: [...(patch.pinTries ?? []), ...GENERIC.pinTries],
    iccid: [...(patch.iccid ?? []), ...GENERIC.iccid],
    announces: {
      restart: [...base.restart, ...(announces.restart ?? [])],
      booting: [...base.booting, ...(announces.booting ?? [])],
      storageFull: [...base.storageFull, ...(announces.storageFull ?? [])],
      simChanged: [...base.simChanged, ...(announces.simChanged ?? [])],
      noise: [...base.noise, ...(announces.noise ?? [])],
    },
    quirks: { ...GENERIC.quirks, ...quirks },
  };
}

/** Used by several families: `AT+CCID` and `AT+CCID?`. */
export const ICCID_BY_CCID: readonly IccidQuery[] = [
  { command: runCommand("+CCID"), prefixes: ["+ICCID:"], bare: true },
  { command: readCommand("+CCID"), prefixes: ["+ICCID:"], bare: true },
];
