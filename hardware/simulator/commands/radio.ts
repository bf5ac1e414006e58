/** AT+CREG, +CGREG, +CEREG, +CSQ, +CESQ, +COPS, +CFUN, +CPAS, +CCLK: the network and the clock (27.007 7, 8). */
import { type Answer, cme, info, OK, type Reply } from "#hardware/simulator/modem/answers.ts";
import { numberIn, valuesOf } from "#hardware/simulator/modem/command-line.ts";
import { registrationLine } from "#hardware/simulator/modem/registration-line.ts";
import type { RegistrationCommand } from "#hardware/simulator/modem/settings.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { Command, CommandTable } from "./types.ts";

const INVALID_PARAMETER = 50;
const NOT_ALLOWED = 3;
const SIM_FAILURE = 13;
const RESTART_AFTER_MS = 500;
const QUARTER_HOUR_MS = 900_000;

export const radioCommands: CommandTable = {
  "+CSQ": {
    test: () => info("+CSQ: (0-31,99),(0-7,99)"),
    run: (modem) => info(`+CSQ: ${modem.served ? modem.radio.signal : 99},${modem.radio.bitErrorRate}`),
  },
  "+COPS": {
    test: (modem) => {
      const { operator, plmn } = modem.network.settings;
      return info(`+COPS: (2,"${operator}","${operator}","${plmn}"),,(0-4),(0-2)`);
    },
    read: operator,
    set: selectOperator,
  },
  "+CFUN": {
    test: () => info("+CFUN: (0,1,4),(0,1)"),
    read: (modem) => info(modem.profile.quirks?.functionalityReadsAsTest ?? `+CFUN: ${modem.functionality}`),
    set: setFunctionality,
  },
  "+CGATT": {
    test: () => info("+CGATT: (0,1)"),
    read: (modem) => info(`+CGATT: ${modem.served ? 1 : 0}`),
    set: () => OK,
  },
  "+CPAS": { test: () => info("+CPAS: (0,2,3,4)"), run: () => info("+CPAS: 0") },
  "+CCLK": { test: () => OK, read: readClock, set: setClock },
  "+CTZU": { test: () => info("+CTZU: (0,1)"), read: () => info("+CTZU: 1"), set: () => OK },
  "+CTZR": {
    test: () => info("+CTZR: (0-2)"),
    read: (modem) => info(`+CTZR: ${modem.settings.timeZoneCodes}`),
    set: (modem, value) => {
      const level = numberIn(value.trim(), 0, 2);
      if (level === undefined) return cme(INVALID_PARAMETER);
      modem.settings.timeZoneCodes = level as 0 | 1 | 2;
      return OK;
    },
  },
};

/** Only the domains that the profile has. */
export function registrationCommands(modem: VirtualModem): CommandTable {
  return Object.fromEntries(
    modem.profile.registrations.map((name) => [`+${name}`, registrationCommand(name)]),
  );
}

function registrationCommand(name: RegistrationCommand): Command {
  return {
    test: () => info(`+${name}: (0-2)`),
    read: (modem) => info(registrationLine(modem, name, modem.registration(name), true)),
    set: (modem, value) => {
      const level = numberIn(value.trim(), 0, 2);
      if (level === undefined) return cme(INVALID_PARAMETER);
      modem.settings.registrationLevels[name] = level;
      return OK;
    },
  };
}

/** +CESQ for families that measure LTE (27.007 8.69). */
export const extendedSignal: CommandTable = {
  "+CESQ": {
    test: () => info("+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)"),
    run: (modem) => {
      // RSRP from the same signal: -113 dBm + 2 dB a step, and RSRP lies about 20 dB below RSSI.
      const rsrp = modem.served ? Math.max(0, 2 * modem.radio.signal + 8) : 255;
      return info(`+CESQ: 99,99,255,255,${modem.served ? 20 : 255},${rsrp}`);
    },
  },
};

function operator(modem: VirtualModem): Reply {
  if (!modem.served) return info("+COPS: 0");
  const { operator: name, plmn } = modem.network.settings;
  const shown = modem.settings.operatorFormat === 2 ? plmn : name;
  const { accessTechnology } = modem.profile.radio;
  const technology = accessTechnology > 0 ? `,${accessTechnology}` : "";
  return info(`+COPS: 0,${modem.settings.operatorFormat},"${shown}"${technology}`);
}

/** 0 automatic, 1 manual, 2 leave the network, 3 only the format of the read form, 4 manual then automatic. */
function selectOperator(modem: VirtualModem, value: string): Answer {
  const [modeText, formatText] = valuesOf(value);
  const mode = numberIn(modeText, 0, 4);
  const format = formatText === undefined || formatText === "" ? undefined : numberIn(formatText, 0, 2);
  if (mode === undefined || (formatText && format === undefined)) return cme(INVALID_PARAMETER);
  if (format !== undefined) modem.settings.operatorFormat = format;
  if (mode === 2) modem.radio.register(0);
  else if (mode < 2 && !modem.radio.registered) modem.radio.register(1);
  return OK;
}

/** AT+CFUN=<fun>[,<rst>]: 0 minimum, 1 full, 4 radio off; rst 1 restarts first. */
function setFunctionality(modem: VirtualModem, value: string): Answer {
  const [functionText, resetText = "0"] = valuesOf(value);
  const wanted = numberIn(functionText, 0, 99);
  const reset = numberIn(resetText, 0, 1);
  const isRestart = modem.profile.power.restartCommands.includes(`+CFUN=${functionText}`);
  if (reset === undefined || (wanted !== 0 && wanted !== 1 && wanted !== 4 && !isRestart)) {
    return cme(INVALID_PARAMETER);
  }
  if (reset === 1 || isRestart) return restart(modem);
  modem.setFunctionality(wanted as 0 | 1 | 4);
  return OK;
}

/** OK goes out well before the port does. */
export function restart(modem: VirtualModem): Answer {
  modem.clock.timer(RESTART_AFTER_MS, () => modem.reset());
  return OK;
}

/** The profile's own commands that restart the modem. */
export function restartCommands(modem: VirtualModem): CommandTable {
  const names = modem.profile.power.restartCommands.filter((name) => !name.startsWith("+CFUN="));
  return Object.fromEntries(names.map((name) => [name, { run: restart, set: restart }]));
}

/** `"yy/MM/dd,hh:mm:ss±zz"`: local time and its zone in quarter hours (27.007 8.15). */
function readClock(modem: VirtualModem): Reply {
  const [date = "", time = ""] = modem.time.local.slice(2).split("T");
  return info(`+CCLK: "${date.replaceAll("-", "/")},${time}${modem.time.zone}"`);
}

function setClock(modem: VirtualModem, value: string): Reply {
  const match = /^"?(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)(?:([+-])(\d\d))?"?$/.exec(value.trim());
  if (match === null) return cme(modem.power.ready.sim ? INVALID_PARAMETER : SIM_FAILURE);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const quarters = Number(match[8] ?? 0) * (match[7] === "-" ? -1 : 1);
  if (Math.abs(quarters) > 96) return cme(NOT_ALLOWED);
  const utc = Date.UTC(2000 + year, month - 1, day, hour, minute, second) - quarters * QUARTER_HOUR_MS;
  modem.time.offsetMs = utc - modem.clock.now();
  modem.time.quarters = quarters;
  return OK;
}
