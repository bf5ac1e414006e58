/**
 * A short way for the commonest case: a mobile number in plain E.164, in a country that has its
 * calling code to itself. libphonenumber compiles its patterns anew at every look, which takes longer
 * than all the rest of accepting a message; here they are compiled once. What does not clearly fit
 * goes the long way.
 */
import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from "libphonenumber-js/max";

interface MobilePlan {
  readonly country: CountryCode;
  readonly possible: readonly number[];
  readonly general: RegExp;
  readonly mobile: RegExp;
  readonly mobileLengths: readonly number[];
  /** A number that fits both is "fixed line or mobile". */
  readonly fixed: RegExp | undefined;
  /** What stands before numbers that are dialled inside the country; then the long way decides. */
  readonly dialledPrefix: RegExp | undefined;
}

/** What the library's own declaration leaves out. */
interface NumberingPlan {
  possibleLengths(): number[] | undefined;
  nationalNumberPattern(): string;
  nationalPrefixForParsing(): string | undefined;
  type(name: string): { pattern(): string | undefined; possibleLengths(): number[] | undefined } | undefined;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const PLANS: ReadonlyMap<string, MobilePlan> = compilePlans();

function compilePlans(): Map<string, MobilePlan> {
  const byCode = Map.groupBy(getCountries(), (country): string => getCountryCallingCode(country));
  const plans = new Map<string, MobilePlan>();
  for (const [code, countries] of byCode) {
    const [country] = countries;
    const plan = countries.length === 1 && country !== undefined ? compilePlan(country) : undefined;
    if (plan !== undefined) plans.set(code, plan);
  }
  return plans;
}

function compilePlan(country: CountryCode): MobilePlan | undefined {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan as unknown as NumberingPlan;
  const mobile = plan.type("MOBILE");
  const mobilePattern = mobile?.pattern();
  const fixedPattern = plan.type("FIXED_LINE")?.pattern();
  const prefix = plan.nationalPrefixForParsing();
  if (mobile === undefined || !mobilePattern) return undefined;
  const possible = plan.possibleLengths() ?? [];
  return {
    country,
    possible,
    general: whole(plan.nationalNumberPattern()),
    mobile: whole(mobilePattern),
    mobileLengths: mobile.possibleLengths() ?? possible,
    fixed: fixedPattern ? whole(fixedPattern) : undefined,
    dialledPrefix: prefix ? new RegExp(`^(?:${prefix})`) : undefined,
  };
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** The country of a number that is certainly mobile; undefined says nothing about it. */
export function mobileCountryOf(text: string): string | undefined {
  if (!E164.test(text)) return undefined;
  // No calling code is the beginning of another one (ITU-T E.164).
  const code = [1, 2, 3].map((digits) => text.slice(1, 1 + digits)).find((one) => PLANS.has(one));
  const plan = code === undefined ? undefined : PLANS.get(code);
  if (code === undefined || plan === undefined) return undefined;
  const national = text.slice(1 + code.length);
  const fits =
    plan.possible.includes(national.length) &&
    plan.mobileLengths.includes(national.length) &&
    plan.mobile.test(national) &&
    plan.general.test(national) &&
    plan.fixed?.test(national) !== true &&
    plan.dialledPrefix?.test(national) !== true;
  return fits ? plan.country : undefined;
}
