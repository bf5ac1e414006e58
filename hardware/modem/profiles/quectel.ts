/**
 * Quectel EC2x, EG2x, EG9x, BG9x and the older UART modules M95, MC60, UC15. They have no reset of their
 * own beside AT+CFUN=1,1: AT+QPOWD switches the module off, and on many boards nobody switches it on.
 */
import { readCommand, runCommand, setCommand } from "#hardware/at/command.ts";
import { differing } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const QUECTEL: Profile = differing({
  name: "quectel",
  vendor: "quectel",
  manufacturer: /quectel/i,
  submitAnswerMs: 120_000,
  pinTries: [
    { command: readCommand("+QPINC"), answer: /^\+QPINC: ?"?SC"?, ?(?<left>\d+)/ },
    { command: runCommand("+QTRPIN"), answer: /^\+QTRPIN: ?(?<left>\d+)/ },
  ],
  iccid: [{ command: runCommand("+QCCID"), bare: true }],
  // Else what the modem says by itself goes to one of its other ports.
  init: [setCommand("+QURCCFG", "urcport", "usbat")],
  announces: {
    booting: [/^\+QIND: ?(?:SMS DONE|PB DONE)/, /^\+QUSIM:/],
    noise: [/^\+(?:QIND|QTONEDET|QGPSURC|QLWURC|QSIMSTAT|QNTP|QIURC|QCSQ):/, /^(?:UNDER|OVER)[-_]VOLTAGE/],
  },
});
