/** Nothing that ends a line, a prompt or a quote gets into a command, whatever it is made of. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AtCommandError,
  basicCommand,
  COMMAND_CHARACTERS_MAX,
  commandBytes,
  pduBytes,
  readCommand,
  runCommand,
  setCommand,
  testCommand,
} from "#hardware/at/command.ts";

test.each([
  [basicCommand(""), "AT"],
  [basicCommand("E0"), "ATE0"],
  [basicCommand("&D0"), "AT&D0"],
  [basicCommand("S3=13"), "ATS3=13"],
  [runCommand("+CGMI"), "AT+CGMI"],
  [readCommand("^CPIN"), "AT^CPIN?"],
  [testCommand("+CNMI"), "AT+CNMI=?"],
  [setCommand("+CNMI", 2, 1, 0, 2, 0), "AT+CNMI=2,1,0,2,0"],
  [setCommand("+CPMS", "SM", "SM"), 'AT+CPMS="SM","SM"'],
  [setCommand("+CUSD", 1, undefined, 15), "AT+CUSD=1,,15"],
])("%o", (command, text) => {
  expect(command.text).toBe(text);
  expect(Buffer.from(commandBytes(command)).toString("latin1")).toBe(`${text}\r`);
});

test("the prefix of an answer", () => {
  expect(readCommand("+CREG").prefix).toBe("+CREG:");
  expect(basicCommand("I").prefix).toBe("");
});

test.each(["D112", "D", "E0\r", "E0;+CMGD=1", "e0", "+CMGD"])("no basic command: %j", (letters) => {
  expect(() => basicCommand(letters)).toThrow(AtCommandError);
});

describe("any input", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "\r",
      "\n",
      "\x1a",
      "\x1b",
      '"',
      'x",0;+CMGD=1,4',
      "1234\r\nAT+CFUN=0",
      "a\\22b",
      "\u2028",
      "\0",
    ),
  );
  const makers = fc.constantFrom(
    (text: string) => basicCommand(text),
    (text: string) => runCommand(text),
    (text: string) => readCommand(text),
    (text: string) => testCommand(text),
    (text: string) => setCommand(text),
    (text: string) => setCommand("+CPIN", text),
    (text: string) => setCommand("+CSCA", text, 145),
  );

  test("gives a refusal, or a command that is one line with paired quotes", () => {
    fc.assert(
      fc.property(makers, nasty, (make, text) => {
        let command: string;
        try {
          command = make(text).text;
        } catch (error) {
          expect(error).toBeInstanceOf(AtCommandError);
          return;
        }
        expect(command).toMatch(/^AT[\x20-\x5b\x5d-\x7e]*$/);
        expect(command.split('"').length % 2).toBe(1);
        // One command only: outside the quotes there is no separator of commands (V.250 5.4.3).
        expect(command.replace(/"[^"]*"/g, "")).not.toContain(";");
        expect(command.length).toBeLessThanOrEqual(COMMAND_CHARACTERS_MAX);
      }),
      { numRuns: 3_000 },
    );
  });

  test("a payload is hexadecimal and one Ctrl-Z at its end, or a refusal", () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.stringMatching(/^(?:[0-9A-F]{2}){1,40}$/)), (hex) => {
        let bytes: string;
        try {
          bytes = Buffer.from(pduBytes(hex)).toString("latin1");
        } catch (error) {
          expect(error).toBeInstanceOf(AtCommandError);
          return;
        }
        expect(bytes.at(-1)).toBe("\x1a");
        expect(bytes.slice(0, -1)).toMatch(/^[0-9A-F]+$/);
      }),
    );
  });
});

test.each(["", "0", "0g", "00 11", "00\r", "00\x1a", "ab"])("no PDU: %j", (hex) => {
  expect(() => pduBytes(hex)).toThrow(AtCommandError);
});

test("a message never shows what was refused in full", () => {
  expect(() => setCommand("+CPIN", "12\r34")).toThrow(/12%0D34/);
});
