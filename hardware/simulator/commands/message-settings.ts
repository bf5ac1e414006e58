/** AT+CMGF, +CSCS, +CSMP, +CSDH, +CSCA, +CSMS, +CNMI, +CNMA, +CGSMS: how messages are handled (27.005 3.2 to 3.4). */
import { type Answer, cme, cms, info, OK, type Reply } from "#hardware/simulator/modem/answers.ts";
import { CHARACTER_SETS, fromWire, toWire } from "#hardware/simulator/modem/character-set.ts";
import { numberIn, valuesOf } from "#hardware/simulator/modem/command-line.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { CommandTable } from "./types.ts";

const OPERATION_NOT_ALLOWED = 302;
const OPERATION_NOT_SUPPORTED = 303;
const INVALID_PDU = 304;
const INVALID_PARAMETER = 305;
const NO_ACKNOWLEDGEMENT_EXPECTED = 340;
const CME_INVALID_PARAMETER = 50;
/** Octets of a DELIVER-REPORT (23.040 9.2.2.1a). */
const REPORT_MAX = 176;

export const messageSettingCommands: CommandTable = {
  "+CMGF": {
    test: () => info("+CMGF: (0,1)"),
    read: (modem) => info(`+CMGF: ${modem.settings.textMode ? 1 : 0}`),
    set: (modem, value) => {
      const mode = numberIn(value.trim(), 0, 1);
      if (mode === undefined) return cms(INVALID_PARAMETER);
      modem.settings.textMode = mode === 1;
      return OK;
    },
  },
  "+CSCS": {
    test: () => info(`+CSCS: (${CHARACTER_SETS.map((name) => `"${name}"`).join(",")})`),
    read: (modem) => info(`+CSCS: "${modem.settings.characterSet}"`),
    set: (modem, value) => {
      const name = CHARACTER_SETS.find((known) => known === value.replaceAll('"', "").toUpperCase());
      if (name === undefined) return cme(CME_INVALID_PARAMETER);
      modem.settings.characterSet = name;
      return OK;
    },
  },
  "+CSMP": {
    test: () => OK,
    read: (modem) => info(`+CSMP: ${modem.settings.textParameters.join(",")}`),
    set: setTextParameters,
  },
  "+CSDH": {
    test: () => info("+CSDH: (0,1)"),
    read: (modem) => info(`+CSDH: ${modem.settings.showHeader ? 1 : 0}`),
    set: (modem, value) => {
      modem.settings.showHeader = value.trim() === "1";
      return OK;
    },
  },
  "+CSCA": { needs: "sms", test: () => OK, read: serviceCentre, set: setServiceCentre },
  "+CSMS": {
    needs: "sms",
    test: (modem) => info(`+CSMS: ${modem.profile.routing.servicesSpelled}`),
    read: (modem) => info(`+CSMS: ${modem.settings.service},1,1,1`),
    set: setService,
  },
  "+CNMI": {
    needs: "sms",
    test: (modem) => info(`+CNMI: ${modem.profile.routing.spelled}`),
    read: (modem) => info(`+CNMI: ${modem.settings.routing.join(",")}`),
    set: setRouting,
  },
  "+CNMA": {
    needs: "sms",
    test: () => info("+CNMA: (0-2)"),
    run: (modem) => acknowledge(modem, true),
    set: acknowledgeWith,
  },
  "+CGSMS": {
    test: () => info("+CGSMS: (0-3)"),
    read: (modem) => info(`+CGSMS: ${modem.settings.bearer}`),
    set: (modem, value) => {
      const bearer = numberIn(value.trim(), 0, 3);
      if (bearer === undefined) return cme(CME_INVALID_PARAMETER);
      modem.settings.bearer = bearer;
      return OK;
    },
  },
};

function setTextParameters(modem: VirtualModem, value: string): Reply {
  const values = valuesOf(value);
  const parameters: [number, number, number, number] = [...modem.settings.textParameters];
  for (const [place, text] of values.entries()) {
    if (text === "") continue;
    const octet = numberIn(text, 0, 255);
    if (octet === undefined || place > 3) return cms(INVALID_PARAMETER);
    parameters[place as 0 | 1 | 2 | 3] = octet;
  }
  modem.settings.textParameters = parameters;
  if (modem.profile.quirks?.textParametersWipeCentre && modem.sim) modem.sim.serviceCentre = "";
  return OK;
}

function serviceCentre(modem: VirtualModem): Reply {
  const number = modem.sim?.serviceCentre ?? "";
  const shown = modem.settings.characterSet === "UCS2" ? toWire(number, "UCS2") : number;
  return info(`+CSCA: "${shown}",${number.startsWith("+") ? 145 : 129}`);
}

function setServiceCentre(modem: VirtualModem, value: string): Reply {
  const [text = "", type] = valuesOf(value);
  const number = modem.settings.characterSet === "UCS2" ? (fromWire(text, "UCS2") ?? text) : text;
  if (!/^\+?\d{0,20}$/.test(number)) return cms(INVALID_PDU);
  const isInternational = type === "145" && number !== "" && !number.startsWith("+");
  if (modem.sim) modem.sim.serviceCentre = isInternational ? `+${number}` : number;
  return OK;
}

function setService(modem: VirtualModem, value: string): Reply {
  const service = numberIn(value.trim(), 0, 255);
  if (service === undefined || !modem.profile.routing.services.includes(service)) {
    return cms(OPERATION_NOT_SUPPORTED);
  }
  modem.settings.service = service;
  return info("+CSMS: 1,1,1");
}

/** Values that are left out stay as they are. */
function setRouting(modem: VirtualModem, value: string): Reply {
  const { offered, refusedModes } = modem.profile.routing;
  const values = valuesOf(value);
  if (values.length > 5) return cms(INVALID_PARAMETER);
  const routing: [number, number, number, number, number] = [...modem.settings.routing];
  for (const [place, text] of values.entries()) {
    if (text === "") continue;
    const chosen = numberIn(text, 0, 9);
    if (chosen === undefined || !offered[place as 0 | 1 | 2 | 3 | 4].includes(chosen)) {
      return cms(OPERATION_NOT_SUPPORTED);
    }
    routing[place as 0 | 1 | 2 | 3 | 4] = chosen;
  }
  if (refusedModes.includes(routing[0])) return cms(OPERATION_NOT_SUPPORTED);
  modem.settings.routing = routing;
  modem.incomingRoute.routingChanged();
  return OK;
}

function acknowledge(modem: VirtualModem, positive: boolean): Reply {
  if (modem.settings.service === 0) return cms(OPERATION_NOT_ALLOWED);
  return modem.incomingRoute.acknowledge(positive) ? OK : cms(NO_ACKNOWLEDGEMENT_EXPECTED);
}

/** AT+CNMA=<n>[,<length>]: 0 and 1 are positive, 2 is negative; a length asks for a report PDU (27.005 4.7). */
function acknowledgeWith(modem: VirtualModem, value: string): Answer {
  const [kindText, lengthText] = valuesOf(value);
  const kind = numberIn(kindText, 0, 2);
  if (kind === undefined) return cms(INVALID_PDU);
  const isPositive = kind !== 2;
  if (lengthText === undefined || lengthText === "0") return acknowledge(modem, isPositive);
  const length = numberIn(lengthText, 1, REPORT_MAX);
  if (length === undefined) return cms(INVALID_PDU);
  const body = (text: string): Answer =>
    text.replace(/\s+/g, "").length === 2 * length ? acknowledge(modem, isPositive) : cms(INVALID_PDU);
  return { prompt: { bodyMax: 2 * REPORT_MAX, body } };
}
