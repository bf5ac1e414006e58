/** Who the virtual modems and SIMs are when nobody says otherwise. */
import type { LatencyName } from "./network/latency.ts";
import type { NetworkSettings } from "./network/options.ts";
import type { Profile } from "./profiles/types.ts";
import { Sim, type SimOptions } from "./sim/sim.ts";

export interface ModemOptions {
  /** A name of `profiles/profiles.ts`, or a family of one's own. */
  readonly profile: string | Profile;
  /** `modem0`, `modem1`, … when absent. */
  readonly name?: string;
  /** 15 digits with a right check digit. */
  readonly imei?: string;
  /** Of its radio; `own` is that of the family. The network's when absent. */
  readonly latency?: number | LatencyName | "own";
  /** Bits a second of its line, as a UART's; without end when absent. */
  readonly baud?: number;
  /** Null for a modem without a SIM. */
  readonly sim?: Partial<SimOptions> | null;
}

/** Numbers are padded so that each index gives its own; the last digit of IMEI and ICCID checks the rest. */
export const digitsFor = {
  imei: (prefix: string, index: number): string => withLuhn(prefix + pad(index + 1, 14 - prefix.length)),
  imsi: (plmn: string, index: number): string => plmn + pad(index + 1, 15 - plmn.length),
  /** 89, country, issuer (ITU-T E.118). */
  iccid: (countryCode: string, index: number): string => withLuhn(`89${countryCode}01${pad(index + 1, 12)}`),
  number: (countryCode: string, index: number): string => `+${countryCode}1510000${pad(index + 1, 4)}`,
} as const;

/** A SIM of this network; what is given replaces what would be made up. */
export function simFor(options: Partial<SimOptions>, index: number, network: NetworkSettings): Sim {
  return new Sim({
    imsi: digitsFor.imsi(network.plmn, index),
    iccid: digitsFor.iccid(network.countryCode, index),
    number: digitsFor.number(network.countryCode, index),
    serviceCentre: network.serviceCentre,
    ...options,
  });
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** ISO/IEC 7812-1 annex B. */
function withLuhn(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
