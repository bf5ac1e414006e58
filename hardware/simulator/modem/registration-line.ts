/** `+CREG`, `+CGREG` and `+CEREG` as families spell them (27.007 7.2, 10.1.20, 10.1.22). */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Radio, RegistrationStat } from "./radio.ts";
import type { RegistrationCommand, Settings } from "./settings.ts";

export interface RegistrationHost {
  readonly profile: Profile;
  readonly settings: Settings;
  readonly radio: Radio;
}

/** The answer to the read form starts with the level; the unsolicited line does not. */
export function registrationLine(
  modem: RegistrationHost,
  command: RegistrationCommand,
  stat: RegistrationStat,
  isAnswer: boolean,
): string {
  const level = modem.settings.registrationLevels[command];
  const head = isAnswer ? `+${command}: ${level},${stat}` : `+${command}: ${stat}`;
  if (level < 2 || stat === 0 || stat === 2 || stat === 3) return head;
  const { areaCode, cellId } = modem.radio.cell;
  const { cellIdentity, radio } = modem.profile;
  if (cellIdentity === "unquoted") return `${head},${hex(areaCode, 0)},${hex(cellId, 0)}`;
  return `${head},"${hex(areaCode, 4)}","${hex(cellId, 4)}",${radio.accessTechnology}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}
