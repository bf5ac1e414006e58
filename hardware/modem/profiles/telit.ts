/** Telit HE910, GE865, LE910. */
import { runCommand } from "#hardware/at/command.ts";
import { differing } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const TELIT: Profile = differing({
  name: "telit",
  vendor: "telit",
  manufacturer: /telit/i,
  pinTries: [{ command: runCommand("#PCT"), answer: /^#PCT: ?(?<left>\d+)/ }],
  iccid: [{ command: runCommand("#CCID"), bare: true }],
  reset: [runCommand("#REBOOT")],
  announces: {
    booting: [/^#QSS: ?3/],
    simChanged: [/^#QSS: ?0/],
    noise: [/^#(?:STN|QSS|PSNT|SERVINFO):?/],
  },
});
