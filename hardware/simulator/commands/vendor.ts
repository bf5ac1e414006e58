/** Commands of the families that do more than answer: noise off, power off, sleep, the port that talks. */
import { type Answer, cme, info, OK } from "#hardware/simulator/modem/answers.ts";
import { numberIn } from "#hardware/simulator/modem/command-line.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { CommandTable } from "./types.ts";

const POWER_OFF_AFTER_MS = 1_000;

/** AT^CURC=0 ends the unsolicited lines of a Huawei stick, AT^CURC=1 brings them back. */
export function noiseCommand(modem: VirtualModem): CommandTable {
  if (modem.profile.noise?.endedBy !== "^CURC") return {};
  return {
    "^CURC": {
      set: (m, value) => {
        m.noise.on = value.trim() !== "0";
        return OK;
      },
    },
  };
}

/** The module says goodbye; a USB one loses its port, one on a UART is only silent. */
export function powerOffCommand(modem: VirtualModem): CommandTable {
  const { powerOff, portGoneMs } = modem.profile.power;
  if (powerOff === undefined) return {};
  const switchOff = (m: VirtualModem): Answer => {
    m.clock.timer(POWER_OFF_AFTER_MS, () => {
      if (powerOff.line !== "") m.say(powerOff.line);
      if (portGoneMs > 0) m.unplug();
      else m.hush();
    });
    return OK;
  };
  return { [powerOff.command]: { run: switchOff, set: switchOff } };
}

/** The network's time in the family's own words: AT+CLTS=1, AT#NITZ=1. */
export function networkTimeCommand(modem: VirtualModem): CommandTable {
  const command = modem.profile.time?.command;
  if (command === undefined) return {};
  return {
    [command]: {
      test: () => info(`${command}: (0,1)`),
      read: (m) => info(`${command}: ${m.settings.networkTime ? 1 : 0}`),
      set: (m, value) => {
        const setting = numberIn(value.trim(), 0, 1);
        if (setting === undefined) return cme(INVALID_PARAMETER);
        m.settings.networkTime = setting === 1;
        return OK;
      },
    },
  };
}

/** Which AT port says what the modem says by itself. */
export function talkingPortCommand(modem: VirtualModem): CommandTable {
  const choice = modem.profile.usb?.talksOn;
  if (choice === undefined) return {};
  const set = (m: VirtualModem, value: string): Answer => {
    const wanted = [choice.at, choice.modem].indexOf(value.trim());
    if (wanted < 0) return cme(INVALID_PARAMETER);
    m.terminals.talking = wanted;
    return OK;
  };
  return {
    [choice.command]: { set, test: () => info(`${choice.command}: ${choice.offered}`) },
  };
}

const INVALID_PARAMETER = 50;
const MODE_MAX = 5;

/** The module sleeps between commands unless the value is 0. */
export function powerSaveCommand(modem: VirtualModem): CommandTable {
  const { powerSave } = modem.profile;
  if (powerSave === undefined) return {};
  return {
    [powerSave.command]: {
      test: () => info(`${powerSave.command}: (0-${MODE_MAX})`),
      read: (m) => info(`${powerSave.command}: ${m.ear.sleepMode}`),
      set: (m, value) => {
        const mode = numberIn(value.split(",")[0]?.trim(), 0, MODE_MAX);
        if (mode === undefined) return cme(INVALID_PARAMETER);
        m.ear.sleepMode = mode;
        return OK;
      },
    },
  };
}
