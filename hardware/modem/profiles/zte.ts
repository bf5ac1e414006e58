/** ZTE MF sticks. */
import { readCommand, setCommand, testCommand } from "#hardware/at/command.ts";
import { differing } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const ZTE: Profile = differing({
  name: "zte",
  vendor: "zte",
  manufacturer: /\bzte\b/i,
  pinTries: [{ command: testCommand("+ZPINPUK"), answer: /^\+ZPINPUK: ?(?<left>\d+)/ }],
  iccid: [{ command: readCommand("+ZICCID"), bare: true }],
  // A stick that is not asked for its storage floods the line with +ZUSIMR until it crashes.
  init: [readCommand("+CPMS")],
  reset: [setCommand("+ZRST", 0)],
  announces: { noise: [/^\+(?:ZUSIMR|ZDONR|ZPASR|ZPSTM|ZEND|ZCSQ|ZMSRI):/] },
  quirks: { refusedModes: [2] },
});
