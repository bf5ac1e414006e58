/** The dialogue as text: what is written can be read back, and what is secret is not written. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PortHandlers } from "#hardware/port/port.ts";
import { withTrace } from "#hardware/port/trace.ts";
import { parseTranscript, receivedLines, sentLine } from "#hardware/port/transcript.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

test.each([
  ["AT\r", "> AT"],
  ['AT+CPMS="SM","SM"\r', '> AT+CPMS="SM","SM"'],
  ["0011000B91\x1a", "> 0011000B91\\x1a"],
  ["\x1b\r", '> "\\x1b\\r"'],
  ["AT", '> "AT"'],
])("we send %j", (text, line) => {
  expect(sentLine(latin1(text))).toBe(line);
});

test.each([
  ["\r\nOK\r\n", ["< OK"]],
  ["\r\n+CMGS: 1\r\n\r\nOK\r\n", ["< +CMGS: 1", "< OK"]],
  ["\r\n> ", ['< "\\r\\n> "']],
  ["OK\n", ['< "OK\\n"']],
  ["\r\n\xff\r\n", ['< "\\r\\n\\xff\\r\\n"']],
])("the modem sends %j", (text, lines) => {
  expect(receivedLines(latin1(text))).toEqual(lines);
});

test("whatever goes over the line is the same when it is read back", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
    fc
      .string({ minLength: 1, maxLength: 60 })
      .map((text) => latin1(`\r\n${text.replace(/[^ -~]/g, "?")}\r\n`)),
    fc.string({ maxLength: 60 }).map((text) => latin1(`${text.replace(/[^ -~]/g, "?")}\r`)),
  );
  fc.assert(
    fc.property(bytes, (original) => {
      const sent = parseTranscript(sentLine(original)).flatMap((step) =>
        "bytes" in step ? [step.bytes] : [],
      );
      expect(Buffer.concat(sent)).toEqual(Buffer.from(original));
      const received = parseTranscript(receivedLines(original).join("\n"));
      expect(Buffer.concat(received.flatMap((step) => ("bytes" in step ? [step.bytes] : [])))).toEqual(
        Buffer.from(original),
      );
    }),
    { numRuns: 2_000 },
  );
});

test("comments, silences and events", () => {
  expect(parseTranscript("# a stick\n\n! silence 61s\n! silence 0.5s\n! unplug\n! include a b.txt")).toEqual([
    { kind: "silence", ms: 61_000, line: 3 },
    { kind: "silence", ms: 500, line: 4 },
    { kind: "event", name: "unplug", argument: "", line: 5 },
    { kind: "event", name: "include", argument: "a b.txt", line: 6 },
  ]);
});

test.each(["AT", '< "\\q"', "! silence soon", "< \u20ac"])("%j is refused with its line", (text) => {
  expect(() => parseTranscript(text)).toThrow(/line 1/);
});

async function traced(options: { hideMessages?: boolean }, use: (port: FakePort) => void): Promise<string[]> {
  const lines: string[] = [];
  const clock = new SimulatedClock();
  let handlers: PortHandlers | undefined;
  const open = withTrace(
    async (given) => {
      handlers = given;
      return { name: "/dev/ttyX", write: () => undefined, close: async () => given.closed("closed by us") };
    },
    (line) => lines.push(line),
    clock,
    options,
  );
  const port = await open({ data: () => undefined, closed: () => undefined });
  use({ write: (text) => port.write(latin1(text)), says: (text) => handlers?.data(latin1(text)), clock });
  await clock.advance(1_500);
  await port.close();
  return lines;
}

interface FakePort {
  readonly write: (text: string) => void;
  readonly says: (text: string) => void;
  readonly clock: SimulatedClock;
}

test("the trace is a transcript", async () => {
  const lines = await traced({}, (port) => {
    port.write("AT\r");
    port.says("\r\nOK\r\n");
  });
  expect(lines).toEqual([
    "# /dev/ttyX",
    "! plug",
    "> AT",
    "< OK",
    "! silence 1.5s",
    "! unplug",
    "# closed by us",
  ]);
});

test("a PIN is never in it, not even in an echo", async () => {
  const lines = await traced({}, (port) => {
    port.write('AT+CPIN="4711"\r');
    port.says('AT+CPIN="4711"\r\r\nOK\r\n');
    port.write('AT+CLCK="SC",1,"4711"\r');
  });
  expect(lines.join("\n")).not.toContain("4711");
  expect(lines).toContain('> AT+CPIN="****"');
});

test("messages can be blanked; what kind they are stays", async () => {
  const pdu = "07919471060040340412850110520000627010013174400AC8329BFD6681EE6F399B0C";
  const lines = await traced({ hideMessages: true }, (port) => {
    port.write(`0021000C9194711000000000A705C8329BFD06${"\x1a"}`);
    port.says(`\r\n+CMT: ,24\r\n${pdu}\r\n`);
  });
  expect(lines).toContain(`> 0021${"0".repeat(34)}\\x1a`);
  expect(lines.join("\n")).toContain(`${pdu.slice(0, 18)}${"0".repeat(pdu.length - 18)}`);
  expect(lines.join("\n")).not.toContain(pdu);
});
