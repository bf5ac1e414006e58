/** Which recipients the settings allow. The decision is pure; the last answers are remembered. */
import type { NumberSettings } from "#gateway/config.ts";
import { mobileCountryOf, type NumberType, parsePhoneNumber } from "#shared/phone-number.ts";
import { type Problem, problem } from "#shared/problems.ts";

export type Recipient =
  | { readonly ok: true; readonly to: string }
  | {
      readonly ok: false;
      readonly code: "recipient_invalid" | "recipient_not_allowed";
      /** Rule and remedy, without the number. */
      readonly detail: string;
    };

/** Numbers whose parsing is remembered, where it took the long way. */
const REMEMBERED_MAX = 10_000;

const PREMIUM: readonly NumberType[] = ["premium-rate", "shared-cost"];
/** A message to these costs money and reaches nobody. */
const UNREACHABLE: readonly NumberType[] = ["toll-free", "pager", "universal-access", "voicemail"];

export function judgeRecipient(text: string, settings: NumberSettings): Recipient {
  const parsed = parsePhoneNumber(text, { homeCountry: settings.homeCountry });
  if (!parsed.ok) return { ok: false, code: "recipient_invalid", detail: parsed.detail };
  if ("shortCode" in parsed)
    return settings.allowShortCodes
      ? { ok: true, to: parsed.shortCode }
      : refuse("Short codes are refused; numbers.allowShortCodes in the settings allows them.");
  const { type, country, e164 } = parsed;
  if (type === "satellite")
    return settings.allowSatellite
      ? { ok: true, to: e164 }
      : refuse("Satellite networks are refused; numbers.allowSatellite in the settings allows them.");
  if (PREMIUM.includes(type) && !settings.allowPremium)
    return refuse("Premium-rate numbers are refused; numbers.allowPremium in the settings allows them.");
  if (UNREACHABLE.includes(type)) return refuse(`A ${type} number cannot receive messages.`);
  if (type === "unassigned" && !settings.allowUnassigned)
    return {
      ok: false,
      code: "recipient_invalid",
      detail: "No network has this range; numbers.allowUnassigned in the settings allows such numbers.",
    };
  const allowed = allowedCountries(settings);
  if (allowed !== "*" && !allowed.includes(country))
    return refuse(`The country ${country} is not among numbers.allowedCountries in the settings.`);
  return { ok: true, to: e164 };
}

function refuse(detail: string): Recipient {
  return { ok: false, code: "recipient_not_allowed", detail };
}

/**
 * By default the home country alone, against toll fraud by a stolen key. Without a home country there
 * is nothing to tell home from abroad by, and every country is allowed; `config check` says so.
 */
function allowedCountries(settings: NumberSettings): readonly string[] | "*" {
  const { allowedCountries: listed, homeCountry } = settings;
  if (listed !== undefined) return listed.includes("*") ? "*" : listed;
  return homeCountry === undefined ? "*" : [homeCountry];
}

export interface Recipients {
  judge(text: string): Recipient;
}

export function createRecipients(settings: NumberSettings): Recipients {
  const known = new Map<string, Recipient>();
  const allowed = allowedCountries(settings);
  return {
    judge(text) {
      const country = mobileCountryOf(text);
      if (country !== undefined && (allowed === "*" || allowed.includes(country)))
        return { ok: true, to: text };
      const remembered = known.get(text);
      if (remembered !== undefined) return remembered;
      const judged = judgeRecipient(text, settings);
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(text, judged);
      return judged;
    },
  };
}

export function recipientProblem(refusal: Recipient & { ok: false }, pointer: string): Problem {
  return problem(refusal.code, { detail: refusal.detail, errors: [{ pointer, detail: refusal.detail }] });
}
