/** Who the modem and its SIM are (27.007 5.1 to 5.6, 7.1). */
import { type Answer, info, OK } from "#hardware/simulator/modem/answers.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { Command, CommandTable } from "./types.ts";

function says(text: (modem: VirtualModem) => string): Command {
  return { run: (modem) => info(text(modem)), test: () => OK };
}

function subscriberNumber(modem: VirtualModem): Answer {
  const number = modem.sim?.number ?? "";
  return number === "" ? OK : info(`+CNUM: "","${number}",${number.startsWith("+") ? 145 : 129}`);
}

export const identityCommands: CommandTable = {
  I: { run: (modem) => info(...modem.profile.information.map((line) => line.replace("{imei}", modem.imei))) },
  "+CGMI": says((modem) => modem.profile.manufacturer),
  "+GMI": says((modem) => modem.profile.manufacturer),
  "+CGMM": says((modem) => modem.profile.model),
  "+GMM": says((modem) => modem.profile.model),
  "+CGMR": says((modem) => modem.profile.revision),
  "+GMR": says((modem) => modem.profile.revision),
  "+CGSN": says((modem) => modem.imei),
  "+GSN": says((modem) => modem.imei),
  "+GCAP": says((modem) => `+GCAP: ${modem.profile.capabilities}`),
  "+CIMI": { needs: "sim", run: (modem) => info(modem.sim?.imsi ?? ""), test: () => OK },
  "+CNUM": { needs: "sim", run: subscriberNumber, test: () => OK },
};

/** The profile's own way to ask for the ICCID. */
export function iccidCommand(modem: VirtualModem): CommandTable {
  const { command, prefix } = modem.profile.iccid;
  const answer = (m: VirtualModem): Answer => info(`${prefix}${m.sim?.iccid ?? ""}`);
  return { [command]: { needs: "sim", run: answer, read: answer, test: () => OK } };
}
