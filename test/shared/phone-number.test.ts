import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePhoneNumber, sameSubscriber } from "#shared/phone-number.ts";

test.each([
  ["+491701234567", "DE", "+491701234567", "DE", "mobile"],
  ["0170 1234567", "DE", "+491701234567", "DE", "mobile"],
  ["0170/1234567", "DE", "+491701234567", "DE", "mobile"],
  ["+49 (0)170 1234567", "DE", "+491701234567", "DE", "mobile"],
  ["06 12 34 56 78", "FR", "+33612345678", "FR", "mobile"],
  ["+436641234567", "DE", "+436641234567", "AT", "mobile"],
  ["+12015550123", undefined, "+12015550123", "US", "fixed-line-or-mobile"],
  ["+493012345678", undefined, "+493012345678", "DE", "fixed-line"],
  ["+499001234567", undefined, "+499001234567", "DE", "premium-rate"],
  ["+4918012345678", undefined, "+4918012345678", "DE", "shared-cost"],
  ["+881612345678", undefined, "+881612345678", "001", "satellite"],
  ["+870773111632", undefined, "+870773111632", "001", "satellite"],
  ["+979123456789", undefined, "+979123456789", "001", "premium-rate"],
  ["+447700900123", undefined, "+447700900123", "GB", "unassigned"],
] as const)("%s in %s is %s", (text, homeCountry, e164, country, type) => {
  expect(parsePhoneNumber(text, { homeCountry })).toEqual({ ok: true, e164, country, type });
});

test.each([
  ["116117", "116117"],
  ["333", "333"],
])("%s is a short code", (text, shortCode) => {
  expect(parsePhoneNumber(text, { homeCountry: "DE" })).toEqual({ ok: true, shortCode });
});

test.each([
  ["", "shape"],
  ["12", "too-short"],
  ["+", "shape"],
  ["Dunlin", "shape"],
  ["+49170123456x", "shape"],
  ["+1-800-FLOWERS", "shape"],
  ["+491701234567;ext=5", "shape"],
  ["tel:+491701234567", "shape"],
  ["٠١٢٣٤٥٦٧٨٩", "shape"],
  ["＋491701234567", "shape"],
  ['+491701234567"', "shape"],
  ["+491701234567\r", "shape"],
  ["+491701234567\n", "shape"],
  ["+49170\u001a1234567", "shape"],
  ["+49170\u001b1234567", "shape"],
  ["+99912345678", "not-a-number"],
  ["+4917012345678901234", "too-long"],
  ["+4917", "too-short"],
] as const)("%j is refused: %s", (text, reason) => {
  expect(parsePhoneNumber(text, { homeCountry: "DE" })).toMatchObject({ ok: false, reason });
});

test("national notation needs a home country", () => {
  expect(parsePhoneNumber("01701234567")).toMatchObject({ ok: false, reason: "no-home-country" });
});

test("whatever comes in, what comes out can only be digits", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^[+0-9 ()./-]{1,20}$/),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parsePhoneNumber(text, { homeCountry: "DE" });
      if (!parsed.ok) expect(parsed.detail).toMatch(/\.$/);
      else if ("shortCode" in parsed) expect(parsed.shortCode).toMatch(/^\d{3,6}$/);
      else expect(parsed.e164).toMatch(/^\+[1-9]\d{4,14}$/);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["+491701234567", "+491701234567", true],
  ["+491701234567", "01701234567", true],
  ["+491701234567", "1701234567", true],
  ["+491701234567", "00491701234567", true],
  ["+491701234567", "491701234567", true],
  ["+491701234567", "+431701234567", false],
  ["+491701234567", "01701234568", false],
  ["+491701234567", "234567", true],
  ["+491701000803", "000803", true],
  ["+491701234567", "34567", false],
  ["+1701234567", "+491701234567", false],
  ["116117", "116117", true],
  ["116117", "16117", false],
])("sameSubscriber %s %s: %s", (a, b, same) => {
  expect(sameSubscriber(a, b)).toBe(same);
  expect(sameSubscriber(b, a)).toBe(same);
});
