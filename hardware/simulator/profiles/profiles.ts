/** The families that the simulator can be. */
import { cinterionMc75i } from "./cinterion-mc75i.ts";
import { genericStrict } from "./generic-strict.ts";
import { huaweiE173 } from "./huawei-e173.ts";
import { quectelEc25 } from "./quectel-ec25.ts";
import { simcomSim800 } from "./simcom-sim800.ts";
import { simcomSim7600 } from "./simcom-sim7600.ts";
import { telitLe910 } from "./telit-le910.ts";
import type { Profile } from "./types.ts";
import { ubloxSara } from "./ublox-sara.ts";
import { wavecomQ2 } from "./wavecom-q2.ts";
import { zteMf190 } from "./zte-mf190.ts";

export const PROFILES: readonly Profile[] = [
  genericStrict,
  quectelEc25,
  simcomSim800,
  simcomSim7600,
  huaweiE173,
  zteMf190,
  telitLe910,
  ubloxSara,
  cinterionMc75i,
  wavecomQ2,
];

export const PROFILE_NAMES: readonly string[] = PROFILES.map(({ name }) => name);

/** @throws RangeError that names the profiles there are. */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.find((known) => known.name === name);
  if (profile) return profile;
  throw new RangeError(`no profile "${name}"; there are ${PROFILE_NAMES.join(", ")}`);
}
