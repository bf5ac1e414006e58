/** How to tell what a modem says by itself from bare answers such as that of AT+CGMM. */

/** Words that modems say without any sign in front (field notes of the families in profiles/). */
const BARE = [
  /^RING$/,
  /^(?:NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|CONNECT.*)$/,
  /^(?:RDY|START|PBREADY|Call Ready|SMS Ready|SMS DONE|PB DONE|APP RDY)$/i,
  /^(?:NORMAL )?POWER(?:ED)? DOWN$/,
  /^(?:UNDER|OVER)[-_]VOLTAGE/,
  /^(?:MISSED_CALL|VOICE CALL|DST|NITZ):/,
  /^SIM (?:REMOVED|INSERTED)/i,
];

/** Lines with a sign are unsolicited unless the running command's own prefix claims them. */
export function looksUnsolicited(line: string): boolean {
  return /^[+^#*%$_!&]/.test(line) || BARE.some((pattern) => pattern.test(line));
}
