/** What follows from a reply. */
import { describe, expect, test } from "vitest";
import { answerText } from "#scheduler/replies/answers.ts";
import type { Intent } from "#scheduler/replies/intent.ts";
import { judgeReply, REPLIES_MAX, type ReplyFacts, SAME_TEXT_MAX } from "#scheduler/replies/judge.ts";
import { segmentText } from "#shared/sms-text.ts";

function facts(intent: Intent, changes: Partial<ReplyFacts> = {}): ReplyFacts {
  const quiet = { known: true, alreadyOut: false, recent: 0, sameText: 0, helped: 0 };
  return { reading: { intent, sure: true }, ...quiet, ...changes };
}

describe("judgeReply", () => {
  test.each([
    ["a first STOP", facts("stop"), { opt: "out", answer: "stop-confirmed" }],
    ["a second STOP", facts("stop", { alreadyOut: true }), { opt: "out" }],
    ["STOP of a number nobody knows", facts("stop", { known: false }), { opt: "out" }],
    [
      "STOP with more words",
      facts("stop", { reading: { intent: "stop", sure: false } }),
      { opt: "out", answer: "stop-confirmed", task: "read-reply" },
    ],
    ["START", facts("start"), { opt: "in" }],
    ["HELP", facts("help"), { answer: "help" }],
    ["HELP again, which is not answered again", facts("help", { helped: 1 }), { task: "read-reply" }],
    ["HELP after STOP", facts("help", { alreadyOut: true }), { task: "read-reply" }],
    ["HELP of a number nobody knows", facts("help", { known: false }), { task: "read-reply" }],
    [
      "wrong person, of a number nobody knows",
      facts("wrong-party", { known: false }),
      { task: "read-reply" },
    ],
    ["wrong person", facts("wrong-party"), { detach: true, task: "wrong-party" }],
    ["anything else", facts("other"), { task: "read-reply" }],
    [
      "the same words once more than allowed",
      facts("other", { sameText: SAME_TEXT_MAX }),
      { loop: true, task: "read-reply" },
    ],
    ["too many replies", facts("help", { recent: REPLIES_MAX }), { loop: true, task: "read-reply" }],
    [
      "STOP in a loop",
      facts("stop", { recent: REPLIES_MAX }),
      { opt: "out", loop: true, task: "read-reply" },
    ],
  ] as const)("%s", (_name, given, wanted) => {
    expect(judgeReply(given)).toEqual({ detach: false, loop: false, ...wanted });
  });
});

describe("answers", () => {
  const parts = { creditor: "Stadtwerke", contact: "030 123456" };

  test.each(["en", "es", "de", "fr", "pt", "pt-BR"])("in %s are one segment and name no debt", (language) => {
    for (const kind of ["stop-confirmed", "help"] as const) {
      const text = answerText(kind, language, parts) ?? "";
      expect(text).toContain("Stadtwerke");
      expect(segmentText(text, { transliterate: true })).toMatchObject({ alphabet: "gsm7", segments: [{}] });
    }
  });

  test("a language without a text gets none, never another language", () => {
    expect(answerText("stop-confirmed", "fi", parts)).toBeUndefined();
  });

  test("HELP without a way to reach anybody is not answered", () => {
    expect(answerText("help", "en", { creditor: "Stadtwerke" })).toBeUndefined();
  });
});
