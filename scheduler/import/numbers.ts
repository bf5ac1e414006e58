/** Numbers and addresses of a row, as contact points. A bad one is a warning: the claim is right all the same. */

import type { ContactPointInput } from "#scheduler/ledger/inputs.ts";
import type { Consent } from "#scheduler/ledger/types.ts";
import { parsePhoneNumber } from "#shared/phone-number.ts";
import type { Values } from "./record.ts";

/** Kinds of numbers that no text message reaches. */
const NO_TEXTS: readonly string[] = [
  "fixed-line",
  "toll-free",
  "premium-rate",
  "shared-cost",
  "universal-access",
  "voicemail",
];
const EMAIL = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,190}\.[^\s@,;<>".]{2,63}$/;
/** Between two numbers in one cell; a slash alone stands inside of German numbers. */
const BETWEEN_NUMBERS = /[;,|]|\s\/\s|\n/;

export function contactPointsOf(values: Values, country: string, source: string): ContactPointInput[] {
  const consent = consentOf(values, source);
  const points: ContactPointInput[] = [];
  for (const field of ["phone", "phone2"] as const)
    for (const text of (values.text(field) ?? "").split(BETWEEN_NUMBERS)) {
      const written = text.trim();
      if (written === "") continue;
      const point = numberOf(written, country);
      if ("why" in point) values.warn(field, point.why);
      else points.push({ ...point, ...(consent === undefined ? {} : { consent }) });
      if ("unassigned" in point && point.unassigned)
        values.warn(field, "lies in no range that its country has given out. Check it.");
    }
  const email = values.text("email");
  if (email !== undefined && EMAIL.test(email))
    points.push({ channel: "email", number: email.toLowerCase() });
  else if (email !== undefined) values.warn("email", "is no e-mail address, and is left out.");
  return points.map(({ channel, number, country: of, consent: given }) => ({
    channel,
    number,
    ...(of === undefined ? {} : { country: of }),
    ...(given === undefined ? {} : { consent: given }),
  }));
}

function consentOf(values: Values, source: string): Consent | undefined {
  const said = values.yesNo("consent");
  return said === undefined ? undefined : { state: said ? "given" : "withdrawn", source };
}

type Numbered = ContactPointInput & { readonly unassigned?: boolean };

function numberOf(text: string, country: string): Numbered | { readonly why: string } {
  if (/^\d(?:[.,]\d+)?e\+?\d+$/i.test(text))
    return { why: "was shortened by a spreadsheet and is lost. Format the column as text and export anew." };
  const parsed = parse(text, country);
  if (!parsed.ok) return { why: `cannot be called: ${parsed.detail}` };
  if ("shortCode" in parsed) return { why: "is a short code, not a customer's number." };
  const place = parsed.country === "001" ? {} : { country: parsed.country };
  if (NO_TEXTS.includes(parsed.type)) return { channel: "phone", number: parsed.e164, ...place };
  const unassigned = parsed.type === "unassigned";
  return { channel: "sms", number: parsed.e164, ...place, ...(unassigned ? { unassigned } : {}) };
}

/** A spreadsheet that takes a number for a number loses the leading + or 0: the mobile one was meant. */
function parse(text: string, country: string) {
  const national = parsePhoneNumber(text, { homeCountry: country });
  if (!/^[1-9]\d{9,14}$/.test(text) || isMobile(national)) return national;
  const international = parsePhoneNumber(`+${text}`, { homeCountry: country });
  return isMobile(international) ? international : national;
}

function isMobile(parsed: ReturnType<typeof parsePhoneNumber>): boolean {
  return (
    parsed.ok && "type" in parsed && (parsed.type === "mobile" || parsed.type === "fixed-line-or-mobile")
  );
}
