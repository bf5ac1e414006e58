/** SIMCom: SIM800 and SIM900 on GSM, SIM7600 and A76xx on LTE. */
import { runCommand, setCommand } from "#hardware/at/command.ts";
import { differing, ICCID_BY_CCID } from "./generic.ts";
import type { Profile, ProfilePatch } from "./profile.ts";

const COMMON: ProfilePatch = {
  name: "simcom",
  vendor: "simcom",
  manufacturer: /simcom/i,
  pinTries: [{ command: runCommand("+SPIC"), answer: /^\+SPIC: ?(?<left>\d+)/ }],
  iccid: [{ command: runCommand("+CICCID"), prefixes: ["+ICCID:"], bare: true }, ...ICCID_BY_CCID],
  init: [setCommand("+AUTOCSQ", 0)],
  reset: [runCommand("+CRESET")],
  announces: {
    storageFull: [/^\+SMS FULL/],
    noise: [
      /^\+(?:CNSMOD|AUTOCSQ|NITZ):/,
      /^\*PSUTTZ/,
      /^(?:UNDER|OVER)[-_]VOLTAGE/,
      /^(?:MISSED_CALL|VOICE CALL):/,
    ],
  },
  quirks: { noMoreMessages: true, noDeliverAcknowledge: true },
};

/** The manual promises an answer within 60 s. */
export const SIMCOM_GSM: Profile = differing({
  ...COMMON,
  model: /SIM(?:_?[3-9]\d\d)(?!\d)|SIM[89]\d\d/i,
  submitAnswerMs: 60_000,
});

export const SIMCOM: Profile = differing(COMMON);
