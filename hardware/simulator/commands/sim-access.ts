/** AT+CRSM and +CSIM: files and counters of the card itself (27.007 8.17, 8.18; 31.102; 31.101 11.1.9). */
import { cme, info, type Reply } from "#hardware/simulator/modem/answers.ts";
import { valuesOf } from "#hardware/simulator/modem/command-line.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import { octetHex, semiOctets } from "#hardware/simulator/network/octets.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { CommandTable } from "./types.ts";

const NOT_INSERTED = 10;
const INVALID_PARAMETER = 50;

/** READ BINARY (31.101 11.1.3). */
const READ_BINARY = "176";
/** EF_ICCID 2FE2, EF_IMSI 6F07, EF_SMSS 6F43. */
const FILES: Readonly<Record<string, (sim: Sim) => string>> = {
  "12258": (sim) => semiOctets(sim.iccid).padEnd(20, "F"),
  "28423": (sim) => `08${imsiOctets(sim.imsi)}`,
  // Octet 1 is the last TP-MR, octet 2 the memory flag (31.102 4.2.9); FF where there was none yet.
  "28483": (sim) => `${octetHex(sim.lastReference)}FF`,
};
const DONE = "144,0";
/** Wrong parameters: file not found. */
const NO_FILE = "106,130";

/** 31.102 4.2.2: the first digit shares its octet with the parity. */
function imsiOctets(imsi: string): string {
  const parity = imsi.length % 2 === 1 ? "9" : "1";
  const first = `${imsi[0]}${parity}`;
  return first + semiOctets(imsi.slice(1));
}

export const simAccessCommands: CommandTable = {
  "+CRSM": { needs: "sim", set: readFile },
  "+CSIM": { set: sendApdu },
};

/** AT+CRSM=176,<file>,<P1>,<P2>,<length>. */
function readFile(modem: VirtualModem, value: string): Reply {
  const [command, fileId = "", high = "0", low = "0", lengthText = "0"] = valuesOf(value);
  const { sim } = modem;
  if (sim === undefined) return cme(NOT_INSERTED);
  const file = FILES[fileId]?.(sim);
  if (command !== READ_BINARY || file === undefined) return info(`+CRSM: ${NO_FILE}`);
  const start = 2 * (Number(high) * 256 + Number(low));
  const length = 2 * Number(lengthText);
  if (!(length >= 0) || start + length > file.length) return info("+CRSM: 103,0");
  return info(`+CRSM: ${DONE},"${file.slice(start, length === 0 ? undefined : start + length)}"`);
}

/** VERIFY without a PIN tells how many tries are left: SW 63Cx (31.101 11.1.9). */
function sendApdu(modem: VirtualModem, value: string): Reply {
  const [, apdu = ""] = valuesOf(value);
  const { sim } = modem;
  if (sim === undefined) return cme(NOT_INSERTED);
  if (!/^(?:[0-9A-Fa-f]{2}){4,}$/.test(apdu)) return cme(INVALID_PARAMETER);
  const verify = /^0020 ?00(01|81)00$/.exec(apdu);
  if (verify === null) return statusWord("6D00");
  const left = verify[1] === "01" ? sim.pinTries : sim.pin2Tries;
  // 6983: the reference is blocked.
  return statusWord(left === 0 ? "6983" : `63C${left.toString(16).toUpperCase()}`);
}

function statusWord(word: string): Reply {
  return info(`+CSIM: ${word.length},"${word}"`);
}
