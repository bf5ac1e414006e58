/** All profiles, and how one is found. */
import { CINTERION } from "./cinterion.ts";
import { GENERIC } from "./generic.ts";
import { HUAWEI } from "./huawei.ts";
import type { Profile } from "./profile.ts";
import { QUECTEL } from "./quectel.ts";
import { SIMCOM, SIMCOM_GSM } from "./simcom.ts";
import { TELIT } from "./telit.ts";
import { U_BLOX } from "./u-blox.ts";
import { WAVECOM } from "./wavecom.ts";
import { ZTE } from "./zte.ts";

/** In this order; the generic one matches everything and is last. */
export const PROFILES: readonly Profile[] = [
  QUECTEL,
  SIMCOM_GSM,
  SIMCOM,
  HUAWEI,
  ZTE,
  TELIT,
  U_BLOX,
  CINTERION,
  WAVECOM,
  GENERIC,
];

/** The names a setting may give. */
export const PROFILE_NAMES: readonly string[] = [...new Set(PROFILES.map((profile) => profile.name))];

/** By the answers of AT+CGMI and AT+CGMM; `named`, when given, narrows the choice to that name. */
export function findProfile(manufacturer: string, model: string, named?: string): Profile {
  const wanted = PROFILES.filter((profile) => named === undefined || profile.name === named);
  const fits = (profile: Profile): boolean =>
    (named !== undefined || profile.manufacturer.test(manufacturer)) &&
    (profile.model === undefined || profile.model.test(model));
  return wanted.find(fits) ?? GENERIC;
}
