/**
 * Telephone numbers at the border: what people write becomes E.164, or a refusal that names the rule.
 * The shape is checked first, because libphonenumber also takes letters, extensions and any script.
 */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { mobileCountryOf } from "./phone/mobile-plans.ts";

export { mobileCountryOf } from "./phone/mobile-plans.ts";

export type NumberType =
  | "mobile"
  | "fixed-line"
  | "fixed-line-or-mobile"
  | "voip"
  | "premium-rate"
  | "shared-cost"
  | "toll-free"
  | "personal"
  | "pager"
  | "universal-access"
  | "voicemail"
  | "satellite"
  /** Has a possible length, but lies in no range that the numbering plan has given out. */
  | "unassigned";

export interface PhoneNumber {
  readonly ok: true;
  readonly e164: string;
  /** ISO 3166-1 alpha-2, or `001` for numbers that belong to no country. */
  readonly country: string;
  readonly type: NumberType;
}

/** Three to six digits: a service's number, dialled inside one network only. */
export interface ShortCode {
  readonly ok: true;
  readonly shortCode: string;
}

export interface PhoneRefusal {
  readonly ok: false;
  readonly reason: "shape" | "no-home-country" | "too-short" | "too-long" | "not-a-number";
  /** Rule and remedy in one sentence. Does not repeat the number. */
  readonly detail: string;
}

export interface PhoneOptions {
  /** ISO 3166-1 alpha-2 of the country whose national notation is understood, such as `DE`. */
  readonly homeCountry?: string | undefined;
}

const SHAPE = /^\+?[0-9][0-9 ()./-]{0,38}$/;
const SHORT_CODE = /^[0-9]{3,6}$/;
/** Fewer digits in common than these say nothing about being the same subscriber. Some networks show six. */
const COMMON_DIGITS_MIN = 6;

/** Inmarsat, global mobile satellite systems, international networks (ITU-T E.164 assigned codes). */
const SATELLITE_CODES: readonly string[] = ["870", "881", "882", "883"];
const INTERNATIONAL_PREMIUM_CODE = "979";

const TYPES: Readonly<Record<string, NumberType>> = {
  MOBILE: "mobile",
  FIXED_LINE: "fixed-line",
  FIXED_LINE_OR_MOBILE: "fixed-line-or-mobile",
  VOIP: "voip",
  PREMIUM_RATE: "premium-rate",
  SHARED_COST: "shared-cost",
  TOLL_FREE: "toll-free",
  PERSONAL_NUMBER: "personal",
  PAGER: "pager",
  UAN: "universal-access",
  VOICEMAIL: "voicemail",
};

export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** The number that `text` stands for, in E.164; or the short code that it is; or why it is neither. */
export function parsePhoneNumber(
  text: string,
  options: PhoneOptions = {},
): PhoneNumber | ShortCode | PhoneRefusal {
  if (!SHAPE.test(text))
    return refuse(
      "shape",
      "A number has digits, an optional leading + and the separators space ( ) . / - only.",
    );
  if (SHORT_CODE.test(text)) return { ok: true, shortCode: text };
  const mobileIn = mobileCountryOf(text);
  if (mobileIn !== undefined) return { ok: true, e164: text, country: mobileIn, type: "mobile" };
  const { homeCountry } = options;
  const international = text.startsWith("+");
  if (!international && homeCountry === undefined)
    return refuse("no-home-country", "Write it with + and the country code, or set numbers.homeCountry.");
  const home = homeCountry !== undefined && isCountry(homeCountry) ? homeCountry : undefined;
  const parsed = parsePhoneNumberFromString(text, {
    ...(home === undefined ? {} : { defaultCountry: home }),
    extract: false,
  });
  if (parsed === undefined || !parsed.isPossible()) return refuseLength(text, parsed?.number);
  const code: string = parsed.countryCallingCode;
  if (SATELLITE_CODES.includes(code))
    return { ok: true, e164: parsed.number, country: "001", type: "satellite" };
  const known = parsed.getType();
  const type =
    code === INTERNATIONAL_PREMIUM_CODE
      ? "premium-rate"
      : known === undefined
        ? "unassigned"
        : (TYPES[known] ?? "unassigned");
  const country = parsed.country ?? parsed.getPossibleCountries()[0] ?? "001";
  return { ok: true, e164: parsed.number, country, type };
}

function refuse(reason: PhoneRefusal["reason"], detail: string): PhoneRefusal {
  return { ok: false, reason, detail };
}

function refuseLength(text: string, e164: string | undefined): PhoneRefusal {
  const digits = (e164 ?? text).replace(/\D/g, "").length;
  if (digits < 8) return refuse("too-short", "It has too few digits for a number of its country.");
  if (digits > 15) return refuse("too-long", "An E.164 number has 15 digits at most.");
  return refuse("not-a-number", "No country's numbering plan has a number of this form and length.");
}

/**
 * Whether two writings can mean the same subscriber. Networks report a recipient in international or
 * in national form, with a trunk prefix or without, or only its end, so the last digits decide.
 */
export function sameSubscriber(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [significant(a), significant(b)];
  if (isInternational(a) && isInternational(b)) return left === right;
  // A zero in front is a trunk prefix, or a digit like the others where only the end is shown.
  return left === right || oneEndsOther(left, right) || oneEndsOther(digitsOf(a), digitsOf(b));
}

function oneEndsOther(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return short.length >= COMMON_DIGITS_MIN && long.endsWith(short);
}

function isInternational(text: string): boolean {
  return text.startsWith("+") || /^00\d{8}/.test(text);
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

function significant(text: string): string {
  return digitsOf(text).replace(/^0+/, "");
}
