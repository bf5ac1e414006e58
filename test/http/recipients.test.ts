import { describe, expect, test } from "vitest";
import { GatewaySettings } from "#gateway/config.ts";
import { createRecipients, judgeRecipient } from "#gateway/http/recipients.ts";

const numbers = (settings: object) => GatewaySettings.parse({ numbers: settings }).numbers;
const GERMAN = numbers({ homeCountry: "DE" });

test.each<[string, string, object, string | "invalid" | "refused"]>([
  ["mobile at home", "+491701234567", { homeCountry: "DE" }, "+491701234567"],
  ["as dialled at home", "0170 1234567", { homeCountry: "DE" }, "+491701234567"],
  ["a fixed line, which may speak the text", "+493012345678", { homeCountry: "DE" }, "+493012345678"],
  ["abroad", "+436641234567", { homeCountry: "DE" }, "refused"],
  [
    "abroad, allowed",
    "+436641234567",
    { homeCountry: "DE", allowedCountries: ["DE", "AT"] },
    "+436641234567",
  ],
  ["home, not allowed", "+491701234567", { homeCountry: "DE", allowedCountries: ["AT"] }, "refused"],
  ["anywhere", "+33612345678", { homeCountry: "DE", allowedCountries: ["*"] }, "+33612345678"],
  ["anywhere, with no home", "+33612345678", {}, "+33612345678"],
  ["as dialled, with no home", "01701234567", {}, "invalid"],
  ["a short code", "116117", { homeCountry: "DE" }, "refused"],
  ["a short code, allowed", "116117", { homeCountry: "DE", allowShortCodes: true }, "116117"],
  ["premium rate", "+499001234567", { homeCountry: "DE" }, "refused"],
  ["premium rate, allowed", "+499001234567", { homeCountry: "DE", allowPremium: true }, "+499001234567"],
  ["shared cost", "+4918012345678", { homeCountry: "DE" }, "refused"],
  ["international premium rate", "+979123456789", {}, "refused"],
  ["toll free", "+498001234567", { homeCountry: "DE", allowPremium: true }, "refused"],
  ["satellite", "+881612345678", { allowedCountries: ["*"] }, "refused"],
  ["satellite, allowed", "+881612345678", { allowSatellite: true, homeCountry: "DE" }, "+881612345678"],
  ["a range for films", "+447700900123", { allowedCountries: ["GB"] }, "invalid"],
  [
    "a range for films, allowed",
    "+447700900123",
    { allowedCountries: ["GB"], allowUnassigned: true },
    "+447700900123",
  ],
])("%s: %s with %j is %s", (_, text, settings, outcome) => {
  for (const judged of [
    judgeRecipient(text, numbers(settings)),
    createRecipients(numbers(settings)).judge(text),
  ]) {
    if (judged.ok) expect(judged.to).toBe(outcome);
    else expect(judged.code).toBe(outcome === "invalid" ? "recipient_invalid" : "recipient_not_allowed");
  }
});

describe("a refusal", () => {
  test("names the setting, never the number", () => {
    for (const text of ["+33612345678", "116117", "+499001234567", "+881612345678", "+491234"]) {
      const judged = judgeRecipient(text, GERMAN);
      if (judged.ok) throw new Error(`${text} was accepted`);
      expect(judged.detail).not.toContain(text.slice(1));
      expect(judged.detail).toMatch(/\.$/);
    }
  });
});
