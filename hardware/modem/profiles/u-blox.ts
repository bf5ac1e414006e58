/** u-blox SARA, LARA, LISA, TOBY. */
import { runCommand, setCommand } from "#hardware/at/command.ts";
import { differing, ICCID_BY_CCID } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const U_BLOX: Profile = differing({
  name: "u-blox",
  vendor: "u-blox",
  manufacturer: /u-?blox/i,
  submitAnswerMs: 180_000,
  pinTries: [{ command: runCommand("+UPINCNT"), answer: /^\+UPINCNT: ?(?<left>\d+)/ }],
  iccid: ICCID_BY_CCID,
  // Asleep, it swallows the first characters of a command and stops receiving (SARA-R4).
  init: [setCommand("+UPSV", 0)],
  reset: [setCommand("+CFUN", 16)],
  announces: {
    booting: [/^\+PBREADY$/],
    noise: [/^\+(?:UUSTS|UCALLSTAT|UREG|UUPSDA|UUPSDD|UUSIMSTAT):/],
  },
});
