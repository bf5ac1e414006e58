import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogger, type Logger, maskNumber, maskText } from "#shared/logger.ts";

function recording(): { log: Logger; written: () => string } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ level: "debug", name: "test", destination }), written: () => lines.join("") };
}

test.each([
  ["+491701234567", "+49170***4567"],
  ["+12025550123", "+1202***0123"],
  ["491701234567", "49170***4567"],
  ["01701234567", "0170***4567"],
  ["+4912345", "+***2345"],
  ["116117", "116117"],
  ["", ""],
])("maskNumber %s", (number, masked) => {
  expect(maskNumber(number)).toBe(masked);
});

const CANARY_NUMBER = "+4917012345678";
const CANARY_KEY = `dunlin_${"Ab3".repeat(16)}Z`;
const CANARY_TEXT = "Kanarienvogel im Bergwerk";

test.each<[string, (log: Logger) => void]>([
  ["a field", (log) => log.info({ to: CANARY_NUMBER }, "sent")],
  ["a field of another case", (log) => log.info({ Text: CANARY_TEXT, APIKEY: CANARY_KEY }, "sent")],
  ["a deep field", (log) => log.info({ a: { b: { c: { text: CANARY_TEXT, x: CANARY_NUMBER } } } }, "sent")],
  ["a list", (log) => log.info({ numbers: [CANARY_NUMBER, { body: CANARY_TEXT }] }, "sent")],
  ["a bare number", (log) => log.info({ value: 4917012345678 }, "sent")],
  ["a number as a field", (log) => log.info({ to: 4917012345678 }, "sent")],
  ["the sentence", (log) => log.info({}, `to ${CANARY_NUMBER} by ${CANARY_KEY}`)],
  ["an error", (log) => log.error({ err: new Error(`bad ${CANARY_NUMBER} ${CANARY_KEY}`) }, "failed")],
  ["a cause", (log) => log.error({ err: new Error("x", { cause: new Error(CANARY_NUMBER) }) }, "failed")],
  ["a child", (log) => log.child({ recipient: CANARY_NUMBER, key: CANARY_KEY }).warn({}, "hm")],
  ["separators", (log) => log.info({ note: "+49 (170) 123-456 78" }, "call +49 170 12345678")],
  ["a field's name", (log) => log.info({ counts: { [CANARY_NUMBER]: 1 } }, "sent")],
  ["a PDU", (log) => log.info({ line: "0011000B919471103254F60000AA0AE8329BFD4697D9EC37" }, "wrote")],
  ["bytes", (log) => log.info({ chunk: Buffer.from(CANARY_TEXT) }, "wrote")],
])("nothing private gets through %s", (_, write) => {
  const { log, written } = recording();
  write(log);
  const text = written();
  expect(text).not.toContain(CANARY_TEXT);
  expect(text).not.toContain(CANARY_KEY);
  expect(text).not.toContain("E8329BFD4697D9EC37");
  expect(text.replace(/[ ()-]/g, "")).not.toMatch(/4917012345678/);
  expect(
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  ).toHaveLength(1);
});

test("what is needed to follow one message stays readable", () => {
  const { log, written } = recording();
  log
    .child({ modem: "m1" })
    .info({ message: "msg_01m7zz5v7aeyst5d16z6zd73vp", segments: 3, ms: 12_345 }, "submitted");
  expect(JSON.parse(written())).toMatchObject({
    level: "info",
    name: "test",
    modem: "m1",
    message: "msg_01m7zz5v7aeyst5d16z6zd73vp",
    segments: 3,
    ms: 12_345,
    msg: "submitted",
  });
});

test("no run of eleven digits or more that stands alone survives", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^\d{11,15}$/),
      fc.constantFrom(" ", ":", '"', "(", "/", "=", "+"),
      fc.constantFrom(" ", ",", '"', ")", "\\n", "."),
      (digits, before, after) => !maskText(`x${before}${digits}${after}y`).includes(digits),
    ),
  );
});

test("a line stays one JSON object, whatever is logged", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (fields, sentence) => {
      const { log, written } = recording();
      log.info(fields, sentence);
      expect(written().endsWith("\n")).toBe(true);
      expect(typeof JSON.parse(written())).toBe("object");
    }),
  );
});
