/** A modem that is ready to receive, and what may arrive. */
import type { ModemEvents } from "#hardware/modem/types.ts";
import { type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { type Answer, type ScriptedModem, scriptedModem } from "#test/support/scripted-modem.ts";

export const MESSAGE = "07919471060040340412850110520000627010013174400AC8329BFD6681EE6F399B0C";
export const OTHER = "07919471060040340412850110520000627010013174400AC8329BFD6681EE6F399B0D";
export const REPORT = "0006110A9171103254762170100131744062701001317440" + "00";

export async function ready(
  changes: Readonly<Record<string, Answer>> = {},
  events: Partial<ModemEvents> = {},
): Promise<{ rig: ModemRig; modem: ScriptedModem }> {
  const modem = scriptedModem();
  for (const [command, answer] of Object.entries(changes)) modem.answers.set(command, answer);
  const rig = modemRig(modem.open, { events });
  await rig.until("ready");
  await rig.clock.advance(6_000);
  modem.sent.length = 0;
  return { rig, modem };
}

/** So that each listing is that of ME. */
export const ONLY_ME: Record<string, Answer> = { 'AT+CPMS="SM"': ["ERROR"], 'AT+CPMS="SR"': ["ERROR"] };

export const slot = (index: number, pdu: string, state = 0): Record<string, Answer> => ({
  [`AT+CMGR=${index}`]: [`+CMGR: ${state},,24`, pdu],
  [`AT+CMGD=${index}`]: [],
});
