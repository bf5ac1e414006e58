/** Huawei sticks (E1xx to E3372 with stick firmware) and modules (MU609, ME909). */
import { readCommand, runCommand, setCommand } from "#hardware/at/command.ts";
import { differing } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const HUAWEI: Profile = differing({
  name: "huawei",
  vendor: "huawei",
  manufacturer: /huawei/i,
  // State, PUK tries, PIN tries, …: the fourth field counts PIN 1 whatever is asked for now.
  pinTries: [{ command: readCommand("^CPIN"), answer: /^\^CPIN: ?[^,]*,\d*,\d*,(?<left>\d+)/ }],
  // Some firmware restarts when it is spoken to in the first three seconds after the PIN.
  pinSettleMs: 3_000,
  iccid: [{ command: readCommand("^ICCID") }],
  // Less noise; and what is left comes to this port.
  init: [setCommand("^CURC", 0), setCommand("^PORTSEL", 1)],
  // MU736 ignores ^RESET.
  reset: [runCommand("^RESET"), setCommand("+CFUN", 16)],
  announces: {
    storageFull: [/^\^SMMEMFULL/],
    simChanged: [/^\^SIMST: ?(?:0|255)/],
    noise: [
      /^\^(?:RSSI|RSSILVL|HRSSILVL|HCSQ|MODE|BOOT|CSNR|DSFLOWRPT|SRVST|SIMST|STIN|NWTIME|LTERSRP|CSCHANNELINFO):/,
      /^\^(?:CCALLSTATE|EONS|LWURC|RFSWITCH|POSITION|ECCLIST|PDPDEACT|NDISSTAT|NDISEND|CEND|CONF|CONN|ORIG)\b/,
      /^\+CUSAT(?:P|END)/,
    ],
  },
  quirks: { refusedModes: [2] },
});
