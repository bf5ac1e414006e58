/** The short way for mobile numbers must say what libphonenumber says, in every country. */
import fc from "fast-check";
import examples from "libphonenumber-js/examples.mobile.json" with { type: "json" };
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { expect, test } from "vitest";
import { mobileCountryOf } from "#shared/phone/mobile-plans.ts";

const mobiles = getCountries().flatMap((country) => getExampleNumber(country, examples)?.number ?? []);

test("it is taken for most countries", () => {
  const short = mobiles.filter((number) => mobileCountryOf(number) !== undefined);
  expect(mobiles.length).toBeGreaterThan(200);
  expect(short.length).toBeGreaterThan(150);
});

test("and agrees with the long way wherever it is taken", () => {
  const changed = fc
    .tuple(fc.constantFrom(...mobiles), fc.stringMatching(/^\d{1,9}$/), fc.integer({ min: -1, max: 1 }))
    .map(([number, digits, longer]) => {
      const kept = number.slice(0, Math.max(2, number.length - digits.length)) + digits;
      return longer === 0 ? kept : longer > 0 ? `${kept}0` : kept.slice(0, -1);
    });
  fc.assert(
    fc.property(fc.oneof(changed, fc.stringMatching(/^\+[1-9]\d{6,14}$/)), (number) => {
      const country = mobileCountryOf(number);
      if (country === undefined) return;
      const parsed = parsePhoneNumberFromString(number, { extract: false });
      expect([parsed?.number, parsed?.country, parsed?.getType()]).toEqual([number, country, "MOBILE"]);
    }),
    { numRuns: 20_000 },
  );
});
