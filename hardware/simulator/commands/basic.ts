/** ATE, ATV, ATQ, ATZ, AT&F, the S-registers, +CMEE and the commands that only say OK (V.250 6, 27.007 9.1). */
import { type Answer, cme, ERROR, info, OK, type Reply } from "#hardware/simulator/modem/answers.ts";
import { numberIn } from "#hardware/simulator/modem/command-line.ts";
import { defaultSettings, type Settings } from "#hardware/simulator/modem/settings.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { Command, CommandTable } from "./types.ts";

const INVALID_PARAMETER = 50;
const REGISTER_MAX = 255;
/** S3, S4 and S5 steer the line itself. */
const LINE_REGISTERS = { S3: "lineEnd", S4: "lineFeed", S5: "backspace" } as const;

const ignored: Command = { run: () => OK, set: () => OK };

/** `name0` and `name1`; the bare name is `name0` (V.250 5.3.1). */
function switchOf(key: "echo" | "verbose" | "quiet"): Command {
  return {
    run: (modem, value) => {
      const setting = numberIn(value === "" ? "0" : value, 0, 1);
      if (setting === undefined) return ERROR;
      modem.settings[key] = setting === 1;
      return OK;
    },
  };
}

const registers: CommandTable = Object.fromEntries(
  Array.from({ length: 13 }, (_, number) => [`S${number}`, registerOf(number)]),
);

function registerOf(number: number): Command {
  const key = LINE_REGISTERS[`S${number}` as keyof typeof LINE_REGISTERS];
  return {
    read: (modem) => info(String(registerValue(modem.settings, number, key)).padStart(3, "0")),
    set: (modem, value) => {
      const setting = numberIn(value, 0, key ? 127 : REGISTER_MAX);
      if (setting === undefined) return ERROR;
      if (key) modem.settings[key] = setting;
      else modem.settings.registers.set(number, setting);
      return OK;
    },
  };
}

function registerValue(
  settings: Settings,
  number: number,
  key: "lineEnd" | "lineFeed" | "backspace" | undefined,
): number {
  return key ? settings[key] : (settings.registers.get(number) ?? 0);
}

function restoreDefaults(modem: VirtualModem): Reply {
  // What the network side needs stays: a modem does not leave its network for ATZ.
  const { registrationLevels } = modem.settings;
  modem.settings = { ...defaultSettings(modem.profile), registrationLevels };
  return OK;
}

export const basicCommands: CommandTable = {
  ...registers,
  E: switchOf("echo"),
  V: switchOf("verbose"),
  Q: switchOf("quiet"),
  Z: { run: restoreDefaults },
  "&F": {
    run: (modem) => {
      modem.defaultsRestored = true;
      return restoreDefaults(modem);
    },
  },
  "&C": ignored,
  "&D": ignored,
  "&K": ignored,
  "&S": ignored,
  "&W": ignored,
  "\\Q": ignored,
  L: ignored,
  M: ignored,
  X: ignored,
  "+IPR": {
    test: () => info("+IPR: (0,9600,19200,38400,57600,115200),()"),
    read: () => info("+IPR: 0"),
    set: () => OK,
  },
  "+IFC": { test: () => info("+IFC: (0-2),(0-2)"), read: () => info("+IFC: 0,0"), set: () => OK },
  "+CMEE": {
    test: () => info("+CMEE: (0-2)"),
    read: (modem) => info(`+CMEE: ${modem.settings.errorLevel}`),
    set: (modem, value): Answer => {
      const level = numberIn(value.trim(), 0, 2);
      if (level === undefined) return cme(INVALID_PARAMETER);
      modem.settings.errorLevel = level;
      return OK;
    },
  },
};
