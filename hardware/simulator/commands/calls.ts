/** AT+CLIP, +CHUP, ATH, ATD, ATA, +CUSD: calls and USSD (27.007 6, 7.11, 7.15). */
import { type Answer, cme, ERROR, info, OK } from "#hardware/simulator/modem/answers.ts";
import { numberIn, valuesOf } from "#hardware/simulator/modem/command-line.ts";
import { USSD, type UssdEntry, ussdLine, ussdRequest, ussdText } from "#hardware/simulator/modem/ussd.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { CommandTable } from "./types.ts";

const INVALID_PARAMETER = 50;
const USSD_ANSWER_MS = 1_500;

export const callCommands: CommandTable = {
  "+CLIP": {
    test: () => info("+CLIP: (0,1)"),
    read: (modem) => info(`+CLIP: ${modem.settings.callerLine ? 1 : 0},1`),
    set: (modem, value) => {
      const setting = numberIn(value.trim(), 0, 1);
      if (setting === undefined) return cme(INVALID_PARAMETER);
      modem.settings.callerLine = setting === 1;
      return OK;
    },
  },
  "+CRC": { test: () => info("+CRC: (0,1)"), read: () => info("+CRC: 0"), set: () => OK },
  "+CHUP": { test: () => OK, run: hangUp },
  H: { run: hangUp },
  A: { run: () => ({ lines: [], final: "no-carrier" }) },
  D: { set: () => ({ lines: [], final: "no-carrier" }) },
  "+CUSD": {
    needs: "sim",
    test: () => info("+CUSD: (0-2)"),
    read: (modem) => info(`+CUSD: ${modem.settings.ussdCodes ? 1 : 0}`),
    set: startUssd,
  },
};

function hangUp(modem: VirtualModem): Answer {
  modem.calls.end();
  return OK;
}

/** AT+CUSD=<n>[,<text>[,<dcs>]]: 1 asks or answers, 2 ends the dialogue. */
function startUssd(modem: VirtualModem, value: string): Answer {
  const [setting, text] = valuesOf(value);
  const mode = numberIn(setting, 0, 2);
  if (mode === undefined) return cme(INVALID_PARAMETER);
  if (mode === 2) {
    modem.ussdDialogue = undefined;
    return OK;
  }
  modem.settings.ussdCodes = mode === 1;
  if (text === undefined || text === "") return OK;
  const request = ussdRequest(text, modem.profile.ussd);
  if (request === undefined || !modem.served) return ERROR;
  const menu: Readonly<Record<string, UssdEntry>> = modem.ussdDialogue ?? modem.network.ussd;
  const entry = Object.hasOwn(menu, request) ? menu[request] : undefined;
  modem.clock.timer(USSD_ANSWER_MS, () => answerUssd(modem, entry));
  return OK;
}

function answerUssd(modem: VirtualModem, entry: UssdEntry | undefined): void {
  modem.ussdDialogue = typeof entry === "object" ? entry.answers : undefined;
  if (!modem.settings.ussdCodes) return;
  if (entry === undefined) {
    modem.say(`+CUSD: ${USSD.unsupported}`);
    return;
  }
  const state = typeof entry === "object" ? USSD.asks : USSD.done;
  modem.say(ussdLine(state, ussdText(entry), modem.profile.ussd));
}
