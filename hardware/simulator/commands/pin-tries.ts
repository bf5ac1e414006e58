/** How many tries are left, asked for and answered in as many ways as there are families. */
import { type Answer, cme, info, OK } from "#hardware/simulator/modem/answers.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { PinTriesForm } from "#hardware/simulator/profiles/types.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { CommandTable } from "./types.ts";

const NOT_INSERTED = 10;

const FORMS: Readonly<Record<PinTriesForm, (sim: Sim, verified: boolean) => readonly string[]>> = {
  quectel: (sim) => [
    `+QPINC: "SC",${sim.pinTries},${sim.pukTries}`,
    `+QPINC: "P2",${sim.pin2Tries},${sim.puk2Tries}`,
  ],
  simcom: (sim) => [`+SPIC: ${sim.pinTries},${sim.pukTries},${sim.pin2Tries},${sim.puk2Tries}`],
  ublox: (sim) => [`+UPINCNT: ${sim.pinTries},${sim.pin2Tries},${sim.pukTries},${sim.puk2Tries}`],
  zte: (sim) => [`+ZPINPUK: ${sim.pinTries},${sim.pukTries}`],
  // These two count only the code that is asked for now.
  telit: (sim, verified) => [`#PCT: ${wanted(sim, verified)}`],
  cinterion: (sim, verified) => [`^SPIC: ${wanted(sim, verified)}`],
  huawei: (sim, verified) => {
    const { pinTries, pukTries, pin2Tries, puk2Tries } = sim;
    const lock = sim.lock(verified);
    const counters = `${pukTries},${pinTries},${puk2Tries},${pin2Tries}`;
    if (lock === "open") return [`^CPIN: READY,,${counters}`];
    return [
      lock === "pin" ? `^CPIN: SIM PIN,${pinTries},${counters}` : `^CPIN: SIM PUK,${pukTries},${counters}`,
    ];
  },
};

function wanted(sim: Sim, verified: boolean): number {
  const lock = sim.lock(verified);
  return lock === "puk" || lock === "blocked" ? sim.pukTries : sim.pinTries;
}

/** The profile's own command; families without one are asked with AT+CSIM. */
export function pinTriesCommand(modem: VirtualModem): CommandTable {
  const declared = modem.profile.pinTries;
  if (declared === undefined) return {};
  const answer = ({ sim, pinVerified }: VirtualModem): Answer =>
    sim === undefined ? cme(NOT_INSERTED) : info(...FORMS[declared.form](sim, pinVerified));
  // ZTE answers the test form, as others answer the read form.
  const test = declared.form === "zte" ? answer : (): Answer => OK;
  return { [declared.command]: { run: answer, read: answer, set: answer, test } };
}
