/** Whether the network has the modem: +CREG, +CGREG, +CEREG (27.007 7.2, 10.1.20, 10.1.22). */
import { afterPrefix, splitFields } from "#hardware/at/fields.ts";
import type { ModemStatus } from "./types.ts";

export const REGISTRATION_DOMAINS = ["+CREG", "+CGREG", "+CEREG"] as const;
export type RegistrationDomain = (typeof REGISTRATION_DOMAINS)[number];

/** `<stat>` per domain, as far as the modem has one. */
export type RegistrationStats = Partial<Record<RegistrationDomain, number>>;

/** 6 and 7 are "SMS only"; 9 and 10 have calls by fall-back switched off, which does not matter here. */
const HOME = [1, 6, 9];
const ROAMING = [5, 7, 10];
const STAT_MAX = 11;

export type Registration = NonNullable<ModemStatus["registration"]>;

/**
 * Registered in any domain is enough: a SIM that has only LTE shows CREG 0 and CEREG 1, and sends.
 */
export function registrationOf(stats: RegistrationStats): Registration {
  const values = Object.values(stats);
  if (values.some((stat) => HOME.includes(stat))) return "home";
  if (values.some((stat) => ROAMING.includes(stat))) return "roaming";
  if (values.includes(2)) return "searching";
  if (values.includes(3)) return "denied";
  return "none";
}

export function isRegistered(stats: RegistrationStats): boolean {
  const registration = registrationOf(stats);
  return registration === "home" || registration === "roaming";
}

/**
 * An answer has `<n>` before `<stat>`: `+CREG: 2,1,"CE00","01CE"`; an indication begins with `<stat>`:
 * `+CREG: 1,"CE00","01CE"`. So it is an answer when its second field can only be a stat: a short decimal
 * number, where an area code has four hexadecimal digits or quotes.
 */
export function isRegistrationAnswer(line: string): boolean {
  const second = rawFields(line)[1];
  return second !== undefined && /^\d{1,3}$/.test(second) && Number(second) <= STAT_MAX;
}

/** `<stat>` of an answer to AT+CREG?. */
export function parseRegistrationAnswer(line: string): number | undefined {
  return isRegistrationAnswer(line) ? Number(rawFields(line)[1]) : undefined;
}

export function parseRegistrationUrc(
  line: string,
): { readonly domain: RegistrationDomain; readonly stat: number } | undefined {
  const domain = REGISTRATION_DOMAINS.find((name) => line.startsWith(`${name}:`));
  const first = domain === undefined ? undefined : rawFields(line)[0];
  if (domain === undefined || first === undefined || !/^\d{1,3}$/.test(first)) return undefined;
  // One that looks like an answer is the late answer of a command given up.
  const stat = isRegistrationAnswer(line) ? Number(rawFields(line)[1]) : Number(first);
  return stat <= STAT_MAX ? { domain, stat } : undefined;
}

/** With their quotes, because these tell an area code from a number. */
function rawFields(line: string): string[] {
  const text = afterPrefix(line);
  return text.includes('"') ? text.split(",").map((field) => field.trim()) : splitFields(text);
}
