/** All commands of one modem: the standard's families, then what its profile adds or spells otherwise. */
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import { basicCommands } from "./basic.ts";
import { callCommands } from "./calls.ts";
import { iccidCommand, identityCommands } from "./identity.ts";
import { messageSettingCommands } from "./message-settings.ts";
import { messageCommands } from "./messages.ts";
import { pinTriesCommand } from "./pin-tries.ts";
import { extendedSignal, radioCommands, registrationCommands, restartCommands } from "./radio.ts";
import { type CommandRunner, commandRunner, extraCommands } from "./runner.ts";
import { securityCommands } from "./security.ts";
import { sendCommands } from "./send.ts";
import { simAccessCommands } from "./sim-access.ts";
import {
  networkTimeCommand,
  noiseCommand,
  powerOffCommand,
  powerSaveCommand,
  talkingPortCommand,
} from "./vendor.ts";

export function commandsOf(modem: VirtualModem): CommandRunner {
  return commandRunner([
    basicCommands,
    identityCommands,
    securityCommands,
    simAccessCommands,
    radioCommands,
    messageSettingCommands,
    messageCommands,
    sendCommands,
    callCommands,
    registrationCommands(modem),
    modem.profile.registrations.includes("CEREG") ? extendedSignal : {},
    iccidCommand(modem),
    pinTriesCommand(modem),
    restartCommands(modem),
    talkingPortCommand(modem),
    networkTimeCommand(modem),
    extraCommands(modem),
    noiseCommand(modem),
    powerOffCommand(modem),
    powerSaveCommand(modem),
  ]);
}
