/** Bytes to tokens: the forms of real modems, and that the split of the bytes never matters. */
import { ReadlineParser } from "@serialport/parser-readline";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINE_BYTES_MAX, type Token, Tokenizer } from "#hardware/at/tokenizer.ts";

function tokens(text: string, cuts: readonly number[] = []): Token[] {
  const found: Token[] = [];
  const tokenizer = new Tokenizer((token) => found.push(token));
  const bytes = Buffer.from(text, "latin1");
  let start = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const end = Math.min(Math.max(cut, start), bytes.length);
    tokenizer.push(bytes.subarray(start, end));
    start = end;
  }
  tokenizer.push(bytes.subarray(start));
  return found;
}

const line = (text: string): Token => ({ kind: "line", text });
const prompt: Token = { kind: "prompt" };
const record = (header: string, data: string, textMode = false): Token => ({
  kind: "record",
  header,
  data,
  textMode,
});

const PDU = "07919471060040340412850110520000627010013174400AC8329BFD6681EE6F399B0C";

const ROWS: readonly { name: string; bytes: string; tokens: readonly Token[] }[] = [
  { name: "V1 framing", bytes: "\r\n+CSQ: 20,99\r\n\r\nOK\r\n", tokens: [line("+CSQ: 20,99"), line("OK")] },
  { name: "LF only", bytes: "\n+CSQ: 20,99\nOK\n", tokens: [line("+CSQ: 20,99"), line("OK")] },
  {
    name: "doubled CR (E1752 CLAC)",
    bytes: "&C\r\r\n&D\r\r\nOK\r\n",
    tokens: [line("&C"), line("&D"), line("OK")],
  },
  { name: "doubled CR LF", bytes: "\r\n\r\nOK\r\n\r\n", tokens: [line("OK")] },
  { name: "no leading CR (Sierra)", bytes: "\nBUSY\r\n", tokens: [line("BUSY")] },
  { name: "V0 result", bytes: "0\r", tokens: [line("0")] },
  { name: "leading NULs", bytes: "\0\0\r\n\0OK\r\n", tokens: [line("OK")] },
  { name: "a NUL inside", bytes: "\r\nO\0K\r\n", tokens: [line("OK")] },
  {
    name: "bytes from 0x80 on",
    bytes: '\r\n+COPS: 0,0,"T\xe9l\xff"\r\n',
    tokens: [line('+COPS: 0,0,"T\xe9l\xff"')],
  },
  { name: "echo", bytes: "AT+CREG?\r\r\n+CREG: 0,1\r\n", tokens: [line("AT+CREG?"), line("+CREG: 0,1")] },
  { name: "prompt", bytes: "\r\n> ", tokens: [prompt] },
  { name: "prompt without a space", bytes: "\r\n>", tokens: [prompt] },
  { name: "prompt without CR LF", bytes: "> ", tokens: [prompt] },
  { name: "prompt after an echo", bytes: "AT+CMGS=25\r\r\n> ", tokens: [line("AT+CMGS=25"), prompt] },
  {
    name: "prompt after an URC",
    bytes: '\r\n+CMTI: "SM",3\r\n\r\n> ',
    tokens: [line('+CMTI: "SM",3'), prompt],
  },
  {
    name: "PDU echo after the prompt",
    bytes: "\r\n> 0011000B91\x1a\r\n+CMGS: 1\r\n",
    tokens: [prompt, line("0011000B91\x1a"), line("+CMGS: 1")],
  },
  { name: "a > inside a line is no prompt", bytes: "\r\n+COPS: > x\r\n", tokens: [line("+COPS: > x")] },
  {
    name: "+CMT, header with comma",
    bytes: `\r\n+CMT: ,24\r\n${PDU}\r\n`,
    tokens: [record("+CMT: ,24", PDU)],
  },
  {
    name: '+CMT with "" (Telit)',
    bytes: `\r\n+CMT: "",24\r\n${PDU}\r\n`,
    tokens: [record('+CMT: "",24', PDU)],
  },
  {
    name: "+CMT with the length alone",
    bytes: `\r\n+CMT: 24\r\n${PDU}\r\n`,
    tokens: [record("+CMT: 24", PDU)],
  },
  {
    name: "+CDS (ZTE, leading comma)",
    bytes: `\r\n+CDS: ,25\r\n${PDU}\r\n`,
    tokens: [record("+CDS: ,25", PDU)],
  },
  { name: "+CBM", bytes: `\r\n+CBM: 88\r\n${PDU}\r\n`, tokens: [record("+CBM: 88", PDU)] },
  {
    name: "+CMGR",
    bytes: `\r\n+CMGR: 1,,24\r\n${PDU}\r\n\r\nOK\r\n`,
    tokens: [record("+CMGR: 1,,24", PDU), line("OK")],
  },
  {
    name: "an empty slot",
    bytes: "\r\n+CMGR: 0,,0\r\n\r\nOK\r\n",
    tokens: [line("+CMGR: 0,,0"), line("OK")],
  },
  {
    name: "an empty slot by 255",
    bytes: "\r\n+CMGR: 255,,0\r\n\r\nOK\r\n",
    tokens: [line("+CMGR: 255,,0"), line("OK")],
  },
  {
    name: "+CMGL with two",
    bytes: `\r\n+CMGL: 1,1,,24\r\n${PDU}\r\n+CMGL: 2,0,"",24\r\n${PDU}\r\n\r\nOK\r\n`,
    tokens: [record("+CMGL: 1,1,,24", PDU), record('+CMGL: 2,0,"",24', PDU), line("OK")],
  },
  {
    name: "a data line that was lost",
    bytes: "\r\n+CMT: ,24\r\n\r\n+CMGS: 5\r\n\r\nOK\r\n",
    tokens: [line("+CMT: ,24"), line("+CMGS: 5"), line("OK")],
  },
  {
    name: "a PDU damaged on the line is still data",
    bytes: `\r\n+CMT: ,24\r\n${PDU.slice(0, 30)}\xff${PDU.slice(31)}\r\n`,
    tokens: [record("+CMT: ,24", `${PDU.slice(0, 30)}\xff${PDU.slice(31)}`)],
  },
  {
    name: "a text that reads OK",
    bytes: '\r\n+CMT: "+4917","","26/01/01,10:00:00+04"\r\nOK\r\n\r\n+CMGS: 9\r\n',
    tokens: [record('+CMT: "+4917","","26/01/01,10:00:00+04"', "OK", true), line("+CMGS: 9")],
  },
  {
    name: "a text of known length with results inside",
    bytes:
      '\r\n+CMGR: "REC READ","+49","","26/01/01,10:00:00+04",145,4,0,0,"+49",145,22\r\n' +
      "hi\r\nOK\r\n+CMS ERROR: 38\r\n\r\nOK\r\n",
    tokens: [
      record(
        '+CMGR: "REC READ","+49","","26/01/01,10:00:00+04",145,4,0,0,"+49",145,22',
        "hi\r\nOK\r\n+CMS ERROR: 38",
        true,
      ),
      line("OK"),
    ],
  },
  {
    name: "a stored report in text mode has no text",
    bytes: '\r\n+CMGR: "REC READ",6,17,"+49",145,"26","26",0\r\n\r\nOK\r\n',
    tokens: [line('+CMGR: "REC READ",6,17,"+49",145,"26","26",0'), line("OK")],
  },
  {
    name: "USSD over several lines",
    bytes: '\r\n+CUSD: 1,"1 Balance\r\nOK\r\n> 2 More",15\r\n\r\nRING\r\n',
    tokens: [line('+CUSD: 1,"1 Balance\nOK\n> 2 More",15'), line("RING")],
  },
  {
    name: "USSD with quotes inside",
    bytes: '\r\n+CUSD: 0,"say "yes"\r\nOK\r\n",15\r\nOK\r\n',
    tokens: [line('+CUSD: 0,"say "yes"\nOK\n",15'), line("OK")],
  },
  { name: "USSD without a text", bytes: "\r\n+CUSD: 4\r\nOK\r\n", tokens: [line("+CUSD: 4"), line("OK")] },
  {
    name: "a line beyond the limit",
    bytes: `\r\n${"x".repeat(LINE_BYTES_MAX + 1)}\r\nOK\r\n`,
    tokens: [{ kind: "overlong", bytes: LINE_BYTES_MAX + 1 }, line("OK")],
  },
];

test.each(ROWS)("$name", (row) => {
  expect(tokens(row.bytes)).toEqual(row.tokens);
});

test.each(ROWS)("$name, byte by byte", (row) => {
  expect(
    tokens(
      row.bytes,
      Array.from(row.bytes, (_, at) => at),
    ),
  ).toEqual(row.tokens);
});

/** Pieces that lead into every state of the tokenizer, and bytes that mean nothing. */
const piece = fc.oneof(
  fc.constantFrom(...ROWS.filter((row) => row.bytes.length < 400).map((row) => row.bytes)),
  fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    "> ",
    ">",
    '"',
    ",",
    "\0",
    " ",
    "OK",
    "+CMT: ,24\r\n",
    '+CUSD: 1,"a\r\n',
    "\x1a",
  ),
  fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 40,
  }),
);

describe("any stream", () => {
  test("any split of the bytes gives the same tokens", () => {
    const stream = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(600), { maxLength: 20 }), (text, cuts) => {
        expect(tokens(text, cuts)).toEqual(tokens(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test("a message text in text mode with its length never gives a result", () => {
    const text = fc
      .array(fc.constantFrom("OK", "ERROR", "+CMS ERROR: 38", "+CMGS: 7", "\r\n", "\n", "> ", "hi"), {
        minLength: 1,
        maxLength: 10,
      })
      .map((parts) => `a${parts.join("")}`);
    fc.assert(
      fc.property(text, fc.array(fc.nat(300), { maxLength: 10 }), (message, cuts) => {
        const header = `+CMT: "+49","","26/01/01,10:00:00+04",145,4,0,0,"+49",145,${message.length}`;
        expect(tokens(`\r\n${header}\r\n${message}\r\n\r\nOK\r\n`, cuts)).toEqual([
          record(
            header,
            message.replace(/\n$/, "").length === message.length ? message : expect.any(String),
            true,
          ),
          line("OK"),
        ]);
      }),
    );
  });

  test("what is kept of an endless line is bounded", () => {
    const found: Token[] = [];
    const tokenizer = new Tokenizer((token) => found.push(token));
    for (let count = 0; count < 1_000; count++) tokenizer.push(Buffer.alloc(1_000, "z"));
    expect(found).toEqual([]);
    tokenizer.push(Buffer.from("\r\nOK\r\n"));
    expect(found).toEqual([{ kind: "overlong", bytes: 1_000_000 }, line("OK")]);
  });
});

test("parser-readline finds the same lines where there is no prompt", () => {
  const word = fc
    .stringMatching(/^[+^A-Za-z0-9][ -~]{0,30}$/)
    .filter((text) => !/^\+C(?:MT|DS|BM|MGR|MGL|USD):/.test(text));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (lines) => {
      const stream = lines.map((text) => `\r\n${text}\r\n`).join("");
      const referee: string[] = [];
      const parser = new ReadlineParser({ delimiter: "\r\n", encoding: "latin1" });
      parser.on("data", (text: string) => referee.push(text));
      parser.write(Buffer.from(stream, "latin1"));
      expect(tokens(stream)).toEqual(referee.filter((text) => text !== "").map((text) => line(text)));
    }),
  );
});
