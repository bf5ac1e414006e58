/** What a reply is taken for. The first column is what people really write. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, type Intent, readReply } from "#scheduler/replies/intent.ts";

const CASES: readonly (readonly [text: string, languages: string[], intent: Intent, sure: boolean])[] = [
  ["STOP", [], "stop", true],
  ["stop", ["de"], "stop", true],
  ["Stop.", [], "stop", true],
  ["Stop. Thank you", [], "stop", true],
  ["S T O P", [], "stop", true],
  ["opt-out", [], "stop", true],
  ["ARRÊT", ["fr"], "stop", true],
  ["Baja", ["es"], "stop", true],
  ["BAJA por favor", ["es"], "stop", true],
  ["STOPP!!!", ["de"], "stop", true],
  ["PARAR", ["pt-BR"], "stop", true],
  ["cancel", ["en"], "stop", true],
  ["quit", [], "stop", true],
  ["STOP 12345", [], "stop", false],
  ["Stop sending me this, I have paid", ["en"], "stop", false],
  ["please stop texting me", ["en"], "stop", false],
  ["No me escriban", ["es"], "stop", true],
  ["ya pagué, no me envíen mensajes", ["es"], "stop", false],
  ["Bitte keine SMS mehr", ["de"], "stop", true],
  ["Lassen Sie mich in Ruhe, ich zahle nicht", ["de"], "stop", false],
  ["I will pay at the end of the month", ["en"], "other", true],
  ["end of month", ["en"], "other", true],
  ["Can you cancel my contract?", ["en"], "other", true],
  ["unstoppable", [], "other", true],
  ["Ende der Woche", ["de"], "other", true],
  ["fin de mois ok?", ["fr"], "other", true],
  ["Wrong number", ["en"], "wrong-party", true],
  ["wrong", [], "wrong-party", true],
  ["Número equivocado", ["es"], "wrong-party", true],
  ["Falsche Nummer, stop", ["de"], "wrong-party", false],
  ["No soy esa persona, no me llamo así", ["es"], "wrong-party", false],
  ["Engano", ["pt"], "wrong-party", true],
  ["Verkeerd nummer", ["nl"], "wrong-party", true],
  ["Ho sbagliato numero? No, voi", ["it"], "wrong-party", false],
  ["Wrong amount, I paid half of it", ["en"], "other", true],
  ["Falsch! Ich habe schon bezahlt", ["de"], "other", true],
  ["Diese Rechnung kenne ich nicht", ["de"], "other", true],
  ["Se equivoca, ya pagué", ["es"], "other", true],
  ["Vous vous trompez de montant", ["fr"], "other", true],
  ["Não conheço essa dívida", ["pt"], "other", true],
  ["HELP", [], "help", true],
  ["ayuda", ["es"], "help", true],
  ["?", [], "help", true],
  ["Hilfe bitte", ["de"], "help", true],
  ["Hjælp", ["da"], "help", true],
  ["Wie is dit?", ["nl"], "help", true],
  ["START", [], "start", true],
  ["alta", ["es"], "start", true],
  ["alta", ["de"], "other", true],
  ["", [], "other", true],
  ["Ich zahle am Freitag", ["de"], "other", true],
];

describe("readReply", () => {
  test.each(CASES)("%j in %j is %s", (text, languages, intent, sure) => {
    const reading = readReply(text, languages);
    expect([reading.intent, reading.sure]).toEqual([intent, sure]);
  });

  test("case, accents, punctuation and spaces around make no difference", () => {
    const dress = fc.tuple(
      fc.constantFrom("stop", "baja", "stopp", "arret", "parar", "unsubscribe"),
      fc.constantFrom("", " ", "  ", "\n", "! ", "¡", "«"),
      fc.constantFrom("", ".", "!!", " ", "\r\n", " :)", " 🙏"),
      fc.boolean(),
    );
    fc.assert(
      fc.property(dress, ([word, before, after, loud]) => {
        const reading = readReply(`${before}${loud ? word.toUpperCase() : word}${after}`, []);
        expect([reading.intent, reading.sure]).toEqual(["stop", true]);
      }),
    );
  });

  test("whatever comes, it answers, and folding twice is folding once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), (text) => {
        expect(["stop", "start", "help", "wrong-party", "other"]).toContain(
          readReply(text, ["es", "de"]).intent,
        );
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});
