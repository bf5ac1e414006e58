/** The fixed answers in every language: complete, within one segment, and spelt with the 7-bit alphabet. */
import { describe, expect, test } from "vitest";
import { ANSWER_LANGUAGES, answerText } from "#scheduler/replies/answers.ts";
import { readReply } from "#scheduler/replies/intent.ts";
import { segmentText } from "#shared/sms-text.ts";

const PARTS = { creditor: "Stadtwerke Neustadt am Fluss", contact: "0800 1234567, hilfe@example.com" };
const ROWS = ANSWER_LANGUAGES.flatMap((language) =>
  (["stop-confirmed", "help"] as const).map((kind) => ({ language, kind })),
);

describe("fixed answers", () => {
  test.each(ROWS)(
    "$kind in $language costs one segment of 7-bit text, with no letter replaced",
    ({ language, kind }) => {
      const text = answerText(kind, language, PARTS) ?? "";
      expect(text.startsWith(PARTS.creditor)).toBe(true);
      const { alphabet, segments, text: sent } = segmentText(text, { transliterate: true });
      expect([alphabet, segments.length, sent]).toEqual(["gsm7", 1, text]);
    },
  );

  test.each(ANSWER_LANGUAGES)("the word that the help in %s names is taken as a stop", (language) => {
    const words = answerText("help", language, PARTS)?.match(/\b(STOPP?|BAJA|PARAR)\b/g) ?? [];
    expect(words).toHaveLength(1);
    expect(readReply(words[0] ?? "", [language])).toMatchObject({ intent: "stop", sure: true });
  });

  test("a language of a region is its base; an unknown one, and help without a contact, get no answer", () => {
    expect(answerText("stop-confirmed", "pt-BR", PARTS)).toBe(answerText("stop-confirmed", "pt", PARTS));
    expect(answerText("stop-confirmed", "pl", PARTS)).toBeUndefined();
    expect(answerText("help", "en", { creditor: "Acme" })).toBeUndefined();
  });
});
