/** The families that the simulator can be. */
import { genericStrict } from "./generic-strict.ts";
import { huaweiE173 } from "./huawei-e173.ts";
import { quectelEc25 } from "./quectel-ec25.ts";
import { simcomSim800 } from "./simcom-sim800.ts";
import type { Profile } from "./types.ts";

export const PROFILES: readonly Profile[] = [genericStrict, quectelEc25, simcomSim800, huaweiE173];

export const PROFILE_NAMES: readonly string[] = PROFILES.map(({ name }) => name);

/** @throws RangeError that names the profiles there are. */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.find((known) => known.name === name);
  if (profile) return profile;
  throw new RangeError(`no profile "${name}"; there are ${PROFILE_NAMES.join(", ")}`);
}
