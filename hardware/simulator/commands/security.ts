/** AT+CPIN, +CLCK, +CPWD and the counters (27.007 7.4, 7.5, 8.3): a PIN that is wrong three times locks for good. */
import { type Answer, cme, info, OK, type Reply } from "#hardware/simulator/modem/answers.ts";
import { numberIn, valuesOf } from "#hardware/simulator/modem/command-line.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { CommandTable } from "./types.ts";

const NOT_ALLOWED = 3;
const NOT_INSERTED = 10;
const PUK_REQUIRED = 12;
const SIM_FAILURE = 13;
const SIM_BUSY = 14;
const INCORRECT_PASSWORD = 16;
const PUK2_REQUIRED = 18;
const INVALID_PARAMETER = 50;
const PIN = /^\d{4,8}$/;

export const securityCommands: CommandTable = {
  "+CPIN": { test: () => OK, read: lockState, set: enterPin },
  "+CLCK": { test: () => info('+CLCK: ("SC","FD")'), set: lockFacility },
  "+CPWD": { test: () => info('+CPWD: ("SC",8),("P2",8)'), set: changePassword },
};

function lockState(modem: VirtualModem): Reply {
  if (modem.sim === undefined) return cme(NOT_INSERTED);
  if (modem.starting) return cme(modem.profile.quirks?.startingCode ?? SIM_BUSY);
  const lock = modem.sim.lock(modem.pinVerified);
  if (lock === "busy") return cme(SIM_BUSY);
  if (modem.functionality === 0 || lock === "blocked" || lock === "failed") return cme(SIM_FAILURE);
  const line = `+CPIN: ${modem.lockName()}`;
  return modem.profile.quirks?.pinStateWithoutOk ? { lines: [line], final: "silent" } : info(line);
}

/** AT+CPIN=<pin>[,<newpin>]: with two values the first is the PUK when the SIM wants it. */
function enterPin(modem: VirtualModem, value: string): Reply {
  const { sim } = modem;
  if (sim === undefined) return cme(NOT_INSERTED);
  if (modem.starting) return cme(modem.profile.quirks?.startingCode ?? SIM_BUSY);
  const [first = "", second] = valuesOf(value);
  const lock = sim.lock(modem.pinVerified);
  if (lock === "open") return cme(NOT_ALLOWED);
  if (lock === "busy") return cme(SIM_BUSY);
  if (lock === "blocked" || lock === "failed") return cme(SIM_FAILURE);
  if (lock === "puk") {
    if (second === undefined || !PIN.test(first) || !PIN.test(second)) return cme(PUK_REQUIRED);
    return sim.unblock(first, second) ? unlocked(modem) : wrongPassword(sim);
  }
  if (!PIN.test(first)) return cme(INVALID_PARAMETER);
  return sim.verifyPin(first) ? unlocked(modem) : wrongPassword(sim);
}

function unlocked(modem: VirtualModem): Reply {
  modem.unlocked();
  return OK;
}

/** The try that uses up the counter is answered by what the SIM wants now. */
function wrongPassword(sim: Sim): Reply {
  if (sim.pukTries === 0) return cme(SIM_FAILURE);
  return cme(sim.pinTries === 0 && sim.pukTries === 10 ? PUK_REQUIRED : INCORRECT_PASSWORD);
}

/** AT+CLCK=<fac>,<mode>[,<passwd>]: mode 2 asks. */
function lockFacility(modem: VirtualModem, value: string): Answer {
  const { sim } = modem;
  const [facility, modeText, password = ""] = valuesOf(value);
  const mode = numberIn(modeText, 0, 2);
  if (sim === undefined) return cme(NOT_INSERTED);
  if (mode === undefined) return cme(INVALID_PARAMETER);
  if (facility === "FD") return lockDialling(sim, mode, password);
  if (facility !== "SC") return cme(NOT_ALLOWED);
  if (mode === 2) return info(`+CLCK: ${sim.pinEnabled ? 1 : 0}`);
  if (sim.pinTries === 0) return cme(PUK_REQUIRED);
  if (!sim.verifyPin(password)) return wrongPassword(sim);
  sim.pinEnabled = mode === 1;
  modem.pinVerified = true;
  return OK;
}

/** Fixed dialling wants PIN2; the numbers of the card stay when it is off. */
function lockDialling(sim: Sim, mode: number, password: string): Answer {
  if (mode === 2) return info(`+CLCK: ${sim.dialsFixed ? 1 : 0}`);
  if (!sim.verifyPin2(password)) return cme(sim.pin2Tries === 0 ? PUK2_REQUIRED : INCORRECT_PASSWORD);
  sim.dialsFixed = mode === 1;
  return OK;
}

/** AT+CPWD=<fac>,<oldpwd>,<newpwd>. */
function changePassword(modem: VirtualModem, value: string): Answer {
  const { sim } = modem;
  const [facility, before = "", after = ""] = valuesOf(value);
  if (sim === undefined) return cme(NOT_INSERTED);
  if (!PIN.test(after)) return cme(INVALID_PARAMETER);
  if (facility === "P2") {
    if (!sim.verifyPin2(before)) return cme(sim.pin2Tries === 0 ? PUK2_REQUIRED : INCORRECT_PASSWORD);
    sim.pin2 = after;
    return OK;
  }
  if (facility !== "SC" || !sim.pinEnabled) return cme(NOT_ALLOWED);
  if (!sim.verifyPin(before)) return wrongPassword(sim);
  sim.pin = after;
  return OK;
}
