/**
 * Cinterion, Gemalto, Thales and the older Siemens modules: MC75i, TC35, EHS6, PLS8. AT^SMSO would switch
 * the module off for good where no ignition line switches it on again, so it is never sent.
 */
import { runCommand } from "#hardware/at/command.ts";
import { differing } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const CINTERION: Profile = differing({
  name: "cinterion",
  vendor: "cinterion",
  manufacturer: /cinterion|siemens|gemalto|thales/i,
  // Counts the code that is asked for now; it is read only while that is the PIN.
  pinTries: [{ command: runCommand("^SPIC"), answer: /^\^SPIC: ?(?<left>\d+)$/ }],
  iccid: [{ command: runCommand("^SCID"), bare: true }],
  announces: {
    restart: [/^\^SYSSTART/, /^\^SHUTDOWN/],
    booting: [/^\+CIEV: ?simstatus/i],
    storageFull: [/^\^SMGO: ?[12]/],
    noise: [/^\^(?:SIND|SBC|SCKS|SMGO):/, /^\+CIEV:/],
  },
  quirks: { noMoreMessages: true, acknowledgeWithNumber: true },
});
