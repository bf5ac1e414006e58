import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { segmentText } from "#shared/sms-text.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";
import { gsm7Text, phoneNumber, unicodeText } from "./arbitraries.ts";

/** Debian's interpreter: the package is made for it, whatever `python3` is on the path. */
const PYTHON = "/usr/bin/python3";
const REFEREE = "test/pdu/gammu-referee.py";

const { available, reason } = ensureSystemPackage(["python3-gammu"]);
const title = available ? "gammu agrees" : `gammu agrees (left out: ${reason})`;

type Question = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

/** All questions of a test in one process. */
function ask(questions: readonly Question[]): readonly Answer[] {
  const { status, stdout, stderr } = spawnSync(PYTHON, [REFEREE], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`the referee stopped: ${stderr}`);
  return JSON.parse(stdout) as Answer[];
}

/** The same cases in every run, so that a difference can be found again. */
function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 20_260 });
}

/**
 * Gammu's Python module gives as many characters as there are septets; where an escape made one character
 * of two septets, what follows the text is a NUL and then memory that was never written.
 */
function upToNul(text: unknown): string {
  return String(text).replace(/\0.*$/su, "");
}

/** Gammu's texts end at the first NUL, and it reads other control characters as letters of old phones. */
const plainUnicode = unicodeText(120).map((text) => text.replace(/\p{Cc}/gu, "").trim());

describe.skipIf(!available)(title, () => {
  it("on every SUBMIT that we make", { timeout: 60_000 }, () => {
    const messages = sample(
      fc.record({
        to: phoneNumber,
        text: fc.oneof(gsm7Text(400), plainUnicode),
        concatenationReference: fc.integer({ min: 1, max: 255 }),
        class: fc.option(fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const), { nil: undefined }),
        statusReportRequest: fc.boolean(),
        validitySeconds: fc.integer({ min: 0, max: 38_102_400 }),
      }),
      200,
    ).filter(({ text }) => text !== "");
    const cases = messages.flatMap(({ class: messageClass, ...message }) => {
      const { pdus, segmentation } = encodeMessage({
        ...message,
        smsc: "+491710760000",
        ...(messageClass !== undefined && { class: messageClass }),
      });
      return pdus.map(({ hex }, i) => ({ hex, message, messageClass, segmentation, i }));
    });
    const answers = ask(cases.map(({ hex }) => ({ ask: "decode", hex })));
    expect(answers.length).toBeGreaterThan(300);
    answers.forEach((answer, at) => {
      const { message, messageClass, segmentation, i, hex } = cases[at] as (typeof cases)[number];
      const { segments, alphabet } = segmentation;
      const parts = segments.length > 1;
      expect({ ...answer, text: upToNul(answer.text), hex }).toMatchObject({
        hex,
        number: message.to,
        smsc: "+491710760000",
        coding: alphabet === "gsm7" ? "Default_No_Compression" : "Unicode_No_Compression",
        class: messageClass ?? -1,
        text: segments[i]?.text,
        ...(parts && { part: i + 1, parts: segments.length, id8: message.concatenationReference }),
      });
    });
  });

  it("on SUBMITs and DELIVERs that it makes: we read them, and write the same octets again", () => {
    const coding = fc.oneof(
      fc.record({ coding: fc.constant("Default_No_Compression"), text: gsm7Text(80) }),
      fc.record({
        coding: fc.constant("Unicode_No_Compression"),
        text: plainUnicode.map((text) => text.slice(0, 70).toWellFormed()),
      }),
      fc.record({
        coding: fc.constant("8bit"),
        text: fc
          .uint8Array({ maxLength: 140 })
          .map((octets) => Buffer.from(octets).toString("hex").toUpperCase()),
      }),
    );
    const questions = sample(
      fc.record({
        layout: fc.constantFrom("Submit", "Deliver"),
        smsc: phoneNumber.map((number) => `+${number.replace("+", "")}`),
        number: phoneNumber,
        content: coding,
        class: fc.constantFrom(-1, 0, 1, 2, 3),
        reference: fc.integer({ min: 0, max: 255 }),
        rejectDuplicates: fc.constantFrom(0, 1),
        validity: fc.constantFrom("NA", "5M", "1H", "12H", "1D", "3D", "30D"),
      }),
      300,
    ).map(({ content, ...question }) => ({ ask: "encode", ...question, ...content }));
    const answers = ask(questions);
    let compared = 0;
    answers.forEach((answer, at) => {
      const question = questions[at] as (typeof questions)[number];
      expect(answer).toHaveProperty("hex");
      const hex = String(answer.hex);
      const tpdu = decodePdu(hex, { direction: question.layout === "Submit" ? "mo" : "mt" });
      if (tpdu.kind !== "submit" && tpdu.kind !== "deliver") throw new Error(`a ${tpdu.kind} came out`);
      const text = question.coding === "8bit" ? undefined : question.text;
      expect(tpdu.userData.text).toBe(text);
      if (text === undefined) {
        expect(
          Buffer.from(tpdu.userData.data ?? [])
            .toString("hex")
            .toUpperCase(),
        ).toBe(question.text);
      }
      const again = tpdu.kind === "submit" ? encodeSubmit(tpdu) : encodeDeliver(tpdu);
      expect(again.hex).toBe(hex);
      compared++;
    });
    expect(compared).toBe(questions.length);
  });

  it("on where a long 7-bit text is cut", () => {
    const texts = sample(gsm7Text(900), 100).filter((text) => segmentText(text).segments.length > 1);
    const answers = ask(texts.map((text) => ({ ask: "split", text, unicode: false })));
    expect(answers.length).toBeGreaterThan(30);
    answers.forEach((answer, at) => {
      const ours = segmentText(texts[at] as string).segments.map(({ text }) => text);
      expect(answer.texts).toEqual(ours);
    });
  });
});
