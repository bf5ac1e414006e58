import { expect, test } from "vitest";
import { judgeStored, type StoredFacts, type StoredVerdict } from "#gateway/outbox/stored-status.ts";

interface Row extends StoredFacts {
  readonly name: string;
  readonly verdict: Extract<StoredVerdict, { kind: "found" }>["verdict"] | "ask-again";
}

const ROWS: readonly Row[] = [
  { name: "sent is proof, however early", status: "sent", answerDue: false, verdict: "sent" },
  { name: "unsent may still be on its way", status: "unsent", answerDue: false, verdict: "ask-again" },
  { name: "unsent in the end is no proof", status: "unsent", answerDue: true, verdict: "nothing" },
  { name: "gone tells nothing", status: "gone", answerDue: true, verdict: "nothing" },
  { name: "what cannot be read is asked again", status: undefined, answerDue: true, verdict: "ask-again" },
];

test.each(ROWS)("$name", ({ status, answerDue, verdict }) => {
  const judged = judgeStored({ status, answerDue });
  expect(judged.kind === "found" ? judged.verdict : judged.kind).toBe(verdict);
});
