/** One command in flight, absolute deadlines, and how the step is found again. */
import { beforeEach, describe, expect, test } from "vitest";
import { type Channel, createChannel } from "#hardware/at/channel.ts";
import { basicCommand, readCommand, runCommand, setCommand } from "#hardware/at/command.ts";
import type { Token } from "#hardware/at/tokenizer.ts";
import { PortClosed } from "#hardware/port/port.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

const LIMITS = { promptMs: 10_000, answerMs: 60_000, lateMs: 5_000 };
const PDU = { hex: "0011000C919471", tpduLength: 6 };

let clock: SimulatedClock;
let channel: Channel;
let written: string[];
let unsolicited: Token[];
let closed: boolean;

beforeEach(() => {
  clock = new SimulatedClock();
  written = [];
  unsolicited = [];
  closed = false;
  channel = createChannel({
    clock,
    write: (bytes) => {
      if (closed) throw new PortClosed("closed");
      written.push(Buffer.from(bytes).toString("latin1"));
    },
    onUnsolicited: (token) => unsolicited.push(token),
  });
});

const says = (text: string): void => channel.feed(Buffer.from(text, "latin1"));
const lines = (): string[] => unsolicited.flatMap((token) => (token.kind === "line" ? [token.text] : []));

/** Lets the channel get its AT answered after ESC CR, and its question after that. */
async function answerResync(): Promise<void> {
  await clock.advance(300);
  expect(written.slice(-2)).toEqual(["\x1b\r", "AT\r"]);
  says("\r\nOK\r\n");
  await clock.advance(300);
  expect(written.at(-1)).toBe("AT+CMGF?\r");
  says("\r\n+CMGF: 0\r\n\r\nOK\r\n");
  await clock.advance(0);
}

describe("a command", () => {
  test("gets its lines, and nothing else", async () => {
    const reply = channel.run(readCommand("+CPIN"));
    says('AT+CPIN?\r\r\n+CMTI: "SM",3\r\n\r\n+CPIN: READY\r\n\r\nRING\r\n\r\n^RSSI:12\r\n\r\nOK\r\n');
    expect(await reply).toEqual({ kind: "ok", lines: ["+CPIN: READY"], records: [] });
    expect(lines()).toEqual(['+CMTI: "SM",3', "RING", "^RSSI:12"]);
  });

  test("takes bare answers only where it asks for them", async () => {
    const reply = channel.run(runCommand("+CGMM"), { bare: true });
    says("\r\n^BOOT:1\r\n\r\nEC25\r\n\r\nCall Ready\r\n\r\nOK\r\n");
    expect((await reply).lines).toEqual(["EC25"]);
    expect(lines()).toEqual(["^BOOT:1", "Call Ready"]);
  });

  test("gets the records of its own listing; +CMT and +CDS in between are unsolicited", async () => {
    const reply = channel.run(setCommand("+CMGL", 4));
    says("\r\n+CMGL: 1,1,,24\r\n07914400000000F0\r\n\r\n+CDS: 25\r\n0006110A00000000\r\n\r\nOK\r\n");
    expect((await reply).records.map((record) => record.data)).toEqual(["07914400000000F0"]);
    expect(unsolicited).toMatchObject([{ kind: "record", data: "0006110A00000000" }]);
  });

  test.each([
    ["ERROR", { family: "plain" }],
    ["+CME ERROR: 14", { family: "cme", code: 14 }],
    ["COMMAND NOT SUPPORT", { family: "plain" }],
  ])("ends at %s", async (text, error) => {
    const reply = channel.run(readCommand("+CPIN"));
    says(`\r\n${text}\r\n`);
    expect(await reply).toMatchObject({ kind: "error", error });
  });

  test("ends at its line where a modem leaves out the OK, and takes the OK where it comes", async () => {
    const shape = { endsAt: (line: string) => line.endsWith("READY") };
    const without = channel.run(readCommand("+CPIN"), shape);
    says("\r\n+CPIN: READY\r\n");
    await clock.advance(1_000);
    expect(await without).toMatchObject({ kind: "ok", lines: ["+CPIN: READY"] });
    const withOk = channel.run(readCommand("+CPIN"), shape);
    says("\r\n+CPIN: READY\r\n");
    await clock.advance(500);
    says("\r\nOK\r\n");
    expect(await withOk).toMatchObject({ kind: "ok", lines: ["+CPIN: READY"] });
    expect(clock.nextTimerMs()).toBeUndefined();
  });

  test("is never one of two", async () => {
    void channel.run(basicCommand(""));
    await expect(channel.run(basicCommand(""))).rejects.toThrow("two commands at once");
  });

  test("a modem that answers within the write is heard", async () => {
    const quick = createChannel({
      clock,
      write: () => quick.feed(Buffer.from("\r\nOK\r\n")),
      onUnsolicited: () => undefined,
    });
    expect((await quick.run(basicCommand(""))).kind).toBe("ok");
  });
});

describe("deadlines", () => {
  test("are not put off by what the modem says by itself", async () => {
    const reply = channel.run(readCommand("+COPS"), { timeoutMs: 5_000 });
    for (let second = 0; second < 4; second++) {
      await clock.advance(1_000);
      says("\r\n^DSFLOWRPT:0\r\n");
    }
    await clock.advance(1_000);
    expect((await reply).kind).toBe("timeout");
    expect(channel.unanswered).toBe(1);
  });

  test("after one the step is found again first, so a late answer is nobody's", async () => {
    const first = channel.run(readCommand("+COPS"), { timeoutMs: 5_000 });
    await clock.advance(5_000);
    expect((await first).kind).toBe("timeout");
    const second = channel.run(readCommand("+CSQ"));
    // The late answer comes while the channel waits for silence.
    says("\r\n+COPS: 0\r\n\r\nOK\r\n");
    await answerResync();
    expect(written.at(-1)).toBe("AT+CSQ?\r");
    says("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    expect(await second).toMatchObject({ kind: "ok", lines: ["+CSQ: 20,99"] });
    expect(channel.unanswered).toBe(0);
  });

  test("an OK that is older than it seems is found out", async () => {
    const first = channel.run(readCommand("+COPS"));
    await clock.advance(5_000);
    await first;
    const second = channel.run(readCommand("+CSQ"));
    await clock.advance(300);
    // The answer to AT+COPS? comes now, and is taken for that to AT; AT's own for that to the question.
    says("\r\nOK\r\n");
    await clock.advance(300);
    expect(written.at(-1)).toBe("AT+CMGF?\r");
    says("\r\nOK\r\n");
    // So it begins again, and asks another question.
    says("\r\n+CMGF: 0\r\n\r\nOK\r\n");
    await clock.advance(300);
    expect(written.at(-1)).toBe("ATQ0\r");
    says("\r\nOK\r\n");
    // Each time it listens longer before it asks.
    await clock.advance(1_000);
    expect(written.at(-1)).toBe("AT+CSCS?\r");
    says('\r\n+CSCS: "GSM"\r\n\r\nOK\r\n');
    await clock.advance(0);
    says("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    expect(await second).toMatchObject({ kind: "ok", lines: ["+CSQ: 20,99"] });
  });

  test("a modem that says OK to every question is believed in the end", async () => {
    const parrot = createChannel({
      clock,
      write: () => queueMicrotask(() => parrot.feed(Buffer.from("\r\nOK\r\n"))),
      onUnsolicited: () => undefined,
    });
    const found = parrot.resynchronise();
    await clock.advance(10_000);
    expect(await found).toBe(true);
  });

  test("a modem that stays mute is given up after three more tries", async () => {
    const first = channel.run(readCommand("+COPS"));
    await clock.advance(5_000);
    await first;
    written = [];
    const second = channel.run(readCommand("+CSQ"));
    await clock.advance(10_000);
    expect((await second).kind).toBe("timeout");
    expect(written).toEqual(["\x1b\r", "AT\r", "\x1b\r", "ATQ0\r", "\x1b\r", "ATQ0\r"]);
    expect(channel.unanswered).toBe(4);
  });
});

describe("a submit", () => {
  test("PDU and Ctrl-Z go in one write, and nothing until the answer", async () => {
    const reply = channel.submit(PDU, LIMITS);
    expect(written).toEqual(["AT+CMGS=6\r"]);
    says("AT+CMGS=6\r\r\n> ");
    expect(written).toEqual(["AT+CMGS=6\r", `${PDU.hex}\x1a`]);
    says(`${PDU.hex}\x1a\r\n\r\nRING\r\n`);
    await clock.advance(30_000);
    says("\r\n+CMGS: 255\r\n\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", messageReference: 255, late: false, ended: true });
    expect(written.length).toBe(2);
    expect(lines()).toEqual(["RING"]);
  });

  test.each([
    ["with a time stamp", '+CMGS: 17,"26/01/01,10:00:00+04"', 17],
    ["with an acknowledge PDU", "+CMGS: 17,07914400000000F0", 17],
    ["without a space", "+CMGS:17", 17],
    ["out of range", "+CMGS: 300", undefined],
  ])("the reference %s", async (_name, text, reference) => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says(`\r\n${text}\r\n\r\nOK\r\n`);
    const result = await reply;
    expect(result.kind === "sent" && result.messageReference).toBe(reference);
  });

  test("OK without a reference is sent too", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says("\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", late: false, ended: true });
  });

  test("a lost OK after the reference is not waited for long", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says("\r\n+CMGS: 4\r\n");
    await clock.advance(5_000);
    expect(await reply).toEqual({ kind: "sent", messageReference: 4, late: false, ended: false });
    // That OK may still come, and must not end the next command.
    const next = channel.run(readCommand("+CSQ"));
    says("\r\nOK\r\n");
    await answerResync();
    says("\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
    expect(await next).toMatchObject({ lines: ["+CSQ: 9,99"] });
  });

  test("an error after the PDU, and one before it", async () => {
    const after = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says("\r\n+CMS ERROR: 38\r\n");
    expect(await after).toMatchObject({ kind: "refused", pduWritten: true, error: { code: 38 } });
    const before = channel.submit(PDU, LIMITS);
    says("\r\n+CMS ERROR: 310\r\n");
    expect(await before).toMatchObject({ kind: "refused", pduWritten: false, error: { code: 310 } });
  });

  test("no prompt: ESC, never Ctrl-Z, and no PDU", async () => {
    const reply = channel.submit(PDU, LIMITS);
    await clock.advance(10_000);
    expect(await reply).toMatchObject({ kind: "no-prompt" });
    const next = channel.run(basicCommand(""));
    await answerResync();
    says("\r\nOK\r\n");
    expect((await next).kind).toBe("ok");
    expect(written.join("")).not.toContain("\x1a");
    expect(written.join("")).not.toContain(PDU.hex);
  });

  test("a prompt that comes too late gets ESC", async () => {
    const reply = channel.submit(PDU, LIMITS);
    await clock.advance(10_000);
    await reply;
    const next = channel.run(basicCommand(""));
    says("\r\n> ");
    await answerResync();
    expect(written).toEqual(["AT+CMGS=6\r", "\x1b\r", "AT\r", "AT+CMGF?\r", "AT\r"]);
    says("\r\nOK\r\n");
    await next;
  });

  test("an answer after the limit still counts while we listen, and nothing was written meanwhile", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    await clock.advance(63_000);
    expect(written.length).toBe(2);
    says("\r\n+CMGS: 9\r\n\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", messageReference: 9, late: true, ended: true });
  });

  test("silence after the PDU", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    await clock.advance(65_000);
    expect(await reply).toEqual({ kind: "no-answer", reason: "no answer within 60 s after the PDU" });
  });

  test.each([
    ["before the prompt", "", "no-prompt"],
    ["after the PDU", "\r\n> ", "no-answer"],
    ["after the reference", "\r\n> \r\n+CMGS: 3\r\n", "sent"],
  ])("the port closes %s", async (_name, said, kind) => {
    const reply = channel.submit(PDU, LIMITS);
    says(said);
    channel.close("the device is gone");
    expect((await reply).kind).toBe(kind);
    expect((await channel.submit(PDU, LIMITS)).kind).toBe("no-prompt");
    expect((await channel.run(basicCommand(""))).kind).toBe("closed");
  });

  test("a port that is closed at the prompt took no PDU", async () => {
    const reply = channel.submit(PDU, LIMITS);
    closed = true;
    says("\r\n> ");
    expect((await reply).kind).toBe("no-prompt");
  });

  test("the text of a message never ends it", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says('\r\n+CMT: "+49","","26/01/01,10:00:00+04"\r\n+CMGS: 66\r\n\r\n+CUSD: 1,"\r\nOK\r\n",15\r\n');
    says("\r\n+CMGS: 7\r\n\r\nOK\r\n");
    expect(await reply).toMatchObject({ kind: "sent", messageReference: 7 });
  });

  test("a PDU that is none is refused before anything is written", async () => {
    await expect(channel.submit({ hex: "00\r", tpduLength: 1 }, LIMITS)).rejects.toThrow("a PDU is");
    expect(written).toEqual([]);
  });
});
